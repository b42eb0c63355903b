"""Who gets a role, and who loses one."""

from __future__ import annotations

from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import N_


def check(sim: Simulation) -> list[Finding]:
    """A warning for a role that one key alone will hold, a note for every other change."""
    findings = []
    for each in sim.roles:
        who = sim.book.show(each.holder)
        if not each.given:
            findings.append(
                Finding(
                    "info", "role.lost", N_("{who} loses the role {role}"), who=who, role=each.role
                )
            )
        elif each.target.has_code:
            findings.append(
                Finding(
                    "info", "role.given", N_("{who} gets the role {role}"), who=who, role=each.role
                )
            )
        else:
            findings.append(
                Finding(
                    "warning",
                    "role.given-to-key",
                    N_(
                        "{who} gets the role {role} and is no contract: one key can then use it "
                        "alone, without a vote"
                    ),
                    who=who,
                    role=each.role,
                )
            )
    return findings
