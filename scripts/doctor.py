"""`ape run doctor`."""

from mikoshi.commands.main import Script

cli = Script("doctor")
