"""`ape run page`."""

from mikoshi.commands.main import Script

cli = Script("page")
