"""What of it is not in force yet once it is executed."""

from __future__ import annotations

from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import N_


def check(sim: Simulation) -> list[Finding]:
    """A warning for each call of which something waits, with how to take it back."""
    return [
        Finding(
            "warning",
            "call.comes-later",
            N_("call {number}: {later}"),
            number=number,
            later=each,
        )
        for number, each in sim.later
    ]
