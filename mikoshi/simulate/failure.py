"""The error that ends a simulation which failed."""

from __future__ import annotations

from mikoshi.simulate.simulation import Simulation
from mikoshi.text.errors import CheckFailedError, Line
from mikoshi.text.language import N_

_AGAIN = N_("Correct the proposal and simulate it again; nothing was sent")


class SimulationFailedError(CheckFailedError):
    """Thrown at the end of a `simulation` that failed; its JSON is all of it."""

    simulation: Simulation

    def as_json(self) -> dict[str, object]:
        """The simulation, and what it means."""
        return self.simulation.as_json() | super().as_json()


def simulation_failed(sim: Simulation, hint: Line = _AGAIN) -> SimulationFailedError:
    """The error for a simulation; `hint` is what to do next."""
    error = SimulationFailedError(
        "simulation.failed",
        N_("The simulation failed: {title}"),
        "{verdict}",
        hint,
        title=sim.subject.title,
        verdict=sim.summary[-1],
    )
    error.simulation = sim
    return error
