"""`ape run execute`."""

from mikoshi.commands.execute import cli as cli
