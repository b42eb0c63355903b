"""A DAO with Succession, and what people, guardians, heirs and new wallets sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from eth_abi.abi import encode
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Contract, Receipt
from mikoshi.core import artifacts
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import DAY, ZERO
from tests.support import Typed, factory, grant

NONE, RECOVERY, INHERITANCE, VOTE = range(4)
"""Who asks."""

NOTHING = (NONE, ZERO, 0, 0)
"""What `requestOf` answers where nothing is asked for."""

DELAY = 7 * DAY
SILENCE = 200 * DAY
TERM = 30 * DAY
HEIR_DELAY = 30 * DAY
VOTE_DELAY = 45 * DAY
UNRECORDED = 30 * DAY

ANNA, HEIR = person(1000), person(3100)
"""The new wallet, and the heir."""

FRIENDS = sorted((person(3000), person(3001)), key=lambda each: int(each.address, 16))
"""Guardians by address, ascending."""

_THEIR_ADDRESSES = tuple(str(each.address) for each in FRIENDS)

_ASKED = "uint256 id,bytes32 planHash,address wallet,uint256 nonce,uint256 deadline"
TYPES = {
    "SetPlan": "uint256 id,uint256[] members,address[] others,uint256 needed,uint256 delay,"
    "address heir,uint256 silence,uint256 nonce,uint256 deadline",
    "Recover": _ASKED,
    "Take": _ASKED,
    "Inherit": _ASKED,
    "Veto": "uint256 id,uint256 nonce,uint256 deadline",
}

NO_PLAN = bytes(32)


class Plan(NamedTuple):
    """A person's plan; by default two of two members and two friends, and an heir."""

    members: Sequence[int] = (2, 3)
    others: Sequence[str] = _THEIR_ADDRESSES
    needed: int = 2
    delay: int = DELAY
    heir: str = HEIR.address
    silence: int = SILENCE

    @property
    def hash(self) -> bytes:
        """What the contract keeps of it."""
        kinds = "(uint256[],address[],uint8,uint40,address,uint40)"
        return keccak(encode([kinds], [tuple(self)]))


PLAN = Plan()


