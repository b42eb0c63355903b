"""What there is to show: short and long term, for the community and for its people.

It answers "what good does it do?" without a claim that one thing caused another, which nobody can
show ("直接的な因果関係を説明することは不可能").
"""

from __future__ import annotations

from mikoshi.replay.facts import MONTH, QUARTER, Facts
from mikoshi.report.figure import Figure
from mikoshi.report.sources import announced
from mikoshi.text.document import Table
from mikoshi.text.json import Json
from mikoshi.text.language import _
from mikoshi.text.units import YEAR

Cell = tuple[str, str, str, int]
"""Term, for whom, what in words, and the number; the first two as in the table's data."""

_SHORT, _LONG = "short", "long"
_ALL, _ONE = "community", "person"


def value(facts: Facts) -> Figure:
    """The four fields of the value report."""
    cells = [*_short(facts), *_long(facts)]
    titles = {
        _SHORT: _("last 90 days"),
        _LONG: _("since the founding"),
        _ALL: _("for the community"),
        _ONE: _("for its people"),
    }
    data: list[dict[str, Json]] = [
        {"term": term, "for": whom, "what": what, "value": number}
        for term, whom, what, number in cells
    ]
    return Figure(
        "value",
        _("What there is to show"),
        _("short and long term, community and people"),
        _(
            "Counts that stand beside each other. None is said to cause another: a "
            "community has no control group, and whoever is active in it is so for many "
            "reasons."
        ),
        None,
        "",
        (
            *announced(facts, "governor", "ProposalExecuted"),
            *announced(facts, "membership", "MeritCredited", "MemberAdmitted"),
        ),
        table=Table(
            [
                _("term"),
                _("for whom"),
                _("what"),
                _(">number"),
            ],
            [[titles[term], titles[whom], what, f"{n:,}"] for term, whom, what, n in cells],
            data,
        ),
    )


def _short(facts: Facts) -> list[Cell]:
    start = facts.now - QUARTER
    executed = sum(log.time > start for log in facts.executions.values())
    rewards = [reward for reward in facts.rewards if reward.time > start]
    began: dict[int, int] = {}
    for reward in facts.rewards:
        began.setdefault(reward.member, reward.time)
    first = sum(time > start for time in began.values())
    active = {act.member for act in facts.since(QUARTER)}
    return [
        (_SHORT, _ALL, _("decisions carried out"), executed),
        (_SHORT, _ALL, _("contributions rewarded"), len(rewards)),
        (_SHORT, _ONE, _("people who took part"), len(active)),
        (_SHORT, _ONE, _("people with a first reward"), first),
    ]


def _long(facts: Facts) -> list[Cell]:
    months: dict[int, set[int]] = {}
    for reward in facts.rewards:
        epoch = (reward.time - facts.created) // MONTH
        months.setdefault(reward.member, set()).add(epoch)
    steady = sum(len(each) >= 3 for each in months.values())
    members = facts.members()
    stayed = sum(human.joined <= facts.now - YEAR for human in members)
    return [
        (_LONG, _ALL, _("decisions carried out"), len(facts.executions)),
        (_LONG, _ALL, _("members now"), len(members)),
        (
            _LONG,
            _ONE,
            _("members for a year or more"),
            stayed,
        ),
        (
            _LONG,
            _ONE,
            _("people rewarded in three or more months"),
            steady,
        ),
    ]
