"""What a report is made of: sections of figures, each with its definition and its events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mikoshi.text.document import Chart, Table
from mikoshi.text.json import Json, entries_of, plain

_SHOWN = 20
"""Transactions that a source names; the range of blocks covers the rest."""


class Placed(Protocol):
    """Anything with a place on the chain, such as a log."""

    @property
    def block(self) -> int:
        """The number of its block."""

    @property
    def transaction(self) -> str:
        """The hash of its transaction."""


@dataclass(frozen=True)
class Source:
    """The events behind a figure: how many, from which block to which, in which transactions.

    Not `complete` if there are more transactions than those named.
    """

    event: str
    count: int
    first: int | None
    last: int | None
    transactions: tuple[str, ...]
    complete: bool

    @classmethod
    def of(cls, event: str, found: Iterable[Placed]) -> Source:
        """Of these events, in any order."""
        ordered = sorted(found, key=lambda each: each.block)
        first, last = (ordered[0].block, ordered[-1].block) if ordered else (None, None)
        hashes = tuple(dict.fromkeys(each.transaction for each in ordered))
        return cls(event, len(ordered), first, last, hashes[:_SHOWN], len(hashes) <= _SHOWN)

    def as_json(self) -> Json:
        """The source for programs."""
        return {
            "event": self.event,
            "count": self.count,
            "blocks": None if self.first is None else [self.first, self.last],
            "transactions": list(self.transactions),
            "complete": self.complete,
        }


@dataclass(frozen=True)
class Figure:
    """A number with its definition and the events behind it.

    `value` is for programs, `unit` says in what; `text` is for people, and a `note` says who.
    """

    name: str
    label: str
    text: str
    definition: str
    value: Json = None
    unit: str = ""
    sources: tuple[Source, ...] = ()
    note: str = ""
    table: Table | None = None
    chart: Chart | None = None

    def as_json(self) -> Json:
        """The figure for programs."""
        return {
            **entries_of(self, "name", "label", "value", "unit", "text", "note", "definition"),
            "events": [source.as_json() for source in self.sources],
            "rows": [plain(row) for row in self.table.data] if self.table else [],
            "chart": self.chart.as_json() if self.chart else None,
        }


@dataclass(frozen=True)
class ReportSection:
    """One part of the report. `missing` names the parts of which this DAO has none."""

    name: str
    title: str
    figures: Sequence[Figure]
    missing: Sequence[str] = field(default=())

    def as_json(self) -> Json:
        """The section for programs."""
        return {
            "name": self.name,
            "title": self.title,
            "figures": [figure.as_json() for figure in self.figures],
            "not_applicable": list(self.missing),
        }
