"""What the Treasury does itself: paying, roles, offices, the Governor."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Self

from eth_utils.crypto import keccak
from typing_extensions import override

from mikoshi.config.kinds import Kind, Label, unfit
from mikoshi.contract import Contract
from mikoshi.language import listed, pick
from mikoshi.people import ZERO_ADDRESS
from mikoshi.proposals.action import (
    TO,
    Action,
    FieldError,
    ListOf,
    Money,
    Step,
    Whom,
    arguments,
    resolve,
    step,
)
from mikoshi.proposals.book import ERC20, ETH, Book, Coin
from mikoshi.replay.treasury import ROLES, role_name
from mikoshi.units import format_time

_HOLDER = Label("Who holds it", "持つ人・部品")


@dataclass(frozen=True)
class Role(Kind):
    """`MINTER`, any other role in capitals, or its hash."""

    @override
    def read(self, value: Any) -> str:
        if isinstance(value, str) and value in (*ROLES.values(), *_hashes(value)):
            return value
        raise unfit(
            f"must be {' or '.join(ROLES.values())}, or the hash of another role",
            f"は {'・'.join(ROLES.values())} か、ほかの権限のハッシュにしてください",
            value,
        )


def _hashes(text: str) -> tuple[str, ...]:
    with suppress(ValueError):
        if text.startswith("0x") and len(bytes.fromhex(text[2:])) == 32:
            return (text,)
    return ()


def _role(text: str) -> bytes:
    return bytes.fromhex(text[2:]) if text.startswith("0x") else keccak(text=text)


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
        raise unfit(
            "must be a date such as 2027-03-31",
            "は 2027-03-31 のような日付にしてください",
            value,
        )


class Pay(Action):
    """Pays out of the Treasury."""

    verb = "pay"
    about = Label("Pay from the treasury", "トレジャリーから支払う")
    example = 'to = "#7"\namount = "0.5 ETH"'

    to: Annotated[str, Whom(), TO]
    amount: Annotated[str, Money(), Label("Amount with its unit", "金額と単位")]
    coin: Annotated[
        str, Whom(), Label("The coin's address, if it is not under [coins]", "コインのアドレス")
    ] = ""

    @override
    def steps(self, book: Book) -> list[Step]:
        to = resolve(book.address, "to", self.to)
        coin, raw = self.money(book)
        if coin.address is None:
            return [Step(to, raw, b"")]
        return [step(_coin(book, coin), "transfer", to, raw)]

    @override
    def words(self, book: Book) -> str:
        who, (coin, raw) = book.show(book.address(self.to)), self.money(book)
        foreign = coin.address not in (None, book.dao.token_address)
        # Anybody can call a coin USDC.
        amount = coin.show(raw) + (f" ({coin.address})" if foreign else "")
        return pick(f"pay {who} {amount}", f"{who} に {amount} を支払う")

    @classmethod
    @override
    def read(cls, found: Step, book: Book) -> Self | None:
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

    def money(self, book: Book) -> tuple[Coin, int]:
        """The coin, and its smallest units. Raises FieldError."""
        if not self.coin:
            return resolve(book.money, "amount", self.amount)
        coin = book.coin(resolve(book.address, "coin", self.coin))
        if coin is None:
            raise FieldError(
                "coin",
                pick(f"must be a coin, got {self.coin}", f"はコインにしてください({self.coin})"),
            )
        return coin, resolve(lambda text: book.amount_of(coin, text), "amount", self.amount)


def _coin(book: Book, coin: Coin) -> Contract:
    return Contract(book.dao.chain, str(coin.address), ERC20)


class GrantRole(Action):
    """Gives an address a role of the Treasury's book."""

    verb = "grant role"
    about = Label("Give a role", "権限を与える")
    example = 'role = "MINTER"\nto = "0x…"'

    role: Annotated[str, Role(), Label("Name of the role", "権限の名前")]
    to: Annotated[str, Whom(), _HOLDER]

    @override
    def steps(self, book: Book) -> list[Step]:
        to = resolve(book.address, "to", self.to)
        return [step(book.dao.treasury, "grantRole", _role(self.role), to)]

    @override
    def words(self, book: Book) -> str:
        who = book.show(book.address(self.to))
        return pick(f"give {who} the role {self.role}", f"{who} に権限 {self.role} を与える")

    @classmethod
    @override
    def read(cls, found: Step, book: Book) -> Self | None:
        args = arguments(found, book.dao.treasury, "grantRole")
        return cls(role=_name(args[0]), to=book.reference(args[1])) if args else None


