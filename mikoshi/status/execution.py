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
    say_done_before,
)
from mikoshi.proposals.decode import in_words
from mikoshi.proposals.later import later, later_json
from mikoshi.proposals.show import show_later, show_proposed
from mikoshi.replay.governor import ProposalState
from mikoshi.replay.logs import Log
from mikoshi.simulate.fork import ForkOutcome
from mikoshi.simulate.reasons import reason_of
from mikoshi.status import effects
from mikoshi.status.proposal_status import ProposalStatus
from mikoshi.status.record import Records
from mikoshi.status.refusals import not_executable
from mikoshi.status.words import standing
from mikoshi.text.errors import NothingSentError, NotNowError, Words
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
        log = announced(context, proposed.id, _EVENT, proposed.proposal.governor.address)
        _say_executed_before(context, proposed, log)
        return result | place_json(log)
    if status.state != ProposalState.QUEUED:
        raise not_executable(status, context.session.command(f"status {proposed.number}"))
    draft = records.exact(proposed)
    act, proposed = executing(draft), proposed.with_draft(draft)
    _require_that_it_works(context, proposed, act)
    show_proposed(out, proposed, status.state, context.book)
    later_ = later(proposed.steps, context.book, context.rebuilt, context.now)
    show_later(out, later_)
    out.say(standing(status))
    if not offer(context, act):
        return result | place_json(None)
    after, log, sent = carry_out(
        context, act, proposed.id, _EVENT, lambda: _is_executed(context, proposed)
    )
    result |= {"later": later_json(later_)}
    return (
        result | {"sent": sent} | place_json(log) | _say_what_happened(after, proposed, log, sent)
    )


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
    simulate = context.session.command(f"proposal simulate {proposed.number}")
    return NothingSentError(
        "proposal.would-fail",
        N_("Executing {proposal} would fail"),
        "{reason}" if reason.call is None else _failing_call(context, proposed, reason.call),
        N_("{simulate} shows more; run the same command once the cause is gone"),
        proposal=proposed.brief,
        call=reason.call,
        reason=reason.problem,
        simulate=simulate,
    )


def _failing_call(context: Context, proposed: Proposed, call: int) -> Words:
    """Which call fails, and what the treasury has where that is less ETH than is paid."""
    (does,) = in_words(proposed.steps[call - 1 : call], context.book)
    paid = sum(step.value for step in proposed.steps[:call])
    treasury = context.dao.treasury_address
    held = int(context.session.rpc.call("eth_getBalance", treasury, "latest"), 16)
    if held >= paid:
        return Words("call {call} ({does}): {reason}", does=does)
    held_words, paid_words = ETH.told(held, paid)
    return Words(
        "call {call} ({does}): {reason}; the treasury has {held}, and it pays {paid}",
        does=does,
        held=held_words,
        paid=paid_words,
    )


def _is_executed(context: Context, proposed: Proposed) -> bool:
    return bool(context.dao.governor.call("state", proposed.id) == ProposalState.EXECUTED)


def _say_executed_before(context: Context, proposed: Proposed, log: Log | None) -> None:
    where, brief = place(log, context.now), proposed.brief
    say_done_before(
        context,
        _("{proposal} was executed{where}; nothing was sent", proposal=brief, where=where),
        _("{proposal} was executed{where} by somebody else", proposal=brief, where=where),
    )


def _say_what_happened(
    context: Context, proposed: Proposed, log: Log, sent: bool
) -> dict[str, Any]:
    out, book = context.session.out, context.book
    receipt = context.session.rpc.call("eth_getTransactionReceipt", log.transaction)
    moves = effects.movements(book, receipt)
    if sent:
        where = place(log, context.now)
        out.good(_("executed {proposal}{where}", proposal=proposed.brief, where=where))
    else:
        _say_executed_before(context, proposed, log)
    for line in (*in_words(proposed.steps, book), *map(effects.words, moves)):
        out.say(f"  {line}")
    return {"treasury": [effects.as_json(each) for each in moves]}
