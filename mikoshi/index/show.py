"""An index in words and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from mikoshi.index.index import Index, Updated
from mikoshi.index.store import Count
from mikoshi.text.console import Console
from mikoshi.text.language import pick
from mikoshi.text.paths import shown
from mikoshi.text.people import short
from mikoshi.text.units import format_amount, format_time


def show_index(out: Console, index: Index, updated: Updated, command: str) -> None:
    """How far it reaches, what it holds, and what the update did; `command` reports on it."""
    counts = index.counts()
    total = sum(count.events for count in counts)
    when = format_time(index.time, index.time)
    out.say(
        pick(
            f"{total:,} events up to block {index.block:,} ({when})",
            f"ブロック {index.block:,}({when})まで、{total:,}件のイベント",
        ),
        style="bold",
    )
    columns = [
        pick("contract", "コントラクト"),
        pick("event", "イベント"),
        pick(">count", ">件数"),
        pick("first", "最初"),
        pick("last", "最後"),
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
                yield _row(_words(name, address), each.name or pick("unknown", "不明"), [each])
    others = [each for each in counts if each.address not in names]
    if others:
        title = pick("tokens of others, to or from the treasury", "他のトークン(金庫の出入り)")
        yield _row(title, "Transfer", others)


def _row(contract: str, name: str, counts: list[Count]) -> list[str]:
    times = min(each.first for each in counts), max(each.last for each in counts)
    days = (f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d}" for time in times)
    return [contract, name, f"{sum(each.events for each in counts):,}", *days]


def _words(name: str, address: str) -> str:
    if name == "module":
        return pick(f"module {short(address)}", f"モジュール {short(address)}")
    if name == "role holder":
        return pick(f"role holder {short(address)}", f"権限を持つ {short(address)}")
    return name


def _done(updated: Updated) -> str:
    if not updated.rolled_back:
        return pick(f"{updated.added:,} new", f"新しいもの {updated.added:,}件")
    return pick(
        f"{updated.added:,} read; the chain had replaced blocks: the latest {updated.rolled_back:,}"
        " were read again",
        f"{updated.added:,}件を読み込みました。チェーンが入れ替わったため、直近の"
        f" {updated.rolled_back:,} ブロックを読み直しました",
    )
