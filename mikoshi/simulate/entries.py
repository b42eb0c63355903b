"""A simulation for programs. Ids and amounts are text, times Unix seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mikoshi.chain.refusals import GAS_CAP
from mikoshi.simulate.changes import slot_name
from mikoshi.simulate.words import event_words, word
from mikoshi.text.json import entries_of, plain

if TYPE_CHECKING:
    from mikoshi.simulate.reasons import Reason
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
        **_why(sim.reason),
        "before": [
            {
                **entries_of(
                    each,
                    "number=proposed.number title=proposed.title executes=outcome.success",
                ),
                **_why(reason),
            }
            for each, reason in sim.prior
        ],
        "calls": plain(sim.calls),
        "events": [
            {
                "address": log.event.address,
                "name": log.event.name,
                "args": plain(log.event.args, -1),
                "words": event_words(log, book),
            }
            for log in sim.events
        ],
        **entries_of(sim, "needs movements pieces runways roles settings=changes"),
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


def _why(reason: Reason | None) -> dict[str, Any]:
    """Why something fails, in words and as kind and data; nulls where it does not."""
    return {"reason": reason and str(reason.problem), "problem": reason and plain(reason.problem)}
