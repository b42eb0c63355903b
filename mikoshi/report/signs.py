"""The alarms that are signs of a dying community; `mikoshi.report.alarms` counts them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mikoshi.config.governance import AlarmsSection
from mikoshi.replay.facts import Facts, Human
from mikoshi.report import words
from mikoshi.report.activity import participation, pillars
from mikoshi.report.alarm import Alarm, ids, state_of
from mikoshi.report.retention import staying
from mikoshi.text.language import _
from mikoshi.text.units import format_duration

_BPS = 10_000
FEWEST_MEMBERS = 3
"""With fewer nothing is said about them together."""


def _staying(facts: Facts, limits: AlarmsSection) -> Alarm:
    found, least = staying(facts), Fraction(limits.staying, _BPS)
    judged = len(found.judged)
    text = _(
        "{rate} of the newcomers of more than 90 days ({kept} of {judged}) acted "
        "in the last 30 days (threshold {threshold})",
        rate=words.percent(found.rate),
        kept=found.kept,
        judged=judged,
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
    found, least = participation(facts), Fraction(limits.participation, _BPS)
    acted = len(found.members) - len(found.silent)
    text = _(
        "{rate} of the members ({acted} of {members}) acted in the last 30 days "
        "(threshold {threshold})",
        rate=words.percent(found.rate),
        acted=acted,
        members=len(found.members),
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
        "quiet_proposals",
        [log.time for log in made],
        limits.quiet_proposals,
        pillars(facts),
        _("ask these for one thing they would like decided, and help to write it down"),
        words.propose(_("What should we decide?")),
    )


def quiet(
    facts: Facts,
    name: str,
    times: Sequence[int],
    most: int,
    whom: Sequence[int],
    advice: str,
    command: str,
) -> Alarm:
    """Whether nothing has happened for longer than `most` seconds, the last of `times` or ever."""
    silence = facts.now - (times[-1] if times else facts.created)
    text = _(
        "{silence} (threshold {threshold})",
        silence=words.days(silence),
        threshold=format_duration(most),
    )
    enough = len(facts.members()) >= FEWEST_MEMBERS and facts.age >= most
    state = state_of(enough, silence, lambda silence: silence > most)
    return Alarm(name, state, silence, most, text, tuple(whom), advice, command)


def _last_act(human: Human) -> int:
    return human.acts[-1].time if human.acts else human.joined


SIGNS = (_staying, _participation, _quiet_proposals)
"""In the order of the report."""
