"""`ape run enforce`."""

from mikoshi.commands.enforce import cli as cli
