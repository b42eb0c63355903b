"""`ape run proposal`."""

from mikoshi.commands.main import Script

cli = Script("proposal")