class RevokeRole(Action):
    """Takes a role away."""

    verb = "revoke role"
    about = Label("Take a role away", "権限を取り上げる")
    example = 'role = "MINTER"\nholder = "0x…"'

    role: Annotated[str, Role(), Label("Name of the role", "権限の名前")]
    holder: Annotated[str, Whom(), _HOLDER]

    @override
    def steps(self, book: Book) -> list[Step]:
        holder = resolve(book.address, "holder", self.holder)
        return [step(book.dao.treasury, "revokeRole", _role(self.role), holder)]

    @override
    def words(self, book: Book) -> str:
        who = book.show(book.address(self.holder))
        return pick(
            f"take the role {self.role} from {who}", f"{who} から権限 {self.role} を取り上げる"
        )

    @classmethod
    @override
    def read(cls, found: Step, book: Book) -> Self | None:
        args = arguments(found, book.dao.treasury, "revokeRole")
        return cls(role=_name(args[0]), holder=book.reference(args[1])) if args else None


def _name(role: bytes) -> str:
    name = role_name(role)
    return name if name in ROLES.values() else f"0x{role.hex()}"


class AttachModule(Action):
    """Gives a module of the DAO the roles that it works with."""

    verb = "attach module"
    about = Label("Attach a module: give it its roles", "モジュールをつなぐ(権限を与える)")
    example = 'module = "0x…"\nroles = ["REWARDER", "MINTER"]'

    module: Annotated[str, Whom(), Label("The module's address", "モジュールのアドレス")]
    roles: Annotated[list[str], ListOf(Role()), Label("Its roles", "与える権限")]

    @override
    def steps(self, book: Book) -> list[Step]:
        module = resolve(book.address, "module", self.module)
        treasury = book.dao.treasury
        return [step(treasury, "grantRole", _role(role), module) for role in self.roles]

    @override
    def words(self, book: Book) -> str:
        module, roles = book.show(book.address(self.module)), listed(self.roles)
        return pick(
            f"attach the module {module} with: {roles}",
            f"モジュール {module} をつなぐ(権限: {roles})",
        )


class SetGuardian(Action):
    """Names who may cancel a passed proposal, and until when."""

    verb = "set guardian"
    about = Label("Name the guardian", "ガーディアンを決める")
    example = 'to = "#3"\nuntil = 2027-03-31'

    to: Annotated[str, Whom(), Label("Who; nobody: no guardian", "だれ(nobody: 置かない)")]
    until: Annotated[int, Day(), Label("End of the term, at most a year ahead", "任期の終わり")] = 0

    @override
    def steps(self, book: Book) -> list[Step]:
        to = ZERO_ADDRESS if self.to == "nobody" else resolve(book.address, "to", self.to)
        return [step(book.dao.treasury, "setGuardian", to, self.until)]

    @override
    def words(self, book: Book) -> str:
        if self.to == "nobody":
            return pick("have no guardian", "ガーディアンを置かない")
        who, until = book.show(book.address(self.to)), format_time(self.until, 0)
        return pick(
            f"make {who} guardian until {until}", f"{who} を {until} までガーディアンにする"
        )

    @classmethod
    @override
    def read(cls, found: Step, book: Book) -> Self | None:
        args = arguments(found, book.dao.treasury, "setGuardian")
        if args is None:
            return None
        nobody = args[0] == ZERO_ADDRESS
        return cls(to="nobody" if nobody else book.reference(args[0]), until=args[1])


class SetGovernor(Action):
    """Hands the Treasury to another Governor."""

    verb = "set governor"
    about = Label("Hand the treasury to another governor", "トレジャリーを別のガバナーに渡す")
    example = 'to = "0x…"'

    to: Annotated[str, Whom(), Label("The new Governor", "新しいガバナー")]

    @override
    def steps(self, book: Book) -> list[Step]:
        return [step(book.dao.treasury, "setGovernor", resolve(book.address, "to", self.to))]

    @override
    def words(self, book: Book) -> str:
        to = book.show(book.address(self.to))
        return pick(f"hand everything to the governor {to}", f"すべての権限をガバナー {to} に渡す")

    @classmethod
    @override
    def read(cls, found: Step, book: Book) -> Self | None:
        args = arguments(found, book.dao.treasury, "setGovernor")
        return cls(to=book.reference(args[0])) if args else None


ACTIONS: tuple[type[Action], ...] = (
    Pay,
    GrantRole,
    RevokeRole,
    AttachModule,
    SetGuardian,
    SetGovernor,
)
