"""What the Treasury does itself: paying, the guardian, the Governor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Self

from pydantic import ValidationError
from typing_extensions import override

from mikoshi.ballots.proposal import TreasuryCall
from mikoshi.chain.contract import ERC20, Contract, ContractRevertedError
from mikoshi.config.kinds import Kind, Label, ValueProblemError, written
from mikoshi.context.address_book import ETH, AddressBook, Coin
from mikoshi.core.dao import governor_args, implementation
from mikoshi.proposals.action import (
    TO,
    Action,
    FieldError,
    Money,
    Whom,
    arguments,
    more_than_zero,
    resolve,
    step,
)
from mikoshi.text.language import N_, _
from mikoshi.text.people import ZERO_ADDRESS
from mikoshi.text.units import format_time

_SALTS = 64
"""How often a governor can be replaced by the same code."""


@dataclass(frozen=True)
class Day(Kind):
    """A date, `2027-03-31`, meaning its first second in UTC; or a moment, `2027-03-31 09:00:00`."""

    @override
    def read(self, value: Any) -> int:
        if isinstance(value, datetime):
            return int(value.replace(tzinfo=value.tzinfo or UTC).timestamp())
        if isinstance(value, date):
            return int(datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp())
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**40:
            return value
        raise ValueProblemError(
            "value.not-a-date",
            N_("must be a date such as 2027-03-31, got {got}"),
            got=written(value),
        )


class Pay(Action):
    """Pays out of the Treasury."""

    verb = "pay"
    about = Label("Pay from the treasury")
    example = 'to = "#7"\namount = "0.5 ETH"'

    to: Annotated[str, Whom(), TO]
    amount: Annotated[str, Money(), Label("Amount with its unit")]
    coin: Annotated[str, Whom(), Label("The coin's address, if it is not under [coins]")] = ""

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        to = resolve(book.address, "to", self.to)
        coin, raw = self.money(book)
        if coin.address is None:
            return [TreasuryCall(to, raw, b"")]
        return [step(_coin(book, coin), "transfer", to, raw)]

    @override
    def words(self, book: AddressBook) -> str:
        who, (coin, raw) = book.show(book.address(self.to)), self.money(book)
        foreign = coin.address not in (None, book.dao.token_address)
        # Anybody can call a coin USDC.
        amount = coin.show(raw) + (f" ({coin.address})" if foreign else "")
        return _("pay {who} {amount}", who=who, amount=amount)

    @classmethod
    @override
    def read(cls, found: TreasuryCall, book: AddressBook) -> Self | None:
        if not found.data:
            return cls(to=book.reference(found.target), amount=ETH.show(found.value))
        if found.data[:4] != ERC20.functions["transfer"].selector:
            return None
        coin = book.coin(found.target)
        args = arguments(found, _coin(book, coin), "transfer") if coin else None
        if coin is None or args is None:
            return None
        named = {} if coin is book.token else {"coin": coin.address}
        return cls.of(to=book.reference(args[0]), amount=coin.show(args[1]), **named)

    @classmethod
    @override
    def unfounded(cls, fields: Mapping[str, Any], book: AddressBook) -> Iterator[FieldError]:
        """What it says, but in the units of the coin where one is named."""
        if "coin" not in fields:
            yield from super().unfounded(fields, book)
            return
        others = {name: each for name, each in fields.items() if name != "amount"}
        yield from super().unfounded(others, book)
        try:
            __, raw = cls.of(**{"to": "treasury", **fields}).money(book)
            if not raw:
                resolve(more_than_zero, "amount", str(fields["amount"]))
        except ValidationError:
            return
        except FieldError as error:
            if error.field == "amount":
                yield error

    def money(self, book: AddressBook) -> tuple[Coin, int]:
        """The coin, and its smallest units. Raises FieldError."""
        if not self.coin:
            return resolve(book.money, "amount", self.amount)
        coin = book.coin(resolve(book.address, "coin", self.coin))
        if coin is None:
            unknown = ValueProblemError(
                "coin.unknown", N_("must be a coin, got {got}"), got=self.coin
            )
            raise FieldError("coin", unknown)
        return coin, resolve(lambda text: book.amount_of(coin, text), "amount", self.amount)


def _coin(book: AddressBook, coin: Coin) -> Contract:
    return Contract(book.dao.chain, str(coin.address), ERC20)


class SetGuardian(Action):
    """Names who may cancel a passed proposal, and until when."""

    verb = "set guardian"
    about = Label("Name the guardian")
    example = 'to = "#3"\nuntil = 2027-03-31'

    to: Annotated[str, Whom(also="nobody"), Label("Who; nobody: no guardian")]
    until: Annotated[int, Day(), Label("End of the term, at most a year ahead")] = 0

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        nobody = self.to == "nobody"
        if bool(self.until) == nobody:
            wrong = (
                ValueProblemError("term.of-nobody", N_("cannot be there: nobody has no term"))
                if self.until
                else ValueProblemError("term.missing", N_("is missing: a guardian has a term"))
            )
            raise FieldError("until", wrong)
        to = ZERO_ADDRESS if nobody else resolve(book.address, "to", self.to)
        return [step(book.dao.treasury, "setGuardian", to, self.until)]

    @override
    def words(self, book: AddressBook) -> str:
        if self.to == "nobody":
            return _("have no guardian")
        who, until = book.show(book.address(self.to)), format_time(self.until, 0)
        return _("make {who} guardian until {until}", who=who, until=until)

    @classmethod
    @override
    def read(cls, found: TreasuryCall, book: AddressBook) -> Self | None:
        args = arguments(found, book.dao.treasury, "setGuardian")
        if args is None:
            return None
        nobody = args[0] == ZERO_ADDRESS
        return cls(to="nobody" if nobody else book.reference(args[0]), until=args[1])


class SetGovernor(Action):
    """Asks for another Governor, which can be installed 45 days later."""

    verb = "set governor"
    about = Label("Hand the treasury to another governor, 45 days later")
    example = 'to = "0x…"'

    to: Annotated[str, Whom(), Label("The new Governor")]

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        return [step(book.dao.treasury, "setGovernor", resolve(book.address, "to", self.to))]

    @override
    def words(self, book: AddressBook) -> str:
        to = book.show(book.address(self.to))
        return _("hand everything to the governor {to}, 45 days later", to=to)

    @classmethod
    @override
    def read(cls, found: TreasuryCall, book: AddressBook) -> Self | None:
        args = arguments(found, book.dao.treasury, "setGovernor")
        return cls(to=book.reference(args[0])) if args else None


class WithdrawGovernor(Action):
    """Takes back a next Governor that waits."""

    verb = "withdraw governor"
    about = Label("Take back the next governor")
    example = ""

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        return [step(book.dao.treasury, "withdrawGovernor")]

    @override
    def words(self, book: AddressBook) -> str:
        return _("keep the governor of today: take back the next one")

    @classmethod
    @override
    def read(cls, found: TreasuryCall, book: AddressBook) -> Self | None:
        args = arguments(found, book.dao.treasury, "withdrawGovernor")
        return None if args is None else cls()


class ReplaceGovernor(Action):
    """Makes a new Governor with the settings in force, and asks for it."""

    verb = "replace governor"
    about = Label("Make a new governor with the settings of today, and hand the treasury to it")
    example = ""

    implementation: Annotated[
        str, Whom(), Label("The code that it is a clone of; this kit's if it is left out")
    ] = ""

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        dao, factory = book.dao, book.factory_contract
        code = self._code(book)
        base = book.ask(dao.membership, "voiceParams")["base"]
        args = governor_args(dao.membership_address, base, dao.treasury_address)
        salt, governor = self._free(factory, code, args, dao.treasury_address)
        settings, __ = book.ask(dao.governor, "settings")
        made = Contract(dao.chain, governor, dao.governor.interface)
        return [
            step(factory, "cloneModule", code, args, salt),
            step(made, "initialize", settings),
            step(dao.treasury, "setGovernor", governor),
        ]

    @override
    def words(self, book: AddressBook) -> str:
        code = book.show(self._code(book))
        return _("make a new governor of the code {code}, and ask for it", code=code)

    def _code(self, book: AddressBook) -> str:
        if not self.implementation:
            return implementation("DAOGovernor", book.dao.contracts)
        return resolve(book.address, "implementation", self.implementation)

    @staticmethod
    def _free(factory: Contract, code: str, args: bytes, treasury: str) -> tuple[bytes, str]:
        """The first salt that is not taken, and where the clone will be. Raises FieldError."""
        for number in range(_SALTS):
            salt = number.to_bytes(32)
            with suppress(ContractRevertedError):
                return salt, factory.call("cloneModule", code, args, salt, sender=treasury)
        unfit = ValueProblemError("governor.not-cloned", N_("must be the code of a governor"))
        raise FieldError("implementation", unfit)


ACTIONS: tuple[type[Action], ...] = (
    Pay,
    SetGuardian,
    SetGovernor,
    WithdrawGovernor,
    ReplaceGovernor,
)
