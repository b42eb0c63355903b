"""`ape run play`."""

from mikoshi.commands.play import cli as cli
