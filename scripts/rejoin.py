"""`ape run rejoin`."""

from mikoshi.commands.rejoin import cli as cli
