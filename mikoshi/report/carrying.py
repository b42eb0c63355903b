"""The figures about who carries the community: participation, acts, the busiest, bus factor."""

from __future__ import annotations

from collections import Counter

from mikoshi.replay.facts import MONTH, QUARTER, Deed, Facts
from mikoshi.report import words
from mikoshi.report.activity import participation, recent_load
from mikoshi.report.figure import Figure
from mikoshi.report.formulas import share
from mikoshi.report.months import months, spread
from mikoshi.report.names import Names
from mikoshi.report.sources import behind
from mikoshi.text.document import Chart, Table
from mikoshi.text.language import _
from mikoshi.words.nouns import heads


def carrying(facts: Facts, names: Names) -> list[Figure]:
    """What the members do, and how it is spread over them."""
    return [
        _participation(facts),
        _acts(facts),
        _busiest(facts, names),
        _bus_factor(facts, names),
    ]


def _participation(facts: Facts) -> Figure:
    found = participation(facts)
    acted = len(found.members) - len(found.silent)
    return Figure(
        "participation",
        _("Participation"),
        _(
            "{rate} ({acted} of {members})",
            rate=words.percent(found.rate),
            acted=acted,
            members=len(found.members),
        ),
        _(
            "Of the active and dormant members admitted at least 30 days ago, the share "
            "with at least one act in the last 30 days."
        ),
        found.rate,
        "ratio",
        behind(facts.since(MONTH)),
    )


def _acts(facts: Facts) -> Figure:
    calendar, lately = months(facts), Counter(act.deed for act in facts.since(QUARTER))
    told = [f"{_(words.DEEDS[deed])} {lately[deed]}" for deed in Deed if lately[deed]]
    counts = {
        deed: spread(calendar, (act.time for act in facts.acts if act.deed == deed))
        for deed in Deed
    }
    return Figure(
        "acts",
        _("Acts in the last 90 days"),
        words.parts(words.times(lately.total()), told),
        _(
            "Counted as an act of a member: a ballot, a proposal, a delegation of their "
            "own choice, a contribution that was rewarded with merit or tokens (once a "
            "transaction), waking, and an act that a part of the DAO reported. Being "
            "admitted, leaving and what the creation did are none."
        ),
        {deed.value: lately[deed] for deed in Deed},
        "acts",
        behind(facts.since(QUARTER)),
        chart=Chart(
            _("Acts in each 30 days"),
            [month.label for month in calendar],
            {_(words.DEEDS[deed]): counts[deed] for deed in Deed if any(counts[deed])},
            stacked=True,
        ),
    )


def _busiest(facts: Facts, names: Names) -> Figure:
    load = recent_load(facts)
    rows = [
        [names.full(member), str(count), words.percent(share(count, len(load.acts)))]
        for member, count in list(load.counts.items())[:10]
    ]
    return Figure(
        "busiest",
        _("Share of the busiest person"),
        words.percent(load.busiest_share),
        _("Acts of the person with most acts, of all acts of the last 90 days."),
        {"share": load.busiest_share, "member": load.busiest, "acts": len(load.acts)},
        "ratio",
        behind(load.acts),
        names.full(load.busiest) if load.busiest else "",
        table=Table(
            [_("member"), _(">acts"), _(">share")],
            rows,
            [{"member": member, "acts": count} for member, count in load.counts.items()],
        ),
    )


def _bus_factor(facts: Facts, names: Names) -> Figure:
    load = recent_load(facts)
    factor = load.bus_factor
    return Figure(
        "bus_factor",
        _("Bus factor"),
        words.none() if factor is None else heads(factor),
        _(
            "The fewest people who together did more than half of the acts of the last "
            "90 days. If they stop, more than half of what happens stops."
        ),
        factor,
        "people",
        behind(load.acts),
        names.all(load.carriers) if factor else "",
    )
