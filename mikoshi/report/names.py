"""How the report names people."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mikoshi.replay.facts import Facts
from mikoshi.text.json import Json
from mikoshi.text.language import _, listed
from mikoshi.text.people import short, show
from mikoshi.text.units import format_amount

_SHOWN = 8


class Names:
    """`Hana #7 (0xF44C…4F05)` for member ids; `name_of` gives the name behind a wallet, or "".

    `dao` is the DAO's name, and `symbol` its contribution token's.
    """

    def __init__(
        self,
        facts: Facts,
        name_of: Callable[[str], str] = lambda _: "",
        dao: str = "",
        symbol: str = "",
    ) -> None:
        self.dao = dao or "DAO"
        self._symbol = symbol
        self._facts = facts
        self._name_of = name_of

    def tokens(self, amount: int) -> str:
        """An amount of the contribution token."""
        return format_amount(amount, self._symbol or _("tokens"), digits=4)

    def full(self, member: int) -> str:
        """A member as people are always shown."""
        wallet = self._facts.people[member].wallet
        return show(wallet, member, self._name_of(wallet))

    def account(self, wallet: str) -> str:
        """Any account; a member with the id."""
        member = self._facts.member_of(wallet)
        return self.full(member) if member else short(wallet)

    def all(self, members: Iterable[int], shown: int = _SHOWN) -> str:
        """Several members; beyond `shown` only their number."""
        found = list(members)
        more = len(found) - shown
        names = listed(self.full(each) for each in found[:shown]) or _("nobody")
        return _("{names} and {more} more", names=names, more=more) if more > 0 else names

    def as_json(self, member: int) -> Json:
        """A member for programs."""
        wallet = self._facts.people[member].wallet
        return {"id": member, "wallet": wallet, "name": self._name_of(wallet)}
