"""Kinds of communities to begin with: `ape run init --template salon`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mikoshi.config.danger import SHORT_DELAY, SHORT_VOTING
from mikoshi.config.kinds import Label
from mikoshi.config.numbers import Duration
from mikoshi.config.render import render
from mikoshi.config.sections import kind_of
from mikoshi.text.files import read_toml
from mikoshi.text.language import N_, Language

NAMES = ("pm-dao", "salon", "customer", "corporate")

PRACTICE = Label(
    N_(
        "To practise with: its periods are the shortest that the contracts allow. Write the "
        "dao.toml of the real community without --pace minutes."
    )
)

_WAITS = (
    "membership.dormant_after",
    "membership.season",
    "governance.voting_delay",
    "governance.voting_period",
    "governance.late_extension",
    "governance.execution_delay",
)
_HASTY = (SHORT_VOTING.name, SHORT_DELAY.name)

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Template:
    """A dao.toml to be filled in: its tables, and why its settings are as they are.

    `heading` says what it is for: in a line, and then in some more.
    """

    name: str
    heading: tuple[Label, ...]
    notes: dict[str, Label]
    values: dict[str, dict[str, Any]]

    @classmethod
    def load(cls, name: str) -> Template:
        """One of NAMES."""
        raw = read_toml(_FOLDER / f"{name}.toml")
        notes = {path: Label(note) for path, note in raw.get("notes", {}).items()}
        heading = Label(raw["title"]), Label(raw["about"])
        return cls(name, heading, notes, raw["values"])

    @property
    def to_fill_in(self) -> list[str]:
        """The settings that only their community can know, by path."""
        return [
            f"{section}.{name}"
            for section, table in self.values.items()
            for name, value in table.items()
            if value == ""
        ]

    def practice(self) -> Template:
        """The same for a rehearsal: what has to be waited for takes as little as is legal."""
        values = {name: dict(table) for name, table in self.values.items()}
        for path in _WAITS:
            section, _, name = path.partition(".")
            values.setdefault(section, {})[name] = _shortest(path)
        known = values.get("danger", {}).get("accept", [])
        values["danger"] = {"accept": [*known, *(name for name in _HASTY if name not in known)]}
        notes = {path: note for path, note in self.notes.items() if path not in _WAITS}
        return replace(self, heading=(PRACTICE, *self.heading), notes=notes, values=values)

    def render(self, languages: Sequence[Language], **tables: dict[str, Any]) -> str:
        """The text of its dao.toml in `languages`; `tables` add to and replace its values."""
        values = {name: dict(table) for name, table in self.values.items()}
        for name, table in tables.items():
            values[name] = values.get(name, {}) | table
        return render(values, self.heading, self.notes, languages)


def _shortest(path: str) -> str:
    kind = kind_of(path)
    if not isinstance(kind, Duration):
        raise AssertionError(f"{path} is no duration")
    return kind.show(kind.low)


def charter(language: Language) -> str:
    """A charter to be filled in; in English where there is none in the language."""
    own, english = (_FOLDER / f"charter.{each}.md" for each in (language, "en"))
    return (own if own.exists() else english).read_text("utf-8")


def unfilled(text: str) -> list[str]:
    """The lines of a charter that are still to be filled in, as its template has them."""
    templates = (path.read_text("utf-8") for path in _FOLDER.glob("charter.*.md"))
    blank = {line for each in templates for line in each.splitlines() if line.endswith("…")}
    return [line for line in text.splitlines() if line.rstrip() in blank]
