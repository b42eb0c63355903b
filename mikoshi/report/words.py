"""The report's words: names of alarms, and numbers as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from mikoshi.ballots.proposal import title_of
from mikoshi.replay.facts import Deed
from mikoshi.text.language import N_, _, listed, ngettext, pgettext
from mikoshi.text.units import DAY, format_percent
from mikoshi.words import heads

ALARMS = {
    "dying": N_("Signs of dying"),
    "core": N_("Those who carry it"),
    "staying": N_("Newcomers who stay"),
    "participation": N_("Participation"),
    "quiet_proposals": N_("Time without a proposal"),
    "retention_30": N_("Retention after 30 days"),
    "retention_90": N_("Retention after 90 days"),
    "first_act": N_("Newcomers' first act"),
    "turnout_fall": N_("Fall of the turnout"),
    "quorum": N_("Distance to the quorum"),
    "concentration": N_("Dependence on few people"),
    "quiet_rewards": N_("Time without a reward"),
    "runway": N_("Runway"),
}

DEEDS = {
    Deed.BALLOT: N_("ballots"),
    Deed.PROPOSAL: N_("proposals"),
    Deed.DELEGATION: N_("delegations"),
    Deed.CONTRIBUTION: N_("contributions"),
    Deed.WAKING: N_("wakings"),
    Deed.REPORTED: N_("reported acts"),
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


def about(value: Fraction | None) -> str:
    """`6` or `5.5`: a number of people or ballots, to a half; `n/a` of nothing."""
    return none() if value is None else f"{round(2 * value) / 2:g}"


def carried(now: int, usual: Fraction | None, window: int) -> str:
    """How many voted or proposed in the last `window` seconds, beside how many usually do."""
    if usual is None:
        return _(
            "{people} voted or proposed in the last {window}; nothing is usual yet",
            people=heads(now),
            window=days(window),
        )
    return _(
        "{people} voted or proposed in the last {window}, and {usual} usually do",
        people=heads(now),
        window=days(window),
        usual=about(usual),
    )


def days(seconds: int | None) -> str:
    """`12 days`: whole days, rounded down; `n/a` of nothing."""
    if seconds is None:
        return none()
    count = seconds // DAY
    return ngettext("{count:,} day", "{count:,} days", count, count=count)


def times(count: int) -> str:
    """A number of events: `12`, in Japanese with a counter."""
    return pgettext("a number of events", "{count:,}", count=count)


def parts(whole: str, told: Iterable[str]) -> str:
    """`12 people (active 10, dormant 2)`: a number and what it is made of."""
    inside = listed(told)
    return _("{whole} ({parts})", whole=whole, parts=inside) if inside else whole


def title(description: str) -> str:
    """The first line of a proposal's text, without the marks of a heading."""
    return title_of(description)[:80] or _("(no title)")


def propose(title: str, template: str = "advisory") -> str:
    """The command that begins a proposal."""
    return f'proposal new "{title}" --template {template}'


def yes(value: bool) -> str:
    """`yes` or `no`."""
    return _("yes") if value else _("no")


def listed_or_none(names: Iterable[str]) -> str:
    """`a, b`, or a word for none."""
    return listed(names) or _("none")
