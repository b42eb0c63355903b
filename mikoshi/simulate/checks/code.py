"""Calls go to contracts, and money to accounts that somebody uses."""

from __future__ import annotations

from mikoshi.simulate.calls import Target
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import N_
from mikoshi.text.people import short


def check(sim: Simulation) -> list[Finding]:
    """A failure for a call of an address without code, a warning for a payee never seen.

    The Treasury calls none; where the proposal executes, an earlier call of it makes the contract.
    """
    findings = []
    for call in sim.calls:
        at = short(call.step.target)
        if call.step.data and not call.target.has_code and not sim.outcome.success:
            findings.append(
                Finding(
                    "failure",
                    "call.without-contract",
                    N_("call {number} goes to {at}, where there is no contract"),
                    number=call.number,
                    at=at,
                )
            )
        if call.payment and call.payment.payee == Target.UNUSED:
            to = call.payment.to
            findings.append(
                Finding(
                    "warning",
                    "payee.never-used",
                    N_(
                        "nobody has ever used {to}, which call {number} pays: compare it with what "
                        "its owner says"
                    ),
                    to=to,
                    number=call.number,
                )
            )
    return findings
