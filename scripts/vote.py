"""`ape run vote`."""

from mikoshi.commands.vote import cli as cli
