"""How many people can decide, and how many could hold power for ever after one unopposed vote.

Shares are in basis points, people in numbers; `most` is the most voice of a member in basis points
of the base. What is counted is rule L4 of docs/invariants.md: after any one executed proposal,
those who did not vote for it win every later vote if the people For, and the seats that a vote can
give them in an epoch, do not weigh as much as the others, with the most voice each.
"""

from __future__ import annotations

from dataclasses import dataclass

from mikoshi.text.language import _

BPS = 10_000

FEWEST = 15
"""From this number of awake members on, a bare quorum that can hold on to power is dangerous."""

_SEATS = 500  # of the awake, in basis points: what votes may give or take at once in an epoch
_JUDGED = range(FEWEST, 1_001)  # in larger DAOs the shares are the same but for roundings


def people_needed(awake: int, counted: int, quorum: int, floor: int) -> int:
    """People that a proposal needs; two wherever two are awake."""
    share, least = -(-awake * quorum // BPS), -(-counted * floor // BPS)
    return max(share, least, min(2, awake))


def seats_by_vote(awake: int) -> int:
    """Seats that votes may take, give or wake at once in an epoch."""
    return max(1, awake * _SEATS // BPS)


@dataclass(frozen=True)
class Lasting:
    """Of `awake` members, how many are `needed` to decide and how many could hold power for ever.

    `holders` are at least as many as are needed. It is counted as if nobody wakes on their side.
    """

    awake: int
    needed: int
    holders: int

    @property
    def bare(self) -> bool:
        """Whether whoever can decide at all can also hold power for ever."""
        return self.awake > 0 and self.holders == self.needed

    @property
    def dangerous(self) -> bool:
        """Whether it is so in a DAO that is no longer small."""
        return self.bare and self.awake >= FEWEST

    @property
    def text(self) -> str:
        """The figures in words."""
        if self.needed > self.awake:
            return _(
                "{needed} people would have to take part, and only {awake:,} members are awake",
                needed=self.needed,
                awake=self.awake,
            )
        return _(
            "{needed} of {awake:,} awake members can decide; {holders} could hold power for ever "
            "after one vote that nobody opposed",
            needed=self.needed,
            awake=self.awake,
            holders=self.holders,
        )


def lasting(awake: int, counted: int, most: int, quorum: int, floor: int) -> Lasting:
    """Counted for a DAO of `awake` members, and `counted` with the dormant ones."""
    needed = people_needed(awake, counted, quorum, floor)
    others = awake * BPS - seats_by_vote(awake) * most
    least = -(-others // (BPS + most))
    return Lasting(awake, needed, min(awake, max(needed, least)))


def first_dangerous(most: int, quorum: int, floor: int) -> Lasting | None:
    """The smallest DAO in which these settings are dangerous while all are awake; None in none."""
    counts = (lasting(awake, awake, most, quorum, floor) for awake in _JUDGED)
    return next((each for each in counts if each.dangerous), None)
