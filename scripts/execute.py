"""`ape run execute`."""

from mikoshi.commands.main import Script

cli = Script("execute")
