"""`ape run index`."""

from mikoshi.commands.index import cli as cli
