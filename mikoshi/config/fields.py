"""The kinds of values in dao.toml: how each is read, what its limits are, how it is shown.

A kind stands in the annotation of a setting: `Annotated[int, Duration(DAY, 14 * DAY)]`. Reading
turns what was written into the units of the contracts, or into one sentence that names the limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import PydanticCustomError, core_schema
from typing_extensions import override

from mikoshi import units
from mikoshi.language import pick
from mikoshi.people import WalletError, parse_wallet
from mikoshi.units import Amount, UnitError


@dataclass(frozen=True, slots=True)
class Label:
    """What a setting is called, what it does, and why it has limits, in both languages."""

    en: str
    ja: str
    why_en: str = ""
    why_ja: str = ""

    @property
    def text(self) -> str:
        """The name, in the language spoken now."""
        return pick(self.en, self.ja)

    @property
    def why(self) -> str:
        """The reason for the limits; empty if it goes without saying."""
        return pick(self.why_en, self.why_ja)


class ValueProblemError(ValueError):
    """Thrown when a value cannot be taken; the text follows the name of the setting."""


class Kind:
    """How one kind of value is read, shown and written."""

    def read(self, value: Any) -> Any:
        """The value in the units of the contracts. Raises ValueProblemError."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """The value in words."""
        return str(value)

    def limits(self) -> str:
        """The limits in words; empty if there are none."""
        return ""

    def __get_pydantic_core_schema__(
        self, _source: object, _handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self._validate)

    def _validate(self, value: Any) -> Any:
        try:
            return self.read(value)
        except ValueProblemError as error:
            raise PydanticCustomError("mikoshi", "{text}", {"text": str(error)}) from error


class Range(Kind):
    """A number between two limits, in the units of the contracts."""

    low: int
    high: int

    @override
    def limits(self) -> str:
        """For example `5 % … 60 %`."""
        return f"{self.show(self.low)} … {self.show(self.high)}"

    def within(self, number: int) -> int:
        """`number`, if it lies between the limits. Raises ValueProblemError."""
        if self.low <= number <= self.high:
            return number
        raise outside(self.limits(), self.show(number))


def outside(limits: str, got: str) -> ValueProblemError:
    """The complaint about a value beyond its limits."""
    return ValueProblemError(
        pick(f"must be {limits}, got {got}", f"は {limits} の範囲で指定してください(今の値: {got})")
    )


def _got(value: Any) -> str:
    shown = f'"{value}"' if isinstance(value, str) else str(value)
    return pick(f", got {shown}", f"(今の値: {shown})")


def _parsed(parse: Callable[[str], int], value: Any, example: str) -> int:
    if not isinstance(value, str):
        raise ValueProblemError(
            pick(
                f'must be written with its unit, such as "{example}"',
                f'は単位を付けて "{example}" のように書いてください',
            )
            + _got(value)
        )
    try:
        return parse(value)
    except UnitError as error:
        raise ValueProblemError(f"{error}{_got(value)}") from error


@dataclass(frozen=True)
class Duration(Range):
    """Seconds, in whole `step`s; written as `"5 days"`."""

    low: int
    high: int
    step: int = 1

    @override
    def read(self, value: Any) -> int:
        seconds = self.within(_parsed(units.parse_duration, value, self.show(self.low)))
        if seconds % self.step:
            step = self.show(self.step)
            raise ValueProblemError(
                pick(f"must be a multiple of {step}", f"は {step} の倍数にしてください")
                + _got(value)
            )
        return seconds

    @override
    def show(self, value: int) -> str:
        return units.format_duration(value)


@dataclass(frozen=True)
class Percent(Range):
    """Basis points; written as `"10%"`."""

    low: int
    high: int

    @override
    def read(self, value: Any) -> int:
        return self.within(_parsed(units.parse_percent, value, "10%"))

    @override
    def show(self, value: int) -> str:
        return units.format_percent(value)


@dataclass(frozen=True)
class Number(Range):
    """A number with up to `decimals` decimals, kept as a whole number of its smallest part."""

    low: int
    high: int
    decimals: int = 0
    unit: str = ""

    @override
    def read(self, value: Any) -> int:
        unit = self.unit or "-"
        try:
            if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
                raise UnitError
            if isinstance(value, str) and value.strip().endswith(tuple("0123456789")):
                value = Decimal(units.normalize(value).replace(",", ""))
            text = value if isinstance(value, str) else f"{value:f} {unit}"
            return self.within(units.parse_amount(text, {unit: self.decimals}).raw)
        except (UnitError, InvalidOperation) as error:
            limits = self.limits()
            raise ValueProblemError(
                pick(f"must be a number, {limits}", f"は {limits} の数で指定してください")
                + _got(value)
            ) from error

    @override
    def show(self, value: int) -> str:
        return units.format_amount(value, self.unit, self.decimals).strip()


@dataclass(frozen=True)
class Tokens(Kind):
    """An amount of the contribution token, `"1,000 PMC"`; that it is its unit is checked later."""

    high: int = 2**96 - 1

    @override
    def read(self, value: Any) -> Amount:
        text = value if isinstance(value, str) else ""
        unit = text.split()[-1] if len(text.split()) > 1 else ""
        if not unit:
            raise ValueProblemError(
                pick(
                    'must be an amount with the token\'s symbol, such as "1,000 PMC"',
                    'はトークンの記号を付けて "1,000 PMC" のように書いてください',
                )
                + _got(value)
            )
        try:
            amount = units.parse_amount(text, {unit: 18})
        except UnitError as error:
            raise ValueProblemError(f"{error}{_got(value)}") from error
        if amount.raw > self.high:
            raise outside(f"0 … {self.show(Amount(self.high, unit))}", self.show(amount))
        return amount

    @override
    def show(self, value: Amount) -> str:
        return units.format_amount(value.raw, value.unit)


@dataclass(frozen=True)
class Text(Kind):
    """A text of `low` to `high` bytes of UTF-8 without control characters."""

    low: int
    high: int

    @override
    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValueProblemError(
                pick("must be a text in quotes", 'は "…" で囲んだ文字にしてください') + _got(value)
            )
        if any(ord(character) < 32 or ord(character) == 127 for character in value):
            raise ValueProblemError(
                pick("must be one line without control characters", "は改行のない1行にしてください")
            )
        length = len(value.encode())
        if not self.low <= length <= self.high:
            raise outside(self.limits(), pick(f"{length} bytes", f"{length}バイト"))
        return value

    @override
    def limits(self) -> str:
        return pick(
            f"{self.low} … {self.high} bytes (a Japanese character takes 3)",
            f"{self.low} … {self.high}バイト(日本語は1文字3バイト)",
        )


@dataclass(frozen=True)
class Slug(Kind):
    """A short name for files and addresses: small letters, digits and hyphens."""

    @override
    def read(self, value: Any) -> str:
        if isinstance(value, str) and re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", value):
            return value
        raise ValueProblemError(
            pick(
                "must be 1 to 40 small letters, digits or hyphens",
                "は英小文字・数字・ハイフンで1〜40文字にしてください",
            )
            + _got(value)
        )


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words."""

    options: tuple[str, ...]

    @override
    def read(self, value: Any) -> str:
        if value in self.options:
            return str(value)
        options = pick(" or ", " か ").join(f'"{option}"' for option in self.options)
        raise ValueProblemError(
            pick(f"must be {options}", f"は {options} のどちらかにしてください") + _got(value)
        )

    @override
    def limits(self) -> str:
        return " | ".join(self.options)


