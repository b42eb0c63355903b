"""`ape run init`."""

from mikoshi.commands.main import Script

cli = Script("init")
