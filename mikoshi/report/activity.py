"""Who does what happens: participation, the busiest person, the bus factor, the first act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from mikoshi.replay.facts import MONTH, QUARTER, Facts, Human, MemberAct
from mikoshi.replay.member import Standing
from mikoshi.report.formulas import median, nakamoto, share

_FOUNDERS = 3


@dataclass(frozen=True)
class Participation:
    """Members who have had 30 days to act, and those of them who did not in the last 30."""

    members: tuple[Human, ...]
    silent: tuple[Human, ...]

    @property
    def rate(self) -> Fraction | None:
        """The share that acted, 0 … 1; None without members."""
        return share(len(self.members) - len(self.silent), len(self.members))


def participation(facts: Facts) -> Participation:
    """Of the active and dormant members who came at least 30 days ago.

    The dormant are asked too: a community that fell asleep is no healthier for it.
    """
    start = facts.now - MONTH
    members = [
        human for human in facts.members(Standing.ACTIVE, Standing.DORMANT) if human.joined <= start
    ]
    silent = [human for human in members if not human.acted(start + 1, facts.now + 1)]
    return Participation(tuple(members), tuple(silent))


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
    """Of the acts of the last 90 days."""
    return load(facts.since(QUARTER))


def pillars(facts: Facts) -> list[int]:
    """Members to turn to for the whole: who carry it now, else who once did, else who founded it.

    "Carry" as in the bus factor.
    """
    members = {human.id for human in facts.members()}
    for acts in (facts.since(QUARTER), facts.acts):
        found = [number for number in load(acts).carriers if number in members]
        if found:
            return found
    return sorted(members)[:_FOUNDERS]


@dataclass(frozen=True)
class Start:
    """How newcomers begin: how long until the first act, and who has not acted yet."""

    newcomers: tuple[Human, ...]
    waiting: tuple[Human, ...]

    @property
    def median(self) -> int | None:
        """Seconds in which half of them began; None if fewer than half have."""
        return median([human.first() for human in self.newcomers])


def start(facts: Facts, patience: int) -> Start:
    """Of the newcomers admitted in the last 90 days who have had `patience` seconds to begin.

    A `patience` longer than 60 days looks further back, so that there are 30 days of admissions.
    """
    earliest = facts.now - max(QUARTER, patience + MONTH)
    people = [human for human in facts.newcomers if earliest < human.joined]
    newcomers = [human for human in people if human.joined <= facts.now - patience]
    waiting = [human for human in newcomers if human.first() is None and human.standing.is_member]
    return Start(tuple(newcomers), tuple(waiting))
