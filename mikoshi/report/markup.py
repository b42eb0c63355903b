"""Pieces of HTML, written as XML too, so that any parser reads them alike."""

from __future__ import annotations

from html import escape

from mikoshi.report.figure import Source, Table
from mikoshi.text.console import visible
from mikoshi.text.language import _

_LONG = 12
"""Rows of a table that are shown without being asked for."""

_MOST = 100
"""Rows of a table on the page; `--json` has all."""


def text(plain: str) -> str:
    """Any text, so that it stands on the page and does nothing there."""
    return escape(visible(plain))


def tag(name: str, inner: str, **attributes: str) -> str:
    """An element around `inner`, which is HTML; `class_` is the attribute class."""
    told = "".join(f' {key.rstrip("_")}="{text(value)}"' for key, value in attributes.items())
    return f"<{name}{told}>{inner}</{name}>"


def details(summary: str, inner: str) -> str:
    """Something that is shown when asked for, and in print."""
    return tag("details", tag("summary", text(summary)) + inner)


def table(content: Table) -> str:
    """A table; a long one is shown when asked for, and only its first rows. Empty without rows."""
    if not content.rows:
        return ""
    right = [column.startswith(">") for column in content.columns]

    def cells(name: str, row: list[str]) -> str:
        aligned = zip(row, right, strict=True)
        return tag(
            "tr",
            "".join(
                tag(name, text(cell), class_="right") if is_right else tag(name, text(cell))
                for cell, is_right in aligned
            ),
        )

    head = cells("th", [column.lstrip(">") for column in content.columns])
    body = "".join(cells("td", list(row)) for row in content.rows[:_MOST])
    drawn = tag("div", tag("table", tag("thead", head) + tag("tbody", body)), class_="scroll")
    count = len(content.rows)
    if count > _MOST:
        more = f"{count - _MOST:,}"
        told = _("and {more} more: all are in --json", more=more)
        drawn += tag("p", text(told), class_="soft")
    return drawn if count <= _LONG else details(_("{count:,} rows", count=count), drawn)


def sources(found: tuple[Source, ...]) -> str:
    """The events behind a figure; empty if there are none."""
    lines = [tag("li", _source(each)) for each in found if each.count]
    if not lines:
        return tag("p", text(_("No events yet.")))
    return tag("ul", "".join(lines))


def _source(source: Source) -> str:
    blocks = (
        f"{source.first:,}" if source.first == source.last else f"{source.first:,}–{source.last:,}"
    )
    told = _(
        "{event}: {count:,}, block {blocks}", event=source.event, count=source.count, blocks=blocks
    )
    hashes = " ".join(tag("code", text(each)) for each in source.transactions)
    count = len(source.transactions)
    more = "" if source.complete else _(" (the first ones)")
    summary = _("{count} transactions{more}", count=count, more=more)
    return text(told) + details(summary, tag("p", hashes))
