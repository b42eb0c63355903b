"""What a report is made of: sections of figures, each with its definition and its events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from mikoshi.language import pick
from mikoshi.replay import Log

Json = Any

_SHOWN = 20
"""Transactions that a source names; the range of blocks covers the rest."""


@dataclass(frozen=True)
class Source:
    """The events behind a figure: how many, from which block to which, in which transactions."""

    event: str
    count: int
    first: int | None
    last: int | None
    transactions: tuple[str, ...]

    @classmethod
    def of(cls, event: str, logs: Iterable[Log]) -> Source:
        """Of these events."""
        found = sorted(logs, key=lambda log: (log.block, log.index))
        blocks = [log.block for log in found]
        hashes = tuple(dict.fromkeys(log.transaction for log in found))[:_SHOWN]
        return cls(event, len(found), min(blocks, default=None), max(blocks, default=None), hashes)

    @property
    def complete(self) -> bool:
        """Whether no transaction is left out."""
        return len(self.transactions) < _SHOWN

    def as_json(self) -> Json:
        """The source for programs."""
        return {
            "event": self.event,
            "count": self.count,
            "blocks": None if self.first is None else [self.first, self.last],
            "transactions": list(self.transactions),
        }


@dataclass(frozen=True)
class Table:
    """Rows in words for people, and the same as `data` for programs.

    A column whose name begins with `>` is set to the right.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    data: Sequence[Mapping[str, Json]]


@dataclass(frozen=True)
class Chart:
    """Numbers to be drawn over `labels`: one list for each name in `series`.

    `lines` are drawn as lines, everything else as bars; `percent` says that 1 is 100 %.
    """

    title: str
    labels: Sequence[str]
    series: Mapping[str, Sequence[float]]
    lines: bool = False
    stacked: bool = False
    percent: bool = False

    def as_json(self) -> Json:
        """The numbers for programs."""
        return {
            "labels": list(self.labels),
            "series": {name: list(numbers) for name, numbers in self.series.items()},
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
            "name": self.name,
            "label": self.label,
            "value": plain(self.value),
            "unit": self.unit,
            "text": self.text,
            "note": self.note,
            "definition": self.definition,
            "events": [source.as_json() for source in self.sources],
            "rows": [plain(row) for row in self.table.data] if self.table else [],
            "chart": self.chart.as_json() if self.chart else None,
        }


@dataclass(frozen=True)
class Section:
    """One part of the report. `missing` names the parts of which this DAO has none."""

    name: str
    title: str
    figures: Sequence[Figure]
    missing: Sequence[str] = field(default=())

    @property
    def absences(self) -> list[str]:
        """`not applicable: <part>`, for each part that this DAO does not have."""
        return [
            pick(f"not applicable: {part}", f"該当なし(この部品はありません): {part}")
            for part in self.missing
        ]

    def as_json(self) -> Json:
        """The section for programs."""
        return {
            "name": self.name,
            "title": self.title,
            "figures": [figure.as_json() for figure in self.figures],
            "not_applicable": list(self.missing),
        }


_SAFE_INTEGER = 2**53 - 1


def plain(value: Json) -> Json:
    """What JSON can hold: fractions to six digits, integers beyond 2^53 as text."""
    if isinstance(value, Fraction):
        return round(float(value), 6)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _SAFE_INTEGER:
        return str(value)
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value
