"""A DAO with people in it on a development node, and the moves that are made again and again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from mikoshi.ballots.batch import BallotOutcome, Batch, cast
from mikoshi.ballots.messages import MESSAGES, Message, fields_of
from mikoshi.ballots.proposal import Call, ProposalDraft
from mikoshi.ballots.signed import Signed, sign
from mikoshi.ballots.words import ABSTAIN, AGAINST, FOR
from mikoshi.chain.contract import Contract, Receipt
from mikoshi.chain.node import DevRpc
from mikoshi.core import dao as daos
from mikoshi.core.artifacts import Artifact
from mikoshi.core.dao import Dao
from mikoshi.testing.defaults import DAY, params

__all__ = ["ABSTAIN", "AGAINST", "FOR", "Community", "create", "found", "person"]

Who = int | str
"""Somebody: their place in `people`, or the address of a wallet."""

_SIGNATURE_LIFE = 7 * DAY


def person(number: int) -> LocalAccount:
    """The `number`-th made-up person; always the same key."""
    account: LocalAccount = Account.from_key(keccak(text=f"mikoshi person {number}"))
    return account


@dataclass
class Community:
    """A DAO and its people; member ids are 1, 2, 3 … in the order of `people`.

    A proposal is given as its draft, or as its id where that is enough. `params` and `salt` are
    what the DAO was created with, where that is known.
    """

    rpc: DevRpc
    dao: Dao
    people: list[LocalAccount]
    outsider: LocalAccount = field(default_factory=lambda: person(10**6))
    params: Mapping[str, Any] = field(default_factory=dict)
    salt: bytes = bytes(32)

    @property
    def wallets(self) -> list[str]:
        """The people's addresses."""
        return [each.address for each in self.people]

    def wallet(self, who: Who) -> str:
        """Somebody's address."""
        return who if isinstance(who, str) else str(self.people[who].address)

    @cached_property
    def chain_id(self) -> int:
        """The chain's id."""
        return self.rpc.chain_id()

    # Sent

    def as_treasury(self, contract: Contract, name: str, *args: Any, value: int = 0) -> Receipt:
        """A call that only an executed proposal can make, made directly."""
        return contract.send(name, *args, sender=self.dao.treasury_address, value=value)

    def propose(
        self, calls: Sequence[Call], description: str = "a proposal", by: Who = 0
    ) -> ProposalDraft:
        """A proposal that is voted on after the voting delay."""
        draft = ProposalDraft.of(calls, description)
        self.submit(draft, by)
        return draft

    def submit(self, draft: ProposalDraft, by: Who = 0) -> Receipt:
        """Propose a draft; without calls it is advisory."""
        name, calls = ("propose", draft.calls) if draft.targets else ("proposeAdvisory", ())
        receipt = self.dao.governor.send(name, *calls, draft.description, sender=self.wallet(by))
        assert receipt.only("ProposalCreated").args["proposalId"] == draft.id
        return receipt

    def open_voting(self, proposal: ProposalDraft | int) -> None:
        """Let time pass to the first second of voting."""
        self.rpc.warp_to(self.dao.governor.call("proposalSnapshot", _id(proposal)) + 1)

    def vote(
        self,
        proposal: ProposalDraft | int,
        voters: Iterable[Who],
        support: int = FOR,
        reason: str = "",
    ) -> list[Receipt]:
        """Direct ballots."""
        name, words = ("castVoteWithReason", [reason]) if reason else ("castVote", [])
        args = (_id(proposal), support, *words)
        return [self.dao.governor.send(name, *args, sender=self.wallet(each)) for each in voters]

    def close_voting(self, proposal: ProposalDraft | int) -> None:
        """Let time pass to the first second after voting."""
        self.rpc.warp_to(self.dao.governor.call("proposalDeadline", _id(proposal)) + 1)

    def pass_vote(self, proposal: ProposalDraft | int) -> None:
        """Everyone votes For, and voting closes."""
        self.open_voting(proposal)
        self.vote(proposal, range(len(self.people)))
        self.close_voting(proposal)

    def ripen(self, proposal: ProposalDraft | int) -> None:
        """Let time pass to the first second in which the proposal can be executed."""
        self.rpc.warp_to(self.dao.governor.call("proposalEta", _id(proposal)))

    def execute(self, draft: ProposalDraft, by: Who | None = None) -> Receipt:
        """Executed, by an outsider if nobody is named."""
        sender = self.outsider.address if by is None else self.wallet(by)
        return self.dao.governor.send("execute", *draft.actions, sender=sender)

    def decide(
        self, calls: Sequence[Call], description: str = "a proposal", voters: Iterable[Who] = ()
    ) -> Receipt:
        """A proposal from proposal to execution; everyone votes For unless `voters` are named."""
        draft = self.propose(calls, description)
        self.open_voting(draft)
        self.vote(draft, voters or range(len(self.people)))
        self.close_voting(draft)
        self.ripen(draft)
        return self.execute(draft)

    # Signed, and sent by somebody else

    def sign(
        self, member: int, kind: str, draft: ProposalDraft | None = None, **values: Any
    ) -> Signed:
        """What a member (by id) signs and another sends: an act, a ballot on a draft, the draft.

        Fields that are not given are the member's own; a deadline is seven days from now.
        """
        key, fields, home = self.people[member - 1], fields_of(kind), self._home(kind)
        own = {"account", "proposer", "voter"} & fields.keys()
        values = dict.fromkeys(own, key.address) | values
        if draft is not None:
            values.setdefault("proposalId", draft.id)
        if "nonce" in fields and "nonce" not in values:
            values["nonce"] = home.call("nonces", key.address)
        if "deadline" in fields and "deadline" not in values:
            values["deadline"] = self.rpc.timestamp() + _SIGNATURE_LIFE
        message = Message(kind, self.chain_id, home.address, values)
        return sign(message, key, member, draft=draft)

    def relay(self, signed: Signed, by: Who | None = None) -> Receipt:
        """What a member signed, sent by an outsider if nobody is named."""
        sender = self.outsider.address if by is None else self.wallet(by)
        name, args = signed.call()
        return self._home(signed.message.kind).send(name, *args, sender=sender)

    def cast(self, ballots: Sequence[Signed], by: Who) -> tuple[list[BallotOutcome], Receipt]:
        """Signed ballots on one proposal in one transaction. Raises RuntimeError if one is lost."""
        batch = Batch(ballots[0].message["proposalId"], tuple(ballots))
        outcomes, receipt = cast(self.dao.governor, batch, self.wallet(by))
        if not all(each.counted for each in outcomes):
            raise RuntimeError(f"ballots not counted: {outcomes}")
        return outcomes, receipt

    def _home(self, kind: str) -> Contract:
        """The part of the DAO that takes a message."""
        return self.dao.governor if MESSAGES[kind][0] == "governor" else self.dao.membership


