"""`ape run invite`."""

from mikoshi.commands.main import Script

cli = Script("invite")
