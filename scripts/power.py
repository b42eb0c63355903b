"""`ape run power`."""

from mikoshi.commands.power import cli as cli
