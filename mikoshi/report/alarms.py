"""The alarms: what rings, why, and whom to turn to.

Each alarm looks at a few figures and ends in one of three states: it rings, it is quiet, or there
are too few data; a young or tiny DAO never rings for want of events, and no alarm rings that names
nobody. `dying` is the alarm for a community that is ending. It is about those who carry it
(`mikoshi.report.core`): as long as they are as many as usual, others may read, lend their voice or
take turns. It rings when

- `core` rings: fewer people than usual vote or propose, and each vote has fewer ballots;
- those people have become somewhat fewer, the votes speak for fewer than half of the members, and
  `alarms.dying` (2) of the signs ring: `staying`, `participation` (what members do by their own
  hand) and `quiet_proposals`;
- nobody but one person does anything any more.

The other alarms say what is wrong with a DAO that may otherwise be well. `retention_30`,
`retention_90`, `first_act` and `turnout_fall` look back over months: they ring early, and still
ring when things have turned. `quorum`, `concentration`, `quiet_rewards` and `runway` are of now.
All are computed from the events alone (`runway` also from balances), in milliseconds:
`ringing(logs, rebuilt, now, thresholds)`. Thresholds and what they were set on:
docs/decisions/0018-a-report-that-can-be-believed.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mikoshi.config.governance import AlarmsSection
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.facts import Facts
from mikoshi.replay.logs import Log
from mikoshi.replay.outflow import Holding
from mikoshi.report import words
from mikoshi.report.activity import pillars
from mikoshi.report.alarm import BPS, Alarm, AlarmState
from mikoshi.report.calendar import Calendar
from mikoshi.report.core import Core, core
from mikoshi.report.signs import FEWEST_MEMBERS, SIGNS, carriers
from mikoshi.report.trends import TRENDS
from mikoshi.report.troubles import TROUBLES, runway
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_, _

_SAGS = 500
"""By how many bps more than `alarms.core` those who carry it may be, where the signs ring too."""

_YOUNG_SAGS = 1_000
_YOUNG, _YOUNG_STILL = Fraction(9, 10), Fraction(7, 10)
"""The same in the first 200 days, in which little is usual; or so many, if each vote has as many
fewer ballots, and so few of the regulars go on."""

_SPOKEN = Fraction(1, 2)
"""Where votes speak for so many of the awake, who is silent may be content."""


def evaluate(
    facts: Facts,
    thresholds: AlarmsSection | None = None,
    balances: Sequence[Holding] | None = None,
) -> list[Alarm]:
    """Every alarm; `dying` first. Without `balances` nothing is said about the runway."""
    limits = thresholds or AlarmsSection()
    found = core(facts, Calendar.of(facts, limits))
    signs = [judge(facts, limits) for judge in SIGNS]
    carried = carriers(limits, found)
    others = [judge(facts, limits) for judge in (*TRENDS, *TROUBLES)]
    dying = _dying(facts, limits, found, carried, signs)
    judged = [dying, carried, *signs, *others, runway(facts, limits, balances)]
    return [each if each.whom else each.silenced for each in judged]


def ringing(
    logs: Sequence[Log],
    rebuilt: RebuiltDao,
    now: int,
    thresholds: AlarmsSection | None = None,
    balances: Sequence[Holding] | None = None,
) -> list[Alarm]:
    """The alarms that ring at `now`; `rebuilt` has taken exactly `logs`, none of them after it."""
    return [
        alarm for alarm in evaluate(Facts(logs, rebuilt, now), thresholds, balances) if alarm.rings
    ]


def chosen(text: str) -> Sequence[str]:
    """The names of alarms in "dying,quorum", "any" or "none". Raises BadInputError."""
    names = [each.strip() for each in text.split(",") if each.strip()]
    if names in (["any"], ["none"]):
        return tuple(words.ALARMS) if names == ["any"] else ()
    for name in names:
        if name not in words.ALARMS:
            raise BadInputError(
                "report.unknown-alarm",
                N_("--fail-on must name alarms, got {name}"),
                N_('the alarms are {alarms}; "any" and "none" are all and none of them'),
                N_("Leave --fail-on out to be stopped by dying, quorum and runway"),
                name=name,
                alarms=", ".join(words.ALARMS),
            )
    return names


def _dying(
    facts: Facts, limits: AlarmsSection, found: Core, carried: Alarm, signs: Sequence[Alarm]
) -> Alarm:
    ring = [sign for sign in signs if sign.rings]
    text = _(
        "{carried}; {ringing} of {all} signs ring ({names})",
        carried=words.carried(found.now, found.usual, limits.window),
        ringing=len(ring),
        all=len(signs),
        names=words.listed_or_none(sign.title for sign in ring),
    )
    return Alarm(
        "dying",
        _how(facts, limits, found, carried, len(ring)),
        found.share,
        Fraction(limits.core, BPS),
        text,
        tuple(pillars(facts)),
        _(
            "sit down with those who carry it, and decide what the DAO is for: keep, "
            "change or close it by a proposal"
        ),
        words.propose(_("What is this DAO for?")),
    )


def _how(
    facts: Facts, limits: AlarmsSection, found: Core, carried: Alarm, ringing: int
) -> AlarmState:
    if len(facts.members()) < FEWEST_MEMBERS or len(found.stretches) < 2:
        return AlarmState.TOO_FEW
    if found.gone or carried.rings:
        return AlarmState.RINGING
    if len(found.stretches) < 3:
        return AlarmState.TOO_FEW
    pattern = ringing >= limits.dying
    if found.share is None:  # so few carry it that nobody can say what is usual
        return AlarmState.RINGING if pattern else AlarmState.QUIET
    sags = found.share < Fraction(limits.core + (_YOUNG_SAGS if found.young else _SAGS), BPS)
    fewer = found.young and max(found.share, found.votes) < _YOUNG and found.still < _YOUNG_STILL
    fades = pattern and found.turnout < _SPOKEN and (sags or fewer)
    return AlarmState.RINGING if fades else AlarmState.QUIET
