"""The alarms: what rings, why, and whom to turn to.

Each alarm looks at a few figures and ends in one of three states: it rings, it is quiet, or there
are too few data; a young or tiny DAO never rings for want of events. `dying` is the alarm for a
community that is ending; it rings when at least `alarms.dying` (2) of these signs ring:

- `staying`: the share of the newcomers admitted more than 90 days ago who acted in the last 30 days
  (`mikoshi.report.retention.staying`);
- `participation`: the share of all members with an act in the last 30 days
  (`mikoshi.report.activity.participation`);
- `quiet_proposals`: the time since the latest proposal; with `participation` it tells a dead
  community that has no newcomers to judge by.

The other alarms say what is wrong with a DAO that may otherwise be well. `retention_30`,
`retention_90`, `first_act` and `turnout_fall` look back over months: they ring early, and still
ring when things have turned. `quorum`, `concentration`, `quiet_rewards` and `runway` are of now.
All are computed from the events alone (`runway` also from balances), in milliseconds:
`ringing(logs, rebuilt, now, thresholds)`.
"""

from __future__ import annotations

from collections.abc import Sequence

from mikoshi.config.governance import AlarmsSection
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.facts import Facts
from mikoshi.replay.logs import Log
from mikoshi.replay.outflow import Holding
from mikoshi.report import words
from mikoshi.report.activity import pillars
from mikoshi.report.alarm import Alarm, AlarmState
from mikoshi.report.signs import SIGNS
from mikoshi.report.trends import TRENDS
from mikoshi.report.troubles import TROUBLES, runway
from mikoshi.text.language import _


def evaluate(
    facts: Facts,
    thresholds: AlarmsSection | None = None,
    balances: Sequence[Holding] | None = None,
) -> list[Alarm]:
    """Every alarm; `dying` first. Without `balances` nothing is said about the runway."""
    limits = thresholds or AlarmsSection()
    signs = [judge(facts, limits) for judge in SIGNS]
    others = [judge(facts, limits) for judge in (*TRENDS, *TROUBLES)]
    return [_dying(facts, limits, signs), *signs, *others, runway(facts, limits, balances)]


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


def _dying(facts: Facts, limits: AlarmsSection, signs: Sequence[Alarm]) -> Alarm:
    ring = [sign for sign in signs if sign.rings]
    judged = [sign for sign in signs if sign.state != AlarmState.TOO_FEW]
    names = words.listed_or_none(sign.title for sign in ring)
    text = _(
        "{ringing} of {all} ring ({names}); {pattern} together are a pattern",
        ringing=len(ring),
        all=len(signs),
        names=names,
        pattern=limits.dying,
    )
    state = AlarmState.RINGING if len(ring) >= limits.dying else AlarmState.QUIET
    if len(judged) < limits.dying:
        state = AlarmState.TOO_FEW
    return Alarm(
        "dying",
        state,
        len(ring),
        limits.dying,
        text,
        tuple(pillars(facts)),
        _(
            "sit down with those who carry it, and decide what the DAO is for: keep, "
            "change or close it by a proposal"
        ),
        words.propose(_("What is this DAO for?")),
    )
