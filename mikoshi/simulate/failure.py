"""The error that ends a simulation which failed."""

from __future__ import annotations

from mikoshi.simulate.simulation import Simulation
from mikoshi.text.errors import CheckFailedError, Line
from mikoshi.text.language import N_

_AGAIN = N_("Correct the proposal and simulate it again; nothing was sent")


def simulation_failed(sim: Simulation, hint: Line = _AGAIN) -> CheckFailedError:
    """The error for a simulation; `hint` is what to do next."""
    return CheckFailedError(
        "simulation.failed",
        N_("The simulation failed: {title}"),
        "{verdict}",
        hint,
        title=sim.subject.title,
        verdict=sim.summary[-1],
    ).with_report(sim)
