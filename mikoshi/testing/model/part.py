"""What the parts of the model share: the clock, the state, the parties, signed texts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mikoshi.testing.model.numbers import Formula, root_down
from mikoshi.testing.model.refusal import Refusal
from mikoshi.testing.model.state import DAY, EPOCH, ZERO, Member, Standing, State

Text = tuple[Any, ...]
"""A typed structure as it is signed: the part that reads it, the type's name, the fields."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who made a signature, over what. `signer` is None for one that belongs to nobody."""

    signer: str | None
    text: Text


@dataclass
class Environment:
    """The moment at which the model works, and what never changes.

    `addresses` are the parts by name. `past` holds the people at each second in which something
    changed, so that any past value is computed anew. `signatures` tells who signed what: the model
    checks no cryptography. `credited` is what the last transaction gave: (id, thousandths of a
    point, whether the ceiling cut it).
    """

    formula: Formula
    transferable: bool
    addresses: dict[str, str]
    state: State
    now: int
    signatures: Callable[[bytes], Signed]
    past: list[tuple[int, dict[int, Member]]] = field(default_factory=list)
    credited: list[tuple[int, int, bool]] = field(default_factory=list)

    def remember(self) -> None:
        """Keep the people as they are; what was kept in the same second is replaced."""
        if self.past and self.past[-1][0] == self.now:
            self.past.pop()
        if not self.past or self.past[-1][1] != self.state.members:
            self.past.append((self.now, self.state.members))

    def people_at(self, time: int) -> dict[int, Member]:
        """The people at the end of a second that has passed."""
        index = bisect_right(self.past, time, key=lambda moment: moment[0])
        return self.past[index - 1][1] if index else {}


class Part:
    """A contract of the model. Its methods take the sender first, like `msg.sender`."""

    NAME = ""
    SET_UP_TWICE = ""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment

    def initialize(self, sender: str) -> None:  # noqa: ARG002
        """Nobody sets up a part again."""
        raise Refusal((self.SET_UP_TWICE,))

    @property
    def state(self) -> State:
        """The present."""
        return self.environment.state

    @property
    def now(self) -> int:
        """Unix seconds."""
        return self.environment.now

    @property
    def today(self) -> int:
        """Days since the Unix epoch."""
        return self.environment.now // DAY

    @property
    def epoch(self) -> int:
        """The 30-day epoch since t0 in which caps are counted."""
        return max(0, self.now - self.environment.formula.t0) // EPOCH

    @property
    def treasury(self) -> str:
        """The Treasury's address."""
        return self.environment.addresses["treasury"]

    def may(self, sender: str, role: bytes) -> bool:
        """Whether `sender` may go through a door: the Treasury may always."""
        return sender == self.treasury or self.holds(sender, role)

    def holds(self, account: str, role: bytes) -> bool:
        """Whether the book has a role for an account, and it is in force."""
        since = self.state.roles.get((role, account))
        return since is not None and since <= self.now

    @property
    def in_founding(self) -> bool:
        """Whether the steward is in office: settings hold at once."""
        holder, until = self.state.steward
        return holder != ZERO and self.now < until

    def signed_by(self, account: str, signature: bytes, name: str, *values: Any) -> bool:
        """Whether `account` signed this text for this part with its present nonce."""
        nonce = self.state.nonces.get((self.NAME, account), 0)
        text = (self.NAME, name, *(nonce if value is NONCE else value for value in values))
        return self.environment.signatures(signature) == Signed(account, text)

    def use_nonce(self, account: str) -> None:
        """Consume a nonce."""
        key = (self.NAME, account)
        self.state.nonces[key] = self.state.nonces.get(key, 0) + 1


class Nonce:
    """Stands for the account's present nonce in a signed text."""


NONCE = Nonce()


def spoken_for(people: dict[int, Member], delegate: int) -> tuple[int, int]:
    """How many Active members a delegate speaks for, and their units."""
    roots = [
        root_down(member.raw)
        for member in people.values()
        if member.delegate == delegate and member.standing == Standing.ACTIVE
    ]
    return len(roots), sum(roots)


def all_spoken_for(people: dict[int, Member]) -> dict[int, tuple[int, int]]:
    """The same of every delegate, by id."""
    found: dict[int, tuple[int, int]] = {}
    for member in people.values():
        if member.standing == Standing.ACTIVE:
            number, units = found.get(member.delegate, (0, 0))
            found[member.delegate] = number + 1, units + root_down(member.raw)
    return found


def awake(people: dict[int, Member]) -> tuple[int, int]:
    """How many members are Active, and their units."""
    roots = [root_down(m.raw) for m in people.values() if m.standing == Standing.ACTIVE]
    return len(roots), sum(roots)


def uncounted(people: dict[int, Member]) -> int:
    """How many hold a ticket and are not in the floor of the quorum."""
    return sum(member.standing.is_uncounted for member in people.values())


def counted(people: dict[int, Member]) -> int:
    """How many members are in the floor of the quorum."""
    return sum(member.standing.is_counted for member in people.values())
