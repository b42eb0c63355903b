"""From what people type to the call that somebody else is to send."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from mikoshi.ballots.proposal import TreasuryCall
from mikoshi.ballots.words import support_word
from mikoshi.context.sending import GovernorCall, cancelling, executing, voting
from mikoshi.proposals.decode import in_words
from mikoshi.proposals.file import is_file, load
from mikoshi.status.cancellation import not_cancellable
from mikoshi.status.export.exported_call import ExportedCall
from mikoshi.status.proposal_status import ProposalStatus
from mikoshi.status.record import Records
from mikoshi.status.refusals import not_executable
from mikoshi.status.submission import prepare, require_possible
from mikoshi.status.words import standing
from mikoshi.text.language import _
from mikoshi.voting.choice import SUPPORTS, choose

if TYPE_CHECKING:
    from mikoshi.context.context import Context


def exported_call(
    context: Context, records: Records, what: str, act: str, sender: str
) -> ExportedCall:
    """Propose the file that `what` names, or do what `act` says with the proposal called so.

    Raises BadInputError, NotNowError, ChainError and what the chain raises.
    """
    if is_file(what):
        return _proposing_file(context, Path(what), sender)
    return _acting_on(context, records, what, act, sender)


def _proposing_file(context: Context, path: Path, sender: str) -> ExportedCall:
    """Propose a file. Raises BadInputError, NotNowError and what the chain raises."""
    submission = prepare(context, load(path, context.book), sender)
    require_possible(context, submission)
    title = _('propose "{title}"', title=submission.draft.title)
    return _exported(context, submission.act, sender, title, submission.composed.steps)


def _acting_on(
    context: Context, records: Records, number: str, act: str, sender: str
) -> ExportedCall:
    """`execute`, `cancel` or a vote, as `act` says, with the proposal called `number`.

    What is too late is refused; what is too early is not: a Safe takes its time to sign.

    Raises BadInputError, NotNowError, ChainError and what the chain raises.
    """
    proposed = context.find(number)
    status = ProposalStatus.of(proposed, context.rebuilt.governor, context.now)
    stands = standing(status)
    if act in SUPPORTS:
        support = SUPPORTS.index(act)
        choose(context, proposed, sender, support, early=True)
        word = support_word(support)
        title = _("vote {support} proposal {proposal}", support=word, proposal=proposed.brief)
        return _exported(context, voting(proposed.id, support), sender, title, (), stands)
    draft = records.exact(proposed)
    proposed = proposed.with_draft(draft)
    if act == "execute":
        if not status.live or proposed.proposal.advisory:
            raise not_executable(status, context.session.command(f"status {proposed.number}"))
        made = executing(draft)
        title = _("execute proposal {proposal}", proposal=proposed.brief)
    else:
        if not status.live:
            raise not_cancellable(context, status)
        made = cancelling(draft)
        title = _("cancel proposal {proposal}", proposal=proposed.brief)
    return _exported(context, made, sender, title, proposed.steps, stands)


def _exported(
    context: Context,
    act: GovernorCall,
    sender: str,
    title: str,
    steps: Iterable[TreasuryCall],
    *stands: str,
) -> ExportedCall:
    details = [*stands, *in_words(steps, context.book)]
    return ExportedCall(context.session.chain_id, context.dao.governor, act, sender, title, details)
