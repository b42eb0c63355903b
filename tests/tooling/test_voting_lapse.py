"""`ape run lapse`: who has been silent too long, and what it does to the quorum."""

from __future__ import annotations

import re

import pytest

from mikoshi.ballots.batch import Batch, cast
from mikoshi.ballots.messages import governor_message
from mikoshi.ballots.signed import sign
from mikoshi.replay.member import Standing
from mikoshi.testing.community import FOR, person
from mikoshi.testing.defaults import DAY, POINT
from mikoshi.text.units import format_time
from mikoshi.voting.lapse import LAPSE_GAS
from tests.support import failed, told
from tests.tooling.governed import Governed
from tests.tooling.test_voting import act, admit, as_treasury


def may_lapse(governed: Governed, member: int) -> bool:
    """Whether the contract would."""
    return bool(governed.dao.membership.call("lapse", [member]))


def test_nobody_is_due_at_first_and_the_next_are_named(governed: Governed) -> None:
    shown = governed.run("lapse", account="p1", yes=True)
    assert shown.exit_code == 0
    assert "✓ nobody can be lapsed now" in shown.stdout
    assert re.search(r"next, if they stay silent: P1 #1 \(0x1753…8863\) \w+ \d+ \w+", shown.stdout)
    assert governed.nonce(person(1)) == 0


def test_dates_are_those_of_the_contract(governed: Governed) -> None:
    governed.rpc.warp(100 * DAY)
    act(governed, 1, "delegate", person(2).address)
    admit(governed, 6, bytes(32))
    told = governed.told("lapse", account="p1", yes=True)
    assert {each["id"] for each in told["next"]} == {1, 2, 3, 4, 5}
    for each in told["next"][-2:]:
        governed.rpc.warp_to(each["due"] - 1)
        assert not may_lapse(governed, each["id"])
        governed.rpc.warp_to(each["due"])
        assert may_lapse(governed, each["id"])


def test_silent_members_are_lapsed_once(governed: Governed) -> None:
    governed.rpc.warp(100 * DAY)
    act(governed, 1, "delegate", person(2).address)
    governed.rpc.warp(120 * DAY)
    told = governed.told("lapse", account="p1", yes=True)
    assert [each["id"] for each in told["due"]] == [2, 3, 4, 5]
    assert (told["awake"], told["counted"]) == ([5, 1], [5, 5])
    assert told["needed_people"] == [2, 1]
    assert governed.dao.membership.call("census")[:2] == (1, 5)
    nonce = governed.nonce(person(1))
    again = governed.told("lapse", account="p1", yes=True)
    assert (again["due"], again["transactions"]) == ([], [])
    assert governed.nonce(person(1)) == nonce


def test_lapse_is_shown_before_it_is_sent(governed: Governed) -> None:
    act(governed, 3, "delegate", person(2).address)
    governed.rpc.warp(220 * DAY)
    shown = governed.run("lapse #2 4", account="p1", dry_run=True).stdout
    assert "2 members can be lapsed" in shown
    assert re.search(r"P2 #2 \(0x50ab…bf7f\)\s+.*\(2\d\d days\)\s+dormant", shown)
    assert "⚠ P2 #2 (0x50ab…bf7f) speaks for 1 other, who should take their voice back" in shown
    assert "awake 5 → 3, counted 5 → 5; a proposal whose voting opens later needs 2 → 2" in shown
    assert "nothing was sent" in shown
    assert "nobody stays awake" not in shown
    assert governed.dao.membership.call("census")[0] == 5


def test_lapsing_everybody_is_shown_with_a_warning(governed: Governed) -> None:
    governed.rpc.warp(220 * DAY)
    shown = governed.run("lapse", account="p1", dry_run=True).stdout
    assert "awake 5 → 0" in shown
    assert "⚠ nobody stays awake: until somebody wakes, nobody can propose" in shown


def test_the_last_record_is_told_and_not_the_last_act(governed: Governed) -> None:
    """Acts within a month of a record are not recorded."""
    joined = governed.dao.membership.call("stampOf", 2) * DAY
    governed.rpc.warp(20 * DAY)
    act(governed, 2, "delegate", person(3).address)
    governed.rpc.warp(200 * DAY)
    told = governed.told("lapse 2")["due"]
    assert [each["last_record"] for each in told] == [joined]
    assert re.search(r"who +last record +becomes", governed.run("lapse 2").stdout)
    assert re.search(r"だれ +最後の記録 +変更後", governed.run("lapse 2", lang="ja").stdout)


def test_looking_needs_no_account_and_says_what_does_it(governed: Governed) -> None:
    governed.rpc.warp(220 * DAY)
    shown = governed.run("lapse 2 P4", yes=True)
    assert shown.exit_code == 0, shown.stderr
    assert "2 members can be lapsed" in shown.stdout
    assert re.search(r"Next: to lapse them:\n  ape run lapse 2 P4 .*--account ALIAS", shown.stdout)
    assert governed.told("lapse", yes=True)["transactions"] == []
    assert governed.dao.membership.call("census")[0] == 5


