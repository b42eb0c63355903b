"""What a report is made of: sections of figures, each with its definition and its events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from mikoshi.text.document import Chart, Table
from mikoshi.text.json import Json

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
    json: ClassVar[str] = "event count blocks transactions complete"

    @classmethod
    def of(cls, event: str, found: Iterable[Placed]) -> Source:
        """Of these events, in any order."""
        ordered = sorted(found, key=lambda each: each.block)
        first, last = (ordered[0].block, ordered[-1].block) if ordered else (None, None)
        hashes = tuple(dict.fromkeys(each.transaction for each in ordered))
        return cls(event, len(ordered), first, last, hashes[:_SHOWN], len(hashes) <= _SHOWN)

    @property
    def blocks(self) -> tuple[int | None, ...] | None:
        """The ends of the range; None if there is no event."""
        return None if self.first is None else (self.first, self.last)


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
    json: ClassVar[str] = "name label value unit text note definition events=sources rows chart"

    @property
    def rows(self) -> Sequence[Json]:
        """The rows of its table for programs."""
        return self.table.data if self.table else []


@dataclass(frozen=True)
class ReportSection:
    """One part of the report. `missing` names the parts of which this DAO has none."""

    name: str
    title: str
    figures: Sequence[Figure]
    missing: Sequence[str] = field(default=())
    json: ClassVar[str] = "name title figures not_applicable=missing"
