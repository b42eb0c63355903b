"""`ape run demo`."""

from mikoshi.commands.demo import cli as cli
