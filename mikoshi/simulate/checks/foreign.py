"""Targets that are not part of the DAO."""

from __future__ import annotations

from mikoshi.simulate.calls import SimulatedCall, Target
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import N_
from mikoshi.text.people import short


def check(sim: Simulation) -> list[Finding]:
    """A warning for a call of an unknown contract or of a false coin; a note for a known coin."""
    return [each for call in sim.calls if (each := _of(call, sim)) is not None]


def _of(call: SimulatedCall, sim: Simulation) -> Finding | None:
    at = short(call.step.target)
    if call.target == Target.COIN:
        symbol = _false_name(call, sim)
        if symbol:
            return Finding(
                "warning",
                "call.to-false-coin",
                N_("call {number} goes to {at}, which calls itself {symbol} and is not"),
                number=call.number,
                at=at,
                symbol=symbol,
            )
    elif call.target != Target.CONTRACT or not call.step.data:
        return None
    who = sim.book.show(call.step.target)
    return Finding(
        "info" if call.target == Target.COIN else "warning",
        "call.to-outsider",
        N_("call {number} goes to {who}, which is no part of this DAO"),
        number=call.number,
        who=who,
    )


def _false_name(call: SimulatedCall, sim: Simulation) -> str:
    """The symbol that a coin shares with one that is known by it; empty if it shares none."""
    book, coin = sim.book, sim.book.coin(call.step.target)
    known: dict[str, str | None] = {"ETH": None, book.token.symbol: book.dao.token_address}
    known |= book.coins
    owners = {name.casefold(): at for name, at in known.items()}
    symbol, at = coin.symbol if coin else "", call.step.target
    return symbol if owners.get(symbol.casefold(), at) != at else ""
