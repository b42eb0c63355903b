"""It fits into a transaction."""

from __future__ import annotations

from mikoshi.chain.node import TRANSACTION_GAS
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import pick


def check(sim: Simulation) -> list[Finding]:
    """A failure beyond the cap of EIP-7825, a warning from three quarters of it on."""
    used, cap = f"{sim.outcome.gas:,}", f"{TRANSACTION_GAS:,}"
    if sim.outcome.out_of_gas:
        text = pick(
            f"it needs at least {used} gas, and a transaction may have {cap}: make two of it",
            f"ガスが {used} 以上必要ですが、1つの取引では {cap} までです(提案を分けてください)",
        )
        return [Finding("failure", text)]
    if sim.outcome.gas * 4 > TRANSACTION_GAS * 3:
        text = pick(
            f"it uses {used} gas of the {cap} that a transaction may have; it may need more later",
            f"ガス {used} を使います(上限 {cap})。実行時には、さらに増えることがあります",
        )
        return [Finding("warning", text)]
    return []
