"""`ape run enforce`."""

from mikoshi.commands.main import Script

cli = Script("enforce")
