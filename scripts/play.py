"""`ape run play`."""

from mikoshi.commands.main import Script

cli = Script("play")
