"""The faults that nobody can notice, each with a reason: a list in docs/mutants.md."""

from __future__ import annotations

import re

from mikoshi.text.paths import ROOT

EXPLAINED = ROOT / "docs" / "mutants.md"
HEADING = "## Explained\n"

_LINE = re.compile(r"- `([^`]+)`: `([^`]*)` → `([^`]*)`: (.+)")

Key = tuple[str, str, str]


def explained(text: str) -> dict[Key, str]:
    """The reasons by `Fault.key`. Raises ValueError for a line that is none, or is there twice."""
    _, heading, after = text.partition(HEADING)
    if not heading:
        raise ValueError(f"{EXPLAINED} has no section {HEADING.strip()!r}")
    reasons: dict[Key, str] = {}
    for line in re.findall("^- .*$", after.partition("\n## ")[0], re.M):
        found = _LINE.fullmatch(line)
        if found is None or found.group(1, 2, 3) in reasons:
            raise ValueError(f"{EXPLAINED}: {line!r} explains nothing")
        reasons[found[1], found[2], found[3]] = found[4]
    return reasons
