"""`ape run report`."""

from mikoshi.commands.main import Script

cli = Script("report")
