"""`ape run bench`."""

from mikoshi.commands.main import Script

cli = Script("bench")
