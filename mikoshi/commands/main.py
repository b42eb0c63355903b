"""Every command under one word: `mikoshi wake`, and `ape mikoshi wake` where Ape finds it."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import click
from typing_extensions import override

import mikoshi
from mikoshi import commands
from mikoshi.cli.usage import Group
from mikoshi.text import language
from mikoshi.text.paths import checkout

_OF_A_CHECKOUT = {"bench"}


class Commands(Group):
    """Reads the module of a command when it is asked for, and no other."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        names = {each.name for each in pkgutil.iter_modules(commands.__path__)} - {"main"}
        return sorted(names if checkout() else names - _OF_A_CHECKOUT)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"{commands.__name__}.{cmd_name}").cli
        return command

    @override
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        language.enter(ctx.command_path)
        return super().parse_args(ctx, args)


@click.group(cls=Commands, short_help="Communities that govern themselves.", epilog="demo")
@click.version_option(mikoshi.__version__)
def cli() -> None:
    """Found, run and audit a community that governs itself on an Ethereum chain."""


def main() -> Any:
    """What the program `mikoshi` runs."""
    return cli(prog_name="mikoshi")
