"""`ape run delegate`."""

from mikoshi.commands.delegate import cli as cli
