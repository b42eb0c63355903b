"""A simulation for programs. Ids and amounts are text, times Unix seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mikoshi.chain.refusals import GAS_CAP
from mikoshi.context.address_book import Coin
from mikoshi.simulate.changes import slot_name
from mikoshi.simulate.words import event_words, word
from mikoshi.text.json import entries_of, plain

if TYPE_CHECKING:
    from mikoshi.simulate.simulation import Simulation


def entries(sim: Simulation) -> dict[str, Any]:
    """All of it but the findings."""
    subject, outcome, book = sim.subject, sim.outcome, sim.book
    made = subject.made
    return {
        "title": subject.what.title,
        "number": made.number if made else None,
        "id": str(made.id) if made else None,
        "chain_id": sim.chain_id,
        "block": sim.block,
        "time": outcome.time,
        "through": "governor" if subject.passed else "treasury",
        "executes": outcome.success,
        "reason": sim.reason.text if sim.reason else None,
        "before": [
            {
                "number": each.proposed.number,
                "title": each.proposed.title,
                "executes": each.outcome.success,
                "reason": reason.text if reason else None,
            }
            for each, reason in sim.prior
        ],
        "calls": [
            {
                "to": call.step.target,
                "value": str(call.step.value),
                "data": f"0x{call.step.data.hex()}",
                "target": str(call.target),
                "says": call.says,
                "does": call.does,
            }
            for call in sim.calls
        ],
        "events": [
            {
                "address": log.event.address,
                "name": log.event.name,
                "args": plain(log.event.args, -1),
                "words": event_words(log, book),
            }
            for log in sim.events
        ],
        "needs": [
            _coin(each.coin)
            | {
                "needed": str(each.needed),
                "held": str(each.held),
                "missing": str(each.shortfall),
            }
            for each in sim.needs
        ],
        "movements": [
            _coin(each.coin) | entries_of(each, "account", "before", "after", largest=-1)
            for each in sim.movements
        ],
        "pieces": [
            {
                "contract": each.contract,
                "id": str(each.id),
                "amount": str(each.amount),
                "from": each.giver,
                "to": each.taker,
            }
            for each in sim.pieces
        ],
        "runways": [
            _coin(each.coin)
            | {"months_before": each.months(each.before), "months_after": each.months(each.after)}
            for each in sim.runways
        ],
        "roles": [entries_of(each, "role", "holder", "given") for each in sim.roles],
        "settings": [entries_of(each, "setting", "before", "after") for each in sim.changes],
        "storage": [
            {
                "contract": each.address,
                "slot": word(each.slot),
                "name": slot_name(each.address, each.slot, book),
                "before": word(each.before),
                "after": word(each.after),
            }
            for each in outcome.storage
        ],
        "gas": {"used": outcome.gas, "cap": GAS_CAP},
    }


def _coin(coin: Coin) -> dict[str, Any]:
    return {"asset": coin.symbol, "address": coin.address, "decimals": coin.decimals}
