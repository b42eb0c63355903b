"""The treasury has what the calls pay."""

from __future__ import annotations

from mikoshi.simulate.checks.payments import undelivered
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import N_


def check(sim: Simulation) -> list[Finding]:
    """A failure for each asset of which too little is there, with how much is missing.

    Not where the rest comes in by an earlier call, and everything is paid.
    """
    unpaid = {coin for coin, *__ in undelivered(sim)}
    return [
        Finding(
            "failure",
            "treasury.short",
            N_("the treasury is {shortfall} short: it has {held}, and the calls pay {needed}"),
            shortfall=each.coin.show(each.shortfall),
            held=each.coin.show(each.held),
            needed=each.coin.show(each.needed),
        )
        for each in sim.needs
        if each.shortfall and (not sim.outcome.success or each.coin in unpaid)
    ]
