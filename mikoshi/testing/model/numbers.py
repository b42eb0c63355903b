"""The voice formula in exact arithmetic, written from DESIGN.md: 90 digits and integers.

Units: 1 voice = 1e9, 1 point of merit = 1e18, k in WAD, `most` in bps of base, Unix seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from math import isqrt

PRECISE = Context(prec=90, rounding=ROUND_FLOOR)
"""Significant digits: of the largest amounts, 58 digits long, 32 are behind the point."""

WAD = 10**18
BPS = 10_000
MILLI = WAD // 1_000
MAX_EXPONENT = 100
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


@lru_cache(maxsize=1_024)
def steepness(base: int, most: int, full: int) -> int:
    """k, rounded down: base · (most − 1) over the root, rounded up, of `full` points. WAD."""
    points = full * WAD
    root = isqrt(points - 1) + 1
    return int(Fraction(base * (most - BPS) * WAD, BPS * root))


@dataclass(frozen=True, slots=True)
class Formula:
    """base + k · √merit, where merit halves every `half_life` seconds, counted from `t0`.

    Merit ends at `full` points, where the voice is `most` bps of base.
    """

    t0: int
    half_life: int
    base: int
    most: int
    full: int

    @classmethod
    def of(cls, voice: Mapping[str, int]) -> Formula:
        """That of a DAO founded with this voice (`IDAOFactory.VoiceSpec`)."""
        return cls(voice["t0"], voice["halfLife"], voice["base"], voice["most"], voice["full"])

    @property
    def k(self) -> int:
        """Voice per root of a point of merit, WAD."""
        return steepness(self.base, self.most, self.full)

    def growth(self, time: int) -> Decimal:
        """2^x with x = min((time − t0) / half_life, 100), and 1 before t0."""
        return _power_of_two(max(0, time - self.t0), self.half_life)

    def inflate_down(self, points: int, time: int) -> int:
        """What a credit of `points` at `time` adds to raw merit."""
        with localcontext(PRECISE):
            return int(points * self.growth(time))

    def credited(self, raw: int, points: int, time: int) -> tuple[int, int, bool]:
        """What a credit of `points` gives to whoever has `raw`: thousandths, raw, whether cut.

        Nothing rises above `full`; what is cut counts as what was raised, rounded up.
        """
        ceiling = self.inflate_down(self.full * WAD, time)
        wanted = raw + self.inflate_down(points, time)
        if wanted <= ceiling:
            return points // MILLI, wanted, False
        if raw >= ceiling:
            return 0, raw, True
        with localcontext(PRECISE):
            raised = (ceiling - raw) / self.growth(time) / MILLI
            given = int(raised.to_integral_value(ROUND_CEILING))
        return min(points // MILLI, given), ceiling, True

    def merit(self, raw: int, time: int) -> Decimal:
        """Decayed merit, exact."""
        with localcontext(PRECISE):
            return raw / self.growth(time)

    def earned(self, units: int, time: int) -> Decimal:
        """The voice of `units` of merit at `time`, exact."""
        if not units:
            return Decimal(0)
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
