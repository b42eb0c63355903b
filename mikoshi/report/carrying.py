"""The figures about who carries the community: participation, acts, the busiest, bus factor."""

from __future__ import annotations

from collections import Counter

from mikoshi.replay.facts import QUARTER, Deed, Facts, MemberAct
from mikoshi.report import words
from mikoshi.report.activity import participation, recent_load
from mikoshi.report.calendar import Calendar
from mikoshi.report.core import core
from mikoshi.report.figure import Figure
from mikoshi.report.formulas import share
from mikoshi.report.months import months, spread
from mikoshi.report.names import Names
from mikoshi.report.sources import announced, behind
from mikoshi.text.document import Chart, Table
from mikoshi.text.language import _
from mikoshi.words import heads


def carrying(facts: Facts, names: Names, calendar: Calendar) -> list[Figure]:
    """What the members do, and how it is spread over them."""
    return [
        _participation(facts, calendar),
        _core(facts, calendar),
        _acts(facts),
        _busiest(facts, names),
        _bus_factor(facts, names),
    ]


def _participation(facts: Facts, calendar: Calendar) -> Figure:
    found = participation(facts, calendar)
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
            "Of the active and dormant members admitted at least {window} ago, the share who did "
            "something by their own hand in the last {window}: a ballot, a proposal, a "
            "delegation, waking. What is done to them, such as a reward, is none. Days of a "
            "pause that dao.toml names are left out.",
            window=words.days(calendar.window),
        ),
        found.rate,
        "ratio",
        behind(_own(facts, facts.now - calendar.start)),
    )


def _own(facts: Facts, seconds: int) -> list[MemberAct]:
    return [act for act in facts.since(seconds) if act.by_hand]


def _core(facts: Facts, calendar: Calendar) -> Figure:
    found = core(facts, calendar)
    return Figure(
        "core",
        _("Those who carry it"),
        words.carried(found.now, found.usual, calendar.window),
        _(
            "Members who voted or proposed in the last {window}. Usual is the median of up to 12 "
            "stretches of that length before, n/a with fewer than two of them or fewer than 3 "
            "people. Ballots in a vote: the mean of the votes that ended in the last {window}, "
            "beside the median of those that ended before, in a year. Regulars did so in two "
            "earlier stretches or more and are members now.",
            window=words.days(calendar.window),
        ),
        {
            "now": found.now,
            "usual": found.usual,
            "stretches": [len(each) for each in found.stretches],
            "ballots": found.ballots,
            "usual_ballots": found.usual_ballots,
            "regulars": sorted(found.regulars),
        },
        "people",
        announced(facts, "governor", "VoteCast", "ProposalCreated"),
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
        _("What the busiest person does"),
        words.percent(load.busiest_share),
        _(
            "What the person with most acts did by their own hand, of all that members did so in "
            "the last 90 days."
        ),
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
        _("How many do half of it"),
        words.none() if factor is None else heads(factor),
        _(
            "The fewest people who together did more than half of what members did by their own "
            "hand in the last 90 days (the bus factor). If they stop, more than half of what "
            "happens stops."
        ),
        factor,
        "people",
        behind(load.acts),
        names.all(load.carriers) if factor else "",
    )
