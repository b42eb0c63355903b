"""What `make mutants` shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mikoshi.core.artifacts import project_sources
from mikoshi.text.console import Console
from tests.mutants.equivalents import Key
from tests.mutants.run import Verdict
from tests.mutants.sample import ENOUGH, FaultFate


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


def show_sample(
    out: Console, fates: Sequence[FaultFate], reasons: Mapping[Key, str], seconds: float
) -> None:
    """Each fault that lives, with its diff or the reason why nobody can notice it; the count."""
    sources = project_sources()
    counted = [fate for fate in fates if fate.counts]
    alive = [fate for fate in counted if not fate.killed]
    for each in alive:
        out.bad(f"{each.fault}: {each.how}")
        if reason := reasons.get(each.fault.key):
            out.say(f"  {reason}")
        else:
            out.say(each.fault.diff(sources))
            if each.noticed:
                out.say(f"  {each.noticed}")
    killed = len(counted) - len(alive)
    told = sum(each.fault.key in reasons for each in alive)
    out.say(
        f"{len(fates) - len(counted)} more did not compile or made the same code;"
        f" {told} of those that live are explained; {seconds:.0f} s"
    )
    tell = out.good if killed >= ENOUGH * len(counted) else out.bad
    tell(f"{killed} of {len(counted)} faults die, {killed / max(1, len(counted)):.1%}")
    if told < len(alive):
        out.next_step("kill each with a test, or explain it in docs/mutants.md")


def sample_as_json(
    fates: Sequence[FaultFate], reasons: Mapping[Key, str], seconds: float
) -> dict[str, Any]:
    """The same for programs."""
    counted = [fate for fate in fates if fate.counts]
    return {
        "counted": len(counted),
        "killed": sum(fate.killed for fate in counted),
        "uncounted": len(fates) - len(counted),
        "seconds": round(seconds, 1),
        "faults": [
            {
                "where": fate.fault.where,
                "source": fate.fault.source,
                "operator": fate.fault.operator,
                "old": fate.fault.key[1],
                "new": fate.fault.key[2],
                "counts": fate.counts,
                "killed": fate.killed,
                "how": fate.how,
                "noticed": fate.noticed,
                "reason": reasons.get(fate.fault.key),
            }
            for fate in fates
        ],
    }
