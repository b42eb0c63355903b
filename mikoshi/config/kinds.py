"""What every kind of value in dao.toml has: a reading, limits, words, and a way to be written.

A kind stands in the annotation of a setting: `Annotated[int, Duration(DAY, 14 * DAY)]`. Reading
turns what was written into the units of the contracts, or into one sentence that names the limit.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import PydanticCustomError, core_schema
from typing_extensions import override

from mikoshi.text.language import _, pick
from mikoshi.text.people import WalletError
from mikoshi.text.units import UnitError


@dataclass(frozen=True, slots=True)
class Label:
    """What a setting is called, and why it has limits, in both languages."""

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

    def literal(self, value: Any) -> str:
        """The value as dao.toml has it."""
        # A JSON text is a TOML text.
        return json.dumps(self.show(value), ensure_ascii=False)

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
    return ValueProblemError(_("must be {limits}, got {got}", limits=limits, got=got))


def unfit(english: str, japanese: str, value: object) -> ValueProblemError:
    """The complaint about a value of another kind."""
    quoted = isinstance(value, str | bool)
    got = json.dumps(value, ensure_ascii=False) if quoted else str(value)
    return ValueProblemError(_("{english}, got {got}", english=english, got=got, japanese=japanese))


def parsed(parse: Callable[[str], Any], value: Any) -> Any:
    """What a parser of `mikoshi.text.units` or `mikoshi.text.people` makes of it."""
    try:
        return parse(value if isinstance(value, str) else "")
    except (UnitError, WalletError) as error:
        raise unfit(str(error), str(error), value) from error
