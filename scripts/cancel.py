"""`ape run cancel`."""

from mikoshi.commands.cancel import cli as cli
