"""`ape run lapse`."""

from mikoshi.commands.lapse import cli as cli
