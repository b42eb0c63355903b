"""Amounts of several assets side by side, each in its own unit, and the events that moved them."""

from __future__ import annotations

from collections.abc import Sequence

from mikoshi.replay.outflow import ETH, Holding, Purse
from mikoshi.report.figure import Source
from mikoshi.text.json import Json
from mikoshi.text.language import listed
from mikoshi.text.units import format_amount


def amount(raw: int, holding: Holding) -> str:
    """An amount in the asset's own unit."""
    return format_amount(raw, holding.symbol, holding.decimals, digits=6)


def each(found: Sequence[Purse], raw: Sequence[int]) -> str:
    """One amount for each asset, those of zero left out."""
    told = [amount(each, p.holding) for p, each in zip(found, raw, strict=True) if each]
    return listed(told) or "0"


def moves(found: Sequence[Purse], incoming: bool) -> Source:
    """The Transfer events of ERC-20s into or out of the treasury."""
    name = "Transfer (in)" if incoming else "Transfer (out)"
    every = [move for purse in found for move in purse.holding.moves]
    return Source.of(name, [move for move in every if (move.amount > 0) == incoming])


def spending(found: Sequence[Purse]) -> tuple[Source, ...]:
    """The events that took money out."""
    logs = [log for purse in found for log in purse.payments]
    return Source.of("ProposalExecuted", logs), moves(found, incoming=False)


def keyed(found: Sequence[Purse], raw: Sequence[int]) -> dict[str, Json]:
    """The same for programs: smallest units as text, by the coin's address; "ETH" has none."""
    return {
        "ETH" if purse.holding.address == ETH else purse.holding.address: str(each)
        for purse, each in zip(found, raw, strict=True)
    }
