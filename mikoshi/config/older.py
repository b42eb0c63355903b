"""Settings of dao.toml as 0.1 and 0.2 had them: what changed, and what to write now."""

from __future__ import annotations

from typing import Any

from mikoshi.config.kinds import Range, ValueProblemError, written
from mikoshi.config.names import kind_of
from mikoshi.config.numbers import Duration, Percent
from mikoshi.text.errors import ProblemError
from mikoshi.text.language import N_
from mikoshi.text.units import DAY, HOUR, YEAR

GONE_DANGERS = ("strong-merit", "short-season")
"""What could be accepted under [danger], and is within no limits any more."""

_WIDER: dict[str, Range] = {
    "membership.dormant_after": Duration(90 * DAY, 730 * DAY),
    "membership.season": Duration(3 * DAY, YEAR),
    "governance.voting_delay": Duration(DAY, 14 * DAY),
    "governance.late_extension": Duration(HOUR, 7 * DAY, HOUR),
    "governance.execution_delay": Duration(DAY, 30 * DAY),
    "governance.floor": Percent(100, 2_500),
}
"""The limits that were wider."""


def explained(setting: str, problem: ProblemError, value: Any) -> ProblemError:
    """`problem` of a `value` as written; where older versions took it, with what to write now."""
    older, kind = _WIDER.get(setting), kind_of(setting)
    if problem.kind != "value.outside" or older is None or not isinstance(kind, Range):
        return problem
    try:
        taken = older.read(value)
    except ValueProblemError:
        return problem
    low, high = kind.ends()
    return ValueProblemError(
        "setting.narrower",
        N_("must be {low} … {high} since 0.3, got {got}; write {write}"),
        low=low,
        high=high,
        got=kind.show(taken),
        write=kind.literal(min(max(taken, kind.low), kind.high)),
    )


def gone(setting: str, value: Any) -> ProblemError | None:
    """What to write instead of a setting that there is no more; None for any other."""
    if setting != "voice.k":
        return None
    return ValueProblemError(
        "voice.no-k",
        N_(
            "is gone since 0.3, got {got}: write most = {most} (the most voice of one member, in "
            'multiples of base) and full = "{full}" (the merit that gives it) instead'
        ),
        got=written(value),
        most="1" if value in (0, "0") else "1.5",
        full="100 points",
    )
