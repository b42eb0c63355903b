"""`ape run power`."""

from mikoshi.commands.main import Script

cli = Script("power")
