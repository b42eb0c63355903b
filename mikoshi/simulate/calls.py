"""The calls of a proposal: what each says, what its bytes do, and whom it reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from mikoshi.ballots.proposal import TreasuryCall
from mikoshi.chain.contract import Snapshot
from mikoshi.context.address_book import ETH, AddressBook, Coin
from mikoshi.context.proposed import Proposed
from mikoshi.core.manifest import Manifest
from mikoshi.proposals.action import Action
from mikoshi.proposals.actions.parameters import SetParameters
from mikoshi.proposals.actions.treasury import Pay
from mikoshi.proposals.composed import Composed
from mikoshi.proposals.decode import decode, does
from mikoshi.text.language import N_, _


class Target(StrEnum):
    """What is at an address that a proposal reaches."""

    PART = "part"
    MODULE = "module"
    COIN = "coin"
    CONTRACT = "contract"
    MEMBER = "member"
    ACCOUNT = "account"
    UNUSED = "unused"

    @property
    def word(self) -> str:
        """What people call it."""
        return _(_WORDS[self])

    @property
    def has_code(self) -> bool:
        """Whether it is a contract."""
        return self in (Target.PART, Target.MODULE, Target.COIN, Target.CONTRACT)


_WORDS = {
    Target.PART: N_("part"),
    Target.MODULE: N_("module"),
    Target.COIN: N_("coin"),
    Target.CONTRACT: N_("contract"),
    Target.MEMBER: N_("member"),
    Target.ACCOUNT: N_("account"),
    Target.UNUSED: N_("unused"),
}


@dataclass(frozen=True)
class Payment:
    """What a call promises to pay, in the coin's smallest units."""

    coin: Coin
    to: str
    amount: int
    payee: Target


@dataclass(frozen=True)
class SimulatedCall:
    """A call: what the file `says` of it (nothing for a proposal on the chain), what it `does`."""

    number: int
    step: TreasuryCall
    says: str
    does: str
    target: Target
    payment: Payment | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings that it changes, by their names, as the contracts keep them."""

    json: ClassVar[str] = "to=step.target value=step.value:str data=step.data target says does"


def read_calls(
    what: Composed | Proposed, manifest: Manifest, book: AddressBook, snapshot: Snapshot
) -> list[SimulatedCall]:
    """The calls of a proposal as they are before it is executed."""
    calls = []
    for number, (step, says, said) in enumerate(_said(what, book), 1):
        action = decode(step, book)
        payment = None
        if isinstance(action, Pay):
            (coin, amount), to = action.money(book), book.address(action.to)
            payment = Payment(coin, to, amount, target_of(to, manifest, book, snapshot))
        target = target_of(step.target, manifest, book, snapshot)
        sets = action.raw(book) if isinstance(action, SetParameters) else {}
        calls.append(
            SimulatedCall(number, step, says, does(step, book, said), target, payment, sets)
        )
    return calls


def name_coins(book: AddressBook, steps: Iterable[TreasuryCall]) -> None:
    """Let the book know the coins that a proposal touches by their symbols, unless one is taken."""
    taken = {each.casefold() for each in (ETH.symbol, "ether", book.token.symbol, *book.coins)}
    for target in dict.fromkeys(step.target for step in steps):
        coin = book.coin(target)
        if coin and coin.symbol.casefold() not in taken:
            taken.add(coin.symbol.casefold())
            book.coins = {**book.coins, coin.symbol: target}


def target_of(address: str, manifest: Manifest, book: AddressBook, snapshot: Snapshot) -> Target:
    """What is at an address."""
    if address in book.parts.values():
        return Target.PART
    if address in (book.factory, *manifest.module_addresses):
        return Target.MODULE
    if any(snapshot.codes([address])):
        return Target.COIN if book.coin(address) else Target.CONTRACT
    if book.id_of(address):
        return Target.MEMBER
    tag = hex(snapshot.number)
    asked = ("eth_getBalance", "eth_getTransactionCount")
    used = any(int(snapshot.rpc.call(each, address, tag), 16) for each in asked)
    return Target.ACCOUNT if used else Target.UNUSED


def _said(
    what: Composed | Proposed, book: AddressBook
) -> Iterator[tuple[TreasuryCall, str, Action | None]]:
    """Each call with what the file says of it, and the action that says it."""
    if isinstance(what, Proposed):
        yield from ((step, "", None) for step in what.steps)
        return
    for action, steps in what.actions:
        for index, step in enumerate(steps):
            yield step, "" if index else action.words(book), action
