"""`ape run wake`, `rest`, `exit` and `rejoin`: a member's own steps, sent or signed."""

from __future__ import annotations

import json

import pytest

from mikoshi.replay.member import Standing
from mikoshi.testing.community import person
from mikoshi.testing.defaults import DAY
from mikoshi.text.people import short
from tests.support import failed
from tests.tooling.governed import Governed
from tests.tooling.test_voting import admit

pytestmark = pytest.mark.slow


def standing(governed: Governed, member: int) -> Standing:
    return governed.standing(member)


def test_a_member_rests_and_wakes(governed: Governed) -> None:
    rested = governed.run("rest", account="p2", yes=True)
    assert rested.exit_code == 0
    assert "P2 #2 (0x50ab…bf7f) rests: stays a member, and has no voice until waking" in (
        rested.stdout
    )
    assert standing(governed, 2) is Standing.DORMANT
    woken = governed.run("wake", account="p2", yes=True)
    assert "P2 #2 (0x50ab…bf7f) wakes up and is counted again" in woken.stdout
    charter = governed.dao.membership.call("charterHash").hex()
    assert f"this accepts the charter 0x{charter}, to be read at ipfs://charter" in woken.stdout
    assert standing(governed, 2) is Standing.ACTIVE


def test_a_member_leaves_and_comes_back_with_the_same_number(governed: Governed) -> None:
    told = governed.told("exit", account="p3", yes=True)
    assert (told["member"], told["done"]) == (3, False)
    assert standing(governed, 3) is Standing.EXITED
    back = governed.run("rejoin", account="p3", yes=True)
    assert "comes back as a newcomer, with the same number" in back.stdout
    assert standing(governed, 3) is Standing.NEWCOMER
    assert governed.dao.membership.call("memberIdOf", person(3).address) == 3


@pytest.mark.parametrize(
    ("before", "command"), [(None, "wake"), ("rest", "rest"), ("exit", "exit"), (None, "rejoin")]
)
def test_what_is_done_already_is_left_alone(
    before: str | None, command: str, governed: Governed
) -> None:
    if before:
        governed.told(before, account="p4", yes=True)
    nonce = governed.nonce(person(4))
    told = governed.told(command, account="p4", yes=True)
    assert (told["done"], told["transaction"]) == (True, None)
    assert governed.nonce(person(4)) == nonce


@pytest.mark.parametrize(
    ("before", "command", "reached"),
    [
        ("rest", "wake", Standing.ACTIVE),
        (None, "rest", Standing.DORMANT),
        (None, "exit", Standing.EXITED),
        ("exit", "rejoin", Standing.NEWCOMER),
    ],
)
def test_a_signed_step_is_relayed_by_another(
    before: str | None, command: str, reached: Standing, governed: Governed
) -> None:
    if before:
        governed.told(before, account="p2", yes=True)
    path = governed.folder / f"{command}.ballot"
    nonce = governed.nonce(person(2))
    governed.told(command, "-o", str(path), account="p2", sign_only=True)
    assert json.loads(path.read_text())["signer"]["member"] == 2
    assert governed.nonce(person(2)) == nonce
    relayed = governed.run("relay", str(path), account="p1", yes=True)
    assert relayed.exit_code == 0, relayed.stderr
    assert standing(governed, 2) is reached


def test_a_newcomer_is_told_when_the_season_is_over(governed: Governed) -> None:
    admit(governed, 6, bytes(32))
    governed.place.add_account("p6", person(6))
    refused = governed.run("wake", account="p6", yes=True)
    assert refused.exit_code == 4
    assert "member #6 can do this" in refused.stderr
    governed.rpc.warp(46 * DAY)
    governed.rpc.call("anvil_setBalance", person(6).address, hex(10**18))
    governed.told("wake", account="p6", yes=True)
    assert standing(governed, 6) is Standing.ACTIVE


def test_who_was_barred_is_told_that_only_a_vote_helps(governed: Governed) -> None:
    governed.dao.membership.send("bar", 5, sender=governed.dao.treasury_address)
    refused = governed.run("rejoin", account="p5", yes=True)
    assert refused.exit_code == 4
    assert "member #5 is removed by vote" in refused.stderr


def test_a_stranger_is_refused(governed: Governed) -> None:
    governed.place.add_account("stranger", person(77))
    refused = governed.run("wake", account="stranger", yes=True)
    assert refused.exit_code == 2
    failed("step.of-a-stranger", wallet=short(person(77).address))


def test_a_step_is_told_in_japanese(governed: Governed) -> None:
    shown = governed.run("exit", account="p3", dry_run=True, lang="ja").stdout
    assert "P3 #3 (0x6C84…Bb3E) が退会します(会員証は消え、番号・貢献点・記録は残ります)" in shown
    assert standing(governed, 3) is Standing.ACTIVE
