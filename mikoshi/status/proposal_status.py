"""Where a proposal stands, what it has, and what it would still need."""

from __future__ import annotations

from dataclasses import dataclass

from mikoshi.context.proposed import Proposed
from mikoshi.replay.governor import AGAINST, FOR, Proposal, ProposalState, RebuiltGovernor

_LIVE = (ProposalState.PENDING, ProposalState.ACTIVE, ProposalState.QUEUED)


@dataclass(frozen=True)
class ProposalStatus:
    """A proposal at `now` (Unix seconds), which `needed` people must take part in.

    Before voting opens, `needed` is what it would be if it opened now.
    """

    proposed: Proposed
    state: ProposalState
    needed: int
    now: int

    @classmethod
    def of(cls, proposed: Proposed, governor: RebuiltGovernor, now: int) -> ProposalStatus:
        """Where a proposal of this Governor stands."""
        made = proposed.proposal
        return cls(proposed, governor.state(made, now), governor.needed(made), now)

    @property
    def proposal(self) -> Proposal:
        """What its events say."""
        return self.proposed.proposal

    @property
    def live(self) -> bool:
        """Whether anything can still become of it."""
        return self.state in _LIVE

    @property
    def ready(self) -> bool:
        """Whether it can be executed now."""
        return self.state == ProposalState.QUEUED and self.now >= self.proposal.eta

    @property
    def missing(self) -> int:
        """People who still have to vote For or Abstain."""
        return max(0, self.needed - self.proposal.people)

    @property
    def behind(self) -> int | None:
        """The voice that For must exceed still; None if it outweighs Against. 1 voice = 1e9."""
        lead = self.proposal.votes(FOR) - self.proposal.votes(AGAINST)
        return -lead if lead <= 0 else None

    @property
    def passes(self) -> bool:
        """Whether it has passed, or would if voting closed now."""
        return not self.missing and self.behind is None

    @property
    def turn(self) -> int:
        """When its state changes by time alone, Unix seconds; 0 if it never does."""
        made = self.proposal
        if self.state == ProposalState.QUEUED:
            return made.expiry if self.ready else made.eta
        return {
            ProposalState.PENDING: made.snapshot,
            ProposalState.ACTIVE: made.deadline,
        }.get(self.state, 0)
