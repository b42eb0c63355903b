"""What both DAOs do in the same way: propose, vote, carry out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import count

from eth_account.signers.local import LocalAccount

from mikoshi.ballots.proposal import Call, ProposalDraft
from mikoshi.chain.contract import Receipt
from mikoshi.play.bench.world import ETHER, RECIPIENT, BenchWorld
from mikoshi.testing.community import Community


class Side(ABC):
    """One of the two DAOs: a community of twelve at first, in the order of admission."""

    name: str
    community: Community

    def __init__(self, world: BenchWorld) -> None:
        self.world = world
        self.rpc = world.rpc
        self._numbers = count(10_000)

    @property
    def people(self) -> list[LocalAccount]:
        """The members' keys."""
        return self.community.people

    def note(self, name: str, *receipts: Receipt, shared_by: int = 1) -> None:
        """Keep what an operation took."""
        self.world.note(self.name, name, *receipts, shared_by=shared_by)

    # One step

    def propose(
        self, calls: Sequence[Call] = ((RECIPIENT, ETHER, b""),)
    ) -> tuple[ProposalDraft, Receipt]:
        """A proposal with 60 characters of description, by the twelfth member; open for votes."""
        description = (
            f"Pay 1 ETH to the contributor who wrote our guide {next(self._numbers)}. Yes!"
        )
        assert len(description) == 60, len(description)
        draft = ProposalDraft.of(calls, description)
        proposed = self.community.submit(draft, 11)
        self.community.open_voting(draft)
        return draft, proposed

    @abstractmethod
    def vote_by_sig(self, draft: ProposalDraft, member: int) -> Receipt:
        """A signed vote, relayed alone."""

    @abstractmethod
    def carry_out(self, draft: ProposalDraft) -> list[Receipt]:
        """Every transaction after the vote."""

    # A whole stage

    def measure_decisions(self) -> None:
        """Twelve members decide, after one decision that is not measured."""
        vote = self.community.vote
        draft, _ = self.propose()
        self.vote_by_sig(draft, 5)
        vote(draft, [0, 1, 2, 3, 5, 6, 7, 8, 9])
        self.carry_out(draft)

        self.world.age()
        draft, proposed = self.propose()
        self.note("propose", proposed)
        first, later = vote(draft, [0, 1])
        self.note("vote_first", first)
        self.note("vote_later", later)
        self.note("vote_by_sig", self.vote_by_sig(draft, 5))
        vote(draft, range(5, 10))
        self.note("execute_eth_payment", *self.carry_out(draft))

        self.world.age()
        draft, proposed = self.propose()
        votes = vote(draft, range(10))
        self.note("proposal_10_direct", proposed, *votes, *self.carry_out(draft))
