"""Every call goes through."""

from __future__ import annotations

from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import N_


def check(sim: Simulation) -> list[Finding]:
    """A failure with the call that is refused, and why."""
    reason = sim.reason
    if reason is None or sim.outcome.out_of_gas:
        return []
    if reason.call is None:
        return [Finding("failure", "execution.fails", N_("it fails: {why}"), why=reason.problem)]
    does = sim.calls[reason.call - 1].does
    return [
        Finding(
            "failure",
            "call.fails",
            N_("call {call} fails ({does}): {why}"),
            call=reason.call,
            does=does,
            why=reason.problem,
        )
    ]
