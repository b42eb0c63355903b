"""From answers to the files of a community."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mikoshi.config.danger import Danger, dangers_of
from mikoshi.config.model import Config
from mikoshi.config.sections import OPTIONAL, SECTIONS
from mikoshi.config.templates.naming import named, slug_of
from mikoshi.config.templates.starting import Started, companions, write
from mikoshi.config.templates.template import Template, charter
from mikoshi.init.answers import Answers
from mikoshi.init.question import setting
from mikoshi.text.language import Language
from mikoshi.text.people import Person

Tables = dict[str, dict[str, Any]]

_SETTINGS = {
    "chain": "dao.chain_id",
    "tickets": "dao.tickets",
    "weight": "voice.most",
    "memory": "voice.half_life",
    "quorum": "governance.quorum",
    "voting": "governance.voting_period",
    "pace": "steward.members_per_epoch",
}
"""The answers that are settings of dao.toml as they are."""

_OFFICES = ("guardian", "steward")
_OTHERWISE = ("members", "danger")  # in a Config they are people and names


@dataclass(frozen=True)
class ConfigDraft:
    """A community as it was answered, not yet written.

    `kind` is its template, `config` what the dao.toml will say, `dangers` are the dangerous
    settings that it accepts, and `contents` the files to be written; those of `replaced` exist and
    will be another.
    """

    kind: str
    config: Config
    dangers: list[Danger]
    contents: Mapping[Path, str]
    replaced: list[Path]

    def write(self) -> Started:
        """Write the files; a charter that exists is kept. Raises BadInputError."""
        started = write(self.contents, self.replaced)
        __, text = companions(self.config.source)
        started.to_fill_in = [text.name] if text in started.written else []
        return started


def make_draft(answers: Answers, languages: Sequence[Language]) -> ConfigDraft:
    """What the answers to all questions come to, commented in `languages`."""
    output, founders = answers.output, answers.known.founders
    members, text = companions(output)
    listed = founders.file or members
    tables = _tables(answers)
    tables["charter"] = {"file": text.name}
    tables["members"] = {"file": os.path.relpath(listed, output.parent)}
    config = _config(output, tables, founders.people)
    dangers = dangers_of(config)
    tables["danger"] = {"accept": [danger.name for danger in dangers]}
    template = _fitted(answers.known.template, tables)
    contents = {output: template.render(languages), text: charter(languages[0])}
    if founders.file is None:
        contents[members] = founders.as_csv
    existing = [path for path in (output, members) if path in contents and path.exists()]
    accepted = tuple(danger.name for danger in dangers)
    config = replace(config, accepted=accepted)
    return ConfigDraft(template.name, config, dangers, contents, existing)


def _fitted(template: Template, tables: Tables) -> Template:
    """A template with other values, without its remarks on what is now otherwise."""
    notes = {
        path: note
        for path, note in template.notes.items()
        if path in template.to_fill_in or _value(path, template.values) == _value(path, tables)
    }
    return replace(template, values=tables, notes=notes, heading=template.heading[:-1])


def _value(path: str, tables: Mapping[str, Mapping[str, Any]]) -> Any:
    """A setting in the units of the contracts."""
    section, _, name = path.partition(".")
    table, known = tables.get(section, {}), setting(path)
    return known.kind.read(table[name]) if name in table else known.default


def _tables(answers: Answers) -> Tables:
    """The tables of dao.toml: the template's, and what was answered."""
    values, template = answers.values, answers.known.template
    tables: Tables = {name: dict(table) for name, table in template.values.items()}
    slug = values.get("slug") or slug_of(values["name"], answers.output)
    symbol = values.get("symbol", "")
    for name, table in named(values["name"], slug, template.values, symbol).items():
        tables[name] |= table
    for name, path in _SETTINGS.items():
        if name in values:
            section, _, key = path.partition(".")
            tables.setdefault(section, {})[key] = values[name]
    for office in _OFFICES:
        if values[office]:
            tables.setdefault(office, {})["wallet"] = values[office]
        else:
            tables.pop(office, None)
    return tables


def _config(output: Path, tables: Tables, people: tuple[Person, ...]) -> Config:
    """What a dao.toml with these tables says, but for the charter's text."""
    sections: dict[str, Any] = {
        name: section.model_validate(tables.get(name, {}))
        for name, section in SECTIONS.items()
        if name not in _OTHERWISE and not (name in OPTIONAL and name not in tables)
    }
    return Config(source=output, charter_hash=bytes(32), members=people, **sections)
