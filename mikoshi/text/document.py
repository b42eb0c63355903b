"""What a command shows, before it is a screen, Markdown or a page.

A `Document` is in words for people, in the language spoken when it was made, and holds the same as
`data` for programs. `mikoshi.text.terminal`, `.markdown` and `.pages.page` each show any of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from mikoshi.text.json import Json
from mikoshi.text.language import Language, _, current, listed

_LONG = 12
"""Rows of a table that are shown without being asked for."""

_MOST = 100
"""Rows of a table that people are shown; programs get all."""


class Mood(StrEnum):
    """What something is, in colour: in order, to be looked at, wrong, unknown yet, or neither."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    UNSURE = "unsure"
    NOTE = "note"

    @property
    def mark(self) -> str:
        """The sign before it; none before a note."""
        return {"good": "✓", "warning": "⚠", "bad": "✗", "unsure": "?"}.get(self.value, "")


@dataclass(frozen=True)
class Paragraph:
    """Words of our own."""

    shape: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True)
class Quotation:
    """What somebody else wrote, with its lines as they are."""

    shape: ClassVar[str] = "quotation"
    text: str


@dataclass(frozen=True)
class FactList:
    """Names of facts and what they are."""

    shape: ClassVar[str] = "facts"
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """Rows in words for people, and the same as `data` for programs where these get them from here.

    A column whose name begins with `>` is set to the right.
    """

    shape: ClassVar[str] = "table"
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    data: Sequence[Mapping[str, Json]] = ()
    title: str = ""

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """Each column's name, and whether it is set to the right."""
        return [(column.removeprefix(">"), column.startswith(">")) for column in self.columns]

    @property
    def first_rows(self) -> Sequence[Sequence[str]]:
        """As many as people are shown."""
        return self.rows[:_MOST]

    @property
    def rest(self) -> str:
        """That there are more rows, in words; "" if there are none."""
        more = len(self.rows) - _MOST
        return _("and {more:,} more: all are in --json", more=more) if more > 0 else ""

    @property
    def folded(self) -> str:
        """What a long table is folded under; "" for a short one."""
        return _("{count:,} rows", count=len(self.rows)) if len(self.rows) > _LONG else ""


@dataclass(frozen=True)
class Chart:
    """Numbers to be drawn over `labels`: one list for each name in `series`.

    `lines` are drawn as lines, everything else as bars; `percent` says that 1 is 100 %.
    """

    shape: ClassVar[str] = "chart"
    title: str
    labels: Sequence[str]
    series: Mapping[str, Sequence[float]]
    lines: bool = False
    stacked: bool = False
    percent: bool = False
    json: ClassVar[str] = "labels series"

    def shown(self, value: float) -> str:
        """One of the numbers as people read it."""
        return f"{value:.1%}" if self.percent else f"{value:,.4g}"


@dataclass(frozen=True)
class Notice:
    """Something to be noticed: with a title, what belongs to it, and a command for it, or not."""

    shape: ClassVar[str] = "notice"
    mood: Mood
    text: str
    title: str = ""
    facts: Sequence[tuple[str, str]] = ()
    command: str = ""

    @property
    def told(self) -> str:
        """Title and text on one line."""
        if not self.title:
            return self.text
        return _("{title}: {text}", title=self.title, text=self.text)


@dataclass(frozen=True)
class Measure:
    """A number under its name, with who stands behind it and what explains it."""

    shape: ClassVar[str] = "measure"
    label: str
    text: str
    note: str = ""
    blocks: Sequence[Block] = ()


@dataclass(frozen=True)
class Folded:
    """What only some want to see. On a screen it is left out, unless it is `on_screen`."""

    shape: ClassVar[str] = "folded"
    title: str
    blocks: Sequence[Block]
    on_screen: bool = False


Block = Paragraph | Quotation | FactList | Table | Chart | Notice | Measure | Folded


@dataclass(frozen=True)
class Chapter:
    """A part of a document; `name` is what a link leads to."""

    name: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Document:
    """Something about one DAO: its `subject`, what to think of it, what to do next, and all of it.

    `kind` says what it is, such as a report; `about` of when and of what; `command` follows `step`.
    `data` is the same for programs.
    """

    dao: str
    kind: str
    subject: str
    mood: Mood
    verdict: str
    chapters: Sequence[Chapter]
    about: Sequence[str] = ()
    step: str = ""
    command: str = ""
    closing: str = ""
    data: Mapping[str, Json] = field(default_factory=dict)
    language: Language = field(default_factory=current)

    @property
    def elsewhere(self) -> str:
        """What a screen leaves out, by its titles."""
        titles = (
            block.title
            for chapter in self.chapters
            for block in chapter.blocks
            if isinstance(block, Folded) and not block.on_screen
        )
        return listed(dict.fromkeys(titles))
