"""What is looked at in a simulated proposal: one module each, the same for every proposal.

A check takes a `Simulation` and returns its findings. A new check adds its module here.
"""

from collections.abc import Callable

from mikoshi.simulate.checks import (
    approvals,
    code,
    executes,
    foreign,
    gas,
    invariants,
    later,
    limits,
    money,
    passing,
    payments,
    prior,
    roles,
    runway,
    settings,
)
from mikoshi.simulate.simulation import Finding, Simulation

CHECKS: dict[str, Callable[[Simulation], list[Finding]]] = {
    "money": money.check,
    "executes": executes.check,
    "payments": payments.check,
    "approvals": approvals.check,
    "gas": gas.check,
    "code": code.check,
    "foreign": foreign.check,
    "roles": roles.check,
    "settings": settings.check,
    "limits": limits.check,
    "later": later.check,
    "invariants": invariants.check,
    "prior": prior.check,
    "runway": runway.check,
    "passing": passing.check,
}
