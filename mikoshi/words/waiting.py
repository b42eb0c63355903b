"""What a vote asked for and is not in force yet: from when on it is, and how it is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.treasury import INSTALLATION, role_name
from mikoshi.replay.voice import EPOCH
from mikoshi.text.errors import Words
from mikoshi.text.language import N_, _
from mikoshi.text.people import ZERO_ADDRESS
from mikoshi.text.units import format_time


@dataclass(frozen=True)
class Waiting:
    """Something that waits until `since`; what must be done then, can be until `until`.

    Unix seconds. A proposal with the action `undo` takes it back before it is in force; it is
    empty where another change does. `done` by `enforce` is what needs a transaction, 0 and empty
    where time alone does it.
    """

    kind: str
    what: Words
    since: int
    undo: str
    until: int = 0
    done: str = ""

    def due(self, now: int) -> bool:
        """Whether a transaction can do it now."""
        return bool(self.done) and self.since <= now <= self.until

    def text(self, now: int) -> str:
        """In a line."""
        told = {"what": self.what, "since": format_time(self.since, now), "undo": self.undo}
        if self.due(now):
            line = N_("{what}: due, `ape run enforce {done}` does it until {until}")
            until = format_time(self.until, now)
            return str(Words(line, **told, done=self.done, until=until))
        line = N_("{what}: from {since} on; until then a proposal with `{undo}` takes it back")
        return str(Words(line if self.undo else N_("{what}: from {since} on"), **told))

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "kind": self.kind,
            "what": str(self.what),
            "since": self.since,
            "until": self.until or None,
            "undo": self.undo or None,
        }


@dataclass(frozen=True)
class InOffice:
    """Who governs, since when (Unix seconds), who did at the founding, and whether it is `known`.

    The commands know a governor whose code is this kit's.
    """

    governor: str
    since: int
    founding: str
    known: bool
    json: ClassVar[str] = "governor since founding known"

    @classmethod
    def of(cls, rebuilt: RebuiltDao) -> InOffice:
        """Who is in office."""
        book = rebuilt.treasury
        founding = book.former[0] if book.former else book.governor
        known = book.governor in rebuilt.governors
        return cls(book.governor, book.governor_since, founding, known)

    def text(self, now: int) -> str:
        """In a line; empty while the first one governs."""
        if self.governor == self.founding:
            return ""
        line = (
            N_(
                "{governor} is the governor since {since}; the deployment record was made with "
                "{founding}"
            )
            if self.known
            else N_(
                "{governor} is the governor since {since}, and its code is not this kit's: what "
                "is proposed there cannot be read, voted on or executed here"
            )
        )
        told = {"governor": self.governor, "founding": self.founding}
        return _(line, **told, since=format_time(self.since, now))


def waiting(rebuilt: RebuiltDao, now: int) -> list[Waiting]:
    """Everything that waits at `now`, Unix seconds, the next first."""
    found = [
        *_governor(rebuilt, now),
        *_settings(rebuilt, now),
        *_roles(rebuilt, now),
        *_bars(rebuilt, now),
    ]
    return sorted(found, key=lambda each: each.since)


def _governor(rebuilt: RebuiltDao, now: int) -> Iterator[Waiting]:
    governor, since = rebuilt.treasury.waiting_governor(now)
    if governor != ZERO_ADDRESS:
        what = Words("{governor} becomes the governor", governor=governor)
        until = since + INSTALLATION
        yield Waiting("governor", what, since, "withdraw governor", until, "governor")


def _settings(rebuilt: RebuiltDao, now: int) -> Iterator[Waiting]:
    governor, membership = rebuilt.governor, rebuilt.membership
    version, since = governor.waiting(now)
    if version:
        what = Words("other settings of the governor, for proposals made then")
        yield Waiting("settings", what, since, "withdraw settings")
    if membership.dormant_from > now:
        what = Words("membership.dormant_after is shorter")
        yield Waiting("dormancy", what, membership.dormant_from, "withdraw settings")
    if membership.caps_from > membership.voice.epoch(now):
        what = Words("the caps on merit are higher")
        begins = membership.voice.t0 + membership.caps_from * EPOCH
        yield Waiting("caps", what, begins, "withdraw settings")


def _roles(rebuilt: RebuiltDao, now: int) -> Iterator[Waiting]:
    for (role, account), since in sorted(rebuilt.treasury.waiting_roles(now).items()):
        what = Words("{account} holds the role {role}", account=account, role=role_name(role))
        yield Waiting("role", what, since, "revoke role")


def _bars(rebuilt: RebuiltDao, now: int) -> Iterator[Waiting]:
    for number, since in sorted(rebuilt.membership.bars.items()):
        if since and now <= since + INSTALLATION:
            what, until = Words("#{member} is removed", member=number), since + INSTALLATION
            yield Waiting("bar", what, since, "withdraw bar", until, f"#{number}")
