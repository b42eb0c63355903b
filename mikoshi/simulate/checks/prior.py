"""Other passed proposals are executed first."""

from __future__ import annotations

from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import _


def check(sim: Simulation) -> list[Finding]:
    """A note for each, a warning for one that fails."""
    findings = []
    for each, reason in sim.prior:
        title = each.proposed.brief
        if reason is None:
            text = _("{title} is executed first", title=title)
            findings.append(Finding("info", text))
        else:
            text = _(
                "{title} comes first and fails: {why}; this was simulated without it",
                title=title,
                why=reason.text,
            )
            findings.append(Finding("warning", text))
    return findings
