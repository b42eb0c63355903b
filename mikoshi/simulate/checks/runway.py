"""What remains, and how long it lasts."""

from __future__ import annotations

from mikoshi.simulate.money import Runway
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import N_


def check(sim: Simulation) -> list[Finding]:
    """A warning where nothing of an asset is left, a note on the runway of every other."""
    return [_of(each) for each in sim.runways]


def _of(each: Runway) -> Finding:
    (left,) = each.coin.told(each.after)
    if not each.after:
        return Finding("warning", "asset.used-up", N_("nothing is left: {left}"), left=left)
    return Finding(
        "info", "asset.remains", N_("{left} remain, {runway}"), left=left, runway=each.words
    )
