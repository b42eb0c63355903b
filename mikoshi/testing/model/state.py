"""Everything the model knows at one moment. People and proposals are frozen, so a copy is cheap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import IntEnum
from typing import Any

from eth_utils.crypto import keccak

DAY = 86_400
EPOCH = 30 * DAY
ZERO = "0x" + "00" * 20
NO_HASH = bytes(32)


class Standing(IntEnum):
    """Where a person stands; the numbers are the contract's."""

    NONE = 0
    ACTIVE = 1
    DORMANT = 2
    NEWCOMER = 3
    ABSENT = 4
    EXITED = 5
    LEFT = 6
    BARRED = 7

    @property
    def is_member(self) -> bool:
        """Whether such a person holds a ticket."""
        return Standing.ACTIVE <= self <= Standing.ABSENT

    @property
    def is_counted(self) -> bool:
        """Whether such a person is in the floor of the quorum."""
        return Standing.ACTIVE <= self <= Standing.DORMANT

    @property
    def status(self) -> int:
        """None 0, Active 1, Dormant 2, Exited 3."""
        if self <= Standing.ACTIVE:
            return int(self)
        return 2 if self.is_member else 3


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


def role(name: str) -> bytes:
    """The id of a role in the Treasury's book."""
    return keccak(text=name)


ADMITTER, REWARDER, MINTER, PURSE, SUCCESSION = map(
    role, ("ADMITTER", "REWARDER", "MINTER", "PURSE", "SUCCESSION")
)


@dataclass(frozen=True, slots=True)
class Member:
    """A person. `delegate` is a member id, their own for themselves; `ticket` 0 means none.

    `raw` is inflated merit; `used` thousandths of a point credited in `epoch`; `stamp` the day of
    the last act recorded alone, `batch_stamp` by a large batch of ballots; `deadlines` those of
    proposals that took a live place, Unix seconds.
    """

    id: int
    wallet: str
    standing: Standing
    stamp: int
    joined: int
    delegate: int
    ticket: int
    raw: int = 0
    epoch: int = 0
    used: int = 0
    deadlines: tuple[int, ...] = ()
    batch_stamp: int = 0

    @property
    def recorded(self) -> int:
        """The day of the last recorded act."""
        return max(self.stamp, self.batch_stamp)


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
class Proposal:
    """A proposal. `version` indexes the settings that apply; `ballots` are by member id."""

    id: int
    proposer: int
    actions: tuple[Action, ...]
    description: str
    made: int
    snapshot: int
    deadline: int
    version: int
    ballots: Mapping[int, Ballot] = field(default_factory=dict)
    extended: bool = False
    executed: bool = False
    canceled: bool = False

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


@dataclass(frozen=True, slots=True)
class Cap:
    """A cap on minting in an epoch, and what of it was used in `epoch`. Wei of token."""

    cap: int
    used: int = 0
    epoch: int = 0
    is_set: bool = True


@dataclass(slots=True)
class State:
    """One moment of a whole DAO.

    `usage` is (epoch, merit, admitted); `former_caps` (epoch, for all, for one member) hold before
    that epoch, where the settings have higher caps on merit.
    """

    charter: bytes
    membership: Mapping[str, int]
    token_cap: Cap
    token_transferable: bool
    governor: str
    guardian: tuple[str, int] = (ZERO, 0)
    steward: tuple[str, int] = (ZERO, 0)
    last_id: int = 0
    usage: tuple[int, int, int] = (0, 0, 0)
    former_caps: tuple[int, int, int] = (0, 0, 0)
    settings: list[Mapping[str, int]] = field(default_factory=list)
    members: dict[int, Member] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    approvals: dict[int, str] = field(default_factory=dict)
    operators: set[tuple[str, str]] = field(default_factory=set)
    nonces: dict[tuple[str, str], int] = field(default_factory=dict)
    proposals: dict[int, Proposal] = field(default_factory=dict)
    roles: set[tuple[bytes, str]] = field(default_factory=set)
    ether: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    allowances: dict[tuple[str, str], int] = field(default_factory=dict)
    kind_caps: dict[int, Cap] = field(default_factory=dict)
    minted: int = 0
    burned: int = 0

    def copy(self) -> State:
        """A moment that can change without changing this one."""
        copied = replace(self)
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, (dict, list, set)):
                setattr(copied, each.name, value.copy())
        return copied

    def member(self, account: str) -> Member | None:
        """The person behind a wallet."""
        return self.members.get(self.ids.get(account, 0))

    def standing(self, account: str) -> Standing:
        """Where the person behind a wallet stands."""
        member = self.member(account)
        return member.standing if member else Standing.NONE

    def change(self, member: Member, **changes: Any) -> Member:
        """Record a person with changes."""
        changed = replace(member, **changes)
        self.members[member.id] = changed
        return changed
