"""Turnout, the quorum's distance and how voice is spread, in histories told by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from mikoshi.replay.member import Standing
from mikoshi.report.figure import Figure
from mikoshi.report.report import build
from mikoshi.report.turnout import lapse_candidates, mean_turnout, reach, turnouts
from mikoshi.testing.community import ABSTAIN, AGAINST
from mikoshi.testing.defaults import params
from mikoshi.text.units import DAY
from tests.tooling.history import ETHER, T0, History

VOICE = 10**9


def figure(history: History, name: str, **options: Any) -> Figure:
    report = build(history.logs, history.rebuilt, history.now, **options)
    return next(f for section in report.sections for f in section.figures if f.name == name)


# Turnout


def test_turnout_counts_heads_spoken_for_and_voice() -> None:
    history = History(5)
    history.wait(1)
    history.delegate(2, to=1)
    history.wait(1)
    proposal = history.propose(by=3)
    history.wait(3)
    history.vote(proposal, 1)  # for #2 too, and capped at one voice: 10 % of five is less
    history.vote(proposal, 3, support=AGAINST)
    history.vote(proposal, 4, support=ABSTAIN)
    history.wait(4.1)
    (found,) = turnouts(history.facts)
    assert (found.people, found.awake, found.needed) == (4, 5, 2)
    assert found.by_head == Fraction(4, 5)
    assert found.by_voice == Fraction(3, 5)
    assert found.proposal.people == 3  # for the quorum, Against does not count


def test_turnout_begins_when_voting_has_ended() -> None:
    history = History(3)
    history.wait(1)
    history.decide(1)
    assert turnouts(history.facts) == []
    history.now += 1
    assert len(turnouts(history.facts)) == 1


def test_cancelled_proposals_have_no_turnout() -> None:
    history = History(3)
    history.wait(1)
    proposal = history.propose(by=1)
    history.emit(
        (history.rebuilt.dao.governor_address, "ProposalCanceled", {"proposalId": proposal})
    )
    history.wait(10)
    assert turnouts(history.facts) == []
    assert mean_turnout(history.facts, 0, history.now) == (None, 0)


def test_mean_turnout_of_two_periods() -> None:
    history = History(4)
    history.wait(1)
    for voters in ((1, 2, 3, 4), (1, 2), (1,)):
        history.decide(*voters)
        history.wait(40)
    middle = T0 + 50 * DAY
    assert mean_turnout(history.facts, 0, middle) == (Fraction(1), 1)
    assert mean_turnout(history.facts, middle, history.now) == (Fraction(3, 8), 2)
    told = figure(history, "turnout")
    assert told.value == {"by_head": Fraction(3, 8), "by_voice": Fraction(3, 8), "votes": 2}
    assert told.table is not None
    assert [row["people"] for row in told.table.data] == [1, 2, 4]


# Reaching the quorum


def test_reach_counts_whom_those_who_act_speak_for() -> None:
    history = History(10)
    history.wait(1)
    history.delegate(5, to=1)
    history.delegate(6, to=1)
    history.wait(95)
    history.act(1)
    history.act(2)
    found = reach(history.facts)
    assert [human.id for human in found.still] == [1, 2]
    assert (found.spoken, found.needed, found.awake, found.counted) == (4, 3, 10, 10)
    assert found.passes
    assert found.margin == Fraction(4, 3)


@pytest.mark.parametrize(
    ("asleep", "needed"),
    [(0, 30), (50, 15), (84, 5), (99, 5)],  # 30 % of the awake, but 5 % of all
)
def test_needed_follows_the_awake_down_to_the_floor(asleep: int, needed: int) -> None:
    history = History(100)
    history.wait(1)
    for member in range(1, asleep + 1):
        history.stand(member, Standing.DORMANT)
    assert reach(history.facts).needed == needed


def test_silent_members_can_lapse_after_the_settings_time_and_a_month() -> None:
    history = History(4)
    history.wait(100)
    history.credit(3)  # merit alone is no act for the record, nor is proposing
    history.decide(2, by=1)  # nor is proposing
    history.now = T0 + 210 * DAY - 1
    assert lapse_candidates(history.facts) == []
    history.now += 1
    found = reach(history.facts)
    assert [human.id for human in found.lapsable] == [1, 3, 4]
    assert (found.needed, found.needed_after) == (2, 1)


def test_what_those_who_act_could_decide_in_an_ordinary_kit() -> None:
    history = History(20)
    history.wait(1)
    for member in range(1, 21):
        history.emit(*history.minted(member, 10))
    for member in range(4, 21):
        history.stand(member, Standing.DORMANT)
    history.wait(100)
    for member in (1, 2):
        history.act(member)
    told = figure(history, "ordinary_kit")
    assert told.table is not None
    rows = {row["needed"]: (row["has"], row["passes"]) for row in told.table.data}
    assert rows == {
        str(8 * ETHER): (str(20 * ETHER), True),  # 4 % of 200 tokens
        str(60 * ETHER): (str(20 * ETHER), False),  # 30 % of them
        "6": ("2", False),  # 30 % of 20 tickets
        "2": ("2", True),  # 30 % of the three awake, 5 % of twenty, two wherever two are awake
    }
    assert told.value == {"able": 1, "kits": 3}


def test_an_ordinary_kit_without_tokens_decides_nothing_by_token() -> None:
    history = History(3)
    history.wait(1)
    for member in (1, 2):
        history.act(member)
    told = figure(history, "ordinary_kit")
    assert told.table is not None
    assert [row["passes"] for row in told.table.data] == [False, False, True, True]


def test_silence_makes_deciding_impossible_until_it_lapses() -> None:
    history = History(12)
    history.wait(220)
    history.decide(1, 2, by=1)
    told = figure(history, "silent")
    assert told.value["passes"] is False
    assert len(told.value["lapsable"]) == 10
    assert told.value["needed_after"] == 2
    assert "no: nothing can be decided" in told.text


def test_lapse_that_does_not_lower_the_quorum_is_not_said_to_help() -> None:
    history = History(12).wait(60)
    history.decide(*range(1, 12))
    history.wait(150)
    for member in range(1, 4):
        history.act(member)
    told = figure(history, "silent")
    assert (told.value["lapsable"], told.value["needed_after"]) == ([12], 4)
    assert told.text.endswith("1 person could be let lapse, and 4 would still be needed")


def test_where_nobody_acts_no_lapse_is_said_to_help() -> None:
    told = figure(History(12).wait(3 * 365), "silent")
    assert told.text == "no: nothing can be decided until somebody returns"
    assert told.value["lapsable"] == list(range(1, 13))


@pytest.mark.parametrize(("days", "early"), [(0, True), (29, True), (30, False)])
def test_a_young_dao_is_not_said_to_be_silent(days: int, early: bool) -> None:
    history = History(12)
    history.wait(days)
    for name in ("silent", "ordinary_kit"):
        assert ("too early to say" in figure(history, name).text) == early
    history.decide(*range(1, 13))
    assert figure(history, "silent").text == "yes, a proposal can still pass"


# How voice is spread


def test_gini_of_voice_before_and_after_delegation() -> None:
    history = History(4)
    history.wait(1)
    equal = figure(history, "gini")
    assert equal.value == {"own": 0, "spoken": 0}
    for member in (2, 3, 4):
        history.delegate(member, to=1)
    lent = figure(history, "gini")
    assert lent.value == {"own": 0, "spoken": Fraction(3, 4)}  # one of four speaks for all
    assert lent.chart is not None
    assert list(lent.chart.series.values())[1] == [0, 0, 0, 0, 1]


def test_curve_of_many_voices_is_drawn_in_few_steps() -> None:
    history = History(300)
    history.wait(1)
    for member in range(2, 151):
        history.delegate(member, to=1)
    chart = figure(history, "gini").chart
    assert chart is not None
    assert (len(chart.labels), chart.labels[0], chart.labels[-1]) == (51, "0 %", "100 %")
    own, spoken, equal = chart.series.values()
    assert list(own) == list(equal) == [step / 50 for step in range(51)]
    # 149 of 300 speak with nothing, 150 with one voice, and one with 150.
    assert list(spoken) == [max(0, 6 * step - 149) / 300 for step in range(50)] + [1]


def test_nakamoto_coefficient_respects_the_cap_on_a_ballot() -> None:
    settings = params(0)["governor"]
    loose = History(10, governor=settings | {"voiceCapBps": 5_000})
    capped = History(10, governor=settings | {"voiceCapBps": 1_000})
    for history in (loose, capped):
        history.wait(1)
        for member in range(2, 8):
            history.delegate(member, to=1)
    # Weights: 5 (half of ten), 1, 1, 1; and 1 (a tenth), 1, 1, 1 for those who still speak.
    assert figure(loose, "nakamoto").value == {"people": 1, "of": 10}
    assert figure(capped, "nakamoto").value == {"people": 3, "of": 10}


def test_delegated_and_unused_voice() -> None:
    history = History(5)
    history.wait(1)
    history.delegate(2, to=1)
    history.delegate(3, to=1)
    lent = figure(history, "delegated")
    assert lent.value == {"share": Fraction(2, 5), "people": 2, "voice": str(2 * VOICE)}
    assert lent.table is not None
    assert [dict(row) for row in lent.table.data] == [
        {"member": 1, "people": 3, "voice": str(3 * VOICE)}
    ]
    history.decide(4, by=4)
    unused = figure(history, "unused")
    assert unused.value == {"share": Fraction(4, 5), "members": [1, 5]}
    history.decide(1, by=1)
    assert figure(history, "unused").value == {"share": Fraction(1, 5), "members": [5]}


def test_a_dao_without_members_has_no_quorum_to_reach() -> None:
    history = History(1)
    history.wait(1)
    history.stand(1, Standing.EXITED)
    names = {
        each.name
        for section in build(history.logs, history.rebuilt, history.now).sections
        for each in section.figures
    }
    assert "quorum" not in names
    assert "turnout" in names
