"""The report's words: names of alarms, and numbers as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from mikoshi.config.kinds import Label
from mikoshi.language import listed, pick
from mikoshi.units import DAY, format_percent

ALARMS = {
    "dying": Label("The community is dying", "存続の危機"),
    "retention_30": Label("Retention after 30 days", "30日後の継続率"),
    "retention_90": Label("Retention after 90 days", "90日後の継続率"),
    "first_act": Label("Newcomers' first act", "新メンバーの最初の活動"),
    "participation": Label("Participation", "参加率"),
    "turnout_fall": Label("Turnout falls", "投票率の低下"),
    "quorum": Label("Distance to the quorum", "定足数までの距離"),
    "concentration": Label("Dependence on few people", "特定の人への依存"),
    "quiet_proposals": Label("No proposals", "提案がない"),
    "quiet_rewards": Label("No rewards", "報酬がない"),
    "runway": Label("Runway", "資金がもつ期間"),
}


def none() -> str:
    """What is printed where there is nothing to divide by."""
    return pick("n/a", "該当なし")


def percent(ratio: Fraction | None) -> str:
    """`12.5 %`, to a tenth of a percent; `n/a` of nothing."""
    return none() if ratio is None else format_percent(round(ratio * 1_000) * 10)


def days(seconds: int) -> str:
    """`12 days`: whole days, rounded down."""
    count = seconds // DAY
    return pick(f"{count:,} day{'s' if count != 1 else ''}", f"{count:,}日")


def listed_or_none(names: Iterable[str]) -> str:
    """`a, b`, or a word for none."""
    return listed(names) or pick("none", "なし")
