"""`ape run metadata`."""

from mikoshi.commands.metadata import cli as cli
