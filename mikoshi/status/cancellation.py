"""Cancelling a proposal: who may, until when, and by whose signature."""

from __future__ import annotations

from typing import Any

from mikoshi.ballots.messages import Message, governor_message
from mikoshi.chain.contract import ContractRevertedError
from mikoshi.context.context import Context
from mikoshi.context.proposed import Proposed
from mikoshi.context.sending import (
    GovernorCall,
    announced,
    cancelling,
    carry_out,
    offer,
    place,
    place_json,
    say_done_before,
)
from mikoshi.proposals.show import show_proposed
from mikoshi.replay.governor import ProposalState
from mikoshi.status import refusals
from mikoshi.status.proposal_status import ProposalStatus
from mikoshi.status.record import Records
from mikoshi.status.words import standing
from mikoshi.text.errors import BadInputError, NotNowError
from mikoshi.text.language import N_, _
from mikoshi.text.people import ZERO_ADDRESS
from mikoshi.text.units import format_time
from mikoshi.voting.signing_options import SigningOptions, write_signed_act

_EVENT = "ProposalCanceled"


def cancel(context: Context, proposed: Proposed, records: Records) -> dict[str, Any]:
    """Show a proposal, ask and cancel it; what programs get.

    Raises NotNowError, naming who may and until when, BadInputError, ChainError and what the chain
    raises.
    """
    out, status = (
        context.session.out,
        ProposalStatus.of(proposed, context.rebuilt.governor, context.now),
    )
    result = _result(proposed)
    if status.state == ProposalState.CANCELED:
        return result | _found(context, proposed)
    if not status.live:
        raise not_cancellable(context, status)
    draft = records.exact(proposed)
    act, proposed = cancelling(draft), proposed.with_draft(draft)
    _require_right(context, status, act)
    show_proposed(out, proposed, status.state, context.book)
    out.say(standing(status))
    question = _("Cancel it for good?")
    if not offer(context, act, question):
        return result | place_json(None)
    after, log, sent = carry_out(
        context, act, proposed.id, _EVENT, lambda: _is_cancelled(context, proposed)
    )
    if not sent:
        return result | {"sent": False} | _found(after, proposed)
    out.good(_("cancelled {proposal}{where}", proposal=proposed.brief, where=place(log, after.now)))
    return result | {"sent": sent} | place_json(log)


def cancel_on_paper(
    context: Context, proposed: Proposed, signing: SigningOptions
) -> dict[str, Any]:
    """Show a proposal and put its proposer's cancellation on paper; what programs get.

    Raises NotNowError, naming who may and until when, BadInputError, RpcError and UnreachableError.
    """
    out, status = (
        context.session.out,
        ProposalStatus.of(proposed, context.rebuilt.governor, context.now),
    )
    result = _result(proposed)
    if status.state == ProposalState.CANCELED:
        return result | _found(context, proposed)
    wallet = signing.wallet(context)
    person = context.rebuilt.membership.member_at(wallet)
    pending = status.state == ProposalState.PENDING
    if person is None or person.id != status.proposal.proposer or not pending:
        raise not_cancellable(context, status, context.book.show(wallet))
    message = _message(context, status, wallet, signing.until)
    show_proposed(out, proposed, status.state, context.book)
    out.say(standing(status))
    command = context.session.command(f"cancel {proposed.number}")
    return result | write_signed_act(context, signing, message, person, command, proposed.draft)


def _message(context: Context, status: ProposalStatus, wallet: str, until: str | None) -> Message:
    """What the proposer signs: good until voting opens, or until an earlier moment."""
    opens = status.proposal.snapshot
    end = context.end(until, opens)
    if end > opens:
        raise BadInputError(
            "cancel.ends-too-late",
            N_("--until must not lie after voting opens, {opens}"),
            N_("from then on its proposer cannot cancel it"),
            N_("Leave it out, or name an earlier time"),
            opens=format_time(opens, context.now),
        )
    return governor_message(
        "Cancel",
        context.session.chain_id,
        context.dao.governor_address,
        proposalId=status.proposal.id,
        proposer=wallet,
        deadline=end,
    )


def _result(proposed: Proposed) -> dict[str, Any]:
    return {"number": proposed.number, "id": str(proposed.id), "sent": False}


def _found(context: Context, proposed: Proposed) -> dict[str, Any]:
    """Say that it is cancelled already, and where."""
    log = announced(context, proposed.id, _EVENT, proposed.proposal.governor.address)
    where, brief = place(log, context.now), proposed.brief
    say_done_before(
        context,
        _("{proposal} was cancelled{where}; nothing was sent", proposal=brief, where=where),
        _("{proposal} was cancelled{where} by somebody else", proposal=brief, where=where),
    )
    return place_json(log)


def not_cancellable(context: Context, status: ProposalStatus, signer: str = "") -> NotNowError:
    """Who may cancel a proposal, and until when, told to somebody who may not."""
    guardian = context.rebuilt.treasury.guardian.holder_at(context.now)
    return refusals.not_cancellable(
        status,
        context.book.show_member(status.proposal.proposer),
        "" if guardian == ZERO_ADDRESS else context.book.show(guardian),
        context.session.command(f"status {status.proposed.number}"),
        signer,
    )


def _require_right(context: Context, status: ProposalStatus, act: GovernorCall) -> None:
    try:
        act.preview(context.dao.governor, context.session.sender.address)
    except ContractRevertedError as error:
        if error.revert is None or error.revert.name != "GovernorUnableToCancel":
            raise
        raise not_cancellable(context, status) from error


def _is_cancelled(context: Context, proposed: Proposed) -> bool:
    return bool(context.dao.governor.call("state", proposed.id) == ProposalState.CANCELED)
