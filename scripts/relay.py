"""`ape run relay`."""

from mikoshi.commands.relay import cli as cli
