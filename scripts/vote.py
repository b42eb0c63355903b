"""`ape run vote`."""

from mikoshi.commands.main import Script

cli = Script("vote")
