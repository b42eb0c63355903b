"""The moves of governance: proposals, ballots one by one and in batches, execution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eth_utils.crypto import keccak
from hypothesis import strategies as st
from hypothesis.stateful import rule

from mikoshi.testing.machine_actors import Actor
from mikoshi.testing.machine_checks import (
    abi,
    check_announcement,
    check_batch_equals_singles,
    lists,
    voters,
)
from mikoshi.testing.machine_payloads import payload, pick
from mikoshi.testing.machine_people import FLAWS, HOUR, NUMBER, SMALL, Base
from mikoshi.testing.model.governor import SignedBallot, proposal_id
from mikoshi.testing.model.state import Action, BallotResult, Proposal, ProposalState, Standing

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


class VoteRules(Base):
    """Rules of the Governor."""

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

    # Proposing

    @rule(
        number=NUMBER,
        kinds=st.lists(st.tuples(SMALL, NUMBER), max_size=3),
        how=SMALL,
    )
    def propose(self, number: int, kinds: list[tuple[int, int]], how: int) -> None:
        """Somebody proposes actions, or a signal without any."""
        world = self.world
        actions = tuple(payload(world, kind, n) for kind, n in kinds)
        proposer = self.by_standing(number, Standing.ACTIVE, anyone=9)
        description = f"proposal {len(world.log)}"
        if how % 8 == 6:
            description += f"#proposer={proposer.address}"
        if how % 8 == 7:
            description += f"#proposer={pick(world.people, number).address}"
        if how >= 10:
            self._propose_by_sig(proposer, actions, description, how)
        elif actions or how == 9:
            raw = (*lists(actions), description)
            args = (actions, description)
            world.send("governor", "propose", proposer.address, *args, raw=raw)
        else:
            world.send("governor", "proposeAdvisory", proposer.address, description)
        check_announcement(world)

    def _propose_by_sig(
        self, proposer: Actor, actions: tuple[Action, ...], description: str, how: int
    ) -> None:
        world = self.world
        flaw = pick(FLAWS, how)
        if proposer.kind in ("burner", "short", "bomb"):
            proposer = world.people[0]
        known = list(world.model.state.proposals.values())
        if flaw == "replayed" and known:
            old = pick(known, how)
            actions, description = old.actions, old.description
        number = proposal_id(actions, description)
        args = (actions, description, *self._signed("Propose", number, proposer, flaw))
        raw = (*lists(actions), *args[1:])
        world.send("governor", "proposeBySig", self.stranger, *args, raw=raw)
        check_announcement(world)

    def _signed(self, kind: str, number: int, proposer: Actor, flaw: str) -> tuple[str, int, bytes]:
        """Proposer, deadline and signature as a relayer sends them."""
        world = self.world
        deadline = world.now - 1 if flaw == "expired" else world.now + HOUR
        part = "membership" if flaw == "domain" else "governor"
        values = (number + (flaw == "nonce"), proposer.address, deadline + (flaw == "altered"))
        signer = world.officers["stranger"] if flaw == "stranger" else proposer
        signature = world.signatures.sign(signer, (part, kind, *values))
        return proposer.address, deadline, b"\x05" * 64 if flaw == "garbage" else signature

    @rule(number=NUMBER, again=SMALL)
    def propose_again(self, number: int, again: int) -> None:
        """The same proposal a second time."""
        proposal = self.proposal(number, ProposalState.CANCELED, ProposalState.DEFEATED)
        if proposal is None or not proposal.actions:
            return
        args = (proposal.actions, proposal.description)
        proposer = self.by_standing(again, Standing.ACTIVE).address
        raw = (*lists(proposal.actions), proposal.description)
        self.world.send("governor", "propose", proposer, *args, raw=raw)

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
            signed.append(self._ballot(proposal, self.voter(proposal, who), how, signed))
        wallets = [ballot for ballot in signed if ballot.voter is None]
        accounts = [ballot for ballot in signed if ballot.voter is not None]
        self._relay(proposal, [*wallets, *accounts])

    @rule(number=NUMBER, pattern=NUMBER)
    def turnout(self, number: int, pattern: int) -> None:
        """Everybody who can votes, in one batch."""
        proposal = self.open(number)
        if proposal is None:
            return
        self._relay(proposal, self._everybody(proposal, pattern))

    def _everybody(self, proposal: Proposal, pattern: int) -> list[SignedBallot]:
        """A ballot of each: For, but Against or Abstain where `pattern` has a bit."""
        signed = []
        for place, voter in enumerate(voters(self.world, proposal)):
            against = pattern >> place & 1
            support = pick((0, 2), pattern // 512) if against else 1
            signed.append(self._ballot(proposal, voter, support << 8, []))
        return [b for b in signed if b.voter is None] + [b for b in signed if b.voter is not None]

    def _ballot(
        self, proposal: Proposal, voter: Actor, how: int, before: Sequence[SignedBallot]
    ) -> SignedBallot:
        world = self.world
        flaw = "none" if how > 0xFF else pick(BALLOT_FLAWS, how)
        support = how >> 8 if how > 0xFF else pick((1, 0, 2), how // 2)
        if flaw == "twice" and before:
            return before[-1]
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

    def _relay(self, proposal: Proposal, signed: Sequence[SignedBallot]) -> None:
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

    @rule(number=NUMBER)
    def intrude(self, number: int) -> None:
        """A stranger tries what nobody may."""
        world = self.world
        settings: Any = world.params["governor"]
        attempts: tuple[tuple[Any, ...], ...] = (
            (
                "treasury",
                "execute",
                ((Action(self.stranger, 1, b""),),),
                ([self.stranger], [1], [b""]),
            ),
            ("governor", "initialize", (), (settings,)),
            ("token", "initialize", (), (world.params["token"], [])),
            (
                "membership",
                "initialize",
                (),
                (world.params["membership"], b"\x01" * 32, "", [self.stranger]),
            ),
            (
                "treasury",
                "initialize",
                (),
                (self.stranger, world.params["guardian"], world.params["steward"], []),
            ),
        )
        part, name, args, raw = pick(attempts, number)
        world.send(part, name, self.stranger, *args, raw=raw)

    # To the end

    @rule(number=NUMBER, by=SMALL)
    def cancel(self, number: int, by: int) -> None:
        """The proposer, the guardian or somebody else tries to cancel."""
        world = self.world
        wanted = ProposalState.QUEUED if by % 2 else ProposalState.PENDING
        proposal = self.proposal(number, wanted)
        if proposal is None:
            return
        proposer = world.model.state.members[proposal.proposer].wallet
        if by >= 16:
            self._cancel_by_sig(proposal, proposer, by)
            return
        guardian = world.officers["guardian"].address
        choices = (proposer, guardian, proposer, guardian, proposer, guardian, self.stranger)
        self._finish("cancel", proposal, pick(choices, by))

    def _cancel_by_sig(self, proposal: Proposal, proposer: str, by: int) -> None:
        signers = {each.address: each for each in self.world.people}
        signer = signers.get(proposer) if by % 4 else None
        signer = signer or pick(self.world.people, by)
        args = self._signed("Cancel", proposal.id, signer, pick(FLAWS, by))
        self.world.send("governor", "cancelBySig", self.stranger, proposal.id, *args)

    @rule(number=NUMBER, when=SMALL)
    def execute(self, number: int, when: int) -> None:
        """Anybody tries to execute: too early, in time, at the edges, too late."""
        world = self.world
        proposal = self.proposal(number, ProposalState.QUEUED)
        if proposal is None:
            return
        governor = world.model.governor
        eta, expiry = governor.eta(proposal), governor.expiry(proposal)
        if governor.state_of(proposal) == ProposalState.QUEUED:
            times = (eta, world.now, eta - 1, eta + 1, expiry, expiry + 1, eta, eta)
            world.warp_to(pick(times, when))
        self._finish("execute" if when % 16 != 15 else "queue", proposal, self.stranger)

    @rule(number=NUMBER, pattern=NUMBER, kind=SMALL)
    def carry(self, number: int, pattern: int, kind: int) -> None:
        """A proposal is taken to its end: made if there is none, voted on, ripened, executed."""
        world = self.world
        wanted = ProposalState.PENDING, ProposalState.ACTIVE
        proposal = self.proposal(number, *wanted)
        if proposal is None or world.model.governor.state_of(proposal) not in wanted:
            self.propose(number, [(kind, pattern), (kind // 2, number)][: 1 + kind % 2], 0)
            proposal = self.proposal(0, *wanted)
        if proposal is None or world.model.governor.state_of(proposal) not in wanted:
            return
        pattern = 0 if pattern % 4 else pattern // 4
        world.warp_to(proposal.snapshot + 1)
        self._relay(proposal, self._everybody(proposal, pattern))
        proposal = world.model.state.proposals[proposal.id]
        governor = world.model.governor
        eta, expiry = governor.eta(proposal), governor.expiry(proposal)
        world.warp_to(proposal.deadline + 1)
        ending = pick(("in time", "in time", "in time", "early", "guarded", "late"), number)
        if ending == "early":
            world.warp_to(eta - 1)
            self._finish("execute", proposal, self.stranger)
        if ending == "guarded":
            guardian = world.officers["guardian"].address
            self._finish("cancel", proposal, guardian)
        world.warp_to(pick((expiry, expiry + 1), number // 8) if ending == "late" else eta)
        self._finish("execute", proposal, self.stranger)

    def _finish(self, name: str, proposal: Proposal, sender: str) -> None:
        raw = (*lists(proposal.actions), keccak(text=proposal.description))
        args = (proposal.actions, proposal.description)
        self.world.send("governor", name, sender, *args, raw=raw)
