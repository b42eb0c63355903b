"""Are the alarms to be believed? `make regimes` plays thirty lives of each shape and counts.

A dying one must ring by the month in which fewer than half of those who did before do something by
their own hand; a healthy one must not ring in two years. Both are read from the events of the
months, whose length and beginning are not those of the alarms.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from mikoshi.play.regimes.drill import Look, drill
from mikoshi.play.regimes.regime import COLLAPSE, RECOVERY, Regime
from mikoshi.play.regimes.shape import SHAPES, Shape
from mikoshi.text.json import Json
from mikoshi.text.paths import ROOT

HELD_OUT = range(80_000, 80_030)
"""Seeds that took no part in setting anything."""

BY = 6
"""The month by which PM DAO's fall was visible."""

RESULT = Path(ROOT) / "benchmarks" / "regimes.json"

_SETTLED = 2  # months until there is something that could be halved


def half(looks: Sequence[Look]) -> int | None:
    """The first month since the turn with fewer than half of the usual hands; None if none has."""
    whole = [each for each in looks if each.whole]
    before = [each.hands for each in whole if not each.turned]
    usual = (
        median(before[_SETTLED:]) if before[_SETTLED:] else max(each.hands for each in whole[:3])
    )
    after = (each for each in whole if each.turned and each.month > _SETTLED + 1)
    return next((each.month for each in after if 2 * each.hands < usual), None)


def rang(looks: Sequence[Look], by: int) -> bool:
    """Whether `dying` rings at the end of one of the first so many months."""
    return any(each.rings() for each in looks if each.month <= by)


def judge(regime: Regime | Shape, seeds: Sequence[int]) -> dict[str, Json]:
    """How many of the lives ring in time, and the seeds that did otherwise than they should."""
    lives = drill(regime, seeds)
    dies = regime is COLLAPSE or (isinstance(regime, Shape) and regime.dies)
    if isinstance(regime, Regime):
        ends: list[int | None] = [BY for _ in lives]
    else:
        ends = [half(looks) if dies else regime.months for looks in lives]
    asked = [(seed, looks, end) for seed, looks, end in zip(seeds, lives, ends, strict=True) if end]
    rings = {seed: rang(looks, end) for seed, looks, end in asked}
    return {
        "dies": dies,
        "lives": len(rings),
        "ring": sum(rings.values()),
        "wrong": [seed for seed, rung in rings.items() if rung != dies],
    }


def main(first: int, count: int) -> None:
    """Judge every shape, and keep the result."""
    seeds = range(first, first + count)
    regimes: list[Regime | Shape] = [COLLAPSE, RECOVERY, *SHAPES.values()]
    found = {}
    for regime in regimes:
        found[regime.name] = told = judge(regime, seeds)
        print(f"{regime.name:28} {told['ring']:3} of {told['lives']} ring", flush=True)
    if seeds == HELD_OUT:
        result = {"seeds": [seeds.start, seeds.stop - 1], "shapes": found}
        RESULT.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:] or (HELD_OUT.start, len(HELD_OUT))))
