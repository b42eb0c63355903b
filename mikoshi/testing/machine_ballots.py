"""Ballots one by one and in batches, in time, late, and at the last moment there can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from mikoshi.testing.machine_actors import Actor
from mikoshi.testing.machine_base import FLAWS, HOUR, NUMBER, SMALL, Base
from mikoshi.testing.machine_checks import abi, check_batch_equals_singles, voters
from mikoshi.testing.machine_choice import pick
from mikoshi.testing.model.judging import WALL
from mikoshi.testing.model.proposal import BallotResult, Proposal, ProposalState, SignedBallot

BALLOT_FLAWS = (
    "none",
    "none",
    "none",
    "none",
    "expired",
    "support",
    "garbage",
    "stranger",
    "other id",
    "no id",
    "big id",
    "altered",
    "domain",
    "twice",
)
BATCH = st.lists(st.tuples(NUMBER, SMALL), max_size=8)


class BallotRules(Base):
    """Rules of the ballot box."""

    # Choosing

    def proposal(self, number: int, *states: ProposalState) -> Proposal | None:
        """Mostly a proposal in one of these states; otherwise any."""
        governor = self.world.model.governor
        proposals = list(self.world.model.state.proposals.values())
        fitting = [p for p in proposals if governor.state_of(p) in states]
        if fitting and number % 8 != 7:
            return pick(fitting[::-1], number // 8)
        return pick(proposals[::-1], number // 8) if proposals else None

    def open(self, number: int) -> Proposal | None:
        """Mostly a proposal that is being voted on; if there is none, the next to come."""
        world = self.world
        active = self.proposal(number, ProposalState.ACTIVE)
        if active and world.model.governor.state_of(active) == ProposalState.ACTIVE:
            return active
        pending = self.proposal(number, ProposalState.PENDING)
        if pending and world.model.governor.state_of(pending) == ProposalState.PENDING:
            if number % 8 != 7:
                world.warp_to(pending.snapshot + 1)
            return pending
        return active if number % 8 == 7 else None

    def voter(self, proposal: Proposal, number: int) -> Actor:
        """Mostly one who can; otherwise anyone."""
        able = voters(self.world, proposal)
        if able and number % 4 != 3:
            return pick(able, number // 4)
        if proposal.ballots and number % 8 == 3:
            again = pick(list(proposal.ballots), number // 8)
            return self.world.actor(self.world.model.state.members[again].wallet)
        return pick([*self.world.people, *self.world.wallets[:2]], number // 4)

    # One ballot

    @rule(number=NUMBER, who=NUMBER, support=st.integers(0, 15), how=SMALL)
    def vote(self, number: int, who: int, support: int, how: int) -> None:
        """Somebody votes."""
        world = self.world
        proposal = self.open(number)
        if proposal is None:
            return
        support = pick((1, 0, 1, 2, 1, 3), support)
        voter = self.voter(proposal, who)
        pid = 7 if number % 64 == 63 else proposal.id
        if how < 16:
            world.send("governor", "castVote", voter.address, pid, support)
        elif how < 20:
            args: tuple[Any, ...] = (pid, support, "because")
            world.send("governor", "castVoteWithReason", voter.address, *args)
        else:
            self._vote_by_sig(voter, pid, support, pick(FLAWS, how))

    def _vote_by_sig(self, voter: Actor, pid: int, support: int, flaw: str) -> None:
        world = self.world
        if voter.kind in ("burner", "short", "bomb"):
            voter = world.people[0]
        nonce = world.model.state.nonces.get(("governor", voter.address), 0)
        if flaw in ("nonce", "replayed"):
            nonce += 1 if flaw == "nonce" else -1
        part = "membership" if flaw == "domain" else "governor"
        signer = world.officers["stranger"] if flaw == "stranger" else voter
        signed = (pid + (flaw == "altered"), support, voter.address, max(0, nonce))
        signature = world.signatures.sign(signer, (part, "Ballot", *signed))
        if flaw == "compact" and len(signature) == 65:
            signature = world.signatures.compact(signature)
        if flaw == "garbage":
            signature = b"\x05" * 65
        args = (pid, support, voter.address, signature)
        world.send("governor", "castVoteBySig", self.stranger, *args)

    # Many ballots

    @rule(number=NUMBER, ballots=BATCH)
    def batch(self, number: int, ballots: list[tuple[int, int]]) -> None:
        """Somebody relays a batch, with bad ballots among the good."""
        proposal = self.open(number)
        if proposal is None:
            return
        signed: list[SignedBallot] = []
        for who, how in ballots:
            flaw, support = pick(BALLOT_FLAWS, how), pick((1, 0, 2), how // 2)
            voter = self.voter(proposal, who)
            again = flaw == "twice" and signed
            signed.append(signed[-1] if again else self._ballot(proposal, voter, flaw, support))
        self.relay(proposal, in_order(signed))

    @rule(number=NUMBER, pattern=NUMBER)
    def turnout(self, number: int, pattern: int) -> None:
        """Everybody who can votes, in one batch."""
        proposal = self.open(number)
        if proposal is None:
            return
        self.relay(proposal, self.everybody(proposal, pattern))

    def everybody(self, proposal: Proposal, pattern: int) -> list[SignedBallot]:
        """A ballot of each: For, but Against or Abstain where `pattern` has a bit."""
        signed = []
        for place, voter in enumerate(voters(self.world, proposal)):
            against = pattern >> place & 1
            support = pick((0, 2), pattern // 512) if against else 1
            signed.append(self._ballot(proposal, voter, "none", support))
        return in_order(signed)

    def _ballot(self, proposal: Proposal, voter: Actor, flaw: str, support: int) -> SignedBallot:
        world = self.world
        number = world.model.state.ids.get(voter.address, 0)
        number = {"other id": number + 1, "no id": 0, "big id": 2**24}.get(flaw, number)
        support = 3 if flaw == "support" else support
        deadline = world.now - 1 if flaw == "expired" else world.now + HOUR
        signer = world.officers["stranger"] if flaw == "stranger" else voter
        part = "membership" if flaw == "domain" else "governor"
        middle = (voter.address,) if voter.kind else ()
        kind = "AccountBallot" if voter.kind else "MemberBallot"
        values = (proposal.id, *middle, support, deadline + (flaw == "altered"))
        signature = world.signatures.sign(signer, (part, kind, *values))
        if flaw == "garbage":
            signature = b"\xff" * 64
        elif not voter.kind:
            signature = world.signatures.compact(signature)
        account = voter.address if voter.kind else None
        return SignedBallot(number, deadline, support, signature, account)

    def relay(self, proposal: Proposal, signed: Sequence[SignedBallot]) -> None:
        """Send a batch, and compare it with single votes and with what it reports."""
        world = self.world
        raw = (proposal.id, *abi(signed))
        stated: bytes | None = None
        if world.model.governor.state_of(proposal) == ProposalState.ACTIVE:
            check_batch_equals_singles(world, proposal, signed, self.stranger)
            stated = world.contract("governor").call("castVotesBySig", *raw)
        outcome, allowed = world.send(
            "governor", "castVotesBySig", self.stranger, proposal.id, signed, raw=raw
        )
        if outcome != "ok":
            return
        rejected = {
            event.args["index"]: event.args["result"]
            for event in world.events
            if event.name == "BallotRejected"
        }
        assert stated is not None
        told = [BallotResult(rejected.get(index, 0)) for index in range(len(signed))]
        assert list(stated) == told, f"results {stated.hex()} and events {told} differ"
        for ballot, result, expected in zip(signed, told, allowed, strict=True):
            assert result in expected, f"{ballot}: {result!r}, the model says {expected}"
            world.coverage["ballot", result.name] += 1

    @rule(number=NUMBER, when=SMALL, hurry=SMALL)
    def turn(self, number: int, when: int, hurry: int) -> None:
        """Late ballots turn a proposal, and turn it back, up to the last moment there can be."""
        world = self.world
        proposal = self.open(number)
        if proposal is None:
            return
        governor = world.model.governor
        late = governor.rules(proposal)["lateExtension"]
        for step in range(1 + number % 4):
            proposal = world.model.state.proposals[proposal.id]
            end, wall = proposal.deadline, proposal.first_deadline + WALL
            last = (end, end - late, end - late + 1, end - 1, wall - late, wall - late + 1, wall)
            world.warp_to(min(end, pick(last, when + step)))
            side = 0 if governor.passes(proposal) else 1
            signed: list[SignedBallot] = []
            for voter in voters(world, proposal)[hurry % 3 :]:
                if len(signed) >= 1 + hurry // 3:
                    break
                signed.append(self._ballot(proposal, voter, "none", side))
            self.relay(proposal, in_order(signed))


def in_order(signed: Sequence[SignedBallot]) -> list[SignedBallot]:
    """Ballots of wallets before those of contract accounts, as a batch has them."""
    return sorted(signed, key=lambda ballot: ballot.voter is not None)
