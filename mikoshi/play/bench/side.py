"""What both DAOs do in the same way: propose, vote, carry out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from mikoshi.chain.contract import Contract, Receipt
from mikoshi.play.bench.world import ETHER, RECIPIENT, BenchWorld
from mikoshi.testing.community import FOR, Call


@dataclass(frozen=True)
class Motion:
    """A proposal, its calls as `execute` wants them, and the transaction that made it."""

    id: int
    actions: tuple[list[str], list[int], list[bytes], bytes]
    proposed: Receipt


class Side(ABC):
    """One of the two DAOs. `people` are its members, in the order of admission; twelve at first."""

    name: str
    governor: Contract

    def __init__(self, world: BenchWorld) -> None:
        self.world = world
        self.rpc = world.rpc
        self.people: list[LocalAccount] = []
        self._numbers = count(10_000)

    def note(self, name: str, *receipts: Receipt, shared_by: int = 1) -> None:
        """Keep what an operation took."""
        self.world.note(self.name, name, *receipts, shared_by=shared_by)

    # One step

    def propose(self, calls: Sequence[Call] = ((RECIPIENT, ETHER, b""),)) -> Motion:
        """A proposal with 60 characters of description, by the twelfth member; open for votes."""
        description = (
            f"Pay 1 ETH to the contributor who wrote our guide {next(self._numbers)}. Yes!"
        )
        assert len(description) == 60, len(description)
        targets = [call[0] if isinstance(call[0], str) else call[0].address for call in calls]
        values, datas = [call[1] for call in calls], [call[2] for call in calls]
        proposed = self.governor.send(
            "propose", targets, values, datas, description, sender=self.people[11].address
        )
        number = proposed.only("ProposalCreated").args["proposalId"]
        self.rpc.warp_to(self.governor.call("proposalSnapshot", number) + 1)
        return Motion(number, (targets, values, datas, keccak(text=description)), proposed)

    def vote(self, motion: Motion, voters: Sequence[LocalAccount]) -> list[Receipt]:
        """A direct vote of each."""
        return [
            self.governor.send("castVote", motion.id, FOR, sender=voter.address) for voter in voters
        ]

    @abstractmethod
    def vote_by_sig(self, motion: Motion, voter: LocalAccount) -> Receipt:
        """A signed vote, relayed alone."""

    @abstractmethod
    def carry_out(self, motion: Motion) -> list[Receipt]:
        """Every transaction after the vote."""

    # A whole stage

    def measure_decisions(self) -> None:
        """Twelve members decide, after one decision that is not measured."""
        people = self.people
        motion = self.propose()
        self.vote_by_sig(motion, people[4])
        self.vote(motion, people[:4] + people[5:10])
        self.carry_out(motion)

        self.world.age()
        motion = self.propose()
        self.note("propose", motion.proposed)
        first, later = self.vote(motion, people[:2])
        self.note("vote_first", first)
        self.note("vote_later", later)
        self.note("vote_by_sig", self.vote_by_sig(motion, people[4]))
        self.vote(motion, people[5:10])
        self.note("execute_eth_payment", *self.carry_out(motion))

        self.world.age()
        motion = self.propose()
        votes = self.vote(motion, people[:10])
        self.note("proposal_10_direct", motion.proposed, *votes, *self.carry_out(motion))
