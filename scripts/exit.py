"""`ape run exit`."""

from mikoshi.commands.main import Script

cli = Script("exit")
