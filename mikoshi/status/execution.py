"""Executing a proposal: whether it can be, and what it did."""

from __future__ import annotations

from typing import Any

from mikoshi.chain.contract import ContractRevertedError
from mikoshi.context.address_book import ETH
from mikoshi.context.context import Context
from mikoshi.context.proposed import Proposed
from mikoshi.context.sending import (
    GovernorCall,
    announced,
    carry_out,
    executing,
    offer,
    place,
    place_json,
)
from mikoshi.proposals.decode import in_words
from mikoshi.proposals.show import show_proposed
from mikoshi.replay.governor import ProposalState
from mikoshi.replay.logs import Log
from mikoshi.simulate.fork import ForkOutcome
from mikoshi.simulate.reasons import reason_of
from mikoshi.status import effects
from mikoshi.status.proposal_status import ProposalStatus
from mikoshi.status.record import Records
from mikoshi.status.refusals import not_executable
from mikoshi.status.words import standing
from mikoshi.text.errors import Final, NothingSentError, NotNowError
from mikoshi.text.language import N_, _
from mikoshi.words.refusals import refusal

_EVENT = "ProposalExecuted"
_TIMING = ("GovernorNotReady", "GovernorUnexpectedProposalState")


def execute(context: Context, proposed: Proposed, records: Records) -> dict[str, Any]:
    """Show what a proposal does, try it, ask, execute it, say what happened; what programs get.

    Raises NotNowError with the reason and the time, BadInputError, ChainError and what the chain
    raises.
    """
    out, status = (
        context.session.out,
        ProposalStatus.of(proposed, context.rebuilt.governor, context.now),
    )
    result: dict[str, Any] = {"number": proposed.number, "id": str(proposed.id), "sent": False}
    if status.state == ProposalState.EXECUTED:
        log = announced(context, proposed.id, _EVENT)
        _say_executed_before(context, proposed, log)
        return result | place_json(log)
    if status.state != ProposalState.QUEUED:
        raise not_executable(status, context.session.command(f"status {proposed.number}"))
    draft = records.exact(proposed)
    act, proposed = executing(draft), proposed.with_draft(draft)
    _require_that_it_works(context, proposed, act)
    show_proposed(out, proposed, status.state, context.book)
    out.say(standing(status))
    if not offer(context, act):
        return result | place_json(None)
    after, log, sent = carry_out(
        context, act, proposed.id, _EVENT, lambda: _is_executed(context, proposed)
    )
    return result | {"sent": sent} | place_json(log) | _say_what_happened(after, proposed, log)


def _require_that_it_works(context: Context, proposed: Proposed, act: GovernorCall) -> None:
    """Make sure that its delay is over and that none of its calls fails."""
    try:
        act.preview(context.dao.governor, context.session.sender.address)
    except ContractRevertedError as error:
        if error.revert is None or error.revert.name in _TIMING:
            raise (refusal(error, context.now) or error) from error
        raise _would_fail(context, proposed, error) from error


def _would_fail(context: Context, proposed: Proposed, error: ContractRevertedError) -> NotNowError:
    reason = reason_of(ForkOutcome(False, context.now, 0, [], error.data), context.book)
    if reason is None:
        raise AssertionError("what fails has a reason")
    why = reason.text
    if reason.call is not None:
        (does,) = in_words(proposed.steps[reason.call - 1 : reason.call], context.book)
        number = reason.call
        why = _("call {number} ({does}): {why}", number=number, does=does, why=why)
        why += _shortage(context, sum(step.value for step in proposed.steps[:number]))
    simulate = context.session.command(f"proposal simulate {proposed.number}")
    return NothingSentError(
        "execution.would-fail",
        N_("Executing {brief} would fail"),
        Final(why),
        N_("{simulate} shows more; run the same command once the cause is gone"),
        brief=proposed.brief,
        simulate=simulate,
    )


def _shortage(context: Context, paid: int) -> str:
    """What the treasury has, where that is less ETH than is `paid` (wei); else empty."""
    held = int(
        context.session.rpc.call("eth_getBalance", context.dao.treasury_address, "latest"), 16
    )
    if held >= paid:
        return ""
    has, pays = ETH.show(held), ETH.show(paid)
    return _("; the treasury has {has}, and it pays {pays}", has=has, pays=pays)


def _is_executed(context: Context, proposed: Proposed) -> bool:
    return bool(context.dao.governor.call("state", proposed.id) == ProposalState.EXECUTED)


def _say_executed_before(context: Context, proposed: Proposed, log: Log | None) -> None:
    where = place(log, context.now)
    context.session.out.good(
        _("{brief} was executed{where}; nothing was sent", brief=proposed.brief, where=where)
    )


def _say_what_happened(context: Context, proposed: Proposed, log: Log) -> dict[str, Any]:
    out, book = context.session.out, context.book
    receipt = context.session.rpc.call("eth_getTransactionReceipt", log.transaction)
    moves = effects.movements(book, receipt)
    out.good(_("executed {brief}{place}", brief=proposed.brief, place=place(log, context.now)))
    for line in (*in_words(proposed.steps, book), *map(effects.words, moves)):
        out.say(f"  {line}")
    return {"treasury": [effects.as_json(each) for each in moves]}
