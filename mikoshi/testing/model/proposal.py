"""Proposals and ballots as the model keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak


class Support(IntEnum):
    """How a ballot counts."""

    AGAINST = 0
    FOR = 1
    ABSTAIN = 2


class ProposalState(IntEnum):
    """OpenZeppelin's states of a proposal."""

    PENDING = 0
    ACTIVE = 1
    CANCELED = 2
    DEFEATED = 3
    SUCCEEDED = 4
    QUEUED = 5
    EXPIRED = 6
    EXECUTED = 7


class BallotResult(IntEnum):
    """What became of a ballot of a batch."""

    COUNTED = 0
    EXPIRED = 1
    INVALID_SUPPORT = 2
    INVALID_SIGNATURE = 3
    ALREADY_CAST = 4
    NO_VOICE = 5


@dataclass(frozen=True, slots=True)
class Action:
    """A call of a proposal: its bytes, and what it means to the model (`part` None: a payment)."""

    target: str
    value: int
    data: bytes
    part: str | None = None
    name: str = ""
    args: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Ballot:
    """A counted ballot: whom it spoke for, and its weight after the cap (1 voice = 1e9)."""

    support: Support
    members: int
    weight: int


@dataclass(frozen=True, slots=True)
class SignedBallot:
    """A ballot of a batch; `voter` is None for a wallet's, whose signer is recovered."""

    id: int
    deadline: int
    support: int
    signature: bytes
    voter: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal. `version` is that of the settings that apply; `ballots` are by member id.

    `first_deadline` is the one it began with. `beaten` is whether it came to pass too close to the
    last moment to which voting can be extended.
    """

    id: int
    proposer: int
    actions: tuple[Action, ...]
    description: str
    made: int
    snapshot: int
    deadline: int
    first_deadline: int
    version: int
    ballots: Mapping[int, Ballot] = field(default_factory=dict)
    beaten: bool = False
    executed: int = 0
    canceled: int = 0

    @property
    def advisory(self) -> bool:
        """Whether it is a signal without actions."""
        return not self.actions

    def votes(self, support: Support) -> int:
        """Voice of the ballots of one kind."""
        return sum(b.weight for b in self.ballots.values() if b.support == support)

    @property
    def people(self) -> int:
        """Members that the For and Abstain ballots spoke for."""
        return sum(b.members for b in self.ballots.values() if b.support != Support.AGAINST)


def proposal_id(actions: Sequence[Action], description: str) -> int:
    """OpenZeppelin's: the hash of what will be executed and of the description's hash."""
    lists = [a.target for a in actions], [a.value for a in actions], [a.data for a in actions]
    types = ["address[]", "uint256[]", "bytes[]", "bytes32"]
    return int.from_bytes(keccak(encode(types, [*lists, keccak(text=description)])), "big")
