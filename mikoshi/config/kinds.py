"""What every kind of value in dao.toml has: a reading, limits, words, and a way to be written.

A kind stands in the annotation of a setting: `Annotated[int, Duration(DAY, 14 * DAY)]`. Reading
turns what was written into the units of the contracts, or into one sentence that names the limit.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import PydanticCustomError, core_schema
from typing_extensions import override

from mikoshi.text.errors import ProblemError
from mikoshi.text.language import N_, _
from mikoshi.text.people import WalletError, quoted
from mikoshi.text.units import UnitError


@dataclass(frozen=True, slots=True)
class Label:
    """What a setting is called, and why it has limits: texts of the catalogs."""

    name: str
    reason: str = ""

    @property
    def text(self) -> str:
        """The name, in the language spoken now."""
        return _(self.name)

    @property
    def why(self) -> str:
        """The reason for the limits; empty if it goes without saying."""
        return _(self.reason) if self.reason else ""


class ValueProblemError(ProblemError):
    """Thrown when a value cannot be taken; the words follow the name of the setting."""


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
            raise PydanticCustomError("mikoshi", "{problem}", {"problem": error}) from error


class Range(Kind):
    """A number between two limits, in the units of the contracts."""

    low: int
    high: int

    def ends(self) -> tuple[str, str]:
        """Both limits in words."""
        return self.show(self.low), self.show(self.high)

    @override
    def limits(self) -> str:
        """For example `5 % … 60 %`."""
        return " … ".join(self.ends())

    def within(self, number: int) -> int:
        """`number`, if it lies between the limits. Raises ValueProblemError."""
        if self.low <= number <= self.high:
            return number
        raise outside(*self.ends(), self.show(number))


def outside(low: str, high: str, got: str) -> ValueProblemError:
    """The complaint about a value beyond its limits."""
    return ValueProblemError(
        "value.outside", N_("must be {low} … {high}, got {got}"), low=low, high=high, got=got
    )


def written(value: object) -> str:
    """A value as a file has it, to be quoted in a complaint: in short, and no private key."""
    if isinstance(value, str):
        return json.dumps(quoted(value), ensure_ascii=False)
    return json.dumps(value) if isinstance(value, bool) else quoted(str(value))


def parsed(parse: Callable[[str], Any], value: Any) -> Any:
    """What a parser of `mikoshi.text.units` or `mikoshi.text.people` makes of it."""
    try:
        return parse(value if isinstance(value, str) else "")
    except (UnitError, WalletError) as error:
        raise ValueProblemError(
            "value.misread", N_("{problem}, got {got}"), problem=error, got=written(value)
        ) from error


class Setting(NamedTuple):
    """A line of a table: its name, how it is read and shown, what it is called, its default."""

    name: str
    kind: Kind
    label: Label
    default: Any


class Section(BaseModel):
    """A table; `about` says what it is for. A name that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: ClassVar[Label]

    @classmethod
    def settings(cls) -> list[Setting]:
        """Its settings in order; lists of tables are not among them."""
        settings = []
        for name, info in cls.model_fields.items():
            kinds = [item for item in info.metadata if isinstance(item, Kind)]
            labels = [item for item in info.metadata if isinstance(item, Label)]
            if kinds and labels:
                default = None if info.is_required() else info.default
                settings.append(Setting(name, kinds[0], labels[0], default))
        return settings
