"""Rewards: contribution tokens and merit, within the caps that bind the Treasury too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Self

from typing_extensions import override

from mikoshi.ballots.proposal import TreasuryCall
from mikoshi.config.kinds import Label, ValueProblemError
from mikoshi.config.numbers import Number, without_unit
from mikoshi.config.words import Hash
from mikoshi.context.address_book import AddressBook
from mikoshi.proposals.action import (
    TO,
    Action,
    FieldError,
    Money,
    Whom,
    arguments,
    gathered,
    more_than_zero,
    resolve,
    step,
)
from mikoshi.text.language import N_, _
from mikoshi.text.units import format_amount

_POINT = 18


@dataclass(frozen=True)
class Merit(Number):
    """Points of merit, never without their unit, and not none."""

    @override
    def read(self, value: Any) -> int:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            raise without_unit(self.unit, value)
        return super().read(value)

    @override
    def within(self, number: int) -> int:
        return super().within(number) or more_than_zero(self.show(number))


_MERIT = Merit(0, 10**27, 18, "points")
_KIND = Number(0, 2**256 - 1)
_KIND_LABEL = Label("Kind of contribution, a number")
_MERIT_LABEL = Label("Merit")
_NO_REF = bytes(32)


class Reward(Action):
    """Mints contribution tokens to a member and credits merit to them."""

    verb = "reward"
    about = Label("Reward a member with tokens and merit")
    example = 'to = "#7"\ntokens = "{tokens}"\nmerit = "100 points"'

    to: Annotated[str, Whom(), TO]
    tokens: Annotated[str, Money(token=True), Label("Tokens")] = ""
    merit: Annotated[int, _MERIT, _MERIT_LABEL] = 0
    kind: Annotated[int, _KIND, _KIND_LABEL] = 0

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        if not self.tokens and not self.merit:
            nothing = ValueProblemError("contribution.empty", N_("or merit is needed"))
            raise FieldError("tokens", nothing)
        to, kind, parts = self.to, self.kind, list[Callable[[], list[TreasuryCall]]]()
        if self.tokens:
            parts.append(lambda: Mint(to=to, tokens=self.tokens, kind=kind).steps(book))
        if self.merit:
            merit = _MERIT.show(self.merit)
            parts.append(lambda: Credit.of(to=to, merit=merit, kind=kind).steps(book))
        return [made for steps in gathered(parts) for made in steps]

    @classmethod
    @override
    def unfounded(cls, fields: Mapping[str, Any], book: AddressBook) -> Iterator[FieldError]:
        yield from super().unfounded(fields, book)
        if "merit" in fields and "to" in fields:
            yield from Credit.unfounded({"to": fields["to"]}, book)

    @override
    def words(self, book: AddressBook) -> str:
        who = book.show(book.address(self.to))
        tokens, merit = self.tokens, _merit(self.merit)
        if tokens and self.merit:
            return _("reward {who} with {tokens} and {merit}", who=who, tokens=tokens, merit=merit)
        return _("reward {who} with {what}", who=who, what=tokens or merit)


class Mint(Action):
    """Mints contribution tokens."""

    verb = "mint"
    about = Label("Mint contribution tokens")
    example = 'to = "#7"\ntokens = "{tokens}"'

    to: Annotated[str, Whom(), TO]
    tokens: Annotated[str, Money(token=True), Label("Tokens")]
    kind: Annotated[int, _KIND, _KIND_LABEL] = 0

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        to = resolve(book.address, "to", self.to)
        amount = resolve(book.tokens, "tokens", self.tokens)
        return [step(book.dao.token, "mint", to, amount, self.kind)]

    @override
    def words(self, book: AddressBook) -> str:
        who = book.show(book.address(self.to))
        tokens = book.token.show(book.tokens(self.tokens))
        text, of_kind = N_("mint {tokens} to {who}"), N_("mint {tokens} to {who} (kind {kind})")
        return _(of_kind if self.kind else text, tokens=tokens, who=who, kind=self.kind)

    @classmethod
    @override
    def read(cls, found: TreasuryCall, book: AddressBook) -> Self | None:
        args = arguments(found, book.dao.token, "mint")
        if args is None:
            return None
        to, amount, kind = args
        return cls(to=book.reference(to), tokens=book.token.show(amount), kind=kind)


class Credit(Action):
    """Credits merit to a member."""

    verb = "credit"
    about = Label("Credit merit")
    example = 'to = "#7"\nmerit = "100 points"'

    to: Annotated[str, Whom(member=True), TO]
    merit: Annotated[int, _MERIT, _MERIT_LABEL]
    kind: Annotated[int, _KIND, _KIND_LABEL] = 0
    ref: Annotated[bytes, Hash(), Label("What it is for, a hash")] = _NO_REF

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        number = resolve(book.member_id, "to", self.to)
        return [step(book.dao.membership, "credit", number, self.merit, self.kind, self.ref)]

    @override
    def words(self, book: AddressBook) -> str:
        who, points = book.show_member(book.member_id(self.to)), _merit(self.merit)
        text, of_kind = N_("credit {points} to {who}"), N_("credit {points} to {who} (kind {kind})")
        return _(of_kind if self.kind else text, points=points, who=who, kind=self.kind)

    @classmethod
    @override
    def read(cls, found: TreasuryCall, book: AddressBook) -> Self | None:
        args = arguments(found, book.dao.membership, "credit")
        if args is None or args[1] > _MERIT.high:
            return None
        number, points, kind, ref = args
        fields = {"ref": f"0x{ref.hex()}"} if any(ref) else {}
        return cls.of(to=f"#{number}", merit=_MERIT.show(points), kind=kind, **fields)


def _merit(points: int) -> str:
    amount = format_amount(points, "", _POINT).strip()
    return _("{amount} points of merit", amount=amount)


ACTIONS: tuple[type[Action], ...] = (Reward, Mint, Credit)
