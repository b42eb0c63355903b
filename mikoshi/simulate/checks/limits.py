"""The settings are within their hard limits afterwards."""

from __future__ import annotations

from mikoshi.check.parameters import NAMES, kind_of
from mikoshi.config.kinds import Range, ValueProblemError
from mikoshi.config.numbers import Duration
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.units import YEAR


def check(sim: Simulation) -> list[Finding]:
    """A failure for each that is not, which the contracts should have refused."""
    found, problems = sim.parameters, []
    for path, setting in NAMES.items():
        part, _, field = path.partition(".")
        kind = kind_of(setting)
        if part in ("governor", "membership") and field and isinstance(kind, Range):
            problems += _problem(setting, kind, found[part][field])
    voting = found["governor"]["votingDelay"] + found["governor"]["votingPeriod"]
    return problems + _problem(
        "membership.season", Duration(voting, YEAR), found["membership"]["season"]
    )


def _problem(setting: str, kind: Range, value: int) -> list[Finding]:
    try:
        kind.within(value)
    except ValueProblemError as error:
        return [Finding("failure", f"{setting} {error}")]
    return []
