"""`ape run compliance`."""

from mikoshi.commands.main import Script

cli = Script("compliance")
