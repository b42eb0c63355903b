"""The words of one request for a seat, gathered until there are enough of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mikoshi.ballots.messages import REQUESTS, Message, succession_message
from mikoshi.ballots.signed import Signed
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.member import Member
from mikoshi.replay.succession import Guardian, SeatPlan, guardians_of

RECOVER, INHERIT, TAKE = "Recover", "Inherit", "Take"


class Request(NamedTuple):
    """What all words of a request say: whose seat, by which plan, for which wallet, until when."""

    id: int
    planHash: bytes  # noqa: N815 (as the messages have it)
    wallet: str
    nonce: int
    deadline: int

    @classmethod
    def of(cls, message: Message) -> Request:
        """That of a word."""
        return cls(*(message[name] for name in cls._fields))

    def message(self, kind: str, chain_id: int, contract: str) -> Message:
        """One of its words."""
        return succession_message(kind, chain_id, contract, **self._asdict())


@dataclass
class Gathering:
    """A request for the seat of a `person` by their `plan`, and the words that there are.

    `words` are those of guardians by their places, `asking` is the heir's, `taking` that of the
    new wallet. Whoever asks for an heir's request says so by `by_heir`.
    """

    request: Request
    person: Member
    plan: SeatPlan
    guardians: list[Guardian]
    by_heir: bool
    words: dict[int, Signed] = field(default_factory=dict)
    asking: Signed | None = None
    taking: Signed | None = None

    @classmethod
    def of(cls, rebuilt: RebuiltDao, request: Request, by_heir: bool) -> Gathering:
        """Without a word yet. Raises KeyError where nobody has this seat, or no plan."""
        person = rebuilt.membership.members[request.id]
        plan = rebuilt.succession.plans[request.id]
        guardians = guardians_of(plan, rebuilt.membership)
        return cls(request, person, plan, guardians, by_heir)

    def add(self, signed: Signed) -> Signed | None:
        """Take a word; the one that says the same, if there is one."""
        kind = signed.message.kind
        if kind == RECOVER:
            place = next(g.place for g in self.guardians if g.account == signed.signer)
            before = self.words.setdefault(place, signed)
        elif kind == INHERIT:
            before = self.asking = self.asking or signed
        else:
            before = self.taking = self.taking or signed
        return before if before is not signed else None

    @property
    def given(self) -> int:
        """How many words there are."""
        return len(self.words) + (self.asking is not None) + (self.taking is not None)

    @property
    def asked(self) -> bool:
        """Whether enough people ask for it."""
        if self.by_heir:
            return self.asking is not None
        return len(self.words) >= max(self.plan.needed, 1)

    @property
    def complete(self) -> bool:
        """Whether it can be sent."""
        return self.asked and self.taking is not None

    @property
    def lacking(self) -> int:
        """How many guardians are missing."""
        return 0 if self.by_heir else max(0, max(self.plan.needed, 1) - len(self.words))

    @property
    def silent(self) -> list[Guardian]:
        """The guardians whose word would count and who have given none."""
        if self.by_heir:
            return []
        counted = (each for each in self.guardians if each.counts)
        own = self.person.wallet
        return [each for each in counted if each.place not in self.words and each.account != own]

    def wanted_of(self, account: str) -> str | None:
        """The kind of the word that is still wanted of an account; None if none is."""
        if self.by_heir and self.asking is None and account == self.plan.heir:
            return INHERIT
        if any(each.account == account for each in self.silent):
            return RECOVER
        return TAKE if self.taking is None and account == self.request.wallet else None

    def call(self) -> tuple[Any, ...]:
        """Function and arguments that send it; only of a complete one."""
        if self.taking is None:
            raise AssertionError("the new wallet has not signed")
        asked = self.request
        head = (asked.id, tuple(self.plan), asked.wallet, asked.deadline, self.taking.signature)
        if self.by_heir and self.asking is not None:
            return "inherit", *head, self.asking.signature
        words = [(place, each.signature) for place, each in sorted(self.words.items())]
        return "recover", *head, words


def requests_in(words: Iterable[Signed]) -> dict[tuple[Request, str], list[Signed]]:
    """The words of each request, with the contract that takes it."""
    found: dict[tuple[Request, str], list[Signed]] = defaultdict(list)
    for each in words:
        if each.message.kind in REQUESTS:
            found[Request.of(each.message), each.message.contract].append(each)
    return found


def by_heir(words: Sequence[Signed], plan: SeatPlan) -> bool:
    """Whether it is an heir's request: the heir has asked, and not enough guardians have."""
    guardians = {each.signer for each in words if each.message.kind == RECOVER}
    asks = any(each.message.kind == INHERIT for each in words)
    return asks and len(guardians) < max(plan.needed, 1)
