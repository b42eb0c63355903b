"""`ape run rejoin`."""

from mikoshi.commands.main import Script

cli = Script("rejoin")
