"""Everything that is wrong with a dao.toml, collected and told at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mikoshi.text.errors import BadInputError, Final
from mikoshi.text.language import N_, _, listed

if TYPE_CHECKING:
    from pydantic import ValidationError

    from mikoshi.config.section import Section


@dataclass
class Problems:
    """Complaints about the file called `name`, in the order in which they were found."""

    name: str
    lines: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    files: dict[str, None] = field(default_factory=dict)
    """The files to be corrected."""

    def add(self, path: str, text: str, why: str = "") -> None:
        """`text` follows the name of the setting; `why` is the reason for its limit."""
        self.add_line(f"{self.name}: {path} {text}", self.name, why)

    def add_line(self, line: str, file: str, why: str = "") -> None:
        """A complaint about a `file` that names its place itself."""
        self.lines.append(line)
        self.reasons.append(why)
        self.files[file] = None

    def add_unknown(self, path: str, name: str, known: Iterable[str], text: str = "") -> None:
        """A name that does not exist at `path`, with the nearest one that does."""
        text = text or _("is not a setting")
        near = difflib.get_close_matches(name, list(known), 1, 0.6)
        if near:
            text += _("; did you mean {near_0}?", near_0=near[0])
        self.add(path, text, _("it would have no effect"))

    def add_invalid(self, error: ValidationError, path: str, section: type[Section]) -> None:
        """What pydantic found in the table at `path`."""
        for item in error.errors(include_url=False):
            names = item["loc"]
            where = path
            for name in names:
                where += f"[{name + 1}]" if isinstance(name, int) else f".{name}"
            if item["type"] == "extra_forbidden":
                self.add_unknown(where, str(names[-1]), _known(section, names))
            elif item["type"] == "missing":
                self.add(where, _("is missing"))
            elif item["type"] == "mikoshi":
                self.add(where, str(item["msg"]), _why(section, names))
            else:
                self.add(where, _("has the wrong form") + f": {item['msg']}")

    def check(self, why: str = "") -> None:
        """Raise BadInputError if anything is wrong; `why` is the reason of what has no other."""
        if not self.lines:
            return
        files = listed(self.files)
        again = _("Correct {files} and run the command again; nothing was done", files=files)
        if len(self.lines) == 1:
            reason = self.reasons[0] or why or _("the file must say exactly what the DAO shall be")
            raise BadInputError("problems.check", Final(self.lines[0]), Final(reason), Final(again))
        count = len(self.lines)
        raise BadInputError(
            "problems.check",
            N_("{name} has {count} problems"),
            [*map(Final, self.lines)],
            Final(again),
            name=self.name,
            count=count,
        )


def _known(section: type[Section], names: tuple[int | str, ...]) -> list[str]:
    """The settings of a table, or of an entry in one of its lists."""
    from mikoshi.config.sections import ENTRIES

    entry = ENTRIES.get(str(names[0])) if len(names) > 1 else None
    return list((entry or section).model_fields)


def _why(section: type[Section], names: tuple[int | str, ...]) -> str:
    return next((each.label.why for each in section.settings() if each.name == names[0]), "")
