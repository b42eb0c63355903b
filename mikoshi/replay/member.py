"""A person as the Membership's events tell it, where they can stand, and settings that wait."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import ClassVar, NamedTuple

_CAPS = ("meritCap", "meritCapPerMember")
_RAISED_FOR = 2  # epochs until a raise counts


class Standing(IntEnum):
    """Where a person stands, as in `IMembership`."""

    NONE = 0
    ACTIVE = 1
    DORMANT = 2
    NEWCOMER = 3
    ABSENT = 4
    EXITED = 5
    BARRED = 6

    @property
    def is_member(self) -> bool:
        """Whether the person holds a ticket."""
        return Standing.ACTIVE <= self <= Standing.ABSENT

    @property
    def is_counted(self) -> bool:
        """Whether the person counts for the floor of the quorum."""
        return self in (Standing.ACTIVE, Standing.DORMANT)


class Spell(NamedTuple):
    """How a person stood from `time` on (Unix seconds); the rest as in `Member`."""

    time: int
    standing: Standing
    delegate: int | None
    raw: int
    stamp: int
    stood: int
    lent: int


@dataclass(slots=True)
class Member:
    """A person. `delegate` is an id (their own: nobody else), None for whoever holds no ticket.

    `joined` and `last_act`, the last act of their own, are in Unix seconds, `stamp` in days since
    the epoch; of a Newcomer it is the day of waking. Whoever is Dormant `fell` so, in Unix seconds.
    No event tells a rest from a lapse: whoever rests when others could lapse them is taken for
    lapsed, and `rested` is the day that the stamp has if they were not. `raw` is inflated merit
    from so many `credits`; `used` thousandths of a point of it were credited in `epoch`. Their
    standing was told last when they `stood` so, and their delegate when it was `lent`, both in Unix
    seconds; `spells` are how they stood before and since, in order, and `former` the wallets that
    they had, each until when.
    """

    id: int
    wallet: str
    joined: int
    standing: Standing = Standing.NONE
    delegate: int | None = None
    ticket: int | None = None
    stamp: int = 0
    rested: int | None = None
    fell: int = 0
    last_act: int = 0
    raw: int = 0
    epoch: int = 0
    used: int = 0
    credits: int = 0
    stood: int = 0
    lent: int = 0
    spells: list[Spell] = field(default_factory=list)
    former: tuple[tuple[int, str], ...] = ()
    json: ClassVar[str] = "id wallet"

    def may_have_recorded(self, day: int) -> bool:
        """Whether a contract that did right can have `day` as that of the last recorded act."""
        return day in (self.stamp, self.rested)

    def note(self, time: int) -> None:
        """Keep how they stand from `time` on, which is not before the latest spell."""
        now = (self.standing, self.delegate, self.raw, self.stamp, self.stood, self.lent)
        if self.spells and self.spells[-1].time == time:
            self.spells.pop()
        self.spells.append(Spell(time, *now))

    def at(self, time: int) -> Member | None:
        """As in the spell of the second `time`, at its end, and with the wallet of then.

        None before anything was told of them.
        """
        place = bisect_right(self.spells, time, key=_time)
        if place == len(self.spells):
            return self if place else None
        if not place:
            return None
        then = self.spells[place - 1]._asdict()
        then["wallet"] = next((had for until, had in self.former if until > time), self.wallet)
        del then["time"]
        return replace(self, **then, spells=self.spells[:place])


def _time(spell: Spell) -> int:
    return spell.time


@dataclass
class FormerSettings:
    """What is in force until `dormant_from` (Unix seconds) and until the epoch `caps_from`.

    Zeros where nothing waits or ever did.
    """

    caps: dict[str, int] = field(default_factory=dict)
    caps_from: int = 0
    dormant_after: int = 0
    dormant_from: int = 0

    def in_force(self, asked: Mapping[str, int], time: int, epoch: int) -> dict[str, int]:
        """The settings at `time`, in `epoch`, while `asked` were asked for last."""
        found = dict(asked)
        if time < self.dormant_from:
            found["dormantAfter"] = self.dormant_after
        if epoch < self.caps_from:  # a cap that was cut after the raise holds at once
            found |= {name: min(found[name], self.caps[name]) for name in _CAPS}
        return found

    def ask(
        self,
        asked: Mapping[str, int],
        in_force: Mapping[str, int],
        wanted: Mapping[str, int],
        dormant_from: int,
        epoch: int,
    ) -> None:
        """Keep what is `in_force` of the settings before `wanted`; nothing at the creation."""
        if not asked:
            return
        if any(wanted[name] > asked[name] for name in _CAPS):
            self.caps = {name: in_force[name] for name in _CAPS}
            self.caps_from = epoch + _RAISED_FOR
        if wanted["dormantAfter"] != asked["dormantAfter"]:
            self.dormant_after, self.dormant_from = in_force["dormantAfter"], dormant_from
