"""Proposals and ballots. Written from IDAOGovernor, IBallotBox and DESIGN.md, "Governance"."""
# ruff: noqa: N802, ARG002 (methods are named as the contract's functions)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from mikoshi.testing.model.ledger import Ledger
from mikoshi.testing.model.part import NONCE, Environment, Part, Signed
from mikoshi.testing.model.refusal import ANY, Refusal, refuse
from mikoshi.testing.model.state import (
    DAY,
    ZERO,
    Action,
    Ballot,
    BallotResult,
    Proposal,
    ProposalState,
    Standing,
    Support,
)
from mikoshi.testing.model.treasury import Treasury

BPS = 10_000
HOUR = 3_600
LIMITS = {
    "votingDelay": (DAY, 14 * DAY),
    "votingPeriod": (2 * DAY, 14 * DAY),
    "lateExtension": (HOUR, 7 * DAY),
    "executionDelay": (DAY, 30 * DAY),
    "expiry": (7 * DAY, 90 * DAY),
    "quorumBps": (500, 6_000),
    "floorBps": (100, 2_500),
    "voiceCapBps": (100, 5_000),
    "thresholdBps": (0, BPS),
    "liveProposals": (1, 10),
}


@dataclass(frozen=True, slots=True)
class SignedBallot:
    """A ballot of a batch; `voter` is None for a wallet's, whose signer is recovered."""

    id: int
    deadline: int
    support: int
    signature: bytes
    voter: str | None = None


def proposal_id(actions: Sequence[Action], description: str) -> int:
    """OpenZeppelin's: the hash of what will be executed and of the description's hash."""
    lists = [a.target for a in actions], [a.value for a in actions], [a.data for a in actions]
    types = ["address[]", "uint256[]", "bytes[]", "bytes32"]
    return int.from_bytes(keccak(encode(types, [*lists, keccak(text=description)])), "big")


