"""What is signed about a seat, in the words of the person who signs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mikoshi.ballots.messages import Message
from mikoshi.text.language import _, listed
from mikoshi.text.people import ZERO_ADDRESS
from mikoshi.text.units import format_duration


def _set_plan(message: Message) -> Iterator[str]:
    guardians = [*(f"#{each}" for each in message["members"]), *message["others"]]
    if guardians:
        yield _(
            "If I lose my wallet, {needed} of these {count} may ask for my seat together: {who}.",
            needed=message["needed"],
            count=len(guardians),
            who=listed(guardians),
        )
        yield _(
            "It waits {delay} then, and I can stop it with one word.",
            delay=format_duration(message["delay"]),
        )
    if message["heir"] != ZERO_ADDRESS:
        yield _(
            "After {silence} without an act of mine, {heir} may ask for my seat; that waits 30 "
            "days more.",
            silence=format_duration(message["silence"]),
            heir=message["heir"],
        )


def _recover(message: Message) -> Iterator[str]:
    told = _whose(message)
    yield _(
        "I know that member {id} has lost their wallet, and that the wallet {wallet} is theirs "
        "now.",
        **told,
    )
    yield _(
        "I ask that the seat of {id} goes to that wallet when the plan's delay is over.", **told
    )


def _take(message: Message) -> Iterator[str]:
    yield _("I take the seat of member {id} with the wallet {wallet}.", **_whose(message))


def _inherit(message: Message) -> Iterator[str]:
    yield _(
        "I come after member {id}, who has been silent for as long as they said, and ask that "
        "their seat goes to the wallet {wallet}.",
        **_whose(message),
    )


def _veto(message: Message) -> Iterator[str]:
    own = f"#{message['id']}"
    yield _("I end whatever was asked for on my seat {id}, and my plan with it.", id=own)


def _whose(message: Message) -> dict[str, str]:
    return {"id": f"#{message['id']}", "wallet": message["wallet"]}


SENTENCES: dict[str, Callable[[Message], Iterator[str]]] = {
    "SetPlan": _set_plan,
    "Recover": _recover,
    "Take": _take,
    "Inherit": _inherit,
    "Veto": _veto,
}
"""By the kind of the message."""
