"""An index in words and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from mikoshi.index.format import Count
from mikoshi.index.index import Index, Updated
from mikoshi.text.console import Console
from mikoshi.text.language import _
from mikoshi.text.paths import shown
from mikoshi.text.people import short
from mikoshi.text.units import format_amount, format_time


def show_index(out: Console, index: Index, updated: Updated, command: str) -> None:
    """How far it reaches, what it holds, and what the update did; `command` reports on it."""
    counts = index.counts()
    total = sum(count.events for count in counts)
    when = format_time(index.time, index.time)
    out.say(
        _(
            "{total:,} events up to block {block:,} ({when})",
            total=total,
            block=index.block,
            when=when,
        ),
        style="bold",
    )
    columns = [
        _("contract"),
        _("event"),
        _(">count"),
        _("first"),
        _("last"),
    ]
    out.table(columns, _rows(index.contracts, counts))
    out.good(_done(updated))
    size = format_amount(index.path.stat().st_size, "MB", 6, digits=2)
    out.say(f"{shown(index.path)}, {size}")
    out.next_step("", command)


def as_json(index: Index, updated: Updated) -> dict[str, Any]:
    """The index for programs; times in Unix seconds, the file's size in bytes."""
    counts, names = index.counts(), index.contracts
    return {
        "path": str(index.path),
        "size": index.path.stat().st_size,
        "block": index.block,
        "time": index.time,
        "added": updated.added,
        "rolled_back": updated.rolled_back,
        "events": sum(count.events for count in counts),
        "counts": [{"contract": names.get(each.address)} | each._asdict() for each in counts],
    }


def _rows(names: dict[str, str], counts: list[Count]) -> Iterator[list[str]]:
    """The DAO's contracts in their order, and all others as one."""
    for address, name in names.items():
        for each in counts:
            if each.address == address:
                yield _row(_words(name, address), each.name or _("unknown"), [each])
    others = [each for each in counts if each.address not in names]
    if others:
        title = _("tokens of others, to or from the treasury")
        yield _row(title, "Transfer", others)


def _row(contract: str, name: str, counts: list[Count]) -> list[str]:
    times = min(each.first for each in counts), max(each.last for each in counts)
    days = (f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d}" for time in times)
    return [contract, name, f"{sum(each.events for each in counts):,}", *days]


def _words(name: str, address: str) -> str:
    if name == "module":
        return _("module {address}", address=short(address))
    if name == "role holder":
        return _("role holder {address}", address=short(address))
    return name


def _done(updated: Updated) -> str:
    if not updated.rolled_back:
        return _("{added:,} new", added=updated.added)
    return _(
        "{added:,} read; the chain had replaced blocks: the latest {rolled_back:,} were read again",
        added=updated.added,
        rolled_back=updated.rolled_back,
    )
