"""`ape run wake`."""

from mikoshi.commands.main import Script

cli = Script("wake")
