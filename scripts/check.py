"""`ape run check`."""

from mikoshi.commands.check import cli as cli
