"""Proposals from making to execution, and settings. Written from IDAOGovernor and DESIGN.md."""
# ruff: noqa: N802, ARG002 (methods are named as the contract's functions)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from eth_utils.crypto import keccak

from mikoshi.testing.model.judging import BPS
from mikoshi.testing.model.proposal import Action, Proposal, ProposalState, proposal_id
from mikoshi.testing.model.refusal import ANY, refuse
from mikoshi.testing.model.state import ADMITTER, ANSWER, DAY, Rules, Standing
from mikoshi.testing.model.voting import Voting

HOUR = 3_600
LIMITS = {
    "votingDelay": (DAY, 7 * DAY),
    "votingPeriod": (2 * DAY, 14 * DAY),
    "lateExtension": (HOUR, 2 * DAY),
    "executionDelay": (DAY, 14 * DAY),
    "expiry": (7 * DAY, 90 * DAY),
    "quorumBps": (500, 6_000),
    "floorBps": (100, 1_000),
    "voiceCapBps": (100, 5_000),
    "thresholdBps": (0, BPS),
    "liveProposals": (1, 10),
}


def _selector(signature: str) -> bytes:
    return keccak(text=signature)[:4]


_BAR, _WITHDRAW = _selector("bar(uint256)"), _selector("withdrawSettings()")
TAKES_BACK = {
    "treasury": (
        "setGuardian(address,uint40)",
        "withdrawGovernor()",
        "revokeRole(bytes32,address)",
    ),
    "governor": ("withdrawSettings()",),
    "membership": ("withdrawSettings()", "withdrawBar(uint256)"),
}
"""Calls that only take power back; beside them bars of Newcomers who never spoke, and, without
ether, `withdrawSettings` of whoever has the role ADMITTER."""


