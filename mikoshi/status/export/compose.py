"""From what people type to the call that somebody else is to send."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from mikoshi.ballots.words import support_word
from mikoshi.context.acts import Act, cancelling, executing, voting
from mikoshi.proposals.action import Step
from mikoshi.proposals.decode import in_words
from mikoshi.proposals.file import load
from mikoshi.status.cancellation import not_cancellable
from mikoshi.status.export.exported_call import Errand
from mikoshi.status.proposal_status import Course
from mikoshi.status.record import Records
from mikoshi.status.refusals import not_executable
from mikoshi.status.submission import prepare, require_possible
from mikoshi.status.words import standing
from mikoshi.text.language import pick
from mikoshi.voting.choice import SUPPORTS, choose

if TYPE_CHECKING:
    from mikoshi.context.context import Desk


def proposing_file(desk: Desk, path: Path, sender: str) -> Errand:
    """Propose a file. Raises BadInputError, NotNowError and what the chain raises."""
    submission = prepare(desk, load(path, desk.book), sender)
    require_possible(desk, submission)
    name = submission.draft.title
    title = pick(f'propose "{name}"', f"「{name}」を提案する")
    return _errand(desk, submission.act, sender, title, submission.composed.steps)


def errand_on(desk: Desk, records: Records, number: str, act: str, sender: str) -> Errand:
    """`execute`, `cancel` or a vote, as `act` says, with the proposal called `number`.

    What is too late is refused; what is too early is not: a Safe takes its time to sign.

    Raises BadInputError, NotNowError, ChainError and what the chain raises.
    """
    proposed = desk.find(number)
    course = Course.of(proposed, desk.rebuilt.governor, desk.now)
    stands = standing(course)
    if act in SUPPORTS:
        support = SUPPORTS.index(act)
        choose(desk, proposed, sender, support, early=True)
        word = support_word(support)
        title = pick(f"vote {word} proposal {proposed.brief}", f"提案 {proposed.brief}に{word}票")
        return _errand(desk, voting(proposed.id, support), sender, title, (), stands)
    draft = records.exact(proposed)
    proposed = proposed.with_draft(draft)
    if act == "execute":
        if not course.live or proposed.proposal.advisory:
            raise not_executable(course, desk.session.command(f"status {proposed.number}"))
        made = executing(draft)
        title = pick(f"execute proposal {proposed.brief}", f"提案 {proposed.brief}を実行する")
    else:
        if not course.live:
            raise not_cancellable(desk, course)
        made = cancelling(draft)
        title = pick(f"cancel proposal {proposed.brief}", f"提案 {proposed.brief}を取り消す")
    return _errand(desk, made, sender, title, proposed.steps, stands)


def _errand(
    desk: Desk, act: Act, sender: str, title: str, steps: Iterable[Step], *stands: str
) -> Errand:
    details = [*stands, *in_words(steps, desk.book)]
    return Errand(desk.session.chain_id, desk.dao.governor, act, sender, title, details)
