"""Whoever is to be paid gets what the words say: a coin may keep a part, or move nothing."""

from __future__ import annotations

from collections.abc import Iterator

from mikoshi.context.address_book import Coin
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import N_


def check(sim: Simulation) -> list[Finding]:
    """A failure where nothing arrives, a warning where less does."""
    findings = []
    for coin, to, amount, got in undelivered(sim):
        who, all_, part = sim.book.show(to), coin.show(amount), coin.show(got)
        findings.append(
            Finding(
                "warning" if got > 0 else "failure",
                "payment.not-whole",
                N_("{who} gets {part} of {whole}"),
                who=who,
                part=part,
                whole=all_,
            )
        )
    return findings


def undelivered(sim: Simulation) -> Iterator[tuple[Coin, str, int, int]]:
    """Coin, payee, what was promised and what less arrived, where all calls go through."""
    promised: dict[tuple[Coin, str], int] = {}
    for call in sim.calls if sim.outcome.success else []:
        paid = call.payment
        if paid and paid.to != sim.book.dao.treasury_address:
            pair = paid.coin, paid.to
            promised[pair] = promised.get(pair, 0) + paid.amount
    arrived = {(each.coin, each.account): each.change for each in sim.movements}
    for (coin, to), amount in promised.items():
        got = arrived.get((coin, to), 0)
        if got < amount:
            yield coin, to, amount, got
