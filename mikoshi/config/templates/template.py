"""Kinds of communities to begin with: `ape run init --template salon`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mikoshi.config.kinds import Label
from mikoshi.config.render import render
from mikoshi.text.files import read_toml
from mikoshi.text.language import Language

NAMES = ("pm-dao", "salon", "customer", "corporate")

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

    def render(self, languages: Sequence[Language], **tables: dict[str, Any]) -> str:
        """The text of its dao.toml in `languages`; `tables` add to and replace its values."""
        values = {name: dict(table) for name, table in self.values.items()}
        for name, table in tables.items():
            values[name] = values.get(name, {}) | table
        return render(values, self.heading, self.notes, languages)


def charter(language: Language) -> str:
    """A charter to be filled in; in English where there is none in the language."""
    own, english = (_FOLDER / f"charter.{each}.md" for each in (language, "en"))
    return (own if own.exists() else english).read_text("utf-8")


def unfilled(text: str) -> list[str]:
    """The lines of a charter that are still to be filled in, as its template has them."""
    templates = (path.read_text("utf-8") for path in _FOLDER.glob("charter.*.md"))
    blank = {line for each in templates for line in each.splitlines() if line.endswith("…")}
    return [line for line in text.splitlines() if line.rstrip() in blank]
