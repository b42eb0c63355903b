"""What the Succession should answer about everybody of whom it ever heard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mikoshi.check import words
from mikoshi.check.expectation import Expectation
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.membership import NOBODY
from mikoshi.text.errors import Words
from mikoshi.text.language import N_, _, listed

_NOTHING = (0, NOBODY, 0, 0)


def of_succession(rebuilt: RebuiltDao, time: int) -> Iterator[Expectation]:
    """At `time`, Unix seconds: plans' hashes, numbers of words, open requests."""
    seats = rebuilt.succession

    def ask(what: str, function: str, number: int, **rest: Any) -> Expectation:
        return Expectation("Succession", Words(what, member=number), function, (number,), **rest)

    for number in seats.nonces:
        person = rebuilt.membership.members[number]
        yield ask(
            N_("hash of the plan of #{member}"), "planHashOf", number, value=seats.plan_hash(number)
        )
        yield ask(
            N_("number of the next word on the seat of #{member}"),
            "nonceOf",
            number,
            value=seats.nonce(number),
        )
        request = seats.open_request(person, time)
        value = _NOTHING
        if request:
            value = (int(request.kind), request.wallet, request.ready_at, request.expires_at)
        unsure = request is not None and bool(request.stamp) and person.rested is not None
        yield ask(
            N_("what is asked for the seat of #{member}"),
            "requestOf",
            number,
            value=value,
            read=lambda found, value=value, unsure=unsure: (
                value if unsure and tuple(found) == _NOTHING else tuple(found)
            ),
            show=_request,
        )


def _request(found: tuple[int, str, int, int]) -> str:
    kind, wallet, ready, end = found
    if not kind:
        return _("nothing")
    return listed([f"{kind}", wallet, words.moment(ready), words.moment(end)])
