"""`ape run deploy`."""

from mikoshi.commands.deploy import cli as cli
