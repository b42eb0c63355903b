"""The figure about turnout, with every vote so far."""

from __future__ import annotations

from mikoshi.replay.facts import QUARTER, Facts
from mikoshi.replay.governor import ProposalState
from mikoshi.report import words
from mikoshi.report.figure import Figure
from mikoshi.report.formulas import mean
from mikoshi.report.months import day
from mikoshi.report.sources import announced
from mikoshi.report.turnout import Turnout, turnouts
from mikoshi.text.document import Chart, Table
from mikoshi.text.language import _
from mikoshi.words import state_word

_VOTES = 24
"""Votes in the chart, the latest."""


def turnout(facts: Facts) -> Figure:
    """How many vote."""
    votes = turnouts(facts)
    lately = [each for each in votes if each.proposal.deadline >= facts.now - QUARTER]
    heads = mean([each.by_head for each in lately if each.by_head is not None])
    voices = mean([each.by_voice for each in lately if each.by_voice is not None])
    shown = votes[-_VOTES:]
    return Figure(
        "turnout",
        _("Turnout"),
        _(
            "{heads} of the people, {voices} of the voice (votes in the last 90 days: {votes})",
            heads=words.percent(heads),
            voices=words.percent(voices),
            votes=len(lately),
        ),
        _(
            "Mean over the votes that ended in the last 90 days. By head: the members "
            "that the ballots spoke for (the caster and those who delegated to them; "
            "Against counts too), of the members awake at the snapshot. By voice: the "
            "ballots' weight after the cap on one ballot, of the voice awake at the "
            "snapshot. A quorum counts For and Abstain."
        ),
        {"by_head": heads, "by_voice": voices, "votes": len(lately)},
        "ratio",
        announced(facts, "governor", "ProposalCreated", "VoteCast"),
        table=Table(
            [
                _("proposal"),
                _("ended"),
                _("result"),
                _(">people"),
                _(">needed"),
                _(">by head"),
                _(">by voice"),
            ],
            [_row(facts, each) for each in reversed(votes)],
            [
                {
                    "proposal": str(each.proposal.id),
                    "title": words.title(each.proposal.description),
                    "ended": each.proposal.deadline,
                    "state": _state(facts, each).name.lower(),
                    "people": each.people,
                    "awake": each.awake,
                    "needed": each.needed,
                    "by_head": each.by_head,
                    "by_voice": each.by_voice,
                }
                for each in reversed(votes)
            ],
        ),
        chart=Chart(
            _("Turnout of the latest votes"),
            [day(each.proposal.deadline) for each in shown],
            {
                _("by head"): [float(each.by_head or 0) for each in shown],
                _("by voice"): [float(each.by_voice or 0) for each in shown],
            },
            percent=True,
        ),
    )


def _state(facts: Facts, turnout: Turnout) -> ProposalState:
    return facts.rebuilt.governor.state(turnout.proposal, facts.now)


def _row(facts: Facts, turnout: Turnout) -> list[str]:
    return [
        words.title(turnout.proposal.description),
        day(turnout.proposal.deadline),
        state_word(_state(facts, turnout)),
        _("{people} of {awake}", people=turnout.people, awake=turnout.awake),
        str(turnout.needed),
        words.percent(turnout.by_head),
        words.percent(turnout.by_voice),
    ]
