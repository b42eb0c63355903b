"""The section about pace: how long a decision takes, and what waits to be carried out."""

from __future__ import annotations

from collections import Counter

from mikoshi.replay.facts import Facts
from mikoshi.replay.governor import Proposal, ProposalState
from mikoshi.report import words
from mikoshi.report.figure import Chart, Figure, ReportSection, Source, Table
from mikoshi.report.formulas import median
from mikoshi.report.months import day
from mikoshi.text.language import listed, pick
from mikoshi.text.units import DAY, format_duration
from mikoshi.words.states import state_word

_SHOWN = 24


def pace(facts: Facts) -> ReportSection:
    """Everything about the time that deciding takes."""
    figures = [_proposals(facts), _latency(facts), _shortest(facts), _waiting(facts)]
    missing = [pick("fast lane (task forces of Products)", "迅速な決定(Products のタスクフォース)")]
    return ReportSection("pace", pick("Decisions", "決定の速さ"), figures, missing)


def _created(facts: Facts) -> dict[int, int]:
    logs = facts.events(facts.dao.governor_address, "ProposalCreated")
    return {log.event.args["proposalId"]: log.time for log in logs}


def _proposals(facts: Facts) -> Figure:
    governor, home = facts.rebuilt.governor, facts.dao.governor_address
    counts = Counter(governor.state(each, facts.now) for each in facts.proposals)
    told = listed(f"{state_word(state)} {counts[state]}" for state in sorted(counts))
    names = ("ProposalCreated", "ProposalExecuted", "ProposalCanceled")
    return Figure(
        "proposals",
        pick("Proposals", "提案"),
        words.times(len(facts.proposals)) + words.bracketed(told),
        pick(
            "All proposals ever made, by where they stand now. Passed: may be executed, now or"
            " after the delay. Agreed: an advisory one that passed and binds nobody.",
            "これまでの全提案と、その現在の状態。可決: 待機期間のあとに実行できます。賛同: 賛成"
            "多数の、拘束力のない提案。",
        ),
        {state.name.lower(): counts[state] for state in ProposalState},
        "proposals",
        tuple(Source.of(name, facts.events(home, name)) for name in names),
    )


def _latency(facts: Facts) -> Figure:
    made, proposals = _created(facts), facts.rebuilt.governor.proposals
    took = {
        number: log.time - made[number]
        for number, log in facts.executions.items()
        if number in made
    }
    half, longest = median(list(took.values())), max(took.values(), default=None)
    shown = list(took.items())[-_SHOWN:]
    return Figure(
        "latency",
        pick("From proposal to execution", "提案から実行まで"),
        pick(
            f"median {words.days(half)}, longest {words.days(longest)}",
            f"中央値 {words.days(half)}、最長 {words.days(longest)}",
        ),
        pick(
            "Time from a proposal to its execution, of all that were executed; the median is the"
            " lower one of two.",
            "実行された提案について、提案から実行までにかかった時間。中央値が2つあるときは短いほう。",
        ),
        {"median": half, "longest": longest, "executed": len(took)},
        "seconds",
        (Source.of("ProposalExecuted", facts.executions.values()),),
        table=Table(
            [pick("proposal", "提案"), pick("proposed", "提案日"), pick(">took", ">かかった時間")],
            [
                [words.title(proposals[n].description), day(made[n]), words.days(seconds)]
                for n, seconds in took.items()
            ],
            [{"proposal": str(n), "seconds": seconds} for n, seconds in took.items()],
        ),
        chart=Chart(
            pick("Days from proposal to execution", "提案から実行までの日数"),
            [day(made[number]) for number, _ in shown],
            {pick("days", "日数"): [seconds / DAY for _, seconds in shown]},
        )
        if shown
        else None,
    )


def _shortest(facts: Facts) -> Figure:
    governor = facts.rebuilt.governor
    rules = governor.settings[governor.version]
    parts = [rules[name] for name in ("votingDelay", "votingPeriod", "executionDelay")]
    return Figure(
        "shortest",
        pick("The shortest way", "最短の道のり"),
        format_duration(sum(parts)),
        pick(
            f"What the settings ask for: {format_duration(parts[0])} until voting begins,"
            f" {format_duration(parts[1])} of voting, {format_duration(parts[2])} until execution."
            " An advisory proposal ends with the voting.",
            f"設定による最短の時間: 投票開始まで{format_duration(parts[0])}、投票"
            f"{format_duration(parts[1])}、実行まで{format_duration(parts[2])}。拘束力のない提案は"
            "投票で終わります。",
        ),
        sum(parts),
        "seconds",
        (
            Source.of(
                "SettingsChanged", facts.events(facts.dao.governor_address, "SettingsChanged")
            ),
        ),
    )


def _waiting(facts: Facts) -> Figure:
    governor, made = facts.rebuilt.governor, _created(facts)
    ready: list[Proposal] = [
        each
        for each in facts.proposals
        if governor.state(each, facts.now) == ProposalState.QUEUED and each.eta <= facts.now
    ]
    longest = max((facts.now - each.eta for each in ready), default=None)
    logs = facts.events(facts.dao.governor_address, "ProposalCreated")
    numbers = {each.id for each in ready}
    return Figure(
        "waiting",
        pick("Waiting to be executed", "実行待ち"),
        words.times(len(ready))
        + (
            pick(f", the longest for {words.days(longest)}", f"、最長 {words.days(longest)}")
            if ready
            else ""
        ),
        pick(
            "Proposals that anyone could execute now and nobody has. They expire.",
            "だれでもいま実行できるのに、まだ実行されていない提案。期限が来ると失効します。",
        ),
        {"proposals": len(ready), "longest": longest},
        "proposals",
        (
            Source.of(
                "ProposalCreated", [log for log in logs if log.event.args["proposalId"] in numbers]
            ),
        ),
        table=Table(
            [pick("proposal", "提案"), pick("proposed", "提案日"), pick("expires", "期限")],
            [
                [words.title(each.description), day(made[each.id]), day(each.expiry)]
                for each in ready
            ],
            [{"proposal": str(each.id), "expires": each.expiry} for each in ready],
        ),
    )
