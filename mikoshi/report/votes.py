"""The figure about turnout, with every vote so far."""

from __future__ import annotations

from mikoshi.replay.facts import QUARTER, Facts
from mikoshi.replay.governor import ProposalState
from mikoshi.report import words
from mikoshi.report.figure import Chart, Figure, Source, Table
from mikoshi.report.formulas import mean
from mikoshi.report.months import day
from mikoshi.report.turnout import Turnout, turnouts
from mikoshi.text.language import pick
from mikoshi.words.states import state_word

_VOTES = 24
"""Votes in the chart, the latest."""


def turnout(facts: Facts) -> Figure:
    """How many vote."""
    votes = turnouts(facts)
    lately = [each for each in votes if each.proposal.deadline >= facts.now - QUARTER]
    heads = mean([each.by_head for each in lately if each.by_head is not None])
    voices = mean([each.by_voice for each in lately if each.by_voice is not None])
    governor, shown = facts.dao.governor_address, votes[-_VOTES:]
    return Figure(
        "turnout",
        pick("Turnout", "投票率"),
        pick(
            f"{words.percent(heads)} of the people, {words.percent(voices)} of the voice"
            f" (votes in the last 90 days: {len(lately)})",
            f"人数で {words.percent(heads)}、声で {words.percent(voices)}"
            f"(この90日間に{len(lately)}件)",
        ),
        pick(
            "Mean over the votes that ended in the last 90 days. By head: the members that the"
            " ballots spoke for (the caster and those who delegated to them; Against counts too),"
            " of the members awake at the snapshot. By voice: the ballots' weight after the cap on"
            " one ballot, of the voice awake at the snapshot. A quorum counts For and Abstain.",
            "この90日間に終わった投票の平均。人数: 投票が代弁した人数(本人と委任した人。反対も含む)"
            "を、スナップショット時に起きていた人数で割ったもの。声: 1票の上限を適用した重さの"
            "合計を、起きていた声の合計で割ったもの。定足数には賛成と棄権を数えます。",
        ),
        {"by_head": heads, "by_voice": voices, "votes": len(lately)},
        "ratio",
        tuple(Source.of(n, facts.events(governor, n)) for n in ("ProposalCreated", "VoteCast")),
        table=Table(
            [
                pick("proposal", "提案"),
                pick("ended", "終了"),
                pick("result", "結果"),
                pick(">people", ">人数"),
                pick(">needed", ">定足数"),
                pick(">by head", ">人数比"),
                pick(">by voice", ">声の比"),
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
            pick("Turnout of the latest votes", "最近の投票率"),
            [day(each.proposal.deadline) for each in shown],
            {
                pick("by head", "人数"): [float(each.by_head or 0) for each in shown],
                pick("by voice", "声"): [float(each.by_voice or 0) for each in shown],
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
        pick(f"{turnout.people} of {turnout.awake}", f"{turnout.people} / {turnout.awake}"),
        str(turnout.needed),
        words.percent(turnout.by_head),
        words.percent(turnout.by_voice),
    ]
