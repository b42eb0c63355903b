"""Who stays: cohorts of newcomers, and how many of them still act after 30 and 90 days.

A newcomer is retained after d days who does something by their own hand in the 30 days that begin
d days after the admission, [d, d + 30 days), and is a member now. So one look at the day 90 itself
decides nothing, and an act right after the admission does not hide that the person never came back.
Whoever left counts as not retained, whatever they did before; whoever came less than d + 30 days
ago is not judged yet. PM DAO published one figure, "定着率は10%ほど" (about 10 % of newcomers
stayed), without a window; 90 days after admission is where others speak of a member who stayed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from mikoshi.replay.facts import MONTH, QUARTER, Facts, Human
from mikoshi.report.calendar import Calendar
from mikoshi.report.formulas import share
from mikoshi.text.units import DAY

AFTER = (30 * DAY, 90 * DAY)
"""When it is asked whether a newcomer stayed, in seconds after the admission."""


_COHORTS = 180 * DAY
"""Newcomers of how many days are judged together."""


@dataclass(frozen=True)
class Retention:
    """Of `judged` newcomers, who stayed and who is `lost`."""

    judged: tuple[Human, ...]
    lost: tuple[Human, ...]

    @property
    def kept(self) -> int:
        """How many stayed."""
        return len(self.judged) - len(self.lost)

    @property
    def rate(self) -> Fraction | None:
        """The share that stayed, 0 … 1; None if nobody can be judged."""
        return share(self.kept, len(self.judged))


def retention(people: Iterable[Human], after: int, now: int, since: int = 0) -> Retention:
    """Retention `after` seconds of the people whose window closed in (`since`, `now`]."""
    judged = [human for human in people if since < human.joined + after + MONTH <= now]
    lost = [human for human in judged if not _stayed(human, after)]
    return Retention(tuple(judged), tuple(lost))


def recent(facts: Facts, after: int) -> Retention:
    """Retention of the newcomers whose window closed in the last 90 days."""
    return retention(facts.newcomers, after, facts.now, facts.now - QUARTER)


def staying(facts: Facts, calendar: Calendar | None = None) -> Retention:
    """Of the newcomers who came 90 to 270 days ago, who is a member and acted lately.

    It looks at now: a community that wins its people back is well again in a month. Who came before
    is no newcomer any more.
    """
    lately = calendar or Calendar.of(facts)
    first, last = lately.before(QUARTER + _COHORTS), lately.before(QUARTER)
    judged = [human for human in facts.newcomers if first < human.joined <= last]
    lost = [each for each in judged if not each.standing.is_member or not lately.acted(each)]
    return Retention(tuple(judged), tuple(lost))


def _stayed(human: Human, after: int) -> bool:
    start = human.joined + after
    return human.standing.is_member and human.acted(start, start + MONTH)


@dataclass(frozen=True)
class Cohort:
    """The people admitted in 30 days of the DAO's life; number 0 begins with the creation."""

    number: int
    start: int
    people: tuple[Human, ...]
    founders: bool = False

    def retention(self, after: int, now: int) -> Retention:
        """Of those of them who can be judged."""
        return retention(self.people, after, now)


def cohorts(facts: Facts) -> list[Cohort]:
    """The founders, then the newcomers by the 30 days in which they came; empty ones left out."""
    founders = tuple(human for human in facts.people.values() if human.founder)
    found = [Cohort(0, facts.created, founders, founders=True)] if founders else []
    numbers: dict[int, list[Human]] = {}
    for human in facts.newcomers:
        numbers.setdefault((human.joined - facts.created) // MONTH, []).append(human)
    for number, people in sorted(numbers.items()):
        found.append(Cohort(number, facts.created + number * MONTH, tuple(people)))
    return found
