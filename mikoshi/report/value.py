"""What there is to show: short and long term, for the community and for its people.

It answers "what good does it do?" without a claim that one thing caused another, which nobody can
show ("直接的な因果関係を説明することは不可能").
"""

from __future__ import annotations

from mikoshi.replay.facts import MONTH, QUARTER, Facts
from mikoshi.report.figure import Figure, Json, Source, Table
from mikoshi.text.language import pick
from mikoshi.text.units import YEAR

Cell = tuple[str, str, str, int]
"""Term, for whom, what in words, and the number; the first two as in the table's data."""

_SHORT, _LONG = "short", "long"
_ALL, _ONE = "community", "person"


def value(facts: Facts) -> Figure:
    """The four fields of the value report."""
    cells = [*_short(facts), *_long(facts)]
    titles = {
        _SHORT: pick("last 90 days", "短期(90日間)"),
        _LONG: pick("since the founding", "長期(設立から)"),
        _ALL: pick("for the community", "コミュニティに"),
        _ONE: pick("for its people", "一人ひとりに"),
    }
    data: list[dict[str, Json]] = [
        {"term": term, "for": whom, "what": what, "value": number}
        for term, whom, what, number in cells
    ]
    governor, home = facts.dao.governor_address, facts.dao.membership_address
    return Figure(
        "value",
        pick("What there is to show", "示せる価値"),
        pick("short and long term, community and people", "短期と長期、全体と個人"),
        pick(
            "Counts that stand beside each other. None is said to cause another: a community has no"
            " control group, and whoever is active in it is so for many reasons.",
            "並べて示すだけの数です。どれかが別の数の原因だとは言いません。比べる対照群がなく、"
            "活動する理由は人によってさまざまだからです。",
        ),
        None,
        "",
        (
            Source.of("ProposalExecuted", facts.events(governor, "ProposalExecuted")),
            Source.of("MeritCredited", facts.events(home, "MeritCredited")),
            Source.of("MemberAdmitted", facts.events(home, "MemberAdmitted")),
        ),
        table=Table(
            [
                pick("term", "期間"),
                pick("for whom", "だれに"),
                pick("what", "内容"),
                pick(">number", ">数"),
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
        (_SHORT, _ALL, pick("decisions carried out", "実行された決定"), executed),
        (_SHORT, _ALL, pick("contributions rewarded", "報われた貢献"), len(rewards)),
        (_SHORT, _ONE, pick("people who took part", "参加した人"), len(active)),
        (_SHORT, _ONE, pick("people with a first reward", "はじめて報われた人"), first),
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
        (_LONG, _ALL, pick("decisions carried out", "実行された決定"), len(facts.executions)),
        (_LONG, _ALL, pick("members now", "いまのメンバー"), len(members)),
        (
            _LONG,
            _ONE,
            pick("members for a year or more", "1年以上のメンバー"),
            stayed,
        ),
        (
            _LONG,
            _ONE,
            pick("people rewarded in three or more months", "3か月以上で報われた人"),
            steady,
        ),
    ]
