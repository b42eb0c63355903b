"""`ape run status`: where proposals stand, who voted how, and what comes next."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from mikoshi.context.proposed import Proposed
from mikoshi.replay.governor import Ballot, Proposal, ProposalState
from mikoshi.status.proposal_status import ProposalStatus
from mikoshi.status.words import outlook, standing
from mikoshi.testing.community import ABSTAIN, AGAINST, FOR, person
from mikoshi.testing.defaults import params
from mikoshi.text.language import speaking
from mikoshi.text.units import HOUR
from tests.support import some_governor
from tests.tooling.governed import Governed

VOICE = 10**9
NOW = 1_800_000_000


def status(state: ProposalState, *ballots: tuple[int, int, int], needed: int = 3) -> ProposalStatus:
    """Of a proposal with ballots (support, voices, people), an hour from its next turn."""
    settings = params(0, [])["governor"]
    ends = {
        ProposalState.PENDING: NOW + HOUR + settings["votingPeriod"],
        ProposalState.QUEUED: NOW + HOUR - settings["executionDelay"],
    }
    deadline = ends.get(state, NOW + HOUR)
    made = Proposal(
        7,
        1,
        deadline - settings["votingPeriod"],
        deadline,
        1,
        settings,
        ["0x"],
        [0],
        [b""],
        "# T",
        some_governor(),
    )
    for number, (support, voices, people) in enumerate(ballots, 1):
        made.ballots[number] = Ballot(support, voices * VOICE, people, NOW)
    return ProposalStatus(Proposed(1, made), state, needed, NOW)


def test_status_where_nothing_is_under_way_says_what_there_is(governed: Governed) -> None:
    shown = governed.run("status")
    assert shown.exit_code == 0
    assert "Next: nothing was ever proposed; begin with:\n  ape run proposal new" in shown.stdout
    told = governed.told("status")
    assert told["proposals"] == []
    founding = governed.dao.governor_address
    assert told["governor"] == {
        "governor": founding,
        "since": told["governor"]["since"],
        "founding": founding,
        "known": True,
    }
    proposal = governed.propose().id
    governed.close_voting(proposal)
    shown = governed.run("status")
    assert "Next: no proposal is under way; the past ones:\n  ape run proposal list" in shown.stdout


def test_status_before_voting_says_when_it_opens(governed: Governed) -> None:
    governed.propose("Bread")
    shown = governed.run("status").stdout
    assert re.search(r'^1 "Bread"    voting opens in 48 h \(.* UTC\)$', shown, re.M)
    assert "needs 2 people, For and Abstain together (if voting opened now)" in shown
    assert "to pass it needs 2 more people voting For or Abstain, and more voice For" in shown
    assert re.search(r"^Next: in 48 h \(.* UTC\), vote \(or --against, --abstain\):$", shown, re.M)
    assert re.search(r"^  ape run vote 1 --for --config .* --account ALIAS --lang en$", shown, re.M)


def test_status_shows_who_voted_how_and_what_is_missing(governed: Governed) -> None:
    draft = governed.propose("Bread")
    governed.open_voting(draft.id)
    governed.vote(draft.id, 1, reason="It  feeds\nus")
    governed.vote(draft.id, 2, 3, support=AGAINST)
    governed.vote(draft.id, 4, support=ABSTAIN)
    shown = governed.run("status 1").stdout
    assert re.search(r'^1 "Bread"    voting is open, closes in 5 d \(.* UTC\)$', shown, re.M)
    assert re.search(r"^   For +██████ +1 person +1 voice$", shown, re.M)
    assert re.search(r"^   Against +████████████ +2 people +2 voices$", shown, re.M)
    assert re.search(r"^   Abstain +██████ +1 person +1 voice$", shown, re.M)
    assert "2 of 2 people needed, For and Abstain together" in shown
    assert "to pass it needs more than 1 voice more For\n" in shown
    assert re.search(r"P1 #1 \(0x.{9}\) +For +1 voice +1 person .* UTC +It feeds us$", shown, re.M)
    assert re.search(r"P3 #3 \(0x.{9}\) +Against +1 voice +1 person", shown)
    assert "\nNext: vote (or --against, --abstain):\n  ape run vote 1 --for --config" in shown


def test_status_in_japanese(governed: Governed) -> None:
    draft = governed.propose("パンを焼く")
    governed.open_voting(draft.id)
    governed.vote(draft.id, 1, reason="助かります")
    shown = governed.run("status", lang="ja").stdout
    assert "1「パンを焼く」    投票受付中、締切は5日後" in shown
    assert re.search(r"賛成 +█{24} +1人 +1 声", shown)
    assert "賛成と棄権を合わせて1人(必要: 2人)" in shown
    assert "可決に必要: あと1人の賛成か棄権" in shown
    assert "助かります" in shown
    assert "次の一手: 投票(または --against、--abstain):\n  ape run vote 1 --for" in shown
    assert shown.rstrip().endswith("--account ALIAS --lang ja")


def test_status_counts_the_people_a_delegate_speaks_for(governed: Governed) -> None:
    membership = governed.dao.membership
    membership.send("delegate", person(1).address, sender=person(2).address)
    draft = governed.propose("Bread")
    governed.open_voting(draft.id)
    governed.vote(draft.id, 1)
    shown = governed.run("status").stdout
    assert re.search(r"P1 #1 .* For +1 voice +2 people", shown)
    assert "passes as it stands" in shown


def test_status_for_programs(governed: Governed) -> None:
    draft = governed.propose("Bread")
    governed.open_voting(draft.id)
    governed.vote(draft.id, 3, support=AGAINST, reason="no")
    (told,) = governed.told("status")["proposals"]
    governor = governed.dao.governor
    assert told["id"] == str(draft.id)
    assert told["state"] == "active"
    assert told["people"] == {"have": 0, "needed": 2, "missing": 2}
    assert told["voice"] == {"for": "0", "against": str(VOICE), "abstain": "0"}
    assert not told["passes"]
    assert told["opens"] == governor.call("proposalSnapshot", draft.id)
    assert told["closes"] == governor.call("proposalDeadline", draft.id)
    assert told["eta"] == governor.call("proposalEta", draft.id)
    assert told["expiry"] == governor.call("proposalExpiry", draft.id)
    (ballot,) = told["ballots"]
    assert ballot.pop("time") == governed.rpc.timestamp()
    assert ballot == {
        "member": 3,
        "wallet": person(3).address,
        "support": "against",
        "voice": str(VOICE),
        "people": 1,
        "reason": "no",
    }


def test_status_of_what_passed_says_when_it_is_ready(governed: Governed) -> None:
    draft = governed.propose("Bread")
    governed.pass_vote(draft.id)
    governed.rpc.warp(6 * HOUR + 47 * 60)
    waiting = governed.run("status").stdout
    assert re.search(r'^1 "Bread"    passed, ready in 41 h 13 m \(.* UTC\)$', waiting, re.M)
    next_step = r"^Next: in 41 h 13 m \(.*\), execute it:\n  ape run execute 1 --config"
    assert re.search(next_step, waiting, re.M)
    assert "to pass" not in waiting
    governed.ripen(draft.id)
    ready = governed.run("status").stdout
    assert re.search(r"passed, ready to be executed; its time ends in 14 d \(", ready)
    assert "\nNext:\n  ape run execute 1 --config" in ready
    assert governed.told("status")["proposals"][0]["ready"]


def test_status_shows_only_what_is_under_way_unless_it_is_named(governed: Governed) -> None:
    old, new = governed.propose("Old"), governed.propose("New", by=2)
    governed.dao.governor.send("cancel", *old.actions, sender=person(1).address)
    assert [each["number"] for each in governed.told("status")["proposals"]] == [2]
    (told,) = governed.told("status 1")["proposals"]
    assert (told["state"], told["next"]) == ("canceled", None)
    assert governed.told(f"status {new.id}")["proposals"][0]["number"] == 2


def test_status_of_several_shows_the_latest_ballots_and_how_to_see_all(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mikoshi.status.show._BALLOTS", 2)
    draft = governed.propose("Bread")
    governed.propose("Roses", by=2)
    governed.open_voting(draft.id)
    for number in (1, 2, 3):
        governed.vote(draft.id, number)
        governed.rpc.warp(60)
    both = governed.run("status").stdout
    bread = both[: both.index('2 "Roses"')]
    assert re.findall(r"P\d #\d", bread) == ["P3 #3", "P2 #2"]
    assert re.search(r"^  and 1 more:\n  ape run status 1 --config", bread, re.M)
    alone = governed.run("status 1").stdout
    assert re.findall(r"P\d #\d", alone) == ["P3 #3", "P2 #2", "P1 #1"]


def test_status_of_an_unknown_proposal(governed: Governed) -> None:
    missing = governed.run("status 3", json=True)
    assert missing.exit_code == 2
    assert json.loads(missing.stdout)["error"]["what"] == "There is no proposal 3"


# In words, without a chain

STANDING = {
    ProposalState.PENDING: "voting opens in 60 m",
    ProposalState.ACTIVE: "voting is open, closes in 60 m",
    ProposalState.QUEUED: "passed, ready in 60 m",
    ProposalState.DEFEATED: "did not pass; voting closed in 60 m",
    ProposalState.SUCCEEDED: "agreed; there is nothing to execute",
    ProposalState.EXPIRED: "passed, but was not executed in time",
    ProposalState.CANCELED: "ended with its governor, whose place another one took",
    ProposalState.EXECUTED: "executed",
}


@pytest.mark.parametrize("state", ProposalState)
def test_every_state_has_words(state: ProposalState) -> None:
    assert standing(status(state)).startswith(STANDING[state].replace("60 m", "1 h"))
    with speaking("ja"):
        assert re.search("[ぁ-んァ-ヶ一-龠]", standing(status(state)))


def test_what_somebody_cancelled_is_told_apart() -> None:
    told = status(ProposalState.CANCELED)
    told.proposal.canceled = True
    assert standing(told) == "cancelled"


@pytest.mark.parametrize(
    ("ballots", "words"),
    [
        ((), "to pass it needs 3 more people voting For or Abstain, and more voice For than"),
        ([(FOR, 1, 1)], "to pass it needs 2 more people voting For or Abstain"),
        ([(FOR, 1, 1), (ABSTAIN, 9, 1)], "to pass it needs 1 more person voting For or Abstain"),
        ([(FOR, 2, 3), (AGAINST, 2, 9)], "to pass it needs more voice For than Against"),
        ([(FOR, 2, 3), (AGAINST, 5, 1)], "to pass it needs more than 3 voices more For"),
        ([(FOR, 3, 1), (ABSTAIN, 1, 2), (AGAINST, 2, 9)], "passes as it stands"),
    ],
)
def test_outlook_says_what_is_missing(ballots: list[tuple[int, int, int]], words: str) -> None:
    assert outlook(status(ProposalState.ACTIVE, *ballots)).startswith(words)
    assert outlook(status(ProposalState.DEFEATED, *ballots)) == ""


def test_a_course_is_ready_from_its_eta_on() -> None:
    queued = status(ProposalState.QUEUED)
    eta = queued.proposal.eta
    assert not replace(queued, now=eta - 1).ready
    assert replace(queued, now=eta).ready
    assert replace(queued, now=eta).turn == eta + queued.proposal.settings["expiry"]
    assert queued.turn == eta
    assert not status(ProposalState.ACTIVE).ready
