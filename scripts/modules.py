"""`ape run modules`."""

from mikoshi.commands.main import Script

cli = Script("modules")
