"""The voice formula in exact arithmetic, written from DESIGN.md: 90 digits and integers.

Units: 1 voice = 1e9, 1 point of merit = 1e18, k in WAD, times in Unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal, localcontext
from functools import lru_cache
from math import isqrt

PRECISE = Context(prec=90, rounding=ROUND_FLOOR)
"""Significant digits: of the largest amounts, 58 digits long, 32 are behind the point."""

WAD = 10**18
MAX_EXPONENT = 100
RAW_MAX = 2**192 - 1
_LN_2 = Decimal(2).ln(PRECISE)
RELATIVE_ERROR = Decimal("1e-12")
"""Allowed in 2^x, by the design."""


@lru_cache(maxsize=65_536)
def root_down(raw: int) -> int:
    """⌊√raw⌋: the units of one member."""
    return isqrt(raw)


@lru_cache(maxsize=65_536)
def _power_of_two(numerator: int, denominator: int) -> Decimal:
    halvings, rest = divmod(numerator, denominator)
    if rest == 0 or halvings >= MAX_EXPONENT:
        return Decimal(2 ** min(halvings, MAX_EXPONENT))
    with localcontext(PRECISE):
        return (Decimal(numerator) / denominator * _LN_2).exp()


@lru_cache(maxsize=65_536)
def _root_of(power: Decimal) -> Decimal:
    with localcontext(PRECISE):
        return power.sqrt()


@dataclass(frozen=True, slots=True)
class Formula:
    """base + k · √merit, where merit halves every `half_life` seconds, counted from `t0`."""

    t0: int
    half_life: int
    base: int
    k: int

    def growth(self, time: int) -> Decimal:
        """2^x with x = min((time − t0) / half_life, 100), and 1 before t0."""
        return _power_of_two(max(0, time - self.t0), self.half_life)

    def inflate_down(self, points: int, time: int) -> int:
        """What a credit of `points` at `time` adds to raw merit."""
        with localcontext(PRECISE):
            return int(points * self.growth(time))

    def merit(self, raw: int, time: int) -> Decimal:
        """Decayed merit, exact."""
        with localcontext(PRECISE):
            return raw / self.growth(time)

    def earned(self, units: int, time: int) -> Decimal:
        """The voice of `units` of merit at `time`, exact."""
        with localcontext(PRECISE):
            return Decimal(self.k * units) / WAD / _root_of(self.growth(time))

    def voice(self, members: int, units: int, time: int) -> Decimal:
        """The voice of `members` with `units` of merit together at `time`, exact."""
        with localcontext(PRECISE):
            return self.base * members + self.earned(units, time)

    def voice_down(self, members: int, units: int, time: int) -> int:
        """The same, rounded down once."""
        return int(self.voice(members, units, time))

    def slack(self, members: int, units: int, time: int) -> Decimal:
        """How far a voice may be off: the error in 2^x, a unit per root, one at reading."""
        with localcontext(PRECISE):
            return (
                self.earned(units, time) * RELATIVE_ERROR
                + self.earned(members if units else 0, time)
                + 1
            )
