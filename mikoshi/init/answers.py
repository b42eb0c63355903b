"""The answers so far, typed at a terminal or read from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mikoshi.config.kinds import ValueProblemError
from mikoshi.config.problems import Problems, of_file
from mikoshi.init.question import Known, Question
from mikoshi.init.questions import QUESTIONS
from mikoshi.text.errors import BadInputError
from mikoshi.text.files import NoTextError, read_toml, reason_of
from mikoshi.text.language import N_, _


@dataclass
class Answers:
    """`texts` as they were given, by the questions' names, and `values` as they were read.

    An empty text stands for the question's default, or for what was answered `before` the question
    was asked again. `practice`: for a dao.toml to practise with.
    """

    output: Path
    texts: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    practice: bool = False
    before: dict[str, str] = field(default_factory=dict)

    @property
    def known(self) -> Known:
        """What the next question builds on."""
        return Known(self.output, self.values, self.practice)

    @property
    def given(self) -> list[Question]:
        """The questions that are answered, in their order."""
        return [question for question in QUESTIONS if question.name in self.values]

    def take(self, question: Question, text: str) -> None:
        """Read an answer. Raises ValueProblemError and BadInputError."""
        text = text if text.strip() else self.before.get(question.name, "")
        meant = text.strip() or question.default(self.known)
        if not meant:
            raise ValueProblemError("answer.empty", N_("must not be empty"))
        self.values[question.name] = question.read(meant, self.known)
        self.texts[question.name] = text

    def forget(self, question: Question) -> None:
        """Take an answer back, but for its text: it is offered when the question comes again."""
        if text := self.texts.pop(question.name, ""):
            self.before[question.name] = text
        self.values.pop(question.name, None)


def complaint(error: ValueProblemError | BadInputError, question: Question) -> list[str]:
    """What is wrong with an answer, and the reason for its limits."""
    if isinstance(error, BadInputError):
        return [error.what, *error.reasons]
    what = _("The answer {problem}", problem=error)
    return [what, _(question.why)] if question.why else [what]


def read_answers(
    path: Path, output: Path, given: Mapping[str, str], practice: bool = False
) -> Answers:
    """The answers in a TOML file, `given` ones first, and defaults for what neither says.

    Raises BadInputError with everything that is wrong.
    """
    texts = _texts(path) | dict(given)
    problems = Problems(path.name)
    names = [question.name for question in QUESTIONS]
    for name in texts.keys() - set(names):
        problems.add_unknown(name, name, names)
    answers = Answers(output, practice=practice)
    for question in QUESTIONS:
        applies = question.applies(answers.known)
        if applies and not _take(answers, question, texts.get(question.name, ""), problems):
            break
    problems.check()
    return answers


def _take(answers: Answers, question: Question, text: str, problems: Problems) -> bool:
    """Read an answer, or else the default; whether what comes next can be judged."""
    try:
        answers.take(question, text)
    except (ValueProblemError, BadInputError) as error:
        problem = error if isinstance(error, ValueProblemError) else of_file(error)
        problems.add(question.name, problem, question.why)
        try:
            answers.take(question, "")
        except (ValueProblemError, BadInputError):
            return False
    return True


def _texts(path: Path) -> dict[str, str]:
    try:
        raw = read_toml(path)
    except (OSError, NoTextError) as error:
        raise BadInputError(
            "answers.unreadable",
            N_("{path}: cannot be read as TOML"),
            "{reason}",
            N_('Write one answer a line: name = "Tea DAO"'),
            path=path,
            reason=reason_of(error) if isinstance(error, OSError) else error,
        ) from error
    return {name: _text(value) for name, value in raw.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
