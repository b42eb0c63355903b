"""A DAO with people in it on a development node, and the moves that tests make again and again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from mikoshi.chain.contract import Contract, Receipt
from mikoshi.chain.node import DevRpc
from mikoshi.core import dao as daos
from mikoshi.core.artifact import Artifact
from mikoshi.core.dao import Dao
from mikoshi.testing.defaults import DAY, params

AGAINST, FOR, ABSTAIN = 0, 1, 2

Call = tuple[Contract | str, int, bytes]
"""Target, value in wei, calldata."""


def person(number: int) -> LocalAccount:
    """The `number`-th made-up person; always the same key."""
    account: LocalAccount = Account.from_key(keccak(text=f"mikoshi person {number}"))
    return account


@dataclass(frozen=True)
class MadeProposal:
    """A proposal as `execute` and `cancel` want it."""

    id: int
    targets: list[str]
    values: list[int]
    calldatas: list[bytes]
    description: str

    @property
    def actions(self) -> tuple[list[str], list[int], list[bytes], bytes]:
        """The four arguments of `execute` and `cancel`."""
        return self.targets, self.values, self.calldatas, keccak(text=self.description)


@dataclass
class Community:
    """A DAO and its people; member ids are 1, 2, 3 … in the order of `people`."""

    rpc: DevRpc
    dao: Dao
    people: list[LocalAccount]
    outsider: LocalAccount = field(default_factory=lambda: person(10**6))

    @property
    def wallets(self) -> list[str]:
        """The people's addresses."""
        return [each.address for each in self.people]

    def as_treasury(self, contract: Contract, name: str, *args: Any, value: int = 0) -> Receipt:
        """A call that only an executed proposal can make, made directly."""
        return contract.send(name, *args, sender=self.dao.treasury_address, value=value)

    def propose(
        self, calls: Sequence[Call], description: str = "a proposal", by: int = 0
    ) -> MadeProposal:
        """Proposed by `people[by]`; voting opens after the voting delay."""
        targets = [call[0] if isinstance(call[0], str) else call[0].address for call in calls]
        values = [call[1] for call in calls]
        calldatas = [call[2] for call in calls]
        receipt = self.dao.governor.send(
            "propose", targets, values, calldatas, description, sender=self.wallets[by]
        )
        number = receipt.only("ProposalCreated").args["proposalId"]
        return MadeProposal(number, targets, values, calldatas, description)

    def open_voting(self, proposal: MadeProposal) -> None:
        """Let time pass to the first second of voting."""
        self.rpc.warp_to(self.dao.governor.call("proposalSnapshot", proposal.id) + 1)

    def vote(self, proposal: MadeProposal, voters: Iterable[int], support: int = FOR) -> None:
        """Direct ballots of `people[i]`."""
        for voter in voters:
            self.dao.governor.send("castVote", proposal.id, support, sender=self.wallets[voter])

    def close_voting(self, proposal: MadeProposal) -> None:
        """Let time pass to the first second after voting."""
        self.rpc.warp_to(self.dao.governor.call("proposalDeadline", proposal.id) + 1)

    def ripen(self, proposal: MadeProposal) -> None:
        """Let time pass to the first second in which the proposal can be executed."""
        self.rpc.warp_to(self.dao.governor.call("proposalEta", proposal.id))

    def execute(self, proposal: MadeProposal) -> Receipt:
        """Executed by an outsider."""
        return self.dao.governor.send("execute", *proposal.actions, sender=self.outsider.address)

    def decide(
        self, calls: Sequence[Call], description: str = "a proposal", voters: Iterable[int] = ()
    ) -> Receipt:
        """A proposal from proposal to execution; everyone votes For unless `voters` are named."""
        proposal = self.propose(calls, description)
        self.open_voting(proposal)
        self.vote(proposal, voters or range(len(self.people)))
        self.close_voting(proposal)
        self.ripen(proposal)
        return self.execute(proposal)


def found(
    rpc: DevRpc,
    members: int = 5,
    contracts: dict[str, Artifact] | None = None,
    factory: Contract | None = None,
    salt: bytes = bytes(32),
    modules: Sequence[dict[str, Any]] = (),
    **changes: Any,
) -> Community:
    """A community of `members` people with the default settings; `changes` as in `params`.

    The node sends transactions for every address, the Treasury's too, and everyone has 100 ether.
    """
    rpc.call("anvil_autoImpersonateAccount", True)
    people = [person(number) for number in range(1, members + 1)]
    sender = rpc.call("eth_accounts")[0]
    factory = factory or daos.deploy_shared(rpc, sender, contracts)
    settings = params(rpc.timestamp(), [each.address for each in people], **changes)
    dao = daos.create(factory, settings, sender, modules, salt, contracts)
    community = Community(rpc, dao, people)
    for address in (*community.wallets, community.outsider.address, dao.treasury_address):
        rpc.call("anvil_setBalance", address, hex(100 * 10**18))
    rpc.warp(DAY)
    return community
