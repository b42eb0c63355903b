"""`ape run index`."""

from mikoshi.commands.main import Script

cli = Script("index")
