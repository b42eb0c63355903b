"""The report's words: names of alarms, and numbers as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from mikoshi.config.kinds import Label
from mikoshi.replay.facts import Deed
from mikoshi.text.language import _, listed, pick
from mikoshi.text.units import DAY, format_merit, format_percent, format_voice

ALARMS = {
    "dying": Label("Signs of dying"),
    "staying": Label("Newcomers who stay"),
    "participation": Label("Participation"),
    "quiet_proposals": Label("Time without a proposal"),
    "retention_30": Label("Retention after 30 days"),
    "retention_90": Label("Retention after 90 days"),
    "first_act": Label("Newcomers' first act"),
    "turnout_fall": Label("Fall of the turnout"),
    "quorum": Label("Distance to the quorum"),
    "concentration": Label("Dependence on few people"),
    "quiet_rewards": Label("Time without a reward"),
    "runway": Label("Runway"),
}

DEEDS = {
    Deed.BALLOT: Label("ballots"),
    Deed.PROPOSAL: Label("proposals"),
    Deed.DELEGATION: Label("delegations"),
    Deed.CONTRIBUTION: Label("contributions"),
    Deed.WAKING: Label("wakings"),
    Deed.REPORTED: Label("reported acts"),
}


def none() -> str:
    """What is printed where there is nothing to divide by."""
    return _("n/a")


def percent(ratio: Fraction | None) -> str:
    """`12.5 %`, to a tenth of a percent; `n/a` of nothing."""
    return none() if ratio is None else format_percent(round(ratio * 1_000) * 10)


def ratio(value: Fraction | None) -> str:
    """`0.42`, to two decimals; `n/a` of nothing."""
    return none() if value is None else f"{float(value):.2f}"


def days(seconds: int | None) -> str:
    """`12 days`: whole days, rounded down; `n/a` of nothing."""
    if seconds is None:
        return none()
    count = seconds // DAY
    return pick(f"{count:,} day{'s' if count != 1 else ''}", f"{count:,}日")


def people(count: int) -> str:
    """`12 people`."""
    return pick("1 person" if count == 1 else f"{count:,} people", f"{count:,}人")


def times(count: int) -> str:
    """A number of events: `12`, in Japanese with a counter."""
    return _("{count:,}", count=count)


def bracketed(told: str) -> str:
    """What stands behind a number: ` (active 12)`; nothing of nothing."""
    return _(" ({told})", told=told) if told else ""


def voice(raw: int) -> str:
    """`1.65`: 1 voice = 1e9."""
    return format_voice(raw)


def points(raw: int) -> str:
    """`100 points` of merit: 1 point = 1e18."""
    return f"{format_merit(raw)} {pick('points', '点')}"


def title(description: str) -> str:
    """The first line of a proposal's text, without the marks of a heading."""
    return description.strip().split("\n", 1)[0].lstrip("# ").strip()[:80]


def propose(title: str, template: str = "advisory") -> str:
    """The command that begins a proposal."""
    return f'proposal new "{title}" --template {template}'


def yes(value: bool) -> str:
    """`yes` or `no`."""
    return pick("yes" if value else "no", "はい" if value else "いいえ")


def listed_or_none(names: Iterable[str]) -> str:
    """`a, b`, or a word for none."""
    return listed(names) or _("none")
