"""The treasury has what the calls pay."""

from __future__ import annotations

from mikoshi.simulate.checks.payments import undelivered
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import pick


def check(sim: Simulation) -> list[Finding]:
    """A failure for each asset of which too little is there, with how much is missing.

    Not where the rest comes in by an earlier call, and everything is paid.
    """
    unpaid = {coin for coin, *_ in undelivered(sim)}
    return [
        Finding(
            "failure",
            pick(
                f"the treasury is {each.coin.show(each.shortfall)} short: it has"
                f" {each.coin.show(each.held)}, and the calls pay {each.coin.show(each.needed)}",
                f"トレジャリーの残高が {each.coin.show(each.shortfall)} 足りません"
                f"(残高 {each.coin.show(each.held)}、支払い {each.coin.show(each.needed)})",
            ),
        )
        for each in sim.needs
        if each.shortfall and (not sim.outcome.success or each.coin in unpaid)
    ]
