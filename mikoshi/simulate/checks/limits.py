"""The settings are within their hard limits afterwards."""

from __future__ import annotations

from mikoshi.config.kinds import Range, ValueProblemError
from mikoshi.config.model import NAMES
from mikoshi.config.sections import kind_of
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import N_
from mikoshi.text.people import ZERO_ADDRESS
from mikoshi.text.units import format_when


def check(sim: Simulation) -> list[Finding]:
    """A failure for each that is not, and for a guardian whose term is over before it begins."""
    found, problems = sim.parameters, []
    for path, setting in NAMES.items():
        part, _, field = path.partition(".")
        kind = kind_of(setting)
        if part in ("governor", "membership") and field and isinstance(kind, Range):
            problems += _problem(setting, kind, found[part][field])
    return problems + _ended(sim)


def _ended(sim: Simulation) -> list[Finding]:
    """A guardian who is named, and whose term is over by then."""
    holder, until = (sim.parameters["guardian"][name] for name in ("holder", "until"))
    named = any(each.setting.startswith("guardian.") for each in sim.changes)
    if not named or holder == ZERO_ADDRESS or until > sim.outcome.time:
        return []
    end = format_when(until, sim.outcome.time)
    return [
        Finding(
            "failure",
            "guardian.term-over",
            N_("guardian.term is over when this is executed: it ends {end}"),
            end=end,
        )
    ]


def _problem(setting: str, kind: Range, value: int) -> list[Finding]:
    try:
        kind.within(value)
    except ValueProblemError as error:
        return [
            Finding(
                "failure",
                "setting.beyond-limits",
                "{setting} {problem}",
                setting=setting,
                problem=error,
            )
        ]
    return []
