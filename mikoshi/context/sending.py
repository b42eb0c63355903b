"""The one way to send: an act is shown with what it costs, agreed to, sent once, and found again.

An act is a call of a contract of the DAO. Nothing is done twice: what an earlier run or somebody
else did meanwhile is seen, and what was mined is looked for among the events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.contract import Contract, ContractRevertedError, Receipt
from mikoshi.chain.refusals import OvertakenError
from mikoshi.chain.rpc import RevertedError, RpcError
from mikoshi.chain.sender import Sender
from mikoshi.context.context import Context
from mikoshi.replay.logs import Log
from mikoshi.text.errors import ChainError
from mikoshi.text.json import entries_of
from mikoshi.text.language import N_, _
from mikoshi.text.units import MINUTE, format_when

if TYPE_CHECKING:
    from mikoshi.cli.session import Session

T = TypeVar("T")


@dataclass(frozen=True)
class GovernorCall:
    """A call of a contract, as a rule of the Governor: a function and its arguments."""

    function: str
    args: Sequence[Any]

    def data(self, governor: Contract) -> bytes:
        """Its calldata."""
        return governor.data(self.function, *self.args)

    def preview(self, governor: Contract, sender: str) -> None:
        """Try it without sending it. Raises ContractRevertedError."""
        governor.call(self.function, *self.args, sender=sender)

    def gas(self, governor: Contract, sender: Sender) -> int:
        """Gas that it would use in the next block. Raises ContractRevertedError and RpcError."""
        with self.refusals_of(governor):
            return sender.estimate(governor.address, self.data(governor))

    @contextmanager
    def refusals_of(self, governor: Contract) -> Iterator[None]:
        """Raise what the Governor says inside, where a node only passes on its bytes."""
        try:
            yield
        except RpcError as error:
            if not error.data:
                raise
            revert = governor.interface.decode_revert(error.data)
            raise ContractRevertedError(self.function, revert, error.data) from error

    def send(self, governor: Contract, sender: Sender, done: Callable[[], bool]) -> Receipt | None:
        """Send it, unless it is `done` already, by an earlier run or by somebody else: then None.

        `governor` is called through `sender`. It may be called again after any failure. Raises
        ContractRevertedError, RpcError, UnreachableError, BadInputError and ChainError.
        """
        sender.settle()  # a transaction of an earlier run may be on its way
        sender.pin()
        if done():
            return None
        return once(lambda: governor.send(self.function, *self.args, sender=sender.address), done)


def once(send: Callable[[], T], done: Callable[[], bool]) -> T | None:
    """What `send` returns; None if it fails because somebody else has `done` it meanwhile."""
    try:
        return send()
    except (ContractRevertedError, OvertakenError, RevertedError, RpcError):
        if done():
            return None
        raise


def proposing(draft: ProposalDraft) -> GovernorCall:
    """Make the proposal."""
    if not draft.targets:
        return GovernorCall("proposeAdvisory", [draft.description])
    return GovernorCall("propose", [*draft.calls, draft.description])


def voting(proposal_id: int, support: int) -> GovernorCall:
    """Vote on it."""
    return GovernorCall("castVote", [proposal_id, support])


def executing(draft: ProposalDraft) -> GovernorCall:
    """Execute it."""
    return GovernorCall("execute", draft.actions)


def cancelling(draft: ProposalDraft) -> GovernorCall:
    """Cancel it."""
    return GovernorCall("cancel", draft.actions)


def open_context(
    session: Session, deployments: Path | None = None, names: Sequence[Path] = ()
) -> Context:
    """The DAO, read once everything is mined that the account sent in an earlier run.

    Raises ChainError if that takes too long, BadInputError, RpcError and UnreachableError.
    """
    if session.options.account is not None and not session.options.dry_run:
        session.sender.settle()
    return Context.open(session, deployments, names)


def ask_and_send(
    session: Session,
    contract: Contract,
    name: str,
    *args: Any,
    done: Callable[[], bool] = lambda: False,
) -> Receipt | None:
    """The receipt of a call that the person agreed to; None if it was only shown, or is `done`.

    Raises ContractRevertedError, BadInputError, NotNowError, ChainError and UnreachableError.
    """
    sender, act = session.sender, GovernorCall(name, args)
    signed = Contract(sender, contract.address, contract.interface)
    act.preview(signed, sender.address)
    if not _offered(session, act, signed):
        return None
    return act.send(signed, sender, done)


def offer(context: Context, act: GovernorCall, question: str = "") -> bool:
    """Say what an act of the Governor costs and ask; whether to send it.

    Raises BadInputError if the account cannot pay, NotNowError if the person says no, and what the
    chain raises.
    """
    return _offered(context.session, act, _writing(context), question)


def _offered(session: Session, act: GovernorCall, contract: Contract, question: str = "") -> bool:
    gas, fees = act.gas(contract, session.sender), session.sender.fees()
    session.out.say(_("about {priced}", priced=fees.priced(gas)))
    if not session.options.dry_run:
        session.sender.require_balance(gas * fees.max_fee)
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


def announced(context: Context, proposal_id: int, event: str, governor: str = "") -> Log | None:
    """The event of a governor, of the one in office if none is named; None if there is none."""
    wanted, logs = governor or context.dao.governor_address, context.rebuilt.logs.named(event)
    told = (log for log in logs if log.event.address == wanted)
    return next((log for log in told if log.event.args["proposalId"] == proposal_id), None)


def say_done_before(context: Context, unsent: str, done: str) -> None:
    """That somebody else did it: `unsent` where this run sent nothing, or `done`, and too late."""
    sent = context.session.sent
    context.session.out.good(done if sent else unsent)
    if sent:
        late = _("what this run sent came too late, and cost its gas: {last}", last=sent[-1])
        context.session.out.warn(late)


def place(log: Log | None, now: int) -> str:
    """` in block 6,120,331, 2 h ago (…)`, to be put after a verb; the block alone if just now."""
    if log is None:
        return ""
    if now - log.time < MINUTE:
        return _(" in block {block:,}", block=log.block)
    return _(" in block {block:,}, {when}", block=log.block, when=format_when(log.time, now))


def place_json(log: Log | None) -> dict[str, Any]:
    """Transaction and block for programs."""
    return entries_of(log, "transaction block")


def receipt_json(receipt: Receipt | None) -> dict[str, Any]:
    """A transaction for programs."""
    return entries_of(receipt, "transaction block gas" if receipt else "transaction")


def _writing(context: Context) -> Contract:
    """The Governor, called by the account that sends."""
    return context.manifest.dao(context.session.sender).governor


def _behind() -> ChainError:
    return ChainError(
        "node.behind",
        N_("It was sent and mined, but is not seen yet"),
        N_("the node may be behind"),
        N_("Run the same command again: it finds what was done"),
    )