def test_those_who_are_not_due_are_left_out_with_the_date(governed: Governed) -> None:
    governed.rpc.warp(100 * DAY)
    act(governed, 1, "delegate", person(2).address)
    act(governed, 5, "exit")
    governed.rpc.warp(120 * DAY)
    shown = governed.run("lapse 1 2 5", account="p1", yes=True)
    assert shown.exit_code == 0
    assert re.search(r"⚠ P1 #1 \(0x1753…8863\) not before .* UTC", shown.stdout)
    assert "⚠ P5 #5 (0x3aB4…7434) is exited: there is nothing to lapse" in shown.stdout
    assert governed.dao.membership.call("census")[0] == 3
    nonce = governed.nonce(person(1))
    refused = governed.run("lapse 1 5", account="p1", yes=True)
    assert refused.exit_code == 4
    problems = failed("lapse.nobody-due").data["problems"]
    assert isinstance(problems, list)
    never, later = problems
    told(never, "lapse.never", who="P5 #5 (0x3aB4…7434)", standing="exited")
    told(later, "lapse.not-yet", who="P1 #1 (0x1753…8863)")
    assert re.fullmatch(r".* UTC", str(later.data["due"]))
    assert governed.nonce(person(1)) == nonce


def test_absence_after_a_year_more_leaves_the_counted(governed: Governed) -> None:
    act(governed, 2, "rest")
    stamp = governed.dao.membership.call("stampOf", 2)
    due = (stamp + 180 + 30 + 1 + 365) * DAY
    governed.rpc.warp_to(due - 1)
    assert governed.run("lapse 2", account="p1").exit_code == 4
    governed.rpc.warp_to(due)
    told = governed.told("lapse 2", account="p1", yes=True)
    assert told["counted"] == [5, 4]
    assert governed.dao.membership.call("census")[1] == 4


def test_nobody_is_absent_in_the_epoch_in_which_they_fell_dormant(governed: Governed) -> None:
    membership, rpc = governed.dao.membership, governed.rpc
    rpc.warp(600 * DAY)
    membership.send("lapse", [2], sender=person(1).address)
    assert governed.standing(2) is Standing.DORMANT
    refused = governed.run("lapse 2", account="p1")
    assert refused.exit_code == 4
    problems = failed("lapse.nobody-due").data["problems"]
    assert isinstance(problems, list)
    epoch = 30 * DAY
    t0 = membership.call("voiceParams")["t0"]
    next_ = t0 + ((rpc.timestamp() - t0) // epoch + 1) * epoch
    assert problems[0].data["due"] == format_time(next_, rpc.timestamp())
    rpc.warp_to(next_ - 1)
    assert membership.call("lapse", [2]) == 0
    rpc.warp_to(next_)
    governed.told("lapse 2", account="p1", yes=True)
    assert governed.standing(2) is Standing.ABSENT


def test_ballots_of_a_batch_count_as_acts(governed: Governed) -> None:
    governed.rpc.warp(170 * DAY)
    proposal = governed.propose().id
    governed.open_voting(proposal)
    message = governor_message(
        "MemberBallot",
        governed.rpc.chain_id(),
        governed.dao.governor_address,
        proposalId=proposal,
        support=FOR,
        deadline=2**40 - 1,
    )
    ballots = tuple(sign(message, person(number), number) for number in range(1, 5))
    cast(governed.dao.governor, Batch(proposal, ballots), person(1).address)
    governed.rpc.warp(45 * DAY)
    told = governed.told("lapse", account="p1", yes=True)
    assert [each["id"] for each in told["due"]] == [5]
    assert [governed.standing(number) for number in range(1, 6)] == [
        Standing.ACTIVE,
        Standing.ACTIVE,
        Standing.ACTIVE,
        Standing.ACTIVE,
        Standing.DORMANT,
    ]


def test_unknown_member_is_refused(governed: Governed) -> None:
    shown = governed.run("lapse 99", account="p1", yes=True)
    assert shown.exit_code == 2
    failed("person.not-found", text="99")


@pytest.mark.parametrize("merit", [0, 10])
def test_lapsing_one_member_uses_less_gas_than_is_set_aside(governed: Governed, merit: int) -> None:
    for number in range(1, 6):
        if merit:
            as_treasury(governed, "credit", number, merit * POINT, 0, bytes(32))
        act(governed, number, "delegate", person(number % 5 + 1).address)
    governed.rpc.warp(220 * DAY)
    (sent,) = governed.told("lapse", account="p1", yes=True)["transactions"]
    assert sent["gas"] - 21_000 < 5 * LAPSE_GAS