class Governor(Part):
    """Makes, judges, executes and cancels proposals; takes and counts ballots."""

    NAME = "governor"
    SET_UP_TWICE = "GovernorAlreadyInitialized"

    def __init__(self, environment: Environment, ledger: Ledger, treasury: Treasury) -> None:
        super().__init__(environment)
        self.ledger = ledger
        self.vault = treasury

    # Judging

    def rules(self, proposal: Proposal) -> Mapping[str, int]:
        """The settings that apply to a proposal to its end."""
        return self.state.settings[proposal.version]

    def needed(self, proposal: Proposal) -> int:
        """People that it needs at its snapshot."""
        rules = self.rules(proposal)
        return self.needed_at(proposal.snapshot, rules)

    def needed_at(self, time: int, rules: Mapping[str, int]) -> int:
        """max(⌈quorumBps · awake⌉, ⌈floorBps · counted⌉, 1) at the end of a past second."""
        awake, _, counted = self.ledger.census(time)
        share = -(-awake * rules["quorumBps"] // BPS)
        floor = -(-counted * rules["floorBps"] // BPS)
        return max(share, floor, 1)

    def cap(self, proposal: Proposal) -> int:
        """The most that a ballot weighs."""
        formula = self.environment.formula
        awake, units, _ = self.ledger.census(proposal.snapshot)
        voice = formula.voice_down(awake, units, proposal.snapshot)
        return max(voice * self.rules(proposal)["voiceCapBps"] // BPS, formula.base)

    def eta(self, proposal: Proposal) -> int:
        """When it can be executed; 0 for an advisory one."""
        rules = self.rules(proposal)
        return 0 if proposal.advisory else proposal.deadline + rules["executionDelay"]

    def expiry(self, proposal: Proposal) -> int:
        """Until when it can be executed; 0 for an advisory one."""
        eta = self.eta(proposal)
        return eta and eta + self.rules(proposal)["expiry"]

    def passes(self, proposal: Proposal) -> bool:
        """Quorum in people, majority in voice."""
        majority = proposal.votes(Support.FOR) > proposal.votes(Support.AGAINST)
        return majority and proposal.people >= self.needed(proposal)

    def state_of(self, proposal: Proposal) -> ProposalState:
        """Where a proposal stands now."""
        if proposal.executed:
            return ProposalState.EXECUTED
        if proposal.canceled:
            return ProposalState.CANCELED
        if self.now <= proposal.snapshot:
            return ProposalState.PENDING
        if self.now <= proposal.deadline:
            return ProposalState.ACTIVE
        if not self.passes(proposal):
            return ProposalState.DEFEATED
        if proposal.advisory:
            return ProposalState.SUCCEEDED
        in_time = self.now <= self.expiry(proposal)
        return ProposalState.QUEUED if in_time else ProposalState.EXPIRED

    def _existing(self, number: int) -> Proposal:
        proposal = self.state.proposals.get(number)
        refuse((proposal is None, "GovernorNonexistentProposal", number))
        assert proposal is not None
        return proposal

    def _unexpected(self, proposal: Proposal, expected: ProposalState) -> tuple[Any, ...]:
        state = self.state_of(proposal)
        wanted = (1 << expected).to_bytes(32, "big")
        error = "GovernorUnexpectedProposalState"
        return state != expected, error, proposal.id, state, wanted

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
        rules = self.state.settings[-1]
        known = self.state.proposals.get(number)
        member = self.state.member(sender)
        standing = self.state.standing(sender)
        voice = self.ledger.past_voice(sender, self.now - 1)
        threshold = self.environment.formula.base * rules["thresholdBps"] // BPS
        live = self.live(member.id) if member else []
        free = -(-min(live, default=0) // HOUR) * HOUR
        refuse(
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
        self.state.proposals[number] = Proposal(
            number,
            member.id,
            tuple(actions),
            description,
            self.now,
            snapshot,
            deadline,
            len(self.state.settings) - 1,
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
        proposal = self._existing(proposal_id(actions, description))
        refuse(self._unexpected(proposal, ProposalState.QUEUED))
        eta = self.eta(proposal)
        refuse((self.now < eta, "GovernorNotReady", proposal.id, eta, self.now))
        self.state.proposals[proposal.id] = replace(proposal, executed=True)
        self.vault.execute(self.environment.addresses["governor"], actions)
        return proposal.id

    def cancel(self, sender: str, actions: Sequence[Action], description: str) -> int:
        """By the proposer before voting; by the guardian between deadline and eta."""
        proposal = self._existing(proposal_id(actions, description))
        state = self.state_of(proposal)
        about_guardian = all(
            a.target == self.treasury
            and a.data[:4] == keccak(text="setGuardian(address,uint40)")[:4]
            for a in actions
        )
        by_guardian = (
            state == ProposalState.QUEUED
            and self.now < self.eta(proposal)
            and sender == self.vault.guardian()
            and not about_guardian
        )
        self._cancel(proposal, sender, by_guardian or self._by_proposer(proposal, sender))
        return proposal.id

    def cancelBySig(
        self, sender: str, number: int, proposer: str, deadline: int, signature: bytes
    ) -> None:
        """By the proposer before voting, relayed by anybody."""
        self._check_signed("Cancel", number, proposer, deadline, signature)
        proposal = self._existing(number)
        self._cancel(proposal, proposer, self._by_proposer(proposal, proposer))

    def _by_proposer(self, proposal: Proposal, account: str) -> bool:
        pending = self.state_of(proposal) == ProposalState.PENDING
        return pending and self.state.ids.get(account, 0) == proposal.proposer

    def _cancel(self, proposal: Proposal, account: str, allowed: bool) -> None:
        refuse((not allowed, "GovernorUnableToCancel", proposal.id, account))
        self.state.proposals[proposal.id] = replace(proposal, canceled=True)

    def queue(self, sender: str, actions: Sequence[Action], description: str) -> None:
        """Never: a proposal that passes is queued by time alone."""
        refuse((True, "GovernorQueueNotImplemented"))

    # Voting

    def castVote(self, sender: str, number: int, support: int) -> int:
        """A direct ballot; its weight."""
        proposal = self.state.proposals.get(number)
        wrong = support > Support.ABSTAIN, "GovernorInvalidVoteType"
        if proposal is None:
            raise Refusal(("GovernorNonexistentProposal", number), ("GovernorInvalidVoteType",))
        unexpected = self._unexpected(proposal, ProposalState.ACTIVE)
        if unexpected[0]:
            refuse(wrong, unexpected)
        caster, members, voice = self.ledger.ballot_of(sender, proposal.snapshot)
        cast = self.state.ids.get(sender, 0) in proposal.ballots
        refuse(
            wrong,
            (caster == 0, "GovernorNoVoice", number, sender),
            (cast, "GovernorAlreadyCastVote", sender),
        )
        weight = self._count(proposal, caster, Support(support), members, voice)
        self._extend(proposal)
        return weight

    def castVoteWithReason(self, sender: str, number: int, support: int, reason: str) -> int:
        """As `castVote`, with a reason that changes nothing."""
        return self.castVote(sender, number, support)

    def castVoteBySig(
        self,
        sender: str,
        number: int,
        support: int,
        voter: str,
        signature: bytes,
    ) -> int:
        """OpenZeppelin's signed ballot, with a nonce."""
        good = self.signed_by(voter, signature, "Ballot", number, support, voter, NONCE)
        wrong = support > Support.ABSTAIN
        if not good:
            refuse(
                (True, "GovernorInvalidSignature", voter),
                (wrong, "GovernorInvalidVoteType"),
            )
        self.use_nonce(voter)
        return self.castVote(voter, number, support)

    def castVotesBySig(
        self,
        sender: str,
        number: int,
        ballots: Sequence[SignedBallot],
    ) -> list[set[BallotResult]]:
        """A batch: for each ballot what may be said of it; `COUNTED` alone if it is good."""
        before = self._existing(number)
        refuse(self._unexpected(before, ProposalState.ACTIVE))
        large = self.ledger.is_large(len(ballots))
        results = [self._batched(number, ballot, large) for ballot in ballots]
        self._extend(before)
        return results

    def _batched(self, number: int, ballot: SignedBallot, large: bool) -> set[BallotResult]:
        proposal = self.state.proposals[number]
        signed = self.environment.signatures(ballot.signature)
        voter = ballot.voter or signed.signer
        kind = "MemberBallot" if ballot.voter is None else "AccountBallot"
        middle = () if ballot.voter is None else (ballot.voter,)
        text = (self.NAME, kind, number, *middle, ballot.support, ballot.deadline)
        good = voter is not None and signed == Signed(voter, text)
        problems = {
            BallotResult.INVALID_SUPPORT: ballot.support > Support.ABSTAIN,
            BallotResult.EXPIRED: self.now > ballot.deadline,
            BallotResult.INVALID_SIGNATURE: not good,
            BallotResult.ALREADY_CAST: ballot.id in proposal.ballots,
            # A wallet's ballot with another text is signed by somebody unknown.
            BallotResult.NO_VOICE: not good and ballot.voter is None,
        }
        account = voter or ZERO
        member = self.state.member(account)
        speaks = member and member.standing in (Standing.ACTIVE, Standing.DORMANT)
        heard = self.ledger.entry(account, proposal.snapshot)[0]
        if member is None or member.id != ballot.id or not speaks or not heard:
            problems[BallotResult.NO_VOICE] = True
        found = {result for result, applies in problems.items() if applies}
        if found:
            return found
        caster, members, voice = self.ledger.ballot_of(account, proposal.snapshot, large)
        self._count(proposal, caster, Support(ballot.support), members, voice)
        return {BallotResult.COUNTED}

    def _count(
        self, proposal: Proposal, caster: int, support: Support, members: int, voice: int
    ) -> int:
        weight = min(voice, self.cap(proposal))
        ballots = {**proposal.ballots, caster: Ballot(support, members, weight)}
        self.state.proposals[proposal.id] = replace(proposal, ballots=ballots)
        return weight

    def _extend(self, before: Proposal) -> None:
        """The late-quorum rule, once a proposal, for the ballots since `before`."""
        proposal = self.state.proposals[before.id]
        end = self.now + self.rules(proposal)["lateExtension"]
        needed = self.needed(proposal)
        if before.people < needed <= proposal.people and end > proposal.deadline:
            changed = replace(proposal, deadline=end, extended=True)
            self.state.proposals[before.id] = changed

    # Settings

    def setSettings(self, sender: str, new: Mapping[str, int]) -> None:
        """Replace the settings for proposals made from now on."""
        season = self.state.membership["season"]
        checks = {key: (new[key], *limits) for key, limits in LIMITS.items()}
        checks["lateExtensionRest"] = (new["lateExtension"] % HOUR, 0, 0)
        checks["votingTime"] = (new["votingDelay"] + new["votingPeriod"], 0, season)
        refuse(
            (sender != self.treasury, "GovernorOnlyExecutor", sender),
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
        self.state.settings.append(dict(new))


def _reserved(description: str, sender: str) -> bool:
    """Whether a description names another as its only proposer, as OpenZeppelin reads it."""
    marker, digits = description[-52:-42], description[-40:]
    if len(description) < 52 or marker != "#proposer=" or description[-42:-40] != "0x":
        return False
    if any(c not in "0123456789abcdefABCDEF" for c in digits):
        return False
    return int(digits, 16) != int(sender, 16)
