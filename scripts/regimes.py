"""`ape run regimes`."""

from mikoshi.commands.main import Script

cli = Script("regimes")
