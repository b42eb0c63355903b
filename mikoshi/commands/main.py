"""Every command under one word: `mikoshi wake`, and `ape mikoshi wake` where Ape finds it."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cached_property
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
        return _read(cmd_name) if cmd_name in self.list_commands(ctx) else None

    @override
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        language.enter(ctx.command_path)
        return super().parse_args(ctx, args)


class Script(click.Command):
    """A command whose module is read when it runs or is listed.

    `ape run` opens the scripts of all commands, twice, before it runs one.
    """

    @cached_property
    def _whole(self) -> click.Command:
        command = _read(str(self.name))
        known = {each.name for each in command.params}
        command.params += [each for each in self.params if each.name not in known]  # Ape's own
        return command

    @override
    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        return self._whole.make_context(info_name, args, parent, **extra)

    @override
    def invoke(self, ctx: click.Context) -> Any:
        return ctx.command.invoke(ctx)

    @override
    def get_short_help_str(self, limit: int = 45) -> str:
        return self._whole.get_short_help_str(limit)


def _read(name: str) -> click.Command:
    command: click.Command = importlib.import_module(f"{commands.__name__}.{name}").cli
    return command


@click.group(cls=Commands, short_help="Communities that govern themselves.")
@click.version_option(mikoshi.__version__)
def cli() -> None:
    """Found, run and audit a community that governs itself on an Ethereum chain."""


def main() -> Any:
    """What the program `mikoshi` runs."""
    return cli(prog_name="mikoshi")
