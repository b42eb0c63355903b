"""`ape run compliance`."""

from mikoshi.commands.compliance import cli as cli
