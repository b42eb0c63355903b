"""The section about voice: who votes, how voice is spread and lent, what a quorum still needs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from mikoshi.replay.facts import QUARTER, Facts
from mikoshi.report import words
from mikoshi.report.calendar import Calendar
from mikoshi.report.deciding import deciding
from mikoshi.report.figure import Figure, ReportSection, Source
from mikoshi.report.formulas import gini, nakamoto, share
from mikoshi.report.names import Names
from mikoshi.report.sources import announced
from mikoshi.report.votes import turnout
from mikoshi.text.document import Chart, Table
from mikoshi.text.language import _
from mikoshi.text.units import format_voice
from mikoshi.words import heads

_STEPS = 50
"""Steps of the curve; with more people it would be large and look no different."""


def voice(facts: Facts, names: Names, calendar: Calendar) -> ReportSection:
    """Everything about voting."""
    figures = [
        turnout(facts),
        _gini(facts),
        _nakamoto(facts),
        _delegated(facts, names),
        _unused(facts, names),
        *deciding(facts, names, calendar),
    ]
    missing = [_("small disputes (Jury)")]
    return ReportSection("voice", _("Voice"), figures, missing)


def _of_voice(facts: Facts) -> tuple[Source, ...]:
    """The events from which everyone's voice follows."""
    names = ("MemberAdmitted", "StandingChanged", "DelegateChanged", "MeritCredited")
    return announced(facts, "membership", *names)


def _gini(facts: Facts) -> Figure:
    own, spoken = list(facts.own_voice.values()), list(facts.spoken_voice.values())
    before, after = gini(own), gini(spoken)
    return Figure(
        "gini",
        _("Inequality of voice (Gini)"),
        _(
            "{own} of one's own voice, {spoken} after delegation",
            own=words.ratio(before),
            spoken=words.ratio(after),
        ),
        _(
            "0: all have the same voice; towards 1: one person has it all. With voices "
            "x₁ ≤ … ≤ xₙ of the n members who are awake, G = 2·Σ i·xᵢ / (n·Σ xᵢ) − (n + "
            "1)/n (Gini, 1912). The curve shows what share of the voice the quietest "
            "part of the members has."
        ),
        {"own": before, "spoken": after},
        "ratio",
        _of_voice(facts),
        chart=_lorenz(own, spoken) if own else None,
    )


def _lorenz(own: Sequence[int], spoken: Sequence[int]) -> Chart:
    count, steps = len(own), min(len(own), _STEPS)
    places = [count * step // steps for step in range(steps + 1)]
    return Chart(
        _("Share of the voice, from the quietest to the loudest"),
        [f"{100 * place // count} %" for place in places],
        {
            _("own"): _cumulated(own, places),
            _("after delegation"): _cumulated(spoken, places),
            _("equal"): [place / count for place in places],
        },
        lines=True,
        percent=True,
    )


def _cumulated(values: Sequence[int], places: Sequence[int]) -> list[float]:
    """What share of the sum the smallest so many values have."""
    sums = [0, *accumulate(sorted(values))]
    return [sums[place] / (sums[-1] or 1) for place in places]


def _nakamoto(facts: Facts) -> Figure:
    people, governor = facts.rebuilt.membership, facts.rebuilt.governor
    total = people.total.at(facts.now)
    awake = people.voice.of(total.members, total.units, facts.now)
    rules = governor.settings_at(facts.now)
    cap = max(awake * rules["voiceCapBps"] // 10_000, people.voice.base)
    weights = [min(spoken, cap) for spoken in facts.spoken_voice.values()]
    count = nakamoto(weights)
    return Figure(
        "nakamoto",
        _("Nakamoto coefficient"),
        words.none() if count is None else heads(count),
        _(
            "The fewest members whose ballots together weigh more than half of what all "
            "ballots could weigh, after delegation and the cap on one ballot (Srinivasan "
            "and Lee, 2017). So many would have to agree to outvote everyone else."
        ),
        {"people": count, "of": len(weights)},
        "people",
        _of_voice(facts),
    )


def _delegated(facts: Facts, names: Names) -> Figure:
    people = facts.rebuilt.membership
    lent = [number for number in facts.own_voice if people.members[number].delegate != number]
    amount = sum(facts.own_voice[number] for number in lent)
    total = sum(facts.own_voice.values())
    delegates = sorted(
        (number for number in facts.own_voice if people.entry(number).latest.members > 1),
        key=lambda number: (-people.entry(number).latest.members, number),
    )
    rows = [(n, people.entry(n).latest.members, facts.spoken_voice[n]) for n in delegates]
    return Figure(
        "delegated",
        _("Delegated voice"),
        _(
            "{share} ({people} lent theirs)",
            share=words.percent(share(amount, total)),
            people=heads(len(lent)),
        ),
        _("Own voice of the active members whose delegate is somebody else, of all active voice."),
        {"share": share(amount, total), "people": len(lent), "voice": str(amount)},
        "ratio",
        announced(facts, "membership", "DelegateChanged"),
        table=Table(
            [_("delegate"), _(">people"), _(">voice")],
            [[names.full(n), str(count), format_voice(raw)] for n, count, raw in rows],
            [{"member": n, "people": count, "voice": str(raw)} for n, count, raw in rows],
        ),
    )


def _unused(facts: Facts, names: Names) -> Figure:
    start, voices = facts.now - QUARTER, facts.spoken_voice
    voted = {
        number
        for proposal in facts.proposals
        for number, ballot in proposal.ballots.items()
        if ballot.time > start
    }
    idle = {number: raw for number, raw in voices.items() if raw and number not in voted}
    unused = share(sum(idle.values()), sum(voices.values()))
    loudest = sorted(idle, key=lambda number: (-idle[number], number))
    ballots = facts.events(facts.dao.governor_address, "VoteCast")
    return Figure(
        "unused",
        _("Unused voice"),
        _(
            "{share}, with {people}",
            share=words.percent(unused),
            people=heads(len(idle)),
        ),
        _(
            "Voice that active members could speak with now (delegated to them included) "
            "and who cast no ballot in the last 90 days, of all active voice."
        ),
        {"share": unused, "members": loudest},
        "ratio",
        (Source.of("VoteCast", [log for log in ballots if log.time > start]),),
        names.all(loudest) if loudest else "",
    )
