"""`ape run report`."""

from mikoshi.commands.report import cli as cli
