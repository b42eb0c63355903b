"""The mutants as a table in docs/invariants.md: `python -m tests.mutants.table` writes it."""

from __future__ import annotations

from mikoshi.text.paths import ROOT
from tests.mutants.catalogue import MUTANTS

INVARIANTS = ROOT / "docs" / "invariants.md"
HEADING = "## Seeded faults\n"


def table() -> str:
    """A row for each mutant: what it is called, the rule that it breaks, the test that finds it."""
    rows = [
        f"| {mutant.name} | {mutant.breaks} | `{mutant.test.removeprefix('tests/')}` |"
        for mutant in MUTANTS
    ]
    return "\n".join(["| fault | rule that it breaks | found by |", "|---|---|---|", *rows, ""])


def with_table(text: str) -> str:
    """The text of docs/invariants.md with the table of today at its end."""
    before, heading, _ = text.partition(HEADING)
    if not heading:
        raise ValueError(f"{INVARIANTS} has no section {HEADING.strip()!r}")
    return f"{before}{HEADING}\n{table()}"


if __name__ == "__main__":
    INVARIANTS.write_text(with_table(INVARIANTS.read_text("utf-8")), "utf-8")
