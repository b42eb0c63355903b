"""Who gets a role, and who loses one."""

from __future__ import annotations

from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import _


def check(sim: Simulation) -> list[Finding]:
    """A warning for a role that one key alone will hold, a note for every other change."""
    findings = []
    for each in sim.roles:
        who = sim.book.show(each.holder)
        if not each.given:
            text = _("{who} loses the role {role}", who=who, role=each.role)
            findings.append(Finding("info", text))
        elif each.target.has_code:
            text = _("{who} gets the role {role}", who=who, role=each.role)
            findings.append(Finding("info", text))
        else:
            text = _(
                "{who} gets the role {role} and is no contract: one key can then use it "
                "alone, without a vote",
                who=who,
                role=each.role,
            )
            findings.append(Finding("warning", text))
    return findings
