"""What is asked for somebody's seat, in words: a person can end only what they know of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.member import Member
from mikoshi.replay.succession import Asking, SeatRequest
from mikoshi.text.json import entries_of
from mikoshi.text.language import N_, _, ngettext
from mikoshi.text.units import format_when


@dataclass(frozen=True)
class OpenSeat:
    """A seat that somebody asks for, and the request."""

    person: Member
    request: SeatRequest
    json: ClassVar[str] = (
        "member=person.id wallet=person.wallet kind=request.kind to=request.wallet "
        "asked_at=request.asked_at ready_at=request.ready_at expires_at=request.expires_at "
        "by=request.by"
    )

    def ready(self, now: int) -> bool:
        """Whether it can be finished at `now`, Unix seconds."""
        return now >= self.request.ready_at

    def text(self, now: int) -> str:
        """In a line: who asks, for which wallet, when, and what ends it."""
        asked, who = self.request, f"#{self.person.id}"
        told = {
            "who": who,
            "wallet": asked.wallet,
            "asks": asking_words(asked),
            "ready": format_when(asked.ready_at, now),
            "end": format_when(asked.expires_at, now),
        }
        if self.ready(now):
            line = N_(
                "the seat of {who} can go to the wallet {wallet} at any moment until {end}: {asks} "
                "for it. If {who} still has their wallet: `ape run succession veto`"
            )
        else:
            line = N_(
                "{asks} for the seat of {who}, for the wallet {wallet}; it can go there {ready}. "
                "If {who} still has their wallet: `ape run succession veto`"
            )
        return _(line, **told)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return entries_of(self)


def asking_words(request: SeatRequest) -> str:
    """Who asks, with the verb."""
    if request.kind == Asking.INHERITANCE:
        return _("the heir asks")
    if request.kind == Asking.VOTE:
        return _("a vote asks")
    count = len(request.by)
    return ngettext("{count} guardian asks", "{count} guardians ask", count, count=count)


def open_seats(rebuilt: RebuiltDao, now: int) -> list[OpenSeat]:
    """Every seat that somebody asks for at `now`, Unix seconds, the next to move first."""
    seats = rebuilt.succession
    people = (rebuilt.membership.members[number] for number in seats.requests)
    asked = ((person, seats.open_request(person, now)) for person in people)
    found = [OpenSeat(person, request) for person, request in asked if request]
    return sorted(found, key=lambda each: each.request.ready_at)
