"""The section about pace: how long a decision takes, and what waits to be carried out."""

from __future__ import annotations

from collections import Counter

from mikoshi.replay.facts import Facts
from mikoshi.replay.governor import Proposal, ProposalState
from mikoshi.report import words
from mikoshi.report.figure import Figure, ReportSection, Source
from mikoshi.report.formulas import median
from mikoshi.report.months import day
from mikoshi.report.sources import announced, proposed
from mikoshi.text.document import Chart, Table
from mikoshi.text.language import _
from mikoshi.text.units import DAY, format_duration
from mikoshi.words import state_word

_SHOWN = 24


def pace(facts: Facts) -> ReportSection:
    """Everything about the time that deciding takes."""
    figures = [_proposals(facts), _latency(facts), _shortest(facts), _waiting(facts)]
    missing = [_("fast lane (task forces of Products)")]
    return ReportSection("pace", _("Decisions"), figures, missing)


def _created(facts: Facts) -> dict[int, int]:
    logs = facts.events(facts.dao.governor_address, "ProposalCreated")
    return {log.event.args["proposalId"]: log.time for log in logs}


def _proposals(facts: Facts) -> Figure:
    governor = facts.rebuilt.governor
    counts = Counter(governor.state(each, facts.now) for each in facts.proposals)
    told = [f"{state_word(state)} {counts[state]}" for state in sorted(counts)]
    return Figure(
        "proposals",
        _("Proposals"),
        words.parts(words.times(len(facts.proposals)), told),
        _(
            "All proposals ever made, by where they stand now. Passed: may be executed, "
            "now or after the delay. Agreed: an advisory one that passed and binds "
            "nobody."
        ),
        {state.name.lower(): counts[state] for state in ProposalState},
        "proposals",
        announced(facts, "governor", "ProposalCreated", "ProposalExecuted", "ProposalCanceled"),
    )


def _latency(facts: Facts) -> Figure:
    made, proposals = _created(facts), facts.rebuilt.by_id
    took = {
        number: log.time - made[number]
        for number, log in facts.executions.items()
        if number in made
    }
    half, longest = median(list(took.values())), max(took.values(), default=None)
    shown = list(took.items())[-_SHOWN:]
    return Figure(
        "latency",
        _("From proposal to execution"),
        _("median {half}, longest {longest}", half=words.days(half), longest=words.days(longest)),
        _(
            "Time from a proposal to its execution, of all that were executed; the "
            "median is the lower one of two."
        ),
        {"median": half, "longest": longest, "executed": len(took)},
        "seconds",
        (Source.of("ProposalExecuted", facts.executions.values()),),
        table=Table(
            [_("proposal"), _("proposed"), _(">took")],
            [
                [words.title(proposals[n].description), day(made[n]), words.days(seconds)]
                for n, seconds in took.items()
            ],
            [{"proposal": str(n), "seconds": seconds} for n, seconds in took.items()],
        ),
        chart=Chart(
            _("Days from proposal to execution"),
            [day(made[number]) for number, __ in shown],
            {_("days"): [seconds / DAY for __, seconds in shown]},
        )
        if shown
        else None,
    )


def _shortest(facts: Facts) -> Figure:
    governor = facts.rebuilt.governor
    rules = governor.settings_at(facts.now)
    parts = [rules[name] for name in ("votingDelay", "votingPeriod", "executionDelay")]
    return Figure(
        "shortest",
        _("The shortest way"),
        format_duration(sum(parts)),
        _(
            "What the settings ask for: {delay} until voting begins, {voting} of "
            "voting, {waiting} until execution. An advisory proposal ends with the "
            "voting.",
            delay=format_duration(parts[0]),
            voting=format_duration(parts[1]),
            waiting=format_duration(parts[2]),
        ),
        sum(parts),
        "seconds",
        announced(facts, "governor", "SettingsChanged"),
    )


def _waiting(facts: Facts) -> Figure:
    governor, made = facts.rebuilt.governor, _created(facts)
    ready: list[Proposal] = [
        each
        for each in facts.proposals
        if governor.state(each, facts.now) == ProposalState.QUEUED and each.eta <= facts.now
    ]
    longest = max((facts.now - each.eta for each in ready), default=None)
    return Figure(
        "waiting",
        _("Waiting to be executed"),
        _("{count:,}, the longest for {time}", count=len(ready), time=words.days(longest))
        if ready
        else words.times(0),
        _("Proposals that anyone could execute now and nobody has. They expire."),
        {"proposals": len(ready), "longest": longest},
        "proposals",
        proposed(facts, {each.id for each in ready}),
        table=Table(
            [_("proposal"), _("proposed"), _("expires")],
            [
                [words.title(each.description), day(made[each.id]), day(each.expiry)]
                for each in ready
            ],
            [{"proposal": str(each.id), "expires": each.expiry} for each in ready],
        ),
    )
