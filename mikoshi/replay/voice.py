"""The voice formula in exact decimals, and what delegates and the DAO spoke for at past moments.

Written from the formula alone: voice = base · members + k · Σ√merit, merit halving every half-life.
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Context, Decimal
from functools import lru_cache
from math import isqrt

from mikoshi.core.dao import voice_factor

_EXACT = Context(prec=80, rounding=ROUND_FLOOR)
_WAD = 10**18
_MAX_EXPONENT = Decimal(100)
_MILLI = 10**15
_PRECISION = Decimal(10**12)  # relative, of what a contract computes in fixed point

EPOCH = 30 * 86_400
"""Over which caps hold, in seconds."""


@lru_cache(maxsize=100_000)
def _power_of_two(numerator: int, denominator: int) -> Decimal:
    exponent = min(_EXACT.divide(Decimal(numerator), Decimal(denominator)), _MAX_EXPONENT)
    return _EXACT.power(Decimal(2), exponent)


@dataclass(frozen=True, slots=True)
class Voice:
    """How voice is computed.

    `t0` in Unix seconds, `half_life` in seconds, `base` in 1e-9 voices, `most` in basis points of
    it, `full` in whole points.
    """

    t0: int
    half_life: int
    base: int
    most: int
    full: int

    @classmethod
    def of_params(cls, params: Mapping[str, int]) -> Voice:
        """From `IDAOFactory.VoiceSpec`."""
        names = ("t0", "halfLife", "base", "most", "full")
        return cls(*(params[name] for name in names))

    @property
    def k(self) -> int:
        """1e-18 voices of 1e-9 per root of raw merit."""
        return voice_factor(self.base, self.most, self.full)

    def growth(self, time: int) -> Decimal:
        """2^x: how many raw points one point of merit is at `time`."""
        return _power_of_two(max(0, time - self.t0), self.half_life)

    def may_become(self, raw: int, points: int, after: int, time: int) -> bool:
        """Whether a credit at `time` that gave `points` (1 point = 1e18) makes `after` of `raw`.

        What was given is what was raised, rounded up to a thousandth of a point, up to `full`.
        """
        if after == raw:
            return points == 0
        growth = self.growth(time)
        raised = _EXACT.divide(Decimal(after - raw), growth)
        slack = Decimal(after) / _PRECISION / growth + 1
        ceiling = _EXACT.multiply(Decimal(self.full * _WAD), growth) * (1 + 1 / _PRECISION) + 1
        rounded = points - _MILLI - slack < raised <= points + slack
        return after > raw and rounded and after <= ceiling

    def merit(self, raw: int, time: int) -> int:
        """Merit at `time` of raw merit, rounded down. 1 point = 1e18."""
        return int(_EXACT.divide(Decimal(raw), self.growth(time)))

    def of(self, members: int, units: int, time: int) -> int:
        """Voice at `time` of members with Σ√raw = `units`, rounded down. 1 voice = 1e9."""
        root = self.growth(time).sqrt(_EXACT)
        merit = _EXACT.divide(Decimal(self.k * units), _EXACT.multiply(Decimal(_WAD), root))
        return self.base * members + int(merit)

    def tolerance(self, voice: int, members: int) -> int:
        """By how much a contract's voice may differ: 1e-12 of it, and a unit for each rounding."""
        return voice // 10**12 + members * (self.k // _WAD + 1) + 1

    def epoch(self, time: int) -> int:
        """The 30-day epoch in which `time` lies, over which caps hold."""
        return epoch_of(self.t0, time)


def epoch_of(t0: int, time: int) -> int:
    """The 30-day epoch in which `time` lies, in a DAO that began at `t0`."""
    return min(max(0, time - t0) // EPOCH, 2**16 - 1)


def units_of(raw: int) -> int:
    """What a member with raw merit adds to sums of units."""
    return isqrt(raw)


@dataclass(frozen=True, slots=True)
class Entry:
    """What someone speaks for: Active members, Σ√raw of them, and for the DAO who is counted."""

    members: int = 0
    units: int = 0
    counted: int = 0


@dataclass
class VoiceHistory:
    """Entries by the time from which they hold."""

    times: list[int] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @property
    def latest(self) -> Entry:
        """The entry now."""
        return self.entries[-1] if self.entries else Entry()

    def at(self, time: int) -> Entry:
        """The entry that held at the end of the second `time`."""
        place = bisect.bisect_right(self.times, time)
        return self.entries[place - 1] if place else Entry()

    def add(self, time: int, members: int = 0, units: int = 0, counted: int = 0) -> None:
        """Change the entry from `time` on, which is not before the latest change."""
        old = self.latest
        entry = Entry(old.members + members, old.units + units, old.counted + counted)
        if self.times and self.times[-1] == time:
            self.entries[-1] = entry
        else:
            self.times.append(time)
            self.entries.append(entry)
