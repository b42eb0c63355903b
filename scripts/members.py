"""`ape run members`."""

from mikoshi.commands.main import Script

cli = Script("members")
