"""`ape run succession`."""

from mikoshi.commands.main import Script

cli = Script("succession")
