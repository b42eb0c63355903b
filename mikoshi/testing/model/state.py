"""Everything the model knows at one moment. People and proposals are frozen, so a copy is cheap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import IntEnum
from typing import Any

from eth_utils.crypto import keccak

from mikoshi.testing.model.proposal import Proposal

DAY = 86_400
EPOCH = 30 * DAY
ANSWER = 45 * DAY
"""How long what could take the decision away waits, so that a vote can take it back."""
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
    BARRED = 6

    @property
    def is_member(self) -> bool:
        """Whether such a person holds a ticket."""
        return Standing.ACTIVE <= self <= Standing.ABSENT

    @property
    def is_counted(self) -> bool:
        """Whether such a person is in the floor of the quorum."""
        return Standing.ACTIVE <= self <= Standing.DORMANT

    @property
    def is_uncounted(self) -> bool:
        """Whether such a person holds a ticket and could come back into the floor."""
        return self.is_member and not self.is_counted

    @property
    def status(self) -> int:
        """None 0, Active 1, Dormant 2, Exited 3."""
        if self <= Standing.ACTIVE:
            return int(self)
        return 2 if self.is_member else 3


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
    the last recorded act, for a Newcomer the day of waking; `spoke` whether they were ever Active;
    `lapsed` the epoch, modulo 32, in which they last fell dormant; `seat` when they took it by
    themselves, 0 if others gave it; `deadlines` those of proposals that took a live place.
    Unix seconds.
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
    spoke: bool = False
    lapsed: int = -1
    seat: int = 0
    deadlines: tuple[int, ...] = ()

    @property
    def never_spoke(self) -> bool:
        """Whether they were never Active: they can have no voice of anybody, and never had."""
        return not self.spoke


@dataclass(frozen=True, slots=True)
class Cap:
    """A cap on minting in an epoch, and what of it was used in `epoch`. Wei of token."""

    cap: int
    used: int = 0
    epoch: int = 0
    is_set: bool = True


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used in an epoch: thousandths of merit, the steward's number, seats by vote."""

    epoch: int = 0
    merit: int = 0
    admitted: int = 0
    seats: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """Settings of the governor that a vote asked for; `in_force` None: dropped before it was."""

    settings: Mapping[str, int]
    in_force: int | None


@dataclass(slots=True)
class State:
    """One moment of a whole DAO.

    `membership` are the settings as last asked for. `former_caps` (epoch, for all, for one member)
    hold before that epoch, where they are lower; `former_dormancy` (Unix seconds, dormantAfter)
    before that moment. `changed` is when the awake, their units or the counted last changed.
    `rules` are the governor's settings by version, from 1. `roles` are in force since a moment.
    `waiting` is the next governor, and since when it may be installed.
    """

    charter: bytes
    membership: Mapping[str, int]
    token_cap: Cap
    token_transferable: bool
    governor: str
    guardian: tuple[str, int] = (ZERO, 0)
    steward: tuple[str, int] = (ZERO, 0)
    last_id: int = 0
    changed: int = 0
    retired: int = 0
    usage: Usage = Usage()
    former_caps: tuple[int, int, int] = (0, 0, 0)
    former_dormancy: tuple[int, int] = (0, 0)
    waiting: tuple[str, int] = (ZERO, 0)
    former_governors: tuple[str, ...] = ()
    rules: list[Rules] = field(default_factory=list)
    members: dict[int, Member] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    bars: dict[int, int] = field(default_factory=dict)
    approvals: dict[int, str] = field(default_factory=dict)
    operators: set[tuple[str, str]] = field(default_factory=set)
    nonces: dict[tuple[str, str], int] = field(default_factory=dict)
    proposals: dict[int, Proposal] = field(default_factory=dict)
    roles: dict[tuple[bytes, str], int] = field(default_factory=dict)
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
