"""Other passed proposals are executed first."""

from __future__ import annotations

from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import N_


def check(sim: Simulation) -> list[Finding]:
    """A note for each, a warning for one that fails."""
    findings = []
    for each, reason in sim.prior:
        title = each.proposed.brief
        if reason is None:
            findings.append(
                Finding("info", "prior.executed", N_("{title} is executed first"), title=title)
            )
        else:
            findings.append(
                Finding(
                    "warning",
                    "prior.fails",
                    N_("{title} comes first and fails: {why}; this was simulated without it"),
                    title=title,
                    why=reason.problem,
                )
            )
    return findings
