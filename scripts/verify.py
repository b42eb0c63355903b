"""`ape run verify`."""

from mikoshi.commands.verify import cli as cli
