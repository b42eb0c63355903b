"""Executing a proposal: whether it can be, and what it did."""

from __future__ import annotations

from typing import Any

from mikoshi.ballots.refusals import refusal
from mikoshi.contract import ContractRevertedError
from mikoshi.course import effects
from mikoshi.course.acts import Act, executing
from mikoshi.course.course import Course
from mikoshi.course.record import Records
from mikoshi.course.refusals import not_executable
from mikoshi.course.sending import announced, carry_out, offer, place, place_json
from mikoshi.course.words import standing
from mikoshi.language import pick
from mikoshi.proposals import in_words
from mikoshi.proposals.desk import Desk
from mikoshi.proposals.proposed import Proposed
from mikoshi.proposals.show import show_proposed
from mikoshi.replay import Log
from mikoshi.replay.governor import ProposalState

_EVENT = "ProposalExecuted"


def execute(desk: Desk, proposed: Proposed, records: Records) -> dict[str, Any]:
    """Show what a proposal does, try it, ask, execute it, say what happened; what programs get.

    Raises NotNowError with the reason and the time, BadInputError, ChainError and what the chain
    raises.
    """
    out, course = desk.session.out, Course.of(proposed, desk.rebuilt.governor, desk.now)
    result: dict[str, Any] = {"number": proposed.number, "id": str(proposed.id), "sent": False}
    if course.state == ProposalState.EXECUTED:
        log = announced(desk, proposed.id, _EVENT)
        _say_executed_before(desk, proposed, log)
        return result | place_json(log)
    if course.state != ProposalState.QUEUED:
        raise not_executable(course, desk.session.command(f"status {proposed.number}"))
    act = executing(records.exact(proposed))
    _require_that_it_works(desk, act)
    show_proposed(out, proposed, course.state, desk.book)
    out.say(standing(course))
    if not offer(desk, act):
        return result | place_json(None)
    after, log, sent = carry_out(
        desk, act, proposed.id, _EVENT, lambda: _is_executed(desk, proposed)
    )
    return result | {"sent": sent} | place_json(log) | _say_what_happened(after, proposed, log)


def _require_that_it_works(desk: Desk, act: Act) -> None:
    """Make sure that its delay is over and that none of its calls fails."""
    try:
        act.preview(desk.dao.governor, desk.session.sender.address)
    except ContractRevertedError as error:
        raise (refusal(error, desk.now) or error) from error


def _is_executed(desk: Desk, proposed: Proposed) -> bool:
    return bool(desk.dao.governor.call("state", proposed.id) == ProposalState.EXECUTED)


def _say_executed_before(desk: Desk, proposed: Proposed, log: Log | None) -> None:
    where = f" {place(log, desk.now)}" if log else ""
    desk.session.out.good(
        pick(
            f"{proposed.brief} was executed{where}; nothing was sent",
            f"{proposed.brief} は実行済みです{where}。何も送っていません",
        )
    )


def _say_what_happened(desk: Desk, proposed: Proposed, log: Log) -> dict[str, Any]:
    out, book = desk.session.out, desk.book
    receipt = desk.session.rpc.call("eth_getTransactionReceipt", log.transaction)
    moves = effects.movements(book, receipt)
    out.good(
        pick(
            f"executed {proposed.brief} {place(log, desk.now)}",
            f"{proposed.brief} を実行しました({place(log, desk.now)})",
        )
    )
    for line in (*in_words(proposed.steps, book), *map(effects.words, moves)):
        out.say(f"  {line}")
    return {"treasury": [effects.as_json(each) for each in moves]}
