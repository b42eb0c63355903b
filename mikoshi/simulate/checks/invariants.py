"""What `ape run check` looks at holds afterwards."""

from __future__ import annotations

from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import _


def check(sim: Simulation) -> list[Finding]:
    """A failure for each difference in wiring, code and state that was not there before."""
    return [
        Finding(
            "failure",
            _("`ape run check` will fail: {difference}", difference=each.words),
        )
        for each in sim.differences
    ]
