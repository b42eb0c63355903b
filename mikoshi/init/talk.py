"""The interview at a terminal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import click

from mikoshi.config.kinds import ValueProblemError
from mikoshi.init.answers import Answers, complaint
from mikoshi.init.draft import ConfigDraft, make_draft
from mikoshi.init.founders import is_person
from mikoshi.init.question import NO, YES, Question
from mikoshi.init.questions import QUESTIONS
from mikoshi.init.summary import chain_words, rows
from mikoshi.text.console import Console
from mikoshi.text.errors import BadInputError, NotNowError
from mikoshi.text.language import N_, Language, _, listed, typed
from mikoshi.text.units import normalize

_LETTERS = "abcdefgh"


def talk(
    out: Console,
    output: Path,
    given: Mapping[str, str],
    languages: Sequence[Language],
    practice: bool = False,
) -> ConfigDraft:
    """Ask everything that `given` does not answer, until the person wants the files written.

    Raises NotNowError if they do not, and BadInputError if `output` has no folder.
    """
    if not output.parent.is_dir():
        raise BadInputError(
            "output.no-folder",
            N_("{folder} does not exist"),
            N_("the files would be written there"),
            N_("Name another place with -o"),
            folder=output.parent,
        )
    answers, told = Answers(output, dict(given), practice=practice), set(given)
    out.say(
        _(
            "A few questions about your community. Enter takes what stands in brackets; "
            "Ctrl-C stops, and nothing is written before you say so."
        )
    )
    try:
        while True:
            _ask_all(out, answers, told)
            told.clear()
            draft = make_draft(answers, languages)
            _show(out, answers, draft)
            changed = _decide(out, answers)
            if changed is None:
                return draft
            answers.forget(changed)
    except (click.Abort, SystemExit) as error:  # Ape makes the latter of Ctrl-C
        click.echo(err=True)  # what follows stands on a line of its own
        raise _stopped() from error


def _ask_all(out: Console, answers: Answers, given: Collection[str]) -> None:
    """Ask what is not answered; what the command line has `given` is shown in its place."""
    number = 0
    for question in QUESTIONS:
        if not question.applies(answers.known):
            answers.forget(question)
            continue
        number += 1
        text = answers.texts.get(question.name)
        if text is not None and _taken(out, answers, question, text):
            if question.name in given:
                _note(out, answers, question, number)
            continue
        _pose(out, answers, question, number)
        while not _taken(out, answers, question, _answer(out, answers, question)):
            pass


def _note(out: Console, answers: Answers, question: Question, number: int) -> None:
    value = answers.values[question.name]
    label = question.options.get(str(value))
    words = chain_words(value) if question.name == "chain" else label.text if label else str(value)
    given = _("given on the command line")
    out.say()
    out.say(f"{number}. {question.asks.text}", style="bold")
    out.say(f"{words} ({given})")


def _taken(out: Console, answers: Answers, question: Question, text: str) -> bool:
    """Whether an answer is good; if it is not, the person is told why."""
    try:
        answers.take(question, text)
    except (ValueProblemError, BadInputError) as error:
        what, *why = complaint(error, question)
        out.bad(what)
        for line in why:
            out.say(f"  {line}")
        return False
    return True


def _pose(out: Console, answers: Answers, question: Question, number: int) -> None:
    out.say()
    out.say(f"{number}. {question.asks.text}", style="bold")
    out.say(question.means(answers.known))
    if question.options:
        options = zip(_LETTERS, question.options.values(), strict=False)
        out.table(["", ""], [(f" {letter}", label.text) for letter, label in options])


def _answer(out: Console, answers: Answers, question: Question) -> str:
    first, *more = answers.before.get(question.name, "").splitlines() or [""]
    default = first or question.default(answers.known)
    options = list(question.options)
    if default in options:
        default = _LETTERS[options.index(default)]
    text = _prompt(f"[{default}{' …' if more else ''}] > " if default else "> ")
    if not question.lines or not is_person(text):
        return text
    return _more_lines(out, answers, question, text)


def _more_lines(out: Console, answers: Answers, question: Question, first: str) -> str:
    """The lines of an answer until an empty one; a bad line is told at once and left out."""
    lines: list[str] = []
    line = first
    while line.strip():
        if _taken(out, answers, question, "\n".join([*lines, line])):
            lines.append(line)
        line = _prompt(f"{len(lines) + 1}> ")
    return "\n".join(lines)


def _show(out: Console, answers: Answers, draft: ConfigDraft) -> None:
    out.say()
    out.say(_("This is what will be written:"), style="bold")
    out.table(["", ""], rows(answers, draft))
    for danger in draft.dangers:
        out.warn(f"{danger.text} ({danger.path})")
    new = listed(str(path) for path in draft.contents if not path.exists())
    if new:
        out.say(_("To be written: {new}", new=new))
    if draft.replaced:
        old = listed(map(str, draft.replaced))
        out.warn(_("To be replaced: {old}", old=old))


def _decide(out: Console, answers: Answers) -> Question | None:
    """The question to be asked again; None if all is right. Raises NotNowError."""
    words = _("Write? y = yes, n = no, or the number of an answer to change")
    numbered = {str(number): question for number, question in enumerate(answers.given, 1)}
    while True:
        text = normalize(_prompt(f"{words} > ")).lower()
        if text in typed(YES):
            return None
        if text in typed(NO):
            raise _stopped()
        if text in numbered:
            return numbered[text]
        out.bad(_("The answer must be y, n or a number"))


def _prompt(text: str) -> str:
    answer: str = click.prompt(text, default="", show_default=False, prompt_suffix="", err=True)
    return answer


def _stopped() -> NotNowError:
    return NotNowError(
        "interview.stopped",
        N_("Nothing was written"),
        N_("you stopped"),
        N_("Run the command again to begin anew"),
    )
