"""A person's life in a DAO: acts, rewards, standings."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from mikoshi.replay.logs import Log
from mikoshi.replay.membership import Standing


class Deed(StrEnum):
    """What counts as an act of a member: something they did, or that was accepted from them."""

    BALLOT = "ballot"
    PROPOSAL = "proposal"
    DELEGATION = "delegation"
    CONTRIBUTION = "contribution"
    WAKING = "waking"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class MemberAct:
    """One act of a member at `time` (Unix seconds), and the event that shows it."""

    member: int
    deed: Deed
    log: Log

    @property
    def time(self) -> int:
        """When, in Unix seconds."""
        return self.log.time


@dataclass
class GivenReward:
    """What one transaction gave a member for one kind: merit (1 point = 1e18), tokens in wei."""

    member: int
    kind: int
    time: int
    points: int = 0
    tokens: int = 0
    logs: list[Log] = field(default_factory=list)


@dataclass
class Human:
    """A person's life in the DAO. `founder` was admitted by the creation; times are ascending."""

    id: int
    wallet: str
    joined: int
    founder: bool
    standings: list[tuple[int, Standing]] = field(default_factory=list)
    acts: list[MemberAct] = field(default_factory=list)

    @property
    def standing(self) -> Standing:
        """Where the person stands now."""
        return self.standings[-1][1]

    def acted(self, start: int, end: int) -> bool:
        """Whether there is an act in [start, end)."""
        return any(start <= act.time < end for act in self.acts)

    def first(self, *deeds: Deed) -> int | None:
        """Seconds from admission to the first act of these kinds, of any kind if none is named."""
        times = (act.time for act in self.acts if not deeds or act.deed in deeds)
        return next((time - self.joined for time in times), None)
