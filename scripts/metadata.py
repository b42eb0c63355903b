"""`ape run metadata`."""

from mikoshi.commands.main import Script

cli = Script("metadata")
