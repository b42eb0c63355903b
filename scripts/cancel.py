"""`ape run cancel`."""

from mikoshi.commands.main import Script

cli = Script("cancel")
