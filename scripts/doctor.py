"""`ape run doctor`."""

from mikoshi.commands.doctor import cli as cli
