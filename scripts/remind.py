"""`ape run remind`."""

from mikoshi.commands.main import Script

cli = Script("remind")
