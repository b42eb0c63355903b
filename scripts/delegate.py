"""`ape run delegate`."""

from mikoshi.commands.main import Script

cli = Script("delegate")
