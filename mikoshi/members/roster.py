"""The list of members, rebuilt from the DAO's events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.member import Member
from mikoshi.text.console import Console
from mikoshi.text.language import _
from mikoshi.text.people import show
from mikoshi.text.units import DAY, format_merit, format_voice
from mikoshi.words import standing_word


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A person as of `now`. Times in Unix seconds; 1 voice = 1e9, 1 point of merit = 1e18.

    `voice` is the person's own, whoever speaks it, and `speaks_for` the number of members whose
    voice they carry, their own included.
    """

    id: int
    name: str
    wallet: str
    standing: str
    joined: int
    last_act: int
    voice: int
    merit: int
    delegate: int | None
    speaks_for: int
    json: ClassVar[str] = (
        "id name wallet standing joined last_act voice:str merit:str delegate speaks_for"
    )


def roster(rebuilt: RebuiltDao, now: int, name_of: Callable[[str], str]) -> list[RosterRow]:
    """Everyone who ever was a member, by id."""
    people = rebuilt.membership
    return [
        RosterRow(
            person.id,
            name_of(person.wallet),
            person.wallet,
            person.standing.name.lower(),
            person.joined,
            person.last_act,
            people.own_voice_of(person.id, now),
            people.voice.merit(person.raw, now),
            person.delegate if person.delegate != person.id else None,
            people.entry(person.id).latest.members,
        )
        for person in sorted(people.members.values(), key=_id)
    ]


def show_roster(out: Console, rows: list[RosterRow], now: int) -> None:
    """The list as a table, and a line with the totals."""
    by_id = {row.id: row for row in rows}
    columns = [
        ">#",
        _("name"),
        _("wallet"),
        _("status"),
        _("since"),
        ">" + _("voice"),
        ">" + _("merit"),
        _("delegate"),
        _("last act"),
    ]
    out.table(columns, (_cells(row, by_id, now) for row in rows))
    counts = {word: sum(row.standing == word for row in rows) for word in ("active", "dormant")}
    voice = format_voice(sum(row.voice for row in rows))
    out.say(
        _(
            "{active} active, {dormant} dormant, voice {voice} in all",
            active=counts["active"],
            dormant=counts["dormant"],
            voice=voice,
        )
    )


def _cells(row: RosterRow, by_id: Mapping[int, RosterRow], now: int) -> list[str]:
    delegate = by_id.get(row.delegate or 0)
    to = show(delegate.wallet, delegate.id, delegate.name) if delegate else ""
    if not to and row.speaks_for > 1:
        to = _("speaks for {speaks_for}", speaks_for=row.speaks_for)
    wallet = f"{row.wallet[:6]}…{row.wallet[-4:]}"
    days = now // DAY - row.last_act // DAY
    ago = _("{days} d ago", days=days) if days else _("today")
    return [
        str(row.id),
        row.name,
        wallet,
        standing_word(row.standing),
        f"{datetime.fromtimestamp(row.joined, UTC):%Y-%m-%d}",
        format_voice(row.voice),
        format_merit(row.merit),
        to,
        ago,
    ]


def _id(person: Member) -> int:
    return person.id
