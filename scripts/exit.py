"""`ape run exit`."""

from mikoshi.commands.exit import cli as cli
