"""`ape run rest`."""

from mikoshi.commands.main import Script

cli = Script("rest")
