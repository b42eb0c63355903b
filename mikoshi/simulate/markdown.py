"""A simulation as a Markdown page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mikoshi.simulate.simulation import LEVELS, Simulation, Table
from mikoshi.text.console import visible
from mikoshi.text.language import pick

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def markdown(sim: Simulation) -> str:
    """All of it; what others wrote stands there as text, whatever it says."""
    lines = [
        f"# {escaped(sim.subject.title)}",
        "",
        *(f"- {escaped(each)}" for each in sim.summary),
        "",
    ]
    for level, title in LEVELS.items():
        if sim.of(level):
            lines += [
                f"## {pick(*title)}",
                "",
                *(f"- {escaped(each)}" for each in sim.of(level)),
                "",
            ]
    for table in sim.tables:
        lines += [f"## {table.title}", "", *_rows(table), ""]
    return "\n".join(lines)


def _rows(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(column.lstrip('>') for column in table.columns)} |"
    yield f"|{'|'.join('---:' if column.startswith('>') else '---' for column in table.columns)}|"
    for row in table.rows:
        yield f"| {' | '.join(escaped(cell) for cell in row)} |"


def escaped(text: str) -> str:
    """What others wrote, on one line and without meaning anything in Markdown."""
    return _MARKS.sub(r"\\\1", " ".join(visible(text).split()))