@dataclass(frozen=True)
class Switch(Kind):
    """true or false."""

    @override
    def read(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        raise ValueProblemError(
            pick("must be true or false", "は true か false にしてください") + _got(value)
        )

    @override
    def show(self, value: bool) -> str:
        return pick("yes" if value else "no", "はい" if value else "いいえ")


@dataclass(frozen=True)
class Wallet(Kind):
    """The address of a wallet."""

    @override
    def read(self, value: Any) -> str:
        try:
            return parse_wallet(value if isinstance(value, str) else "")
        except WalletError as error:
            raise ValueProblemError(f"{error}{_got(value)}") from error


@dataclass(frozen=True)
class Hash(Kind):
    """32 bytes, not all zero, in hexadecimal."""

    @override
    def read(self, value: Any) -> bytes:
        if isinstance(value, str) and re.fullmatch(r"0x[0-9a-fA-F]{64}", value):
            digest = bytes.fromhex(value[2:])
            if any(digest):
                return digest
        raise ValueProblemError(
            pick(
                "must be a hash: 0x and 64 hexadecimal digits, not all zero",
                "はハッシュ(0x と16進数64桁、ゼロ以外)にしてください",
            )
            + _got(value)
        )

    @override
    def show(self, value: bytes) -> str:
        return f"0x{value.hex()}"
