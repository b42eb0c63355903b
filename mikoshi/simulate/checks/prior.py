"""Other passed proposals are executed first."""

from __future__ import annotations

from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import pick


def check(sim: Simulation) -> list[Finding]:
    """A note for each, a warning for one that fails."""
    findings = []
    for each, reason in sim.prior:
        title = each.proposed.brief
        if reason is None:
            text = pick(f"{title} is executed first", f"先に提案 {title} が実行されます")
            findings.append(Finding("info", text))
        else:
            text = pick(
                f"{title} comes first and fails: {reason.text}; this was simulated without it",
                f"先に来る提案 {title} は失敗します({reason.text})。それを除いて試しました",
            )
            findings.append(Finding("warning", text))
    return findings
