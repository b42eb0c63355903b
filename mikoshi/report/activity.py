"""Who does what happens: participation, the busiest person, the bus factor, the first act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from mikoshi.replay.facts import MONTH, QUARTER, Facts, Human, MemberAct
from mikoshi.replay.member import Standing
from mikoshi.report.calendar import Calendar
from mikoshi.report.formulas import median, nakamoto, share

_FOUNDERS = 3


@dataclass(frozen=True)
class Participation:
    """Members who have had time to act, and those of them who did nothing by their own hand."""

    members: tuple[Human, ...]
    silent: tuple[Human, ...]

    @property
    def rate(self) -> Fraction | None:
        """The share that acted, 0 … 1; None without members."""
        return share(len(self.members) - len(self.silent), len(self.members))


def participation(facts: Facts, calendar: Calendar | None = None) -> Participation:
    """Of the active and dormant members who came before "lately", who did nothing since.

    The dormant are asked too: a community that fell asleep is no healthier for it.
    """
    lately = calendar or Calendar.of(facts)
    members = facts.members(Standing.ACTIVE, Standing.DORMANT)
    asked = [human for human in members if human.joined <= lately.start]
    return Participation(tuple(asked), tuple(each for each in asked if not lately.acted(each)))


@dataclass(frozen=True)
class Workload:
    """How acts are spread over people: `counts` by member id, the busiest first."""

    acts: tuple[MemberAct, ...]
    counts: dict[int, int]

    @property
    def busiest(self) -> int | None:
        """The member with most acts; of several, who came first."""
        return next(iter(self.counts), None)

    @property
    def busiest_share(self) -> Fraction | None:
        """The busiest person's share of all acts; None without acts."""
        return share(max(self.counts.values(), default=0), len(self.acts))

    @property
    def bus_factor(self) -> int | None:
        """The fewest people who together do more than half of the acts; None without acts."""
        return nakamoto(list(self.counts.values()))

    @property
    def carriers(self) -> list[int]:
        """Those people's ids."""
        return list(self.counts)[: self.bus_factor or 0]


def load(acts: Sequence[MemberAct]) -> Workload:
    """Of these acts."""
    counted = Counter(act.member for act in acts)
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return Workload(tuple(acts), dict(ranked))


def recent_load(facts: Facts) -> Workload:
    """Of what members did by their own hand in the last 90 days."""
    return load([act for act in facts.since(QUARTER) if act.by_hand])


def pillars(facts: Facts) -> list[int]:
    """Members to turn to for the whole: who carry it now, else who once did, else who founded it.

    "Carry" as in the bus factor.
    """
    members = {human.id for human in facts.members()}
    for acts in (facts.since(QUARTER), facts.acts):
        own = load([act for act in acts if act.by_hand])
        found = [number for number in own.carriers if number in members]
        if found:
            return found
    return sorted(members)[:_FOUNDERS]


@dataclass(frozen=True)
class Start:
    """How newcomers begin: how long until the first act of their own, and who still waits for it.

    In `waits` the seconds that each took, without pauses; None for who has not begun.
    """

    newcomers: tuple[Human, ...]
    waits: tuple[int | None, ...]

    @property
    def waiting(self) -> list[Human]:
        """Members who have not begun."""
        asked = zip(self.newcomers, self.waits, strict=True)
        return [human for human, wait in asked if wait is None and human.standing.is_member]

    @property
    def median(self) -> int | None:
        """Seconds in which half of them began; None if fewer than half have."""
        return median(self.waits)


def start(facts: Facts, patience: int, calendar: Calendar | None = None) -> Start:
    """Of the newcomers admitted in the last 90 days who have had `patience` seconds to begin.

    A `patience` longer than 60 days looks further back, so that there are 30 days of admissions.
    """
    lately = calendar or Calendar.of(facts)
    earliest, latest = lately.before(max(QUARTER, patience + MONTH)), lately.before(patience)
    newcomers = [human for human in facts.newcomers if earliest < human.joined <= latest]
    waits = [
        lately.since(human.joined) - lately.since(human.own_acts[0].time)
        if human.own_acts
        else None
        for human in newcomers
    ]
    return Start(tuple(newcomers), tuple(waits))