def _id(proposal: ProposalDraft | int) -> int:
    return proposal if isinstance(proposal, int) else proposal.id


def create(
    rpc: DevRpc,
    people: Sequence[LocalAccount],
    contracts: Mapping[str, Artifact] | None = None,
    factory: Contract | None = None,
    salt: bytes = bytes(32),
    modules: Sequence[Mapping[str, Any]] = (),
    **changes: Any,
) -> Community:
    """A DAO of `people` with the default settings; `changes` as in `params`.

    From now on the node sends transactions for every address, the Treasury's too.
    """
    rpc.call("anvil_autoImpersonateAccount", True)
    sender = rpc.call("eth_accounts")[0]
    factory = factory or daos.deploy_shared(rpc, sender, contracts)
    settings = params(rpc.timestamp(), [each.address for each in people], **changes)
    dao = daos.create(factory, settings, sender, modules, salt, contracts)
    return Community(rpc, dao, list(people), params=settings, salt=salt)


def found(rpc: DevRpc, members: int = 5, **options: Any) -> Community:
    """A day-old community of `members` made-up people with 100 ether each; `options` as `create`.

    The outsider and the Treasury have as much.
    """
    community = create(rpc, [person(number) for number in range(1, members + 1)], **options)
    dao, outsider = community.dao, community.outsider
    rpc.fund(*community.wallets, outsider.address, dao.treasury_address)
    rpc.warp(DAY)
    return community
