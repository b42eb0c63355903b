"""Whether those who carry a community are as many as usual: who votes or proposes, and how many.

Members who only read, who lend their voice or who take turns do no harm to these figures as long as
others go on; rewards, which are given to people, do not help them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import median

from mikoshi.replay.facts import Deed, Facts
from mikoshi.report.calendar import Calendar
from mikoshi.report.formulas import mean
from mikoshi.report.turnout import turnouts
from mikoshi.text.units import DAY

_LOOKS = 12
"""Stretches before the latest one that show what is usual."""

_YOUNG = 200 * DAY
_FEWEST = 3
"""With fewer people nothing is usual."""

_CARRYING = (Deed.BALLOT, Deed.PROPOSAL)


@dataclass(frozen=True)
class Core:
    """People who voted or proposed in each stretch of a window's length, the latest first.

    `ballots` are the mean of a vote that ended lately, `usual_ballots` the median of the votes of a
    year before; None without votes. Of the `regulars`, who did so in two stretches or more before
    the latest one, `still` did in it. In the last two, `hands` did anything by their own hand.
    `turnout` is the mean share of the awake that the ballots of those votes, or of the last three,
    spoke for.
    """

    stretches: tuple[frozenset[int], ...]
    ballots: Fraction | None
    usual_ballots: Fraction | None
    regulars: frozenset[int]
    hands: int
    turnout: Fraction
    young: bool

    @property
    def now(self) -> int:
        """How many did lately."""
        return len(self.stretches[0])

    @property
    def usual(self) -> Fraction | None:
        """How many usually do: the median; None while there is nothing usual."""
        before = [len(each) for each in self.stretches[1:]]
        found = Fraction(median(before)) if len(before) > 1 else Fraction(0)
        return found if found >= _FEWEST else None

    @property
    def share(self) -> Fraction | None:
        """How many do, of as many as usual."""
        return self.now / self.usual if self.usual else None

    @property
    def votes(self) -> Fraction:
        """Ballots in a vote, of as many as usual; 0 where there was none to compare."""
        if self.ballots is None or not self.usual_ballots:
            return Fraction(0)
        return self.ballots / self.usual_ballots

    @property
    def still(self) -> Fraction:
        """The share of the regulars who go on; 1 where there are too few to ask."""
        if len(self.regulars) <= _FEWEST:
            return Fraction(1)
        return Fraction(len(self.regulars & self.stretches[0]), len(self.regulars))

    @property
    def gone(self) -> bool:
        """Whether not even two people did anything by their own hand in two stretches."""
        return len(self.stretches) > 1 and self.hands < 2


def core(facts: Facts, calendar: Calendar) -> Core:
    """At the time of the facts. All stretches but the latest lie in the DAO's life, to a day."""
    ends = [calendar.before(calendar.window * count) for count in range(_LOOKS + 2)]
    whole = ends[:2] + [end for end in ends[2:] if end >= facts.created - DAY]
    found: list[set[int]] = [set() for _ in whole[1:]]
    for act in facts.acts:
        if act.deed in _CARRYING:
            for place, (end, start) in enumerate(pairwise(whole)):
                if start < act.time <= end:
                    found[place].add(act.member)
    stretches = tuple(frozenset(each) for each in found)
    seen: dict[int, int] = {}
    for each in stretches[1:]:
        for member in each:
            seen[member] = seen.get(member, 0) + 1
    members = {human.id for human in facts.members()}
    regulars = frozenset(each for each, count in seen.items() if count > 1 and each in members)
    votes = turnouts(facts, ends[-1])
    lately = [each for each in votes if each.proposal.deadline >= calendar.start]
    ballots = [Fraction(len(each.proposal.ballots)) for each in votes]
    before = ballots[: len(votes) - len(lately)]
    usual = Fraction(median(before)) if before else None
    spoken = mean([each.by_head or Fraction(0) for each in lately or votes[-3:]])
    hands = {human.id for human in facts.members() if human.acted(ends[2] + 1, facts.now + 1)}
    young = calendar.since(facts.created) <= _YOUNG
    now = mean(ballots[len(before) :])
    return Core(stretches, now, usual, regulars, len(hands), spoken or Fraction(0), young)
