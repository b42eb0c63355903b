"""It fits into a transaction."""

from __future__ import annotations

from mikoshi.chain.refusals import GAS_CAP
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import N_


def check(sim: Simulation) -> list[Finding]:
    """A failure beyond the cap of EIP-7825, a warning from three quarters of it on."""
    used, cap = sim.outcome.gas, GAS_CAP
    if sim.outcome.out_of_gas:
        return [
            Finding(
                "failure",
                "gas.too-much",
                N_(
                    "it needs at least {used:,} gas, and a transaction may have {cap:,}: make "
                    "two of it"
                ),
                used=used,
                cap=cap,
            )
        ]
    if used * 4 > cap * 3:
        return [
            Finding(
                "warning",
                "gas.near-cap",
                N_(
                    "it uses {used:,} gas of the {cap:,} that a transaction may have; it may need "
                    "more later"
                ),
                used=used,
                cap=cap,
            )
        ]
    return []
