"""`ape run check`."""

from mikoshi.commands.main import Script

cli = Script("check")
