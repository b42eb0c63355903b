"""Amounts that may be off by what rounding and the exponential allow."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from mikoshi.testing.model.numbers import BPS, Formula


@dataclass(frozen=True, slots=True)
class Near:
    """An amount, how far from it another may be, and what that must never be above."""

    exact: Decimal
    slack: Decimal
    limit: int | None = None

    def __eq__(self, other: object) -> bool:
        if isinstance(other, int):
            near = abs(other - self.exact) <= self.slack
            return near and (self.limit is None or other <= self.limit)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.exact)


@lru_cache(maxsize=65_536)
def near_voice(formula: Formula, members: int, units: int, time: int) -> Near:
    """The voice of so many members and units; never above `most` voices of a newcomer each."""
    exact, slack = formula.voice(members, units, time), formula.slack(members, units, time)
    return Near(exact, slack, formula.base * formula.most * members // BPS)
