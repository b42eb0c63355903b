"""What a contract should answer, as its events tell it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mikoshi.check import words
from mikoshi.check.parameters import settings_words
from mikoshi.text.errors import Line
from mikoshi.text.language import listed

_EPOCHS = 2**16
"""No epoch and no version has a larger number, and every moment has."""


@dataclass(frozen=True)
class Expectation:
    """What a contract should answer. `tolerance` is for what is computed in decimals."""

    contract: str
    what: Line
    function: str
    args: tuple[Any, ...]
    value: Any
    tolerance: int = 0
    read: Callable[[Any], Any] | None = None
    show: words.Show | None = None

    def fits(self, answer: Any) -> bool:
        """Whether an answer is as expected."""
        if self.tolerance and isinstance(answer, int):
            return abs(answer - int(self.value)) <= self.tolerance
        return bool(answer == self.value)


def waiting_of(part: str, symbol: str) -> words.Show:
    """How settings that were asked for last are put into words; two numbers say from when on."""

    def show(found: Any) -> str:
        asked, *when = found
        said = settings_words(part, asked, symbol) if asked else words.moment(0)
        return listed(
            [said, *(f"{each:,}" if each < _EPOCHS else words.moment(each) for each in when)]
        )

    return show


def settings_of(part: str, symbol: str) -> words.Show:
    """How settings of a part are put into words; `symbol` is the token's."""
    return lambda found: settings_words(part, found, symbol)
