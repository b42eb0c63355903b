"""The alarms that are signs of a dying community; `mikoshi.report.alarms` counts them."""

from __future__ import annotations

from fractions import Fraction

from mikoshi.config.alarms import AlarmsSection
from mikoshi.language import pick
from mikoshi.report import words
from mikoshi.report.activity import participation, pillars, start
from mikoshi.report.alarm import Alarm, ids, state_of
from mikoshi.report.facts import QUARTER, Facts, Human
from mikoshi.report.retention import recent
from mikoshi.report.turnout import mean_turnout, turnouts
from mikoshi.units import DAY, format_duration

_BPS = 10_000
_FEWEST_MEMBERS = 3
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
            "ask each of them what they came for, and offer one small task with a name on it",
            "何を求めて来たのかを一人ずつ尋ね、その人の名前を付けた小さな仕事を1つ渡してください",
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


def _participation(facts: Facts, limits: AlarmsSection) -> Alarm:
    found, least = participation(facts), Fraction(limits.participation, _BPS)
    acted = len(found.members) - len(found.silent)
    text = pick(
        f"{words.percent(found.rate)} of the members ({acted} of {len(found.members)}) acted in the"
        f" last 30 days (threshold {words.percent(least)})",
        f"この30日間に活動したメンバーは {words.percent(found.rate)}"
        f"({len(found.members)}人中{acted}人。しきい値 {words.percent(least)})",
    )
    latest_first = sorted(found.silent, key=_last_act, reverse=True)
    return Alarm(
        "participation",
        state_of(len(found.members) >= _FEWEST_MEMBERS, found.rate, lambda rate: rate < least),
        found.rate,
        least,
        text,
        ids(latest_first),
        pick(
            "write to those who fell silent last: they are the likeliest to come back",
            "最近静かになった人から順に声をかけてください。戻る見込みが最もあります",
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


def _quiet_proposals(facts: Facts, limits: AlarmsSection) -> Alarm:
    made = facts.events(facts.dao.governor_address, "ProposalCreated")
    most = limits.quiet_proposals
    silence = facts.now - (made[-1].time if made else facts.created)
    text = pick(
        f"{words.days(silence)} without a proposal (threshold {format_duration(most)})",
        f"提案のない期間: {words.days(silence)}(しきい値 {format_duration(most)})",
    )
    return Alarm(
        "quiet_proposals",
        state_of(facts.age >= most, silence, lambda silence: silence > most),
        silence,
        most,
        text,
        tuple(pillars(facts)),
        pick(
            "ask these for one thing they would like decided, and help to write it down",
            "決めてほしいことを1つ挙げてもらい、提案にするのを手伝ってください",
        ),
        words.propose(pick("What should we decide?", "次に決めたいこと")),
    )


def _voters(facts: Facts, start: int, end: int) -> set[int]:
    """Who cast a ballot in the votes that ended in [`start`, `end`)."""
    votes = (each.proposal for each in turnouts(facts, start) if each.proposal.deadline < end)
    return {member for proposal in votes for member in proposal.ballots}


def _last_act(human: Human) -> int:
    return human.acts[-1].time if human.acts else human.joined


SIGNS = (_retention_30, _retention_90, _first_act, _participation, _turnout_fall, _quiet_proposals)
"""In the order of the report."""
