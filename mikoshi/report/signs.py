"""The alarms that are signs of a dying community; `mikoshi.report.alarms` counts them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mikoshi.config.governance import AlarmsSection
from mikoshi.replay.facts import Facts, Human
from mikoshi.report import words
from mikoshi.report.activity import participation, pillars
from mikoshi.report.alarm import BPS, Alarm, ids, state_of
from mikoshi.report.calendar import Calendar
from mikoshi.report.core import Core
from mikoshi.report.retention import staying
from mikoshi.text.language import _
from mikoshi.text.units import format_duration

FEWEST_MEMBERS = 3
"""With fewer nothing is said about them together."""


def _staying(facts: Facts, limits: AlarmsSection) -> Alarm:
    found = staying(facts, Calendar.of(facts, limits))
    least = Fraction(limits.staying, BPS)
    judged = len(found.judged)
    text = _(
        "{rate} of the newcomers of 90 to 270 days ({kept} of {judged}) did something by their "
        "own hand in the last {window} (threshold {threshold})",
        rate=words.percent(found.rate),
        kept=found.kept,
        judged=judged,
        window=words.days(limits.window),
        threshold=words.percent(least),
    )
    return Alarm(
        "staying",
        state_of(judged >= limits.newcomers, found.rate, lambda rate: rate < least),
        found.rate,
        least,
        text,
        ids([human for human in found.lost if human.standing.is_member]),
        _("ask each of them what they came for, and offer one small task with a name on it"),
        "members list",
    )


def _participation(facts: Facts, limits: AlarmsSection) -> Alarm:
    found = participation(facts, Calendar.of(facts, limits))
    least = Fraction(limits.participation, BPS)
    acted = len(found.members) - len(found.silent)
    text = _(
        "{rate} of the members ({acted} of {members}) did something by their own hand in the "
        "last {window} (threshold {threshold})",
        rate=words.percent(found.rate),
        acted=acted,
        members=len(found.members),
        window=words.days(limits.window),
        threshold=words.percent(least),
    )
    latest_first = sorted(found.silent, key=_last_act, reverse=True)
    return Alarm(
        "participation",
        state_of(len(found.members) >= FEWEST_MEMBERS, found.rate, lambda rate: rate < least),
        found.rate,
        least,
        text,
        ids(latest_first),
        _("write to those who fell silent last: they are the likeliest to come back"),
        "members list",
    )


def _quiet_proposals(facts: Facts, limits: AlarmsSection) -> Alarm:
    made = facts.events(facts.dao.governor_address, "ProposalCreated")
    return quiet(
        facts,
        Calendar.of(facts, limits),
        "quiet_proposals",
        [log.time for log in made],
        limits.quiet_proposals,
        pillars(facts),
        _("ask these for one thing they would like decided, and help to write it down"),
        words.propose(_("What should we decide?")),
    )


def quiet(
    facts: Facts,
    calendar: Calendar,
    name: str,
    times: Sequence[int],
    most: int,
    whom: Sequence[int],
    advice: str,
    command: str,
) -> Alarm:
    """Whether nothing has happened for longer than `most` seconds, the last of `times` or ever.

    Pauses are not counted.
    """
    silence = calendar.since(times[-1] if times else facts.created)
    text = _(
        "{silence} (threshold {threshold})",
        silence=words.days(silence),
        threshold=format_duration(most),
    )
    enough = len(facts.members()) >= FEWEST_MEMBERS and calendar.since(facts.created) >= most
    state = state_of(enough, silence, lambda silence: silence > most)
    return Alarm(name, state, silence, most, text, tuple(whom), advice, command)


def _last_act(human: Human) -> int:
    return human.own_acts[-1].time if human.own_acts else human.joined


def carriers(limits: AlarmsSection, found: Core) -> Alarm:
    """Whether those who vote or propose are much fewer than usual."""
    least = Fraction(limits.core, BPS)
    text = _(
        "{carried}; each vote has {ballots} ballots, usually {usual_ballots} (thresholds "
        "{threshold} and {of_ballots} of what is usual)",
        carried=words.carried(found.now, found.usual, limits.window),
        ballots=words.about(found.ballots),
        usual_ballots=words.about(found.usual_ballots),
        threshold=words.percent(least),
        of_ballots=words.percent(_BALLOTS),
    )
    names = found.regulars - found.stretches[0]
    return Alarm(
        "core",
        state_of(True, found.share, lambda share: share < least and found.votes < _BALLOTS),
        found.share,
        least,
        text,
        tuple(sorted(names)),
        _("ask those who did and no longer do what would bring them back"),
        "members list",
    )


_BALLOTS = Fraction(75, 100)
"""Fewest ballots in a vote, of as many as usual, with which a month of few people is luck."""

SIGNS = (_staying, _participation, _quiet_proposals)
"""In the order of the report."""
