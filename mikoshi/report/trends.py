"""The alarms that look back: how newcomers of some months ago began, and whether turnout falls."""

from __future__ import annotations

from fractions import Fraction

from mikoshi.config.alarms import AlarmsSection
from mikoshi.replay.facts import QUARTER, Facts
from mikoshi.report import words
from mikoshi.report.activity import start
from mikoshi.report.alarm import Alarm, ids, state_of
from mikoshi.report.retention import recent
from mikoshi.report.turnout import mean_turnout, turnouts
from mikoshi.text.language import pick
from mikoshi.text.units import DAY, format_duration

_BPS = 10_000
_FEWEST_VOTES = 2


def _retention(facts: Facts, limits: AlarmsSection, days: int, threshold: int) -> Alarm:
    found, least = recent(facts, days * DAY), Fraction(threshold, _BPS)
    rate, judged = found.rate, len(found.judged)
    text = pick(
        f"{words.percent(rate)} of the newcomers judged in the last 90 days ({found.kept} of"
        f" {judged}) still acted {days} to {days + 30} days after they came"
        f" (threshold {words.percent(least)})",
        f"最近90日に判定された新メンバーのうち、加入{days}〜{days + 30}日後にも活動した人は"
        f"{words.percent(rate)}({judged}人中{found.kept}人。しきい値 {words.percent(least)})",
    )
    lost = [human for human in found.lost if human.standing.is_member]
    return Alarm(
        f"retention_{days}",
        state_of(judged >= limits.newcomers, rate, lambda rate: rate < least),
        rate,
        least,
        text,
        ids(lost),
        pick(
            "ask those who are still members what was missing after their first weeks",
            "まだ会員の人に、はじめの数週間のあと何が足りなかったかを尋ねてください",
        ),
        "members list",
    )


def _retention_30(facts: Facts, limits: AlarmsSection) -> Alarm:
    return _retention(facts, limits, 30, limits.retention_30)


def _retention_90(facts: Facts, limits: AlarmsSection) -> Alarm:
    return _retention(facts, limits, 90, limits.retention_90)


def _first_act(facts: Facts, limits: AlarmsSection) -> Alarm:
    found, patience = start(facts, limits.first_act), limits.first_act
    half, count = found.median, len(found.newcomers)
    took = words.days(half) if half is not None else pick("not in sight", "まだ見えません")
    text = pick(
        f"half of the newcomers had their first act after: {took}; {len(found.waiting)} of {count}"
        f" wait for it (threshold {format_duration(patience)})",
        f"新メンバーの半数が最初の活動をするまで: {took}。{count}人中{len(found.waiting)}人が"
        f"まだ活動していません(しきい値 {format_duration(patience)})",
    )
    late = half is None or half > patience
    return Alarm(
        "first_act",
        state_of(count >= limits.newcomers, late, bool),
        half,
        patience,
        text,
        ids(found.waiting),
        pick(
            "welcome them this week: a ballot, a question to answer, a beginner's task",
            "今週のうちに声をかけ、投票・質問への回答・はじめての仕事のどれかに誘ってください",
        ),
        "members list",
    )


def _turnout_fall(facts: Facts, limits: AlarmsSection) -> Alarm:
    now, most = facts.now, Fraction(limits.turnout_fall, _BPS)
    lately, count = mean_turnout(facts, now - QUARTER, now)
    before, count_before = mean_turnout(facts, now - 2 * QUARTER, now - QUARTER)
    fall = 1 - lately / before if lately is not None and before else None
    text = pick(
        f"mean turnout {words.percent(lately)} in {count} votes of the last 90 days, after"
        f" {words.percent(before)} in {count_before} of the 90 days before"
        f" (threshold: a fall of {words.percent(most)})",
        f"最近90日の平均投票率は {words.percent(lately)}({count}件)、その前の90日は"
        f" {words.percent(before)}({count_before}件)(しきい値: {words.percent(most)} の低下)",
    )
    gone = _voters(facts, now - 2 * QUARTER, now - QUARTER) - _voters(facts, now - QUARTER, now)
    return Alarm(
        "turnout_fall",
        state_of(min(count, count_before) >= _FEWEST_VOTES, fall, lambda fall: fall > most),
        fall,
        most,
        text,
        tuple(sorted(number for number in gone if facts.people[number].standing.is_member)),
        pick(
            "ask those who voted before and no longer do what would be worth their vote, or whom"
            " they would lend it to",
            "以前は投票していた人に、何なら投票したいか、誰になら声を託せるかを尋ねてください",
        ),
        "status",
    )


def _voters(facts: Facts, start: int, end: int) -> set[int]:
    """Who cast a ballot in the votes that ended in [`start`, `end`)."""
    votes = (each.proposal for each in turnouts(facts, start) if each.proposal.deadline < end)
    return {member for proposal in votes for member in proposal.ballots}


TRENDS = (_retention_30, _retention_90, _first_act, _turnout_fall)
"""In the order of the report."""
