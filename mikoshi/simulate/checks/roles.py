"""Who gets a role, and who loses one."""

from __future__ import annotations

from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import pick


def check(sim: Simulation) -> list[Finding]:
    """A warning for a role that one key alone will hold, a note for every other change."""
    findings = []
    for each in sim.roles:
        who = sim.book.show(each.holder)
        if not each.given:
            text = pick(f"{who} loses the role {each.role}", f"{who} は権限 {each.role} を失います")
            findings.append(Finding("info", text))
        elif each.target.has_code:
            text = pick(f"{who} gets the role {each.role}", f"{who} が権限 {each.role} を得ます")
            findings.append(Finding("info", text))
        else:
            text = pick(
                f"{who} gets the role {each.role} and is no contract: one key can then use it"
                " alone, without a vote",
                f"{who} が権限 {each.role} を得ます。コントラクトではないため、"
                "鍵1つだけで、投票なしに使えます",
            )
            findings.append(Finding("warning", text))
    return findings
