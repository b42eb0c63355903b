"""Writing a dao.toml in which every setting explains itself, from the same source as its checks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mikoshi.config.danger import DANGERS, lasting
from mikoshi.config.kinds import Kind, Label, Range, Section, Setting, ValueProblemError
from mikoshi.config.sections import ENTRIES, OPTIONAL, SECTIONS
from mikoshi.config.words import OneOf
from mikoshi.text.language import Language, _, speaking

_SIZE = 100
"""Awake members of the DAO by which power for ever is shown."""

_EXAMPLES = {
    "amount": '"1,000 PMC"',
    "name": '"Hana 花"',
    "salt": '"2"',
    "rpc": '"https://…"',
    "uri": '"https://…"',
    "url": '"https://…"',
}


def render(
    values: Mapping[str, Mapping[str, Any]],
    heading: Sequence[Label],
    notes: Mapping[str, Label],
    languages: Sequence[Language],
) -> str:
    """The text of a dao.toml, commented in `languages`; durations are written in the last one.

    `values` are tables as in the file; what they leave out gets its default. `heading` are the
    lines that head the file, and `notes` say of single settings (by path) why they are as they are.
    """
    with speaking(languages[-1]):
        blocks = [_comments(heading, languages)]
        for name, section in SECTIONS.items():
            blocks.append(_table(name, section, values.get(name), notes, languages))
            if name == "governance":
                blocks[-1] += "\n" + _lasting(values, languages)
    return "\n\n".join(blocks) + "\n"


def _table(
    name: str,
    section: type[Section],
    values: Mapping[str, Any] | None,
    notes: Mapping[str, Label],
    languages: Sequence[Language],
) -> str:
    given = values or {}
    lines = [f"[{name}]"]
    for setting in section.settings():
        lines.append(_comment(setting.label, languages, setting.kind))
        if note := notes.get(f"{name}.{setting.name}"):
            lines.append(_comment(note, languages))
        lines.append(_assignment(setting, given))
    for key in (key for key in section.model_fields if key in ENTRIES):
        lines += _entries(name, key, given.get(key, ()), languages)
    if name == "danger":
        lines += _accepted(given.get("accept", ()), languages)
    if name in OPTIONAL and values is None:
        lines = [line if line.startswith("#") else f"# {line}" for line in lines]
    return "\n".join([_comment(section.about, languages), *lines])


def _lasting(values: Mapping[str, Mapping[str, Any]], languages: Sequence[Language]) -> str:
    """How many could hold power for ever in a DAO of _SIZE members with these settings."""

    def value(table: str, name: str) -> int:
        each = next(each for each in SECTIONS[table].settings() if each.name == name)
        given = values.get(table, {})
        return int(each.kind.read(given[name]) if name in given else each.default)

    most, quorum = value("voice", "most"), value("governance", "quorum")
    counted = lasting(_SIZE, _SIZE, most, quorum, value("governance", "floor"))
    lines = []
    for language in languages:
        with speaking(language):
            lines.append(f"# {counted.text}")
    return "\n".join(lines)


def _comment(label: Label, languages: Iterable[Language], kind: Kind | None = None) -> str:
    return _comments([label], languages, kind)


def _comments(
    labels: Sequence[Label], languages: Iterable[Language], kind: Kind | None = None
) -> str:
    lines = []
    for language in languages:
        with speaking(language):
            limits = kind.limits() if isinstance(kind, Range | OneOf) else ""
            for label in labels:
                lines += f"{label.text}{f' ({limits})' if limits else ''}".splitlines()
    return "\n".join(f"# {line}".rstrip() for line in lines)


def _assignment(setting: Setting, given: Mapping[str, Any]) -> str:
    name, kind, __, default = setting
    if name in given:
        try:
            return f"{name} = {kind.literal(kind.read(given[name]))}"
        except ValueProblemError:  # left for a person to fill in
            return f"{name} = {json.dumps(given[name])}  # ← {_('fill in')}"
    if default in (None, "", b""):
        return f"# {name} = {_example(name)}"
    return f"{name} = {kind.literal(default)}"


def _entries(
    table: str, key: str, entries: Sequence[Mapping[str, Any]], languages: Sequence[Language]
) -> list[str]:
    about = _comment(ENTRIES[key].about, languages)
    if not entries:
        fields = [f"# {name} = {_example(name)}" for name in ENTRIES[key].model_fields]
        return ["", about, f"# [[{table}.{key}]]", *fields]
    lines = []
    for entry in entries:
        fields = [f"{name} = {json.dumps(value)}" for name, value in entry.items()]
        lines += ["", about, f"[[{table}.{key}]]", *fields]
    return lines


def _example(name: str) -> str:
    return _EXAMPLES.get(name, '"0x…"')


def _accepted(names: Sequence[str], languages: Sequence[Language]) -> list[str]:
    if not names:
        return ["accept = []"]
    lines = ["accept = ["]
    for danger in DANGERS:
        if danger.name in names:
            lines += ["    " + line for line in _comment(danger.label, languages).splitlines()]
            lines.append(f'    "{danger.name}",')
    return [*lines, "]"]
