"""Why a proposal fails, from what the contracts said."""

from __future__ import annotations

from dataclasses import dataclass

from mikoshi import reverts
from mikoshi.abi import Revert
from mikoshi.console import shortened
from mikoshi.dao import interface
from mikoshi.language import pick
from mikoshi.people import short
from mikoshi.proposals import Book
from mikoshi.simulate.fork import Outcome
from mikoshi.simulate.standards import STANDARDS

_LONGEST = 200  # characters of what nobody can read


@dataclass(frozen=True, slots=True)
class Reason:
    """Why; `call` is the number of the call that fails (1, 2 …), None if it is none of them."""

    text: str
    call: int | None = None


def reason_of(outcome: Outcome, book: Book) -> Reason | None:
    """Why a proposal fails; None if it does not."""
    if outcome.success:
        return None
    if outcome.out_of_gas:
        least = f"{outcome.gas:,}"
        return Reason(pick(f"it needs at least {least} gas", f"ガスが {least} 以上必要です"))
    revert = _decoded(outcome.revert, book)
    if revert is not None and revert.name == "TreasuryCallFailed":
        index, _, said = revert.args
        return Reason(_why(said, book), index + 1)
    if revert is not None and revert.name == "TreasuryTargetWithoutCode":
        index, at = revert.args[0], short(revert.args[1])
        return Reason(
            pick(f"there is no contract at {at}", f"{at} にコントラクトがありません"), index + 1
        )
    return Reason(_why(outcome.revert, book))


def _why(said: bytes, book: Book) -> str:
    revert = _decoded(said, book)
    if revert is None and not said:
        return pick("it is refused without a reason", "理由なく拒否されます")
    if revert is None:
        return pick("it is refused with ", "拒否されます: ") + f"0x{said.hex()}"[:_LONGEST]
    said_so = str(revert.args[0]) if revert.name == "Error" else str(revert)
    return reverts.in_words(revert, book.now.time) or shortened(said_so, _LONGEST)


def _decoded(data: bytes, book: Book) -> Revert | None:
    return interface(book.dao.contracts).decode_revert(data) or STANDARDS.decode_revert(data)
