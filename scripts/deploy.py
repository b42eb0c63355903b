"""`ape run deploy`."""

from mikoshi.commands.main import Script

cli = Script("deploy")
