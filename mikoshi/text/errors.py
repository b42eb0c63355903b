"""What goes wrong, told to the person at the keyboard: what, why, what to do next.

Each refusal has a `kind` that never changes, such as `file.not-utf8`, and its data by name. The
three lines are made of them here, from texts of the catalogs, in the language spoken now. Each
class is one exit code of the commands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any, ClassVar, Self

from mikoshi.text.json import Json, plain
from mikoshi.text.language import _, filled, ngettext

_LONGEST = 240  # characters
_WHOLE = ("command", "simulate", "remedy", "set_it", "undo")  # what is copied into a shell
_MOST = 40  # lines


class Words:
    """A text of the catalogs with its values, put into words whenever it is read."""

    def __init__(self, text: str, /, **values: object) -> None:
        """`text` is marked by `N_` and has a placeholder for each value that it shows."""
        self.text = text
        self.values = values

    def __str__(self) -> str:
        return self.said({})

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(self.text)

    def said(self, data: Mapping[str, object]) -> str:
        """The words, with what they do not have themselves taken from `data`."""
        return filled(_(self.text), _in_short({**data, **self.values}))

    def packed(self) -> Json:
        """As it is kept (`mikoshi.text.json.Packing`); its values are numbers and texts."""
        return [self.text, self.values]

    @classmethod
    def unpacked(cls, kept: Json) -> Self:
        """What `packed` made this of."""
        text, values = kept
        return cls(text, **values)


class Plural(Words):
    """`one` for a number of 1, otherwise `many`, as each language has it."""

    def __init__(self, one: str, many: str, number: int, /, **values: object) -> None:
        super().__init__(one, **values)
        self.many = many
        self.number = number

    def said(self, data: Mapping[str, object]) -> str:
        """The words, with what they do not have themselves taken from `data`."""
        text = ngettext(self.text, self.many, self.number)
        return filled(text, _in_short({**data, **self.values}))


def _in_short(values: Mapping[str, object]) -> dict[str, object]:
    """The values as a line shows them: nobody reads a hundred thousand characters of one."""
    texts = {name: str(each) for name, each in values.items() if isinstance(each, str | PurePath)}
    long = {name: f"{text[:_LONGEST]}…" for name, text in texts.items() if len(text) > _LONGEST}
    return {**values, **{name: text for name, text in long.items() if name not in _WHOLE}}


def first_of(lines: Sequence[Line]) -> list[Line]:
    """As many of the lines as a screen has, and how many more there are."""
    rest = len(lines) - _MOST
    more = Plural("and {more} more like these", "and {more} more like these", rest, more=rest)
    return [*lines[:_MOST], *([more] if rest > 0 else [])]


class ProblemError(ValueError):
    """Thrown when one value is not what it must be; the words follow the name of the value.

    It may be data of another error: people read its words there, programs its kind and data.
    """

    def __init__(self, kind: str, text: str, /, **data: object) -> None:
        self.kind = kind
        self.words = Words(text, **data)
        super().__init__(kind)

    @property
    def data(self) -> Mapping[str, object]:
        """The values by name."""
        return self.words.values

    def __str__(self) -> str:
        return str(self.words)

    def as_json(self) -> dict[str, Any]:
        """Kind and data for programs."""
        return {"kind": self.kind, **plain(self.data, None)}


Line = str | Words
"""A text that is marked by `N_` and filled with the data of its error; or words of their own."""


class MikoshiError(Exception):
    """Thrown when a command cannot go on. Not raised itself: its subclasses say why."""

    exit_code: ClassVar[int]

    report: object = None
    """All that was found; `--json` prints it beside the error."""

    sent: Sequence[str] = ()
    """The hashes of transactions that were sent before: said beside whatever went wrong."""

    def __init__(
        self, kind: str, what: Line, why: Line | Sequence[Line], hint: Line, /, **data: object
    ) -> None:
        """`why` may be several lines, one for each reason; `hint` is what to do next."""
        self.kind = kind
        self.data = data
        self._what, self._hint = what, hint
        self._why = [why] if isinstance(why, Line) else list(why)
        super().__init__(kind)

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def with_report(self, report: object) -> Self:
        """The error at the end of something that found all of this."""
        self.report = report
        return self

    @property
    def what(self) -> str:
        """What went wrong."""
        return self._words(self._what)

    @property
    def reasons(self) -> list[str]:
        """Why, one or several lines, and what was sent before."""
        sent = [sent_before(self.sent)] if self.sent else []
        return [self._words(line) for line in (*self._why, *sent)]

    @property
    def hint(self) -> str:
        """What to do next."""
        return self._words(self._hint)

    @property
    def lines(self) -> list[str]:
        """What is printed, without decoration."""
        return [self.what, *self.reasons, self.hint]

    def _words(self, line: Line) -> str:
        return (line if isinstance(line, Words) else Words(line)).said(self.data)

    def as_json(self) -> dict[str, object]:
        """The same for `--json`."""
        error = {"code": self.exit_code, "kind": self.kind, "data": plain(self.data, None)}
        words = {"what": self.what, "why": self.reasons, "next": self.hint}
        sent = {"sent": [*self.sent]} if self.sent else {}
        return {**(plain(self.report, None) or {}), "error": {**error, **words, **sent}}


def sent_before(hashes: Sequence[str]) -> Plural:
    """What this run had sent before something went wrong; the last of it by name."""
    return Plural(
        "{sent} transaction was sent before: {last}",
        "{sent} transactions were sent before, the last one {last}",
        len(hashes),
        sent=len(hashes),
        last=hashes[-1],
    )


class CheckFailedError(MikoshiError):
    """Thrown when a check found a difference or an alarm rang: exit code 1."""

    exit_code = 1


class BadInputError(MikoshiError):
    """Thrown when a file, an option, an account or a program is wrong or missing: exit code 2."""

    exit_code = 2


class ChainError(MikoshiError):
    """Thrown when the chain or its node refuses, fails or cannot be reached: exit code 3."""

    exit_code = 3


class NotNowError(MikoshiError):
    """Thrown when the DAO's rules do not allow it, or do not allow it yet: exit code 4."""

    exit_code = 4


class NothingSentError(NotNowError):
    """Thrown for an act that is not allowed now; says beside it that nothing was sent."""

    @property
    def what(self) -> str:
        """What went wrong, and that nothing was sent."""
        what = super().what
        return what if self.sent else _("{what}. Nothing was sent.", what=what)


class DefectError(MikoshiError):
    """Thrown for what should not happen, a defect of Mikoshi itself: exit code 70 (EX_SOFTWARE)."""

    exit_code = 70