class Governor(Voting):
    """Makes, judges, executes and cancels proposals; takes and counts ballots."""

    # Proposing

    def propose(self, sender: str, actions: Sequence[Action], description: str) -> int:
        """Put actions to the vote."""
        none = len(actions) == 0
        refuse((none, "GovernorInvalidProposalLength", 0, 0, 0))
        return self._propose(sender, actions, description)

    def proposeAdvisory(self, sender: str, description: str) -> int:
        """Ask the members without binding anyone."""
        return self._propose(sender, (), description)

    def proposeBySig(
        self,
        sender: str,
        actions: Sequence[Action],
        description: str,
        proposer: str,
        deadline: int,
        signature: bytes,
    ) -> int:
        """As `propose`, or `proposeAdvisory` without actions."""
        number = proposal_id(actions, description)
        self._check_signed("Propose", number, proposer, deadline, signature)
        return self._propose(proposer, actions, description)

    def _check_signed(
        self, kind: str, number: int, proposer: str, deadline: int, signature: bytes
    ) -> None:
        good = self.signed_by(proposer, signature, kind, number, proposer, deadline)
        refuse(
            (self.now > deadline, "GovernorExpiredSignature", deadline),
            (not good, "GovernorInvalidSignature", proposer),
        )

    def _propose(self, sender: str, actions: Sequence[Action], description: str) -> int:
        number = proposal_id(actions, description)
        version = self.version()
        rules = self.settings(version)
        known = self.state.proposals.get(number)
        member = self.state.member(sender)
        standing = self.state.standing(sender)
        voice = self.voices.past_voice(sender, self.now - 1)
        threshold = self.environment.formula.base * rules["thresholdBps"] // BPS
        live = self.live(member.id) if member else []
        free = -(-min(live, default=0) // HOUR) * HOUR
        own = self.environment.addresses["governor"]
        refuse(
            (self.state.retired > 0, "GovernorRetired"),
            (self.state.governor != own, "VoiceNotGovernor", own),
            (_reserved(description, sender), "GovernorRestrictedProposer", sender),
            (
                known is not None,
                "GovernorUnexpectedProposalState",
                number,
                known and self.state_of(known),
                bytes(32),
            ),
            (voice < threshold, "GovernorInsufficientProposerVotes", sender, ANY, threshold),
            (standing != Standing.ACTIVE, "GovernorNotMember", sender),
            (
                len(live) >= rules["liveProposals"],
                "GovernorTooManyLive",
                sender,
                rules["liveProposals"],
                free,
            ),
        )
        assert member is not None
        snapshot = self.now + rules["votingDelay"]
        deadline = snapshot + rules["votingPeriod"]
        dates = self.now, snapshot, deadline, deadline
        self.state.proposals[number] = Proposal(
            number, member.id, tuple(actions), description, *dates, version
        )
        self.state.change(member, deadlines=(*live, deadline))
        return number

    def live(self, number: int) -> list[int]:
        """Deadlines of a member's proposals that are to come, to the next full hour."""
        deadlines = self.state.members[number].deadlines
        return [deadline for deadline in deadlines if -(-deadline // HOUR) * HOUR > self.now]

    # Executing and canceling

    def execute(self, sender: str, actions: Sequence[Action], description: str) -> int:
        """Carry out what has passed."""
        proposal = self.existing(proposal_id(actions, description))
        refuse(self.unexpected(proposal, ProposalState.QUEUED))
        eta = self.eta(proposal)
        refuse((self.now < eta, "GovernorNotReady", proposal.id, eta, self.now))
        self.state.proposals[proposal.id] = replace(proposal, executed=self.now)
        self.vault.execute(self.environment.addresses["governor"], actions)
        return proposal.id

    def cancel(self, sender: str, actions: Sequence[Action], description: str) -> int:
        """By the proposer before voting; by the guardian between deadline and eta."""
        proposal = self.existing(proposal_id(actions, description))
        by_guardian = (
            self.state_of(proposal) == ProposalState.QUEUED
            and self.now < self.eta(proposal)
            and sender == self.vault.guardian()
            and not all(map(self._takes_back, actions))
        )
        self._cancel(proposal, sender, by_guardian or self._by_proposer(proposal, sender))
        return proposal.id

    def _takes_back(self, action: Action) -> bool:
        """Whether a call does nothing but take power back."""
        addresses = self.environment.addresses
        selector = action.data[:4]
        own = {addresses[part]: names for part, names in TAKES_BACK.items()}
        if action.target not in own:
            withdraws = selector == _WITHDRAW and action.value == 0
            return withdraws and self.vault.has_role(ADMITTER, action.target)
        if selector in map(_selector, own[action.target]):
            return True
        if action.target != addresses["membership"] or selector != _BAR:
            return False
        member = self.state.members.get(int.from_bytes(action.data[4:36], "big"))
        return member is not None and member.never_spoke

    def cancelBySig(
        self, sender: str, number: int, proposer: str, deadline: int, signature: bytes
    ) -> None:
        """By the proposer before voting, relayed by anybody."""
        self._check_signed("Cancel", number, proposer, deadline, signature)
        proposal = self.existing(number)
        self._cancel(proposal, proposer, self._by_proposer(proposal, proposer))

    def _by_proposer(self, proposal: Proposal, account: str) -> bool:
        pending = self.state_of(proposal) == ProposalState.PENDING
        return pending and self.state.ids.get(account, 0) == proposal.proposer

    def _cancel(self, proposal: Proposal, account: str, allowed: bool) -> None:
        refuse((not allowed, "GovernorUnableToCancel", proposal.id, account))
        self.state.proposals[proposal.id] = replace(proposal, canceled=self.now)

    def queue(self, sender: str, actions: Sequence[Action], description: str) -> None:
        """Never: a proposal that passes is queued by time alone."""
        refuse((True, "GovernorQueueNotImplemented"))

    # Settings and office

    def setSettings(self, sender: str, new: Mapping[str, int]) -> None:
        """Ask for other settings for proposals made once they are in force."""
        checks = {key: (new[key], *limits) for key, limits in LIMITS.items()}
        checks["lateExtensionRest"] = (new["lateExtension"] % HOUR, 0, 0)
        refuse(
            self._not_treasury(sender),
            *(
                (
                    not low <= value <= high,
                    "GovernorInvalidSetting",
                    key.encode().ljust(32, b"\0"),
                    value,
                    low,
                    high,
                )
                for key, (value, low, high) in checks.items()
            ),
        )
        self._drop_waiting()
        in_force = self.now if self.in_founding else self.now + ANSWER
        self.state.rules.append(Rules(dict(new), in_force))

    def withdrawSettings(self, sender: str) -> None:
        """A vote drops the settings that wait."""
        nothing = self.waiting() is None
        refuse(self._not_treasury(sender), (nothing, "GovernorNothingWaits"))
        self._drop_waiting()

    def _drop_waiting(self) -> None:
        if self.waiting():
            self.state.rules[-1] = replace(self.state.rules[-1], in_force=None)

    def retire(self, sender: str) -> None:
        """The Treasury says that another governor is in office."""
        own = self.environment.addresses["governor"]
        in_office = self.state.governor == own
        refuse(self._not_treasury(sender), (in_office, "GovernorNotReplaced"))
        refuse((self.state.retired > 0, "GovernorRetired"))
        self.state.retired = self.now

    def _not_treasury(self, sender: str) -> tuple[Any, ...]:
        return sender != self.treasury, "GovernorOnlyExecutor", sender


def _reserved(description: str, sender: str) -> bool:
    """Whether a description names another as its only proposer, as OpenZeppelin reads it."""
    marker, digits = description[-52:-42], description[-40:]
    if len(description) < 52 or marker != "#proposer=" or description[-42:-40] != "0x":
        return False
    if any(c not in "0123456789abcdefABCDEF" for c in digits):
        return False
    return int(digits, 16) != int(sender, 16)
