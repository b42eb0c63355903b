"""`ape run rest`."""

from mikoshi.commands.rest import cli as cli
