"""Ballots, one by one and in batches. Written from IBallotBox and DESIGN.md."""
# ruff: noqa: N802, ARG002 (methods are named as the contract's functions)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mikoshi.testing.model.judging import WALL, Judging
from mikoshi.testing.model.part import NONCE, Signed
from mikoshi.testing.model.proposal import (
    Ballot,
    BallotResult,
    Proposal,
    ProposalState,
    SignedBallot,
    Support,
)
from mikoshi.testing.model.refusal import Refusal, refuse
from mikoshi.testing.model.state import ZERO, Standing


class Voting(Judging):
    """Takes and counts ballots."""

    def castVote(self, sender: str, number: int, support: int) -> int:
        """A direct ballot; its weight."""
        proposal = self.state.proposals.get(number)
        wrong = support > Support.ABSTAIN, "GovernorInvalidVoteType"
        if proposal is None:
            raise Refusal(("GovernorNonexistentProposal", number), ("GovernorInvalidVoteType",))
        unexpected = self._closed(proposal)
        if unexpected[0]:
            refuse(wrong, unexpected)
        caster, members, voice = self.voices.ballot_of(sender, proposal.snapshot)
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
        before = self.existing(number)
        refuse(self._closed(before))
        results = [self._batched(number, ballot) for ballot in ballots]
        self._extend(before)
        return results

    def _batched(self, number: int, ballot: SignedBallot) -> set[BallotResult]:
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
        heard = self.voices.entry(account, proposal.snapshot)[0]
        if member is None or member.id != ballot.id or not speaks or not heard:
            problems[BallotResult.NO_VOICE] = True
        found = {result for result, applies in problems.items() if applies}
        if found:
            return found
        caster, members, voice = self.voices.ballot_of(account, proposal.snapshot)
        self._count(proposal, caster, Support(ballot.support), members, voice)
        return {BallotResult.COUNTED}

    def _closed(self, proposal: Proposal) -> tuple[Any, ...]:
        """The guard of ballots: they are acts to the deadline, whoever is in office then."""
        open_ = self.state_at(proposal, self.now) == ProposalState.ACTIVE
        _, *error = self.unexpected(proposal, ProposalState.ACTIVE)
        return (not open_, *error)

    def _count(
        self, proposal: Proposal, caster: int, support: Support, members: int, voice: int
    ) -> int:
        weight = min(voice, self.cap(proposal))
        ballots = {**proposal.ballots, caster: Ballot(support, members, weight)}
        self.state.proposals[proposal.id] = replace(proposal, ballots=ballots)
        return weight

    def _extend(self, before: Proposal) -> None:
        """A late turn since `before` leaves time to answer; at the wall nothing comes to pass."""
        after = self.state.proposals[before.id]
        passes = self.passes(after)
        if passes == self.passes(before):
            return
        wall = after.first_deadline + WALL
        end = self.now + self.rules(after)["lateExtension"]
        deadline = max(after.deadline, min(end, wall))
        beaten = after.beaten or (passes and end > wall)
        self.state.proposals[before.id] = replace(after, deadline=deadline, beaten=beaten)
