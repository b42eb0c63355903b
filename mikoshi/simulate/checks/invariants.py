"""What `ape run check` looks at holds afterwards."""

from __future__ import annotations

from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import N_


def check(sim: Simulation) -> list[Finding]:
    """A failure for each difference in wiring, code and state that was not there before."""
    return [
        Finding(
            "failure",
            "check.will-fail",
            N_("`ape run check` will fail: {difference}"),
            difference=each,
        )
        for each in sim.differences
    ]
