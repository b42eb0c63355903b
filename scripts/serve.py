"""`ape run serve`."""

from mikoshi.commands.main import Script

cli = Script("serve")
