"""Help pages in the reader's language: the texts of options and commands are in the catalogs.

They stand in the code as click wants them, `help="…"` and docstrings, each paragraph one text.
"""

from __future__ import annotations

import inspect
import re
from typing import Any

import click
from typing_extensions import override

from mikoshi.text import door
from mikoshi.text.language import N_, _

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
                formatter.write_text(door.typed(_(text)))

    @override
    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [_row(param, ctx) for param in self.get_params(ctx)]
        if known := [row for row in rows if row is not None]:
            with formatter.section(_("Options")):
                formatter.write_dl(known)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    @override
    def get_short_help_str(self, limit: int = 45) -> str:
        first = self.short_help or next(iter(paragraphs(self.help or "")), "")
        return door.typed(_(first))


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
    written = getattr(param, "help", None)
    shown = text.removeprefix(" ".join(written.split())) if written else text
    for english, marked in _SHOWN.items():
        shown = shown.replace(english, _(marked))
    return names, door.typed((_(" ".join(written.split())) if written else "") + shown)
