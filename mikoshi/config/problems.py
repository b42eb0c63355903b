"""Everything that is wrong with a dao.toml, collected and told at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mikoshi.errors import BadInputError
from mikoshi.language import pick

if TYPE_CHECKING:
    from pydantic import ValidationError

    from mikoshi.config.sections import Section


@dataclass
class Problems:
    """Complaints about the file called `name`, in the order in which they were found."""

    name: str
    lines: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def add(self, path: str, text: str, why: str = "") -> None:
        """`text` follows the name of the setting; `why` is the reason for its limit."""
        self.add_line(f"{self.name}: {path} {text}", why)

    def add_line(self, line: str, why: str = "") -> None:
        """A complaint that names its place itself."""
        self.lines.append(line)
        self.reasons.append(why)

    def add_unknown(self, path: str, known: Iterable[str]) -> None:
        """A name that no setting has, with the nearest one that some setting has."""
        near = difflib.get_close_matches(path, list(known), 1, 0.6)
        suggestion = (
            pick(f"; did you mean {near[0]}?", f"({near[0]} のことですか?)") if near else ""
        )
        self.add(path, pick("is not a setting", "という設定はありません") + suggestion)

    def add_invalid(self, error: ValidationError, path: str, section: type[Section]) -> None:
        """What pydantic found in the table at `path`."""
        for item in error.errors(include_url=False):
            names = [str(part) for part in item["loc"]]
            where = ".".join([path, *names])
            if item["type"] == "extra_forbidden":
                parent = ".".join([path, *names[:-1]])
                known = _fields(section, names[:-1])
                self.add_unknown(where, [f"{parent}.{name}" for name in known])
            elif item["type"] == "missing":
                self.add(where, pick("is missing", "がありません"))
            elif item["type"] == "mikoshi":
                self.add(where, str(item["msg"]), _why(section, names))
            else:
                self.add(where, pick("has the wrong type", "の型が違います") + f" ({item['msg']})")

    def check(self) -> None:
        """Raise BadInputError if anything is wrong."""
        if not self.lines:
            return
        again = pick(
            f"Correct {self.name} and run the command again; nothing was done",
            f"{self.name} を直して、もう一度実行してください(まだ何もしていません)",
        )
        if len(self.lines) == 1:
            why = self.reasons[0] or pick(
                "the file must say exactly what the DAO shall be",
                "DAOの内容はこのファイルで正確に決まります",
            )
            raise BadInputError(self.lines[0], why, again)
        count = len(self.lines)
        raise BadInputError(
            pick(f"{self.name} has {count} problems", f"{self.name} に{count}件の問題があります"),
            self.lines,
            again,
        )


def _fields(section: type[Section], names: list[str]) -> list[str]:
    """The settings of a table, or of an entry in one of its lists."""
    from mikoshi.config.sections import GrantEntry, PersonEntry

    if names[:1] == ["grants"]:
        return list(GrantEntry.model_fields)
    if names[:1] == ["list"]:
        return list(PersonEntry.model_fields)
    return list(section.model_fields)


def _why(section: type[Section], names: list[str]) -> str:
    from mikoshi.config.fields import Label

    field_info: Any = section.model_fields.get(names[0]) if names else None
    labels = [item for item in getattr(field_info, "metadata", []) if isinstance(item, Label)]
    return labels[0].why if labels else ""
