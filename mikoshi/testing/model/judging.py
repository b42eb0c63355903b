"""How a proposal stands. Written from IDAOGovernor and DESIGN.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mikoshi.testing.model.part import Environment, Part
from mikoshi.testing.model.proposal import Proposal, ProposalState, Support
from mikoshi.testing.model.refusal import refuse
from mikoshi.testing.model.state import DAY
from mikoshi.testing.model.treasury import Treasury
from mikoshi.testing.model.voice import Voices

BPS = 10_000
WALL = 7 * DAY
"""How far late turns move a deadline at most, in all."""

_LASTING = (
    ProposalState.DEFEATED,
    ProposalState.SUCCEEDED,
    ProposalState.EXPIRED,
    ProposalState.EXECUTED,
    ProposalState.CANCELED,
)
"""What a proposal stays when its governor is replaced."""


class Judging(Part):
    """Quorum, cap, dates and state of proposals."""

    NAME = "governor"
    SET_UP_TWICE = "GovernorAlreadyInitialized"

    def __init__(self, environment: Environment, voices: Voices, treasury: Treasury) -> None:
        super().__init__(environment)
        self.voices = voices
        self.vault = treasury

    # Settings

    def version(self, time: int | None = None) -> int:
        """Number of the settings in force, now or at a moment; 0 before the founding."""
        at = self.now if time is None else time
        numbers = range(len(self.state.rules), 0, -1)
        return next((n for n in numbers if self._in_force(n, at)), 0)

    def _in_force(self, version: int, time: int) -> bool:
        since = self.state.rules[version - 1].in_force
        return since is not None and since <= time

    def settings(self, version: int) -> Mapping[str, int]:
        """The settings of a version."""
        return self.state.rules[version - 1].settings

    @property
    def current(self) -> Mapping[str, int]:
        """The settings in force."""
        return self.settings(self.version())

    def waiting(self) -> tuple[int, int] | None:
        """Version of the settings that wait, and when they take force."""
        since = self.state.rules[-1].in_force
        waits = since is not None and since > self.now
        return (len(self.state.rules), since) if since is not None and waits else None

    def rules(self, proposal: Proposal) -> Mapping[str, int]:
        """The settings that apply to a proposal to its end."""
        return self.settings(proposal.version)

    # People and weights

    def needed(self, proposal: Proposal) -> int:
        """People that it needs at its snapshot."""
        return self.needed_at(proposal.snapshot, self.rules(proposal))

    def needed_at(self, time: int, rules: Mapping[str, int]) -> int:
        """max(⌈quorumBps · awake⌉, ⌈floorBps · counted⌉, min(2, awake)) at a past second's end."""
        awake, _, counted = self.voices.census(time)
        share = -(-awake * rules["quorumBps"] // BPS)
        floor = -(-counted * rules["floorBps"] // BPS)
        return max(share, floor, min(2, awake))

    def cap(self, proposal: Proposal) -> int:
        """The most that a ballot weighs."""
        formula = self.environment.formula
        awake, units, _ = self.voices.census(proposal.snapshot)
        voice = formula.voice_down(awake, units, proposal.snapshot)
        return max(voice * self.rules(proposal)["voiceCapBps"] // BPS, formula.base)

    # Dates

    def eta(self, proposal: Proposal) -> int:
        """When it can be executed; 0 for an advisory one."""
        rules = self.rules(proposal)
        return 0 if proposal.advisory else proposal.deadline + rules["executionDelay"]

    def expiry(self, proposal: Proposal) -> int:
        """Until when it can be executed; 0 for an advisory one."""
        eta = self.eta(proposal)
        return eta and eta + self.rules(proposal)["expiry"]

    # State

    def passes(self, proposal: Proposal) -> bool:
        """Quorum in people, majority in voice."""
        majority = proposal.votes(Support.FOR) > proposal.votes(Support.AGAINST)
        return majority and proposal.people >= self.needed(proposal)

    def state_of(self, proposal: Proposal) -> ProposalState:
        """Where a proposal stands now; Canceled if its governor was replaced before its end."""
        retired = self.state.retired
        if not retired or proposal.advisory:
            return self.state_at(proposal, self.now)
        then = self.state_at(proposal, retired)
        return then if then in _LASTING else ProposalState.CANCELED

    def state_at(self, proposal: Proposal, time: int) -> ProposalState:
        """Where it stands at a moment, were its governor in office."""
        if proposal.executed:
            return ProposalState.EXECUTED
        if proposal.canceled:
            return ProposalState.CANCELED
        if time <= proposal.snapshot:
            return ProposalState.PENDING
        if time <= proposal.deadline:
            return ProposalState.ACTIVE
        if proposal.beaten or not self.passes(proposal):
            return ProposalState.DEFEATED
        if proposal.advisory:
            return ProposalState.SUCCEEDED
        in_time = time <= self.expiry(proposal)
        return ProposalState.QUEUED if in_time else ProposalState.EXPIRED

    def existing(self, number: int) -> Proposal:
        """A proposal that was made."""
        proposal = self.state.proposals.get(number)
        refuse((proposal is None, "GovernorNonexistentProposal", number))
        assert proposal is not None
        return proposal

    def unexpected(self, proposal: Proposal, expected: ProposalState) -> tuple[Any, ...]:
        """The guard of what needs a proposal in one state."""
        state = self.state_of(proposal)
        wanted = (1 << expected).to_bytes(32, "big")
        error = "GovernorUnexpectedProposalState"
        return state != expected, error, proposal.id, state, wanted
