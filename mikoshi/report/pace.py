"""The section about pace: how long a decision takes, and what waits to be carried out."""

from __future__ import annotations

from collections import Counter

from mikoshi.replay.facts import Facts
from mikoshi.replay.governor import Proposal, ProposalState
from mikoshi.report import words
from mikoshi.report.figure import Figure, ReportSection, Source
from mikoshi.report.formulas import median
from mikoshi.report.months import day
from mikoshi.text.document import Chart, Table
from mikoshi.text.language import _, listed
from mikoshi.text.units import DAY, format_duration
from mikoshi.words.nouns import state_word

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
    governor, home = facts.rebuilt.governor, facts.dao.governor_address
    counts = Counter(governor.state(each, facts.now) for each in facts.proposals)
    told = listed(f"{state_word(state)} {counts[state]}" for state in sorted(counts))
    names = ("ProposalCreated", "ProposalExecuted", "ProposalCanceled")
    return Figure(
        "proposals",
        _("Proposals"),
        words.times(len(facts.proposals)) + words.bracketed(told),
        _(
            "All proposals ever made, by where they stand now. Passed: may be executed, "
            "now or after the delay. Agreed: an advisory one that passed and binds "
            "nobody."
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
        _("From proposal to execution"),
        _("median {days}, longest {days2}", days=words.days(half), days2=words.days(longest)),
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
    rules = governor.settings[governor.version]
    parts = [rules[name] for name in ("votingDelay", "votingPeriod", "executionDelay")]
    return Figure(
        "shortest",
        _("The shortest way"),
        format_duration(sum(parts)),
        _(
            "What the settings ask for: {parts_0} until voting begins, {parts_1} of "
            "voting, {parts_2} until execution. An advisory proposal ends with the "
            "voting.",
            parts_0=format_duration(parts[0]),
            parts_1=format_duration(parts[1]),
            parts_2=format_duration(parts[2]),
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
        _("Waiting to be executed"),
        words.times(len(ready))
        + (_(", the longest for {days}", days=words.days(longest)) if ready else ""),
        _("Proposals that anyone could execute now and nobody has. They expire."),
        {"proposals": len(ready), "longest": longest},
        "proposals",
        (
            Source.of(
                "ProposalCreated", [log for log in logs if log.event.args["proposalId"] in numbers]
            ),
        ),
        table=Table(
            [_("proposal"), _("proposed"), _("expires")],
            [
                [words.title(each.description), day(made[each.id]), day(each.expiry)]
                for each in ready
            ],
            [{"proposal": str(each.id), "expires": each.expiry} for each in ready],
        ),
    )
