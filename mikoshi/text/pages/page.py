"""A document as one HTML page that needs nothing else: no network, no script, no other file.

The templates beside this have no words of their own, escape whatever stands in them, and are XML
too, so that any parser reads the page alike.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from mikoshi.text.console import visible
from mikoshi.text.document import Document, Table
from mikoshi.text.language import _
from mikoshi.text.pages.chart import drawing

_LONGEST_WORD = 24
_FEWEST_COLUMNS = 4
"""From so many on, a row is a card of its own where the screen is narrow."""

_CONTENTS = 4
"""Chapters from which on there is a list of them."""


def page(document: Document) -> str:
    """All of it, in the document's language; the few words of the frame in the one spoken now."""
    return _template().render(
        document=document,
        has_contents=len(document.chapters) >= _CONTENTS,
        words={"next": _("What to do next")},
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(drawing=drawing, is_long=_is_long, is_wide=_is_wide)
    return environment.get_template("frame.html")


def _harmless(value: object) -> object:
    """What stands on the page, without what would turn or repaint it; escaped afterwards."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _is_long(cell: str) -> bool:
    """Only what has no place to break at, such as bytes and addresses, may break anywhere."""
    return any(len(word) > _LONGEST_WORD for word in cell.split())


def _is_wide(table: Table) -> bool:
    """Whether a narrow screen would cut it off."""
    return len(table.columns) >= _FEWEST_COLUMNS
