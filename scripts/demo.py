"""`ape run demo`."""

from mikoshi.commands.main import Script

cli = Script("demo")
