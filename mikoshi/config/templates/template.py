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
    """A dao.toml to be filled in: its tables, what it is for, why its settings are as they are."""

    name: str
    about: Label
    notes: dict[str, Label]
    values: dict[str, dict[str, Any]]

    @classmethod
    def load(cls, name: str) -> Template:
        """One of NAMES."""
        raw = read_toml(_FOLDER / f"{name}.toml")
        notes = {path: _label(note) for path, note in raw.get("notes", {}).items()}
        return cls(name, _label(raw["about"]), notes, raw["values"])

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
        return render(values, self.about, self.notes, languages)


def charter(language: Language) -> str:
    """A charter to be filled in."""
    return (_FOLDER / f"charter.{language}.md").read_text("utf-8")


def unfilled(text: str) -> list[str]:
    """The lines of a charter that are still to be filled in, as its template has them."""
    templates = charter("en") + charter("ja")
    blank = {line for line in templates.splitlines() if line.endswith("…")}
    return [line for line in text.splitlines() if line.rstrip() in blank]


def _label(raw: dict[str, str]) -> Label:
    return Label(raw["en"].strip(), raw["ja"].strip())
