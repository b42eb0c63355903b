"""`ape run init`."""

from mikoshi.commands.init import cli as cli
