"""Faults that lived once, because no test looked there: one test for each place."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode

from mikoshi.chain.contract import Contract
from mikoshi.testing.community import Community, found, person
from mikoshi.testing.defaults import DAY, POINT, ZERO, params
from tests.support import FOREVER, factory, next_block_at, reverts
from tests.unit.governance.support import admit, contract_account, hash_proposal

ANYBODY_MAY = 8
"""A contract account that takes every signature."""

EPOCH = 30 * DAY
REF = bytes(32)
CREATED = (
    *("uint256", "address", "address[]", "uint256[]", "string[]", "bytes[]"),
    *("uint256", "uint256", "string"),
)


@pytest.fixture
def membership(community: Community) -> Contract:
    """The Membership of `community`."""
    return community.dao.membership


@pytest.fixture
def far(community: Community) -> Community:
    """A DAO whose ceiling of merit is far above the caps."""
    rpc = community.rpc
    voice = params(rpc.timestamp())["voice"] | {"full": 10**9}
    return found(rpc, factory=factory(rpc), voice=voice)


def counted(membership: Contract, timepoint: int) -> int:
    return int(membership.call("getPastCensus", timepoint)[1])


def set_caps(community: Community, times: int, **others: int) -> None:
    """Set the caps on merit to so many times those of the beginning."""
    membership, settings = community.dao.membership, params(0)["membership"]
    caps = {name: times * settings[name] for name in ("meritCap", "meritCapPerMember")}
    now = membership.call("settings") | caps | others
    community.as_treasury(membership, "setSettings", now)


def refuses_more_than(community: Community, times: int) -> None:
    """Assert that a member gets this many times the first cap in an epoch, and no more."""
    membership = community.dao.membership
    most = times * params(0)["membership"]["meritCapPerMember"] * POINT // 1000
    treasury = community.dao.treasury_address
    membership.call("credit", 1, most, 0, REF, sender=treasury)
    with reverts("VoiceMemberCapExceeded", 1, most + POINT // 1000, most):
        membership.call("credit", 1, most + POINT // 1000, 0, REF, sender=treasury)


# The counted


def test_falling_absent_leaves_the_counted_of_the_past(
    community: Community, membership: Contract
) -> None:
    membership.send("rest", sender=community.wallets[0])
    rested = community.rpc.timestamp()
    community.rpc.warp(740 * DAY)
    membership.send("lapse", [1], sender=community.outsider.address)
    lapsed = community.rpc.warp(1) - 1
    assert counted(membership, rested) == counted(membership, lapsed - 1) == 5
    assert counted(membership, lapsed) == 4


def test_leaving_leaves_the_counted_of_the_past(community: Community, membership: Contract) -> None:
    membership.send("rest", sender=community.wallets[0])
    rested = community.rpc.timestamp()
    community.rpc.warp(DAY)
    membership.send("exit", sender=community.wallets[0])
    left = community.rpc.warp(1) - 1
    assert counted(membership, rested) == counted(membership, left - 1) == 5
    assert counted(membership, left) == 4


# Caps that wait


def test_a_second_raise_does_not_let_the_first_one_in(far: Community) -> None:
    t0 = far.dao.membership.call("voiceParams")["t0"]
    set_caps(far, 2)
    set_caps(far, 3)
    refuses_more_than(far, 1)
    far.rpc.warp_to(t0 + 2 * EPOCH - 1)
    refuses_more_than(far, 1)
    far.rpc.warp_to(t0 + 2 * EPOCH)
    refuses_more_than(far, 3)


def test_another_setting_does_not_make_a_raise_wait_anew(far: Community) -> None:
    t0 = far.dao.membership.call("voiceParams")["t0"]
    set_caps(far, 2)
    far.rpc.warp_to(t0 + EPOCH)
    set_caps(far, 2, dormantAfter=200 * DAY)
    refuses_more_than(far, 1)
    far.rpc.warp_to(t0 + 2 * EPOCH)
    refuses_more_than(far, 2)


# Whose voice it is


@pytest.mark.parametrize("how", ["rest", "exit"])
def test_whoever_wakes_without_their_delegate_speaks_for_themselves(
    community: Community, membership: Contract, how: str
) -> None:
    """And not through member 1."""
    second, third = community.wallets[1:3]
    membership.send("delegate", third, sender=second)
    membership.send("rest", sender=second)
    membership.send(how, sender=third)
    membership.send("wake", bytes(32), sender=second)
    assert membership.call("delegates", second) == second
    assert membership.call("getVotes", second) == membership.call("getVotes", community.wallets[0])


def test_whoever_left_with_a_delegate_returns_without(
    community: Community, membership: Contract
) -> None:
    second, third = community.wallets[1:3]
    membership.send("delegate", third, sender=second)
    membership.send("exit", sender=second)
    membership.send("rejoin", membership.call("charterHash"), sender=second)
    assert membership.call("delegates", second) == second


@pytest.mark.parametrize("merits", [(7, 0), (0, 11), (7, 11)])
def test_votes_are_told_as_they_can_be_read(
    community: Community, membership: Contract, merits: tuple[int, int]
) -> None:
    """Before and after, in the very second, with merit that decays."""
    rpc, first, second = community.rpc, *community.wallets[:2]
    for number, points in enumerate(merits, 1):
        community.as_treasury(membership, "credit", number, points * POINT, 0, REF)
    when = rpc.timestamp() + 100 * DAY

    def votes() -> list[int]:
        rpc.warp_to(when + 1)
        return [membership.call("getPastVotes", each, when) for each in (first, second)]

    with rpc.isolate():
        before = votes()
    next_block_at(rpc, when)
    receipt = membership.send("delegate", second, sender=first)
    told = [event.args for event in receipt.events if event.name == "DelegateVotesChanged"]
    after = votes()
    assert [each["delegate"] for each in told] == [first, second]
    assert [each["previousVotes"] for each in told] == before
    assert [each["newVotes"] for each in told] == after
    assert after[0] == 0
    assert after[1] > before[1] >= 0


# What is announced


def test_the_first_governor_comes_from_nobody(community: Community) -> None:
    chosen = params(community.rpc.timestamp(), [person(1).address])
    arguments: tuple[Any, ...] = (chosen, [], bytes(31) + b"\1")
    shared, sender = factory(community.rpc), community.outsider.address
    predicted = shared.call("predict", *arguments)
    receipt = shared.send("create", *arguments, sender=sender)
    event = receipt.only("GovernorChanged")
    assert event.args == {"from": ZERO, "to": predicted["governor"]}


def test_a_founding_announces_its_offices_and_grants(community: Community) -> None:
    until = community.rpc.timestamp() + 100 * DAY
    guardian, steward, holder = (person(number).address for number in (70, 71, 9))
    chosen = params(
        community.rpc.timestamp(),
        [person(1).address],
        guardian={"holder": guardian, "until": until},
        steward={"holder": steward, "until": until - 1},
        grants=[{"account": holder, "amount": 55}],
    )
    sender = community.outsider.address
    receipt = factory(community.rpc).send("create", chosen, [], bytes(31) + b"\2", sender=sender)
    assert receipt.only("GuardianChanged").args == {"guardian": guardian, "until": until}
    assert receipt.only("StewardAppointed").args == {"steward": steward, "until": until - 1}
    assert receipt.only("Minted").args == {"kind": 0, "amount": 55}


@pytest.mark.parametrize("length", [1, 31, 33])
def test_a_long_signature_leaves_nothing_behind_the_description(
    community: Community, length: int
) -> None:
    """The memory that the announcement is put into was used before."""
    governor, account = community.dao.governor, contract_account(community, person(50), ANYBODY_MAY)
    admit(community, account.address)
    community.rpc.warp(1)
    targets, values, datas = [ZERO], [7], [b"\1\2\3"]
    description, signature = "d" * length, b"\xff" * 4_000
    args = (targets, values, datas, description, account.address, FOREVER, signature)
    data = governor.data("proposeBySig", *args)  # sent raw: only the bytes are looked at
    receipt = community.rpc.send(governor.address, data, sender=community.outsider.address)
    number = hash_proposal(targets, values, datas, description)
    times = (governor.call("proposalSnapshot", number), governor.call("proposalDeadline", number))
    (log,) = [each for each in receipt["logs"] if len(each["data"]) > 2 + 64 * 9]
    lists = (targets, values, [""], datas)
    expected = [number, account.address, *lists, *times, description]
    assert bytes.fromhex(log["data"][2:]) == encode(CREATED, expected)
