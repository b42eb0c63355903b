"""`ape run bench`."""

from mikoshi.commands.bench import cli as cli