@dataclass
class Seat:
    """The seat of member `id`, the first by default, in a DAO with Succession."""

    community: Community
    contract: Contract
    id: int = 1
    typed: Typed = field(init=False)

    def __post_init__(self) -> None:
        chain_id = self.community.chain_id
        self.typed = Typed("Mikoshi Succession", self.contract.address, chain_id, TYPES)

    @property
    def membership(self) -> Contract:
        """The DAO's people."""
        return self.community.dao.membership

    @property
    def owner(self) -> LocalAccount:
        """Whose seat it was in the beginning."""
        return self.community.people[self.id - 1]

    @property
    def nonce(self) -> int:
        """What the next word on this seat contains."""
        return int(self.contract.call("nonceOf", self.id))

    @property
    def request(self) -> tuple[int, str, int, int]:
        """What is asked for."""
        kind, wallet, ready, expires = self.contract.call("requestOf", self.id)
        return int(kind), wallet, ready, expires

    def now(self) -> int:
        """The time of the latest block, Unix seconds."""
        return self.community.rpc.timestamp()

    def later(self) -> int:
        """A deadline."""
        return self.now() + DAY

    def send(self, name: str, *args: Any, sender: str = "") -> Receipt:
        """A call, by an outsider unless somebody is named."""
        sender = sender or self.community.outsider.address
        self.community.rpc.fund(sender)
        return self.contract.send(name, *args, sender=sender)

    # Signed

    def word(
        self,
        who: LocalAccount,
        message: str,
        plan: bytes,
        wallet: str,
        deadline: int,
        **domain: Any,
    ) -> bytes:
        """Recover, Take or Inherit of this seat, signed."""
        values = (self.id, plan, wallet, self.nonce, deadline)
        return self.typed.sign(who, message, *values, **domain)

    def words(
        self, guardians: dict[int, LocalAccount], plan: Plan, wallet: str, deadline: int
    ) -> list[tuple[int, bytes]]:
        """The words of guardians, by their places."""
        return [
            (place, self.word(who, "Recover", plan.hash, wallet, deadline))
            for place, who in guardians.items()
        ]

    def recovery(
        self,
        places: Sequence[int] = (0, 2),
        plan: Plan = PLAN,
        wallet: LocalAccount = ANNA,
        deadline: int | None = None,
    ) -> tuple[Any, ...]:
        """The arguments with which these guardians of PLAN ask for `wallet`."""
        until = self.later() if deadline is None else deadline
        all_ = [*(self.community.people[each - 1] for each in PLAN.members), *FRIENDS]
        words = self.words({each: all_[each] for each in places}, plan, wallet.address, until)
        taking = self.word(wallet, "Take", plan.hash, wallet.address, until)
        return self.id, plan, wallet.address, until, taking, words

    def inheritance(
        self, plan: Plan = PLAN, wallet: LocalAccount = ANNA, heir: LocalAccount = HEIR
    ) -> tuple[Any, ...]:
        """The arguments with which the heir asks for `wallet`."""
        until = self.later()
        taking, asking = (
            self.word(who, message, plan.hash, wallet.address, until)
            for who, message in ((wallet, "Take"), (heir, "Inherit"))
        )
        return self.id, plan, wallet.address, until, taking, asking

    def vote(self, wallet: LocalAccount = ANNA) -> tuple[Any, ...]:
        """The arguments with which a vote asks for `wallet`."""
        until = self.later()
        return (
            self.id,
            wallet.address,
            until,
            self.word(wallet, "Take", NO_PLAN, wallet.address, until),
        )

    # Sent

    def plan(self, plan: Plan = PLAN) -> Receipt:
        """The owner's plan."""
        return self.send("setPlan", plan, sender=self.owner.address)

    def recover(self, *args: Any, **changes: Any) -> Receipt:
        """Guardians ask."""
        return self.send("recover", *self.recovery(*args, **changes))

    def inherit(self, **changes: Any) -> Receipt:
        """The heir asks."""
        return self.send("inherit", *self.inheritance(**changes))

    def recover_by_vote(self, wallet: LocalAccount = ANNA) -> Receipt:
        """A vote asks."""
        return self.community.as_treasury(self.contract, "recoverByVote", *self.vote(wallet))

    def fall_silent(self) -> None:
        """Time passes until the heir may ask."""
        since = self.contract.call("silentSince", self.id)
        self.community.rpc.warp_to(since + SILENCE)

    def ripen(self) -> None:
        """Time passes to the first second in which the request can be finished."""
        self.community.rpc.warp_to(self.request[2])

    def finish(self) -> Receipt:
        """The seat is moved."""
        return self.send("finish", self.id)

    def held_by(self) -> str:
        """Whose seat it is."""
        return str(self.membership.call("walletOf", self.id))


def with_succession(community: Community, salt: int = 0, in_force: bool = True) -> Seat:
    """A clone attached to the DAO; its role in force unless told otherwise."""
    artifact = artifacts.project()["Succession"]
    sender = community.outsider.address
    receipt = community.rpc.send(None, artifact.bytecode, sender=sender)
    code = to_checksum_address(receipt["contractAddress"])
    dao = community.dao
    parts = (dao.treasury_address, dao.membership_address, dao.token_address)
    args = b"".join(bytes.fromhex(each[2:]) for each in parts)
    args += community.params["voice"]["t0"].to_bytes(5)
    cloned = factory(community.rpc).send(
        "cloneModule", code, args, salt.to_bytes(32), sender=sender
    )
    address = cloned.only("ModuleCloned").args["module"]
    others = [artifacts.project()["Membership"].abi]
    seat = Seat(community, Contract(community.rpc, address, Interface(artifact.abi, *others)))
    if in_force:
        grant(community, "SUCCESSION", address)
    return seat
