"""`ape run lapse`."""

from mikoshi.commands.main import Script

cli = Script("lapse")
