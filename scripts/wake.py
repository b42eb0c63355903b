"""`ape run wake`."""

from mikoshi.commands.wake import cli as cli
