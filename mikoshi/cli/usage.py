"""Commands in the house's words: their help pages, and how they end where they were mistyped.

Texts stand in the code as click wants them, `help="…"` and docstrings, each paragraph one text.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import click
from typing_extensions import override

from mikoshi.text import language
from mikoshi.text.console import Console
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_, _, listed

_SHOWN = {
    "[default: ": N_("[default: "),
    "[env var: ": N_("[env var: "),
    "; default: ": N_("; default: "),
    "(dynamic)": N_("(dynamic)"),
    "required]": N_("required]"),
}
"""What click itself puts behind the text of an option."""


class Helped(click.Command):
    """A command whose help page is in the language spoken now."""

    @override
    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, _("Usage:") + " ")

    @override
    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for text in paragraphs(self.help or ""):
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(language.as_typed(_(text)))

    @override
    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [_row(param, ctx) for param in self.get_params(ctx)]
        if known := [row for row in rows if row is not None]:
            with formatter.section(_("Options")):
                formatter.write_dl(known)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    @override
    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The example, as it would be typed."""
        if self.epilog:
            with formatter.section(_("Example")):
                formatter.write(f"{'':{formatter.current_indent}}{language.command(self.epilog)}\n")

    @override
    def get_short_help_str(self, limit: int = 45) -> str:
        first = self.short_help or next(iter(paragraphs(self.help or "")), "")
        return language.as_typed(_(first))


class HelpedGroup(Helped, click.Group):
    """Several such commands under one name."""

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        names = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, each.get_short_help_str()) for name, each in names if each is not None]
        if rows:
            with formatter.section(_("Commands")):
                formatter.write_dl(rows)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a docstring, each on one line."""
    parts = re.split(r"\n\s*\n", inspect.cleandoc(text))
    return [" ".join(part.split()) for part in parts if part.strip()]


def _row(param: click.Parameter, ctx: click.Context) -> tuple[str, str] | None:
    """The names of an option and its text; None for an argument."""
    record: Any = param.get_help_record(ctx)
    if record is None:
        return None
    names, text = record
    written = " ".join((getattr(param, "help", None) or "").split())
    shown = text.removeprefix(written)
    for english, marked in _SHOWN.items():
        shown = shown.replace(english, _(marked))
    return names, language.as_typed((_(written) if written else "") + shown)


_TYPED = N_("it is typed: {usage}")
_HELP = N_("See `{command} --help`")


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
    except language.BrokenCatalogError as error:
        from mikoshi.cli.failures import speechless

        Console("--json" in typed).fail(speechless(error))
        raise click.exceptions.Exit(BadInputError.exit_code) from error
    except click.UsageError as error:
        known = _of_a_value(error, context) or _of_the_whole(context.command, context, typed)
        Console("--json" in typed).fail(known)
        raise click.exceptions.Exit(known.exit_code) from error


def _language(typed: Sequence[str]) -> language.Language:
    for word, following in pairwise([*typed, ""]):
        option, __, value = word.partition("=")
        if option == "--lang" and (value or following) in language.LANGUAGES:
            return value or following
    return language.from_locale()


def _of_a_value(error: click.UsageError, context: click.Context) -> BadInputError | None:
    """What is wrong with one option or argument; None for other mistakes."""
    path = context.command_path
    if isinstance(error, click.NoSuchOption):
        like = listed(sorted(error.possibilities or ()))
        return BadInputError(
            "usage.no-such-option",
            N_("There is no option {name}"),
            N_("like it are: {like}") if like else N_("this command knows none of that name"),
            _HELP,
            name=error.option_name,
            like=like,
            command=path,
        )
    if isinstance(error, click.BadOptionUsage):
        name, params = error.option_name, context.command.get_params(context)
        flag = any(name in each.opts and getattr(each, "is_flag", False) for each in params)
        return BadInputError(
            "usage.wrong-use",
            N_("{name} is not used rightly"),
            N_("it takes no value") if flag else N_("its value is missing"),
            _HELP,
            name=name,
            flag=flag,
            command=path,
        )
    if not isinstance(error, click.BadParameter) or error.param is None:
        return None
    param = error.param
    name = param.opts[0] if isinstance(param, click.Option) else param.human_readable_name
    if isinstance(error, click.MissingParameter):
        return BadInputError(
            "usage.missing",
            N_("{name} is missing"),
            _TYPED,
            _HELP,
            name=name,
            usage=_usage(context),
            command=path,
        )
    return BadInputError(
        "usage.bad-value",
        N_("{name} is not what it should be"),
        "{needed}",
        _HELP,
        name=name,
        needed=_needed(param.type) or error.message,
        command=path,
    )


def _of_the_whole(
    command: click.Command, context: click.Context, typed: Sequence[str]
) -> BadInputError:
    """A command that is not there, or words too many."""
    if isinstance(command, click.Group):
        return BadInputError(
            "usage.no-such-command",
            N_("There is no command {name}"),
            N_("there are: {known}"),
            _HELP,
            name=typed[0] if typed else "",
            known=listed(command.list_commands(context)),
            command=context.command_path,
        )
    return BadInputError(
        "usage.too-many-words",
        N_("There are words too many"),
        [_TYPED, N_("a text with spaces stands in quotes")],
        _HELP,
        usage=_usage(context),
        command=context.command_path,
    )


def _usage(context: click.Context) -> str:
    return " ".join([context.command_path, *context.command.collect_usage_pieces(context)])


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
