"""`ape run regimes`."""

from mikoshi.commands.regimes import cli as cli
