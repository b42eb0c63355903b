"""What `make mutants` shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mikoshi.text.console import Console
from tests.mutants.run import Verdict


def show(out: Console, verdicts: Sequence[Verdict], seconds: float) -> None:
    """A table of the mutants, and what is to be done about those that were not killed."""
    out.table(
        ["", "Mutant", "Breaks", "Killed by", "How"],
        [
            [
                "✓" if each.killed else "✗",
                each.mutant.name,
                each.mutant.breaks,
                each.mutant.test.removeprefix("tests/"),
                each.how,
            ]
            for each in verdicts
        ],
    )
    alive = [each for each in verdicts if not each.killed]
    for each in alive:
        out.bad(f"{each.mutant.name}: {each.how}")
        if each.words:
            out.say(f"  {each.words}")
    if alive:
        out.bad(f"{len(alive)} of {len(verdicts)} mutants were not killed, in {seconds:.0f} s")
        out.next_step("let the named test assert what the mutant breaks, or bring it up to date")
    else:
        out.good(f"all {len(verdicts)} mutants killed, in {seconds:.0f} s")


def as_json(verdicts: Sequence[Verdict], seconds: float) -> dict[str, Any]:
    """The same for programs."""
    return {
        "killed": sum(each.killed for each in verdicts),
        "alive": sum(not each.killed for each in verdicts),
        "seconds": round(seconds, 1),
        "mutants": [
            {
                "name": each.mutant.name,
                "contract": each.mutant.contract,
                "source": each.mutant.source,
                "breaks": each.mutant.breaks,
                "test": each.mutant.test,
                "killed": each.killed,
                "how": each.how,
                "words": each.words,
            }
            for each in verdicts
        ],
    }
