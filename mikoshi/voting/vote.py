"""A ballot cast by a transaction of the voter's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mikoshi.ballots.words import support_word
from mikoshi.context.transaction import ask_and_send, receipt_json
from mikoshi.text.language import pick
from mikoshi.voting.power import voices

if TYPE_CHECKING:
    from mikoshi.context.context import Desk
    from mikoshi.voting.choice import Choice


def cast_vote(desk: Desk, choice: Choice) -> dict[str, Any]:
    """Ask, and cast a ballot; what programs get of it. Raises as `ask_and_send`."""
    session, out = desk.session, desk.session.out
    args: list[Any] = [choice.proposed.id, choice.support]
    name = "castVoteWithReason" if choice.reason else "castVote"
    receipt = ask_and_send(
        session, desk.dao.governor, name, *args, *([choice.reason] if choice.reason else [])
    )
    if receipt is None:
        return receipt_json(None)
    cast = receipt.only("VoteCast").args
    support, weight = support_word(cast["support"]), voices(cast["weight"])
    block = int(receipt.raw["blockNumber"], 16)
    out.good(
        pick(
            f"{choice.who} voted {support} with {weight} in block {block:,}, {receipt.gas:,} gas",
            f"{choice.who} が{support}票を投じました({weight}、ブロック {block:,}、"
            f"{receipt.gas:,} ガス)",
        )
    )
    out.next_step("", session.command(f"status {choice.proposed.number}"))
    return receipt_json(receipt) | {"weight": str(cast["weight"])}
