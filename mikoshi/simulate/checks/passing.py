"""What was taken for granted."""

from __future__ import annotations

from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import N_
from mikoshi.text.units import format_when


def check(sim: Simulation) -> list[Finding]:
    """A note where the Governor did not execute it itself, and where there is nothing to do."""
    subject = sim.subject
    if not subject.steps:
        return [Finding("info", "passing.only-asks", N_("it only asks: nothing is executed"))]
    if subject.passed:
        return []
    when = format_when(sim.outcome.time, subject.now)
    if subject.made is None:
        return [
            Finding(
                "info",
                "passing.not-proposed",
                N_("taken to be proposed now and to pass: the treasury executes it {when}"),
                when=when,
            )
        ]
    return [
        Finding(
            "info",
            "passing.not-over",
            N_("voting is not over; taken to pass: the treasury executes it {when}"),
            when=when,
        )
    ]
