"""Calls go to contracts, and money to accounts that somebody uses."""

from __future__ import annotations

from mikoshi.simulate.calls import Target
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import pick
from mikoshi.text.people import short


def check(sim: Simulation) -> list[Finding]:
    """A failure for a call of an address without code, a warning for a payee never seen."""
    findings = []
    for call in sim.calls:
        at = short(call.step.target)
        if call.step.data and not call.target.has_code:
            text = pick(
                f"call {call.number} goes to {at}, where there is no contract",
                f"{call.number}番目の呼び出し先 {at} に、コントラクトがありません",
            )
            findings.append(Finding("failure", text))
        if call.payment and call.payment.payee == Target.UNUSED:
            text = pick(
                f"nobody has ever used {call.payment.to}, which call {call.number} pays: compare"
                " it with what its owner says",
                f"{call.number}番目の支払先 {call.payment.to} は、一度も使われていません。"
                "本人に確かめてください",
            )
            findings.append(Finding("warning", text))
    return findings
