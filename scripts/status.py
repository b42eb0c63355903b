"""`ape run status`."""

from mikoshi.commands.status import cli as cli
