"""Doing what a vote asked for and is due: installing the next Governor, enforcing a bar."""

from __future__ import annotations

from typing import Any

from mikoshi.chain.contract import ContractRevertedError, Receipt
from mikoshi.context.context import Context
from mikoshi.context.sending import ask_and_send, place, place_json, receipt_json
from mikoshi.replay.governor import ProposalState
from mikoshi.replay.logs import Log
from mikoshi.replay.member import Standing
from mikoshi.text.errors import NothingSentError
from mikoshi.text.language import N_, _
from mikoshi.words import standing_word
from mikoshi.words.refusals import refusal
from mikoshi.words.waiting import Waiting, waiting

GOVERNOR = "governor"
"""What is named to install the next Governor; a bar is named by its member."""

_LIVE = (ProposalState.PENDING, ProposalState.ACTIVE, ProposalState.QUEUED)


def show_waiting(context: Context) -> dict[str, Any]:
    """Everything that waits, a line each; what programs get."""
    out, now = context.session.out, context.now
    found = waiting(context.rebuilt, now)
    for each in found:
        out.say(each.text(now))
    if not found:
        out.good(_("nothing waits"))
    return {"waiting": [each.as_json() for each in found]}


def enforce(context: Context, what: str) -> dict[str, Any]:
    """Show what `what` (GOVERNOR or a member) does, ask, and do it; what programs get.

    What was done before, by an earlier run or by somebody else, is said. Raises NotNowError where
    it does not wait or is not due, BadInputError, ChainError and what the chain raises.
    """
    out, now, dao = context.session.out, context.now, context.dao
    done = what if what == GOVERNOR else f"#{context.book.member_id(what)}"
    found = next((each for each in waiting(context.rebuilt, now) if each.done == done), None)
    if found is None and (log := _done_before(context, done)):
        _say_done(context, done, log)
        return {"waiting": [], "ending": []} | place_json(log)
    if found is None or not found.due(now):
        raise _not_due(found, done, now)
    out.say(found.text(now))
    if done == GOVERNOR:
        _warn_of_foreign(context)
        for each in _ending(context):
            out.warn(_("{proposal} ends with the governor of today", proposal=each))
        receipt = _send(context, dao.treasury.address, "installGovernor")
    else:
        receipt = _send(context, dao.membership.address, "enforceBar", int(done[1:]))
    if receipt is not None:
        out.good(_("done: {what}", what=found.what))
        out.next_step("", context.session.command("check"))
    return {"waiting": [found.as_json()], "ending": _ending(context)} | receipt_json(receipt)


def _done_before(context: Context, done: str) -> Log | None:
    """The event that did it, if that still holds: of the governor in office, of a removal."""
    rebuilt = context.rebuilt
    if done == GOVERNOR:  # not at the founding, and not before another one whose time ran out
        told = rebuilt.logs.named("GovernorScheduled", "GovernorWithdrawn", "GovernorChanged")
        last = told[-1]
        return last if rebuilt.treasury.former and last.event.name == "GovernorChanged" else None
    number = int(done[1:])
    if rebuilt.membership.members[number].standing is not Standing.BARRED:
        return None
    changes = rebuilt.logs.named("StandingChanged")
    return [log for log in changes if log.event.args["id"] == number][-1]


def _say_done(context: Context, done: str, log: Log) -> None:
    if done == GOVERNOR:
        told = _(
            "{governor} is in office already{where}; nothing was sent",
            governor=log.event.args["to"],
            where=place(log, context.now),
        )
    else:
        told = _(
            "{who} is {standing} already; nothing was sent",
            who=context.book.show_member(int(done[1:])),
            standing=standing_word("barred"),
        )
    context.session.out.good(told)


def _warn_of_foreign(context: Context) -> None:
    """Say so where these commands would not know the governor that waits."""
    governor, __ = context.rebuilt.treasury.waiting_governor(context.now)
    if context.manifest.following(context.session.rpc, [governor]).foreign:
        context.session.out.warn(
            _(
                "the code of {governor} is not this kit's: what is proposed there cannot be read, "
                "voted on or executed with these commands",
                governor=governor,
            )
        )


def _send(context: Context, address: str, function: str, *args: Any) -> Receipt | None:
    dao = context.dao
    contract = dao.treasury if address == dao.treasury_address else dao.membership
    try:
        return ask_and_send(context.session, contract, function, *args)
    except ContractRevertedError as error:
        raise (refusal(error, context.now) or error) from error


def _ending(context: Context) -> list[str]:
    """The proposals that the Governor of today can never execute once another takes its place."""
    governor = context.rebuilt.governor
    return [
        each.brief
        for each in context.proposed
        if not each.proposal.advisory and governor.state(each.proposal, context.now) in _LIVE
    ]


def _not_due(found: Waiting | None, done: str, now: int) -> NothingSentError:
    return NothingSentError(
        "enforce.not-due",
        N_("{what} is not due"),
        "{reason}" if found else N_("nothing of the kind waits, or its time is over"),
        N_("`ape run enforce` shows everything that waits"),
        what=done,
        reason=found.text(now) if found else "",
        since=found.since if found else 0,
    )
