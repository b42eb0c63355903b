"""`ape run verify`."""

from mikoshi.commands.main import Script

cli = Script("verify")
