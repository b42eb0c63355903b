"""`ape run relay`."""

from mikoshi.commands.main import Script

cli = Script("relay")
