"""Every call goes through."""

from __future__ import annotations

from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import pick


def check(sim: Simulation) -> list[Finding]:
    """A failure with the call that is refused, and why."""
    reason = sim.reason
    if reason is None or sim.outcome.out_of_gas:
        return []
    if reason.call is None:
        return [Finding("failure", pick(f"it fails: {reason.text}", f"失敗します: {reason.text}"))]
    does = sim.calls[reason.call - 1].does
    return [
        Finding(
            "failure",
            pick(
                f"call {reason.call} fails ({does}): {reason.text}",
                f"{reason.call}番目の呼び出しが失敗します({does}): {reason.text}",
            ),
        )
    ]
