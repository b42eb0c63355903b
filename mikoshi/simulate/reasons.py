"""Why a proposal fails, from what the contracts said."""

from __future__ import annotations

from dataclasses import dataclass

from mikoshi.chain.abi import Revert
from mikoshi.context.address_book import AddressBook
from mikoshi.core.dao import interface
from mikoshi.simulate.fork import ForkOutcome
from mikoshi.simulate.standards import STANDARDS
from mikoshi.text.console import shortened
from mikoshi.text.errors import ProblemError
from mikoshi.text.language import N_
from mikoshi.text.people import short
from mikoshi.words.reverts import ContractProblemError

_LONGEST = 200  # characters of what nobody can read


@dataclass(frozen=True, slots=True)
class Reason:
    """Why; `call` is the number of the call that fails (1, 2 …), None if it is none of them."""

    problem: ProblemError
    call: int | None = None


def reason_of(outcome: ForkOutcome, book: AddressBook) -> Reason | None:
    """Why a proposal fails; None if it does not."""
    if outcome.success:
        return None
    if outcome.out_of_gas:
        short_of = N_("it needs at least {least:,} gas")
        return Reason(ProblemError("execution.out-of-gas", short_of, least=outcome.gas))
    revert = _decoded(outcome.revert, book)
    if revert is not None and revert.name == "TreasuryCallFailed":
        index, __, said = revert.args
        return Reason(_problem(said, book), index + 1)
    if revert is not None and revert.name == "TreasuryTargetWithoutCode":
        index, at = revert.args[0], short(revert.args[1])
        nothing = N_("there is no contract at {at}")
        return Reason(ProblemError("execution.without-contract", nothing, at=at), index + 1)
    return Reason(_problem(outcome.revert, book))


def _problem(said: bytes, book: AddressBook) -> ProblemError:
    revert = _decoded(said, book)
    if revert is not None:
        return ContractProblemError(revert, book.now.time)
    if not said:
        return ProblemError("execution.refused", N_("it is refused without a reason"))
    data = shortened(f"0x{said.hex()}", _LONGEST)
    return ProblemError("execution.refused-with", N_("it is refused with {data}"), data=data)


def _decoded(data: bytes, book: AddressBook) -> Revert | None:
    return interface(book.dao.contracts).decode_revert(data) or STANDARDS.decode_revert(data)
