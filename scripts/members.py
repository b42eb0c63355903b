"""`ape run members`."""

from mikoshi.commands.members import cli as cli
