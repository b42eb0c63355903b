"""Cancelling a proposal: who may, until when, and by whose signature."""

from __future__ import annotations

from typing import Any

from mikoshi.ballots.messages import Message, governor_message
from mikoshi.chain.contract import ContractRevertedError
from mikoshi.context.acts import Act, cancelling
from mikoshi.context.context import Desk
from mikoshi.context.proposed import Proposed
from mikoshi.context.sending import announced, carry_out, offer, place, place_json
from mikoshi.proposals.show import show_proposed
from mikoshi.replay.governor import ProposalState
from mikoshi.status import refusals
from mikoshi.status.proposal_status import Course
from mikoshi.status.record import Records
from mikoshi.status.words import standing
from mikoshi.text.errors import BadInputError, NotNowError
from mikoshi.text.language import pick
from mikoshi.text.people import ZERO_ADDRESS
from mikoshi.text.times import parse_end
from mikoshi.text.units import format_time
from mikoshi.voting.signing_options import Paper, put_on_paper

_EVENT = "ProposalCanceled"


def cancel(desk: Desk, proposed: Proposed, records: Records) -> dict[str, Any]:
    """Show a proposal, ask and cancel it; what programs get.

    Raises NotNowError, naming who may and until when, BadInputError, ChainError and what the chain
    raises.
    """
    out, course = desk.session.out, Course.of(proposed, desk.rebuilt.governor, desk.now)
    result = _result(proposed)
    if course.state == ProposalState.CANCELED:
        return result | _found(desk, proposed)
    if not course.live:
        raise not_cancellable(desk, course)
    draft = records.exact(proposed)
    act, proposed = cancelling(draft), proposed.with_draft(draft)
    _require_right(desk, course, act)
    show_proposed(out, proposed, course.state, desk.book)
    out.say(standing(course))
    question = pick("Cancel it for good?", "取り消しますか?(元に戻せません)")
    if not offer(desk, act, question):
        return result | place_json(None)
    after, log, sent = carry_out(
        desk, act, proposed.id, _EVENT, lambda: _is_cancelled(desk, proposed)
    )
    out.good(
        pick(
            f"cancelled {proposed.brief}{place(log, after.now)}",
            f"{proposed.brief}を取り消しました{place(log, after.now)}",
        )
    )
    return result | {"sent": sent} | place_json(log)


def cancel_on_paper(desk: Desk, proposed: Proposed, paper: Paper) -> dict[str, Any]:
    """Show a proposal and put its proposer's cancellation on paper; what programs get.

    Raises NotNowError, naming who may and until when, BadInputError, RpcError and UnreachableError.
    """
    out, course = desk.session.out, Course.of(proposed, desk.rebuilt.governor, desk.now)
    result = _result(proposed)
    if course.state == ProposalState.CANCELED:
        return result | _found(desk, proposed)
    wallet = paper.wallet(desk)
    person = desk.rebuilt.membership.member_at(wallet)
    pending = course.state == ProposalState.PENDING
    if person is None or person.id != course.proposal.proposer or not pending:
        raise not_cancellable(desk, course, desk.book.show(wallet))
    message = _message(desk, course, wallet, paper.until)
    show_proposed(out, proposed, course.state, desk.book)
    out.say(standing(course))
    command = desk.session.command(f"cancel {proposed.number}")
    return result | put_on_paper(desk, paper, message, person, command, proposed.draft)


def _message(desk: Desk, course: Course, wallet: str, until: str | None) -> Message:
    """What the proposer signs: good until voting opens, or until an earlier moment."""
    opens = course.proposal.snapshot
    end = parse_end(until, desk.now, opens)
    if end > opens:
        moment = format_time(opens, desk.now)
        raise BadInputError(
            pick(
                f"--until must not lie after voting opens, {moment}",
                f"--until は投票開始({moment})までにしてください",
            ),
            pick(
                "from then on its proposer cannot cancel it", "それからは、提案者は取り消せません"
            ),
            pick("Leave it out, or name an earlier time", "省くか、もっと前の時刻にしてください"),
        )
    return governor_message(
        "Cancel",
        desk.session.chain_id,
        desk.dao.governor_address,
        proposalId=course.proposal.id,
        proposer=wallet,
        deadline=end,
    )


def _result(proposed: Proposed) -> dict[str, Any]:
    return {"number": proposed.number, "id": str(proposed.id), "sent": False}


def _found(desk: Desk, proposed: Proposed) -> dict[str, Any]:
    """Say that it is cancelled already, and where."""
    log = announced(desk, proposed.id, _EVENT)
    where = place(log, desk.now)
    desk.session.out.good(
        pick(
            f"{proposed.brief} was cancelled{where}; nothing was sent",
            f"{proposed.brief}は取り消し済みです{where}。何も送っていません",
        )
    )
    return place_json(log)


def not_cancellable(desk: Desk, course: Course, signer: str = "") -> NotNowError:
    """Who may cancel a proposal, and until when, told to somebody who may not."""
    guardian = desk.rebuilt.treasury.guardian.holder_at(desk.now)
    return refusals.not_cancellable(
        course,
        desk.book.show_member(course.proposal.proposer),
        "" if guardian == ZERO_ADDRESS else desk.book.show(guardian),
        desk.session.command(f"status {course.proposed.number}"),
        signer,
    )


def _require_right(desk: Desk, course: Course, act: Act) -> None:
    try:
        act.preview(desk.dao.governor, desk.session.sender.address)
    except ContractRevertedError as error:
        if error.revert is None or error.revert.name != "GovernorUnableToCancel":
            raise
        raise not_cancellable(desk, course) from error


def _is_cancelled(desk: Desk, proposed: Proposed) -> bool:
    return bool(desk.dao.governor.call("state", proposed.id) == ProposalState.CANCELED)
