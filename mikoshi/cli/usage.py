"""Commands whose mistaken options and arguments end like every other error: in three lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import click
from typing_extensions import override

from mikoshi.cli.help import Helped, HelpedGroup
from mikoshi.text import language
from mikoshi.text.console import Console
from mikoshi.text.errors import BadInputError, Final
from mikoshi.text.language import _, listed


class Command(Helped):
    """A command that says in the house's words what is wrong with how it was called."""

    @override
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with _in_words(ctx, args):
            return super().parse_args(ctx, args)


class Group(HelpedGroup):
    """Several such commands under one name."""

    command_class = Command

    @override
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with _in_words(ctx, args):
            return super().parse_args(ctx, args)

    @override
    def invoke(self, ctx: click.Context) -> Any:
        with _in_words(ctx, [*ctx.protected_args, *ctx.args]):
            return super().invoke(ctx)


@contextmanager
def _in_words(context: click.Context, args: Sequence[str]) -> Iterator[None]:
    typed = list(args)  # reading takes them away
    language.use(_language(typed))
    try:
        yield
    except click.UsageError as error:
        what, why = _of_a_value(error, context) or _of_the_whole(context.command, context, typed)
        path = context.command_path
        hint = _("See `{path} --help`", path=path)
        known = BadInputError(
            "usage.in-words",
            Final(what),
            [*map(Final, [why] if isinstance(why, str) else why)],
            Final(hint),
        )
        Console("--json" in typed).fail(known)
        raise click.exceptions.Exit(known.exit_code) from error


def _language(typed: Sequence[str]) -> language.Language:
    for word, following in pairwise([*typed, ""]):
        option, _, value = word.partition("=")
        if option == "--lang" and (value or following) in language.LANGUAGES:
            return value or following
    return language.from_locale()


def _of_a_value(error: click.UsageError, context: click.Context) -> tuple[str, str] | None:
    """What is wrong with one option or argument, and why; None for other mistakes."""
    if isinstance(error, click.NoSuchOption):
        name, like = error.option_name, listed(sorted(error.possibilities or ()))
        return (
            _("There is no option {name}", name=name),
            _("like it are: {like}", like=like)
            if like
            else _("this command knows none of that name"),
        )
    if isinstance(error, click.BadOptionUsage):
        name, params = error.option_name, context.command.get_params(context)
        if any(name in each.opts and getattr(each, "is_flag", False) for each in params):
            why = _("it takes no value")
        else:
            why = _("its value is missing")
        return _("{name} is not used rightly", name=name), why
    if not isinstance(error, click.BadParameter) or error.param is None:
        return None
    param = error.param
    name = param.opts[0] if isinstance(param, click.Option) else param.human_readable_name
    if isinstance(error, click.MissingParameter):
        return _("{name} is missing", name=name), _usage(context)
    return (
        _("{name} is not what it should be", name=name),
        _needed(param.type) or error.message,
    )


def _of_the_whole(
    command: click.Command, context: click.Context, typed: Sequence[str]
) -> tuple[str, str | list[str]]:
    """A command that is not there, or words too many: what is wrong, and why."""
    if isinstance(command, click.Group):
        name, known = typed[0] if typed else "", listed(command.list_commands(context))
        return (
            _("There is no command {name}", name=name),
            _("there are: {known}", known=known),
        )
    return _("There are words too many"), [
        _usage(context),
        _("a text with spaces stands in quotes"),
    ]


def _usage(context: click.Context) -> str:
    usage = " ".join([context.command_path, *context.command.collect_usage_pieces(context)])
    return _("it is typed: {usage}", usage=usage)


def _needed(kind: click.ParamType) -> str | None:
    """What a value of this kind must be."""
    if isinstance(kind, click.Choice):
        choices = listed(kind.choices)
        return _("it must be one of: {choices}", choices=choices)
    if isinstance(kind, click.IntRange):
        least, most = ("" if end is None else f"{end:,}" for end in (kind.min, kind.max))
        limits = f"{least} … {most}".strip()
        return _("it must be a whole number, {limits}", limits=limits)
    if isinstance(kind, click.types.IntParamType):
        return _("it must be a whole number")
    if isinstance(kind, click.Path):
        if kind.file_okay:
            return _("it must be a file that can be read")
        return _("it must be a folder that can be read")
    return None
