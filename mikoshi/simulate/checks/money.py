"""The treasury has what the calls pay."""

from __future__ import annotations

from mikoshi.language import pick
from mikoshi.simulate.simulation import Finding, Simulation


def check(sim: Simulation) -> list[Finding]:
    """A failure for each asset of which too little is there, with how much is missing."""
    findings = []
    for need in sim.needs:
        if not need.shortfall:
            continue
        needed, held = need.coin.show(need.needed), need.coin.show(need.held)
        if sim.outcome.success:
            text = pick(
                f"it pays {needed}; the treasury has {held} before, the rest comes in on the way",
                f"{needed} を支払います(残高は {held} で、残りは途中で入ります)",
            )
            findings.append(Finding("info", text))
            continue
        missing = need.coin.show(need.shortfall)
        text = pick(
            f"the treasury is {missing} short: it has {held}, and the calls pay {needed}",
            f"トレジャリーの残高が {missing} 足りません(残高 {held}、支払い {needed})",
        )
        findings.append(Finding("failure", text))
    return findings
