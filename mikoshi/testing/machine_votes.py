"""Proposals from making to their end."""

from __future__ import annotations

from typing import Any

from eth_utils.crypto import keccak
from hypothesis import strategies as st
from hypothesis.stateful import rule

from mikoshi.testing.machine_actors import Actor
from mikoshi.testing.machine_ballots import BallotRules
from mikoshi.testing.machine_base import FLAWS, HOUR, NUMBER, SMALL
from mikoshi.testing.machine_checks import check_announcement, lists
from mikoshi.testing.machine_choice import pick
from mikoshi.testing.machine_payloads import payload
from mikoshi.testing.model.proposal import Action, Proposal, ProposalState, proposal_id
from mikoshi.testing.model.state import Standing


class VoteRules(BallotRules):
    """Rules of the Governor."""

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
        self.relay(proposal, self.everybody(proposal, pattern))
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
