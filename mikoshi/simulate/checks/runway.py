"""What remains, and how long it lasts."""

from __future__ import annotations

from mikoshi.simulate.money import Runway
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import pick


def check(sim: Simulation) -> list[Finding]:
    """A warning where nothing of an asset is left, a note on the runway of every other."""
    return [_of(each) for each in sim.runways]


def _of(each: Runway) -> Finding:
    left = each.coin.show(each.after)
    if not each.after:
        text = pick(f"nothing is left: {left}", f"残高がなくなります: {left}")
        return Finding("warning", text)
    return Finding("info", pick(f"{left} remain, {each.words}", f"残り {left}({each.words})"))
