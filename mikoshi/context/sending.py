"""Offering an act to the person at the keyboard, sending it, and finding it on the chain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mikoshi.chain.contract import Contract
from mikoshi.context.acts import GovernorCall
from mikoshi.context.context import Context
from mikoshi.replay.logs import Log
from mikoshi.text.errors import ChainError
from mikoshi.text.language import N_, _
from mikoshi.text.units import MINUTE, format_when

if TYPE_CHECKING:
    from mikoshi.cli.session import Session


def open_context(
    session: Session, deployments: Path | None = None, names: Sequence[Path] = ()
) -> Context:
    """The DAO, read once everything is mined that the account sent in an earlier run.

    Raises ChainError if that takes too long, BadInputError, RpcError and UnreachableError.
    """
    if session.options.account is not None and not session.options.dry_run:
        session.sender.settle()
    return Context.open(session, deployments, names)


def offer(context: Context, act: GovernorCall, question: str = "") -> bool:
    """Say what an act costs and ask; whether to send it.

    Raises BadInputError if the account cannot pay, NotNowError if the person says no, and what the
    chain raises.
    """
    session, sender = context.session, context.session.sender
    gas, fees = act.gas(_writing(context), sender), sender.fees()
    session.out.say(_("about {priced}", priced=fees.priced(gas)))
    if not session.options.dry_run:
        sender.require_balance(gas * fees.max_fee)
    return session.go_ahead(question)


def carry_out(
    context: Context, act: GovernorCall, proposal_id: int, event: str, done: Callable[[], bool]
) -> tuple[Context, Log, bool]:
    """Send an act unless it is `done` already.

    The DAO afterwards, the Governor's `event` that proves it, and whether it was sent just now.
    Raises what `Act.send` does.
    """
    with context.session.out.progress(_("sending")):
        receipt = act.send(_writing(context), context.session.sender, done)
    after = Context(context.session, context.manifest, context.names)
    log = announced(after, proposal_id, event)
    if log is None:
        raise _behind()
    return after, log, receipt is not None


def announced(context: Context, proposal_id: int, event: str) -> Log | None:
    """The Governor's event about a proposal; None if there is none."""
    wanted = event, context.dao.governor_address
    logs = (log for log in context.rebuilt.logs if (log.event.name, log.event.address) == wanted)
    return next((log for log in logs if log.event.args["proposalId"] == proposal_id), None)


def place(log: Log | None, now: int) -> str:
    """` in block 6,120,331, 2 h ago (…)`, to be put after a verb; the block alone if just now."""
    if log is None:
        return ""
    block = _("in block {block:,}", block=log.block)
    old = _(", ") + format_when(log.time, now) if now - log.time >= MINUTE else ""
    return _(" {block}{old}", block=block, old=old)


def place_json(log: Log | None) -> dict[str, Any]:
    """Transaction and block for programs."""
    return {
        "transaction": log.transaction if log else None,
        "block": log.block if log else None,
    }


def _writing(context: Context) -> Contract:
    """The Governor, called by the account that sends."""
    return context.manifest.dao(context.session.sender).governor


def _behind() -> ChainError:
    return ChainError(
        "sending.behind",
        N_("It was sent and mined, but is not seen yet"),
        N_("the node may be behind"),
        N_("Run the same command again: it finds what was done"),
    )
