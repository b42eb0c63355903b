"""`ape run proposal`."""

from mikoshi.commands.proposal import cli as cli
