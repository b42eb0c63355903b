"""Numbers in dao.toml, each with its unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from typing_extensions import override

from mikoshi.config.kinds import Kind, Range, ValueProblemError, outside, parsed, written
from mikoshi.text import units
from mikoshi.text.clock import parse_duration
from mikoshi.text.language import N_, typed
from mikoshi.text.units import Amount, UnitError


@dataclass(frozen=True)
class Duration(Range):
    """Seconds, in whole `step`s; written as `"5 days"`."""

    low: int
    high: int
    step: int = 1

    @override
    def read(self, value: Any) -> int:
        seconds = self.within(parsed(parse_duration, value))
        if seconds % self.step:
            raise ValueProblemError(
                "duration.not-a-multiple",
                N_("must be a multiple of {step}, got {got}"),
                step=self.show(self.step),
                got=written(value),
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
        return self.within(parsed(units.parse_percent, value))

    @override
    def show(self, value: int) -> str:
        return units.format_percent(value)

    @override
    def literal(self, value: int) -> str:
        return super().literal(value).replace(" ", "")


@dataclass(frozen=True)
class Number(Range):
    """A number with up to `decimals` decimals, kept as a whole number of its smallest part.

    Written as `0.1`; where there is a `unit`, also as `"1,000 points"`: a text needs it.
    """

    low: int
    high: int
    decimals: int = 0
    unit: str = ""

    @override
    def read(self, value: Any) -> int:
        number = self._number(value)
        if number is None:
            low, high = self.ends()
            raise ValueProblemError(
                "number.not-a-number",
                N_("must be a number, {low} … {high}, got {got}"),
                low=low,
                high=high,
                got=written(value),
            )
        whole = units.scaled(number, self.decimals)
        if whole is None:
            raise self._too_fine(value)
        return self.within(whole)

    def _too_fine(self, value: Any) -> ValueProblemError:
        if not self.decimals:
            return ValueProblemError(
                "number.not-whole", N_("must be a whole number, got {got}"), got=written(value)
            )
        return ValueProblemError(
            "number.too-many-decimals",
            N_("must have at most {decimals} decimals, got {got}"),
            decimals=self.decimals,
            got=written(value),
        )

    def _number(self, value: Any) -> Decimal | None:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return Decimal(value) if Decimal(value).is_finite() else None
        if not isinstance(value, str):
            return None
        text, there = self._without_unit(units.normalize(value))
        try:
            number = units.parse_number(text)
        except UnitError:
            return None
        if not there:
            raise without_unit(self.unit, value)
        return number

    def _without_unit(self, text: str) -> tuple[str, bool]:
        """A text without its unit, in any language, and whether it has what it needs of one."""
        if not self.unit:
            return text, True
        words = typed(N_("points point")) if self.unit == "points" else {self.unit}
        found = (each for each in words if text.lower().endswith(each))
        word = max(found, key=len, default="")
        return text[: len(text) - len(word)], bool(word)

    @override
    def ends(self) -> tuple[str, str]:
        return units.format_amount(self.low, "", self.decimals).strip(), self.show(self.high)

    @override
    def show(self, value: int) -> str:
        return units.format_amount(value, self.unit, self.decimals).strip()

    @override
    def literal(self, value: int) -> str:
        return super().literal(value) if self.unit else self.show(value).replace(",", "")


def without_unit(unit: str, value: object) -> ValueProblemError:
    """The complaint about a number that could be one of anything."""
    return ValueProblemError(
        "number.without-unit",
        N_('must have its unit, such as "100 {unit}", got {got}'),
        unit=unit,
        got=written(value),
    )


@dataclass(frozen=True)
class ChainId(Kind):
    """The number of a chain."""

    @override
    def read(self, value: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53:
            return value
        raise ValueProblemError(
            "chain.not-a-number",
            N_("must be the number of a chain, such as 11155111 for Sepolia, got {got}"),
            got=written(value),
        )

    @override
    def literal(self, value: int) -> str:
        return str(value)


@dataclass(frozen=True)
class Tokens(Kind):
    """An amount of the contribution token, `"1,000 PMC"`; that it is its unit is checked later."""

    high: int = 2**96 - 1

    @override
    def read(self, value: Any) -> Amount:
        amount = self._amount(value) if isinstance(value, str) else None
        if amount is None:
            raise ValueProblemError(
                "tokens.not-an-amount",
                N_('must be an amount with the token\'s symbol, such as "1,000 PMC", got {got}'),
                got=written(value),
            )
        if amount.raw > self.high:
            raise outside("0", self.show(Amount(self.high, amount.unit)), self.show(amount))
        return amount

    def _amount(self, text: str) -> Amount | None:
        number, _, unit = units.normalize(text).partition(" ")
        try:
            raw = units.scaled(units.parse_number(number), 18)
        except UnitError:
            return None
        return Amount(raw, unit.strip()) if unit and raw is not None else None

    @override
    def show(self, value: Amount) -> str:
        return units.format_amount(value.raw, value.unit)
