"""The alarms that look back: how newcomers of some months ago began, and whether turnout falls."""

from __future__ import annotations

from fractions import Fraction

from mikoshi.config.governance import AlarmsSection
from mikoshi.replay.facts import QUARTER, Facts
from mikoshi.report import words
from mikoshi.report.activity import start
from mikoshi.report.alarm import BPS, Alarm, ids, state_of
from mikoshi.report.calendar import Calendar
from mikoshi.report.retention import recent
from mikoshi.report.turnout import mean_turnout, turnouts
from mikoshi.text.language import _
from mikoshi.text.units import DAY, format_duration

_FEWEST_VOTES = 2


def _retention(facts: Facts, limits: AlarmsSection, days: int, threshold: int) -> Alarm:
    found, least = recent(facts, days * DAY), Fraction(threshold, BPS)
    rate, judged = found.rate, len(found.judged)
    text = _(
        "{rate} of the newcomers judged in the last 90 days ({kept} of {judged}) "
        "still acted {first} to {last} days after they came (threshold {threshold})",
        rate=words.percent(rate),
        kept=found.kept,
        judged=judged,
        first=days,
        last=days + 30,
        threshold=words.percent(least),
    )
    lost = [human for human in found.lost if human.standing.is_member]
    return Alarm(
        f"retention_{days}",
        state_of(judged >= limits.newcomers, rate, lambda rate: rate < least),
        rate,
        least,
        text,
        ids(lost),
        _("ask those who are still members what was missing after their first weeks"),
        "members list",
    )


def _retention_30(facts: Facts, limits: AlarmsSection) -> Alarm:
    return _retention(facts, limits, 30, limits.retention_30)


def _retention_90(facts: Facts, limits: AlarmsSection) -> Alarm:
    return _retention(facts, limits, 90, limits.retention_90)


def _first_act(facts: Facts, limits: AlarmsSection) -> Alarm:
    patience = limits.first_act
    found = start(facts, patience, Calendar.of(facts, limits))
    half, count = found.median, len(found.newcomers)
    took = words.days(half) if half is not None else _("not in sight")
    text = _(
        "half of the newcomers had their first act after: {took}; {waiting} of "
        "{newcomers} wait for it (threshold {threshold})",
        took=took,
        waiting=len(found.waiting),
        newcomers=count,
        threshold=format_duration(patience),
    )
    late = half is None or half > patience
    return Alarm(
        "first_act",
        state_of(count >= limits.newcomers, late, bool),
        half,
        patience,
        text,
        ids(found.waiting),
        _("welcome them this week: a ballot, a question to answer, a beginner's task"),
        "members list",
    )


def _turnout_fall(facts: Facts, limits: AlarmsSection) -> Alarm:
    now, most = facts.now, Fraction(limits.turnout_fall, BPS)
    lately, count = mean_turnout(facts, now - QUARTER, now)
    before, count_before = mean_turnout(facts, now - 2 * QUARTER, now - QUARTER)
    fall = 1 - lately / before if lately is not None and before else None
    text = _(
        "mean turnout {turnout} in {votes} votes of the last 90 days, after "
        "{turnout_before} in {votes_before} of the 90 days before (threshold: a fall of "
        "{threshold})",
        turnout=words.percent(lately),
        votes=count,
        turnout_before=words.percent(before),
        votes_before=count_before,
        threshold=words.percent(most),
    )
    gone = _voters(facts, now - 2 * QUARTER, now - QUARTER) - _voters(facts, now - QUARTER, now)
    return Alarm(
        "turnout_fall",
        state_of(min(count, count_before) >= _FEWEST_VOTES, fall, lambda fall: fall > most),
        fall,
        most,
        text,
        tuple(sorted(number for number in gone if facts.people[number].standing.is_member)),
        _(
            "ask those who voted before and no longer do what would be worth their vote, "
            "or whom they would lend it to"
        ),
        "status",
    )


def _voters(facts: Facts, start: int, end: int) -> set[int]:
    """Who cast a ballot in the votes that ended in [`start`, `end`)."""
    votes = (each.proposal for each in turnouts(facts, start) if each.proposal.deadline < end)
    return {member for proposal in votes for member in proposal.ballots}


TRENDS = (_retention_30, _retention_90, _first_act, _turnout_fall)
"""In the order of the report."""
