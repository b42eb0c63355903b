"""Why a proposal fails, from what the contracts said."""

from __future__ import annotations

from dataclasses import dataclass

from mikoshi.chain.abi import Revert
from mikoshi.context.address_book import AddressBook
from mikoshi.core.dao import interface
from mikoshi.simulate.fork import ForkOutcome
from mikoshi.simulate.standards import STANDARDS
from mikoshi.text.console import shortened
from mikoshi.text.language import _
from mikoshi.text.people import short
from mikoshi.words import reverts

_LONGEST = 200  # characters of what nobody can read


@dataclass(frozen=True, slots=True)
class Reason:
    """Why; `call` is the number of the call that fails (1, 2 …), None if it is none of them."""

    text: str
    call: int | None = None


def reason_of(outcome: ForkOutcome, book: AddressBook) -> Reason | None:
    """Why a proposal fails; None if it does not."""
    if outcome.success:
        return None
    if outcome.out_of_gas:
        return Reason(_("it needs at least {least:,} gas", least=outcome.gas))
    revert = _decoded(outcome.revert, book)
    if revert is not None and revert.name == "TreasuryCallFailed":
        index, __, said = revert.args
        return Reason(_why(said, book), index + 1)
    if revert is not None and revert.name == "TreasuryTargetWithoutCode":
        index, at = revert.args[0], short(revert.args[1])
        return Reason(_("there is no contract at {at}", at=at), index + 1)
    return Reason(_why(outcome.revert, book))


def _why(said: bytes, book: AddressBook) -> str:
    revert = _decoded(said, book)
    if revert is None and not said:
        return _("it is refused without a reason")
    if revert is None:
        data = f"0x{said.hex()}"[:_LONGEST]
        return _("it is refused with {data}", data=data)
    said_so = str(revert.args[0]) if revert.name == "Error" else str(revert)
    return reverts.in_words(revert, book.now.time) or shortened(said_so, _LONGEST)


def _decoded(data: bytes, book: AddressBook) -> Revert | None:
    return interface(book.dao.contracts).decode_revert(data) or STANDARDS.decode_revert(data)
