"""What was taken for granted."""

from __future__ import annotations

from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import pick
from mikoshi.text.units import format_when


def check(sim: Simulation) -> list[Finding]:
    """A note where the Governor did not execute it itself, and where there is nothing to do."""
    subject = sim.subject
    if not subject.steps:
        return [
            Finding("info", pick("it only asks: nothing is executed", "意見を聞くだけの提案です"))
        ]
    if subject.passed:
        return []
    when = format_when(sim.outcome.time, subject.now)
    if subject.made is None:
        text = pick(
            f"taken to be proposed now and to pass: the treasury executes it {when}",
            f"いま提案して可決されたものとして試しました(実行 {when})",
        )
    else:
        text = pick(
            f"voting is not over; taken to pass: the treasury executes it {when}",
            f"投票の途中ですが、可決されたものとして試しました(実行 {when})",
        )
    return [Finding("info", text)]
