"""A change of settings does not undo one that was decided meanwhile."""

from __future__ import annotations

from mikoshi.language import pick
from mikoshi.simulate.simulation import Finding, Simulation


def check(sim: Simulation) -> list[Finding]:
    """A warning for each setting that goes back to what it was when the proposal was composed."""
    return [
        Finding(
            "warning",
            pick(
                f"it sets {each.setting} back from {each.to} to {each.back}: another proposal"
                " changes it first; compose this one again after that",
                f"別の提案が先に {each.setting} を {each.to} にしますが、この提案で {each.back} に"
                "戻ります。そのあとで作り直してください",
            ),
        )
        for each in sim.set_backs
    ]
