"""`ape run status`."""

from mikoshi.commands.main import Script

cli = Script("status")
