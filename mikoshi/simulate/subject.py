"""What is simulated: a proposal's file, or a proposal on the chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mikoshi.ballots.proposal import TreasuryCall
from mikoshi.context.proposed import Proposed, listed
from mikoshi.proposals.composed import Composed
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.governor import ProposalState
from mikoshi.text.errors import NotNowError
from mikoshi.text.language import N_
from mikoshi.words import state_word

_OVER = (
    ProposalState.CANCELED,
    ProposalState.DEFEATED,
    ProposalState.EXPIRED,
    ProposalState.EXECUTED,
)


@dataclass(frozen=True)
class SimulationSubject:
    """A proposal at one block, whose time `now` is in Unix seconds.

    `eta` is when it could first be executed: for a file if it were proposed now, and for what is
    still voted on if it passed.
    """

    what: Composed | Proposed
    state: ProposalState | None
    eta: int
    now: int

    @classmethod
    def of(cls, what: Composed | Proposed, rebuilt: RebuiltDao, now: int) -> SimulationSubject:
        """Raises NotNowError for a proposal that can no longer be executed."""
        governor = rebuilt.governor
        if isinstance(what, Composed):
            rules = governor.settings_at(now)
            delays = ("votingDelay", "votingPeriod", "executionDelay")
            return cls(what, None, now + sum(rules[each] for each in delays), now)
        state = governor.state(what.proposal, now)
        if state in _OVER:
            raise NotNowError(
                "proposal.no-longer-simulated",
                N_("Nothing to simulate: {proposal}"),
                N_("it is {standing}"),
                N_("Simulate a file, or a proposal that is voted on or waits to be executed"),
                proposal=what.brief,
                state=state.name.lower(),
                standing=state_word(state),
            )
        return cls(what, state, max(what.proposal.eta, now + 1), now)

    @property
    def made(self) -> Proposed | None:
        """The proposal on the chain; None for a file."""
        return self.what if isinstance(self.what, Proposed) else None

    @property
    def passed(self) -> bool:
        """Whether the Governor itself will execute it; otherwise it is taken to have passed."""
        return self.state == ProposalState.QUEUED

    @property
    def title(self) -> str:
        """Its title, with its number if it has one."""
        return self.what.brief if isinstance(self.what, Proposed) else self.what.title

    @property
    def steps(self) -> Sequence[TreasuryCall]:
        """Its calls in their order."""
        return self.what.steps

    def earlier(self, rebuilt: RebuiltDao) -> list[Proposed]:
        """The passed proposals that can be executed before it, in that order."""
        governor, own = rebuilt.governor, self.made
        place = (own.proposal.eta, own.number) if own else (self.eta, 0)
        queued = [
            each
            for each in listed(rebuilt)
            if governor.state(each.proposal, self.now) == ProposalState.QUEUED
            and (each.proposal.eta, each.number) < place
        ]
        return sorted(queued, key=lambda each: (each.proposal.eta, each.number))
