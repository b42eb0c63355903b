"""Everything that is wrong with a dao.toml, collected and told at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mikoshi.config.kinds import Range, ValueProblemError, written
from mikoshi.config.numbers import Duration, Percent
from mikoshi.text.errors import BadInputError, Line, ProblemError, Words, first_of
from mikoshi.text.language import N_, listed
from mikoshi.text.units import DAY, HOUR, YEAR

if TYPE_CHECKING:
    from pydantic import ValidationError

    from mikoshi.config.kinds import Section


_WIDER: dict[str, Range] = {
    "membership.dormant_after": Duration(90 * DAY, 730 * DAY),
    "membership.season": Duration(3 * DAY, YEAR),
    "governance.voting_delay": Duration(DAY, 14 * DAY),
    "governance.late_extension": Duration(HOUR, 7 * DAY, HOUR),
    "governance.execution_delay": Duration(DAY, 30 * DAY),
    "governance.floor": Percent(100, 2_500),
}
"""The limits that were wider."""

_FORMS = {
    "string": N_("a text in quotes"),
    "bool": N_("true or false"),
    "int": N_("a whole number"),
    "list": N_("a list"),
    "tuple": N_("a list"),
    "dict": N_("a table of settings"),
    "model": N_("a table of settings"),
}
"""What pydantic wanted, by the first word of its type."""


@dataclass(frozen=True)
class Complaint:
    """What is wrong with a setting, why that has a limit, and the nearest name that exists.

    Where no `setting` is named, the problem names its place itself.
    """

    file: str
    setting: str
    problem: ProblemError
    why: Line = ""
    near: str = ""

    @property
    def line(self) -> Words:
        """The complaint in a line."""
        words = {"file": self.file, "setting": self.setting, "problem": self.problem}
        if not self.setting:
            return self.problem.words
        if self.near:
            text = N_("{file}: {setting} {problem}; did you mean {near}?")
            return Words(text, **words, near=self.near)
        return Words("{file}: {setting} {problem}", **words)

    def as_json(self) -> dict[str, Any]:
        """The complaint for programs."""
        near = {"near": self.near} if self.near else {}
        return {"setting": self.setting, **self.problem.as_json(), **near}


@dataclass
class Problems:
    """Complaints about the file called `name`, in the order in which they were found."""

    name: str
    found: list[Complaint] = field(default_factory=list)

    def add(self, setting: str, problem: ProblemError, why: Line = "") -> None:
        """`problem` is that of a setting; `why` is the reason for its limit."""
        self.found.append(Complaint(self.name, setting, problem, why))

    def add_line(self, problem: ProblemError, file: str) -> None:
        """A complaint about a `file` that names its place itself."""
        self.found.append(Complaint(file, "", problem))

    def add_unknown(
        self, setting: str, name: str, known: Iterable[str], problem: ProblemError | None = None
    ) -> None:
        """A name that does not exist at `setting`, with the nearest one that does."""
        problem = problem or ValueProblemError("setting.unknown", N_("is not a setting"))
        near = difflib.get_close_matches(name, list(known), 1, 0.6)
        why = N_("it would have no effect")
        self.found.append(Complaint(self.name, setting, problem, why, "".join(near)))

    def add_missing(self, setting: str) -> None:
        """A setting that has no default and is not there."""
        self.add(setting, ValueProblemError("setting.missing", N_("is missing")))

    def add_invalid(self, error: ValidationError, path: str, section: type[Section]) -> None:
        """What pydantic found in the table at `path`."""
        for item in error.errors(include_url=False):
            names = item["loc"]
            where = path
            for name in names:
                where += f"[{name + 1}]" if isinstance(name, int) else f".{name}"
            problem = _gone(where, item["input"])
            if problem is not None:
                self.add(where, problem)
            elif item["type"] == "extra_forbidden":
                self.add_unknown(where, str(names[-1]), _known(section, names))
            elif item["type"] == "missing":
                self.add_missing(where)
            elif item["type"] == "mikoshi":
                problem = _explained(where, item["ctx"]["problem"], item["input"])
                self.add(where, problem, _why(section, names))
            else:
                form = Words(_FORMS.get(item["type"].split("_")[0], N_("of another form")))
                wrong = ValueProblemError("setting.wrong-form", N_("must be {form}"), form=form)
                self.add(where, wrong)

    def check(self, why: Line = "") -> None:
        """Raise BadInputError if anything is wrong; `why` is the reason of what has no other."""
        if not self.found:
            return
        first, *more = self.found
        reason = first.why or why or N_("the file must say exactly what the DAO shall be")
        raise BadInputError(
            "file.problems",
            N_("{name} has {count} problems") if more else first.line,
            first_of([each.line for each in self.found]) if more else reason,
            N_("Correct {files} and run the command again; nothing was done"),
            name=self.name,
            count=len(self.found),
            files=listed(dict.fromkeys(each.file for each in self.found)),
            problems=[each.as_json() for each in self.found],
        )


def of_file(error: BadInputError) -> ValueProblemError:
    """What is wrong with a file that a setting names."""
    return ValueProblemError(
        "members.bad-file",
        N_("{what}: {reasons}"),
        what=error.what,
        reasons=listed(error.reasons),
        cause=error.kind,
    )


def _known(section: type[Section], names: tuple[int | str, ...]) -> list[str]:
    """The settings of a table, or of an entry in one of its lists."""
    from mikoshi.config.sections import ENTRIES

    entry = ENTRIES.get(str(names[0])) if len(names) > 1 else None
    return list((entry or section).model_fields)


def _why(section: type[Section], names: tuple[int | str, ...]) -> str:
    return next((each.label.reason for each in section.settings() if each.name == names[0]), "")


def _explained(setting: str, problem: ProblemError, value: Any) -> ProblemError:
    """`problem` of a `value` as written; where older versions took it, with what to write now."""
    from mikoshi.config.sections import kind_of

    older, kind = _WIDER.get(setting), kind_of(setting)
    if problem.kind != "value.outside" or older is None or not isinstance(kind, Range):
        return problem
    try:
        taken = older.read(value)
    except ValueProblemError:
        return problem
    low, high = kind.ends()
    return ValueProblemError(
        "setting.narrower",
        N_("must be {low} … {high} since 0.3, got {got}; write {write}"),
        low=low,
        high=high,
        got=kind.show(taken),
        write=kind.literal(min(max(taken, kind.low), kind.high)),
    )


def _gone(setting: str, value: Any) -> ProblemError | None:
    """What to write instead of a setting that there is no more; None for any other."""
    if setting != "voice.k":
        return None
    return ValueProblemError(
        "voice.no-k",
        N_(
            "is gone since 0.3, got {got}: write most = {most} (the most voice of one member, in "
            'multiples of base) and full = "{full}" (the merit that gives it) instead'
        ),
        got=written(value),
        most="1" if value in (0, "0") else "1.5",
        full="100 points",
    )
