"""Recording acts for parts that reward; see act.tree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mikoshi.chain.contract import Contract
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import DAY
from tests.support import grant, next_block_at
from tests.unit.membership.people import NO_CHARTER, Standing, Status, facts, member, seen

ANNA = person(100).address


@pytest.fixture
def rewarder(community: Community) -> str:
    return grant(community, "REWARDER", community.outsider.address)


def test_act_says_who_a_wallet_is(community: Community, membership: Contract) -> None:
    first, second, third, *_ = community.wallets
    community.as_treasury(membership, "admit", ANNA, NO_CHARTER)
    membership.send("rest", sender=first)
    membership.send("exit", sender=second)
    community.as_treasury(membership, "bar", 3)
    assert membership.call("act", first) == (1, Status.DORMANT)
    assert membership.call("act", second) == (2, Status.EXITED)
    assert membership.call("act", third) == (3, Status.EXITED)
    assert membership.call("act", community.wallets[4]) == (5, Status.ACTIVE)
    assert membership.call("act", ANNA) == (6, Status.DORMANT)
    assert membership.call("act", community.outsider.address) == (0, Status.NONE)


@pytest.mark.parametrize("name", [None, "ADMITTER", "MINTER", "SUCCESSION"])
def test_act_changes_nothing_when_the_caller_is_anybody(
    community: Community, membership: Contract, name: str | None
) -> None:
    outsider = community.outsider.address
    if name:
        grant(community, name, outsider)
    community.rpc.warp(100 * DAY)
    before = member(membership, 1)
    community.rpc.fund(community.dao.governor_address)
    for caller in (outsider, community.wallets[0], community.dao.governor_address):
        receipt = membership.send("act", community.wallets[0], sender=caller)
        assert facts(receipt) == []
    assert member(membership, 1) == before


def test_act_changes_nothing_given_the_stamp_is_young(
    community: Community, membership: Contract, rewarder: str
) -> None:
    stamp = membership.call("stampOf", 1)
    next_block_at(community.rpc, (stamp + 30) * DAY - 1)
    receipt = membership.send("act", community.wallets[0], sender=rewarder)
    assert facts(receipt) == []
    assert membership.call("stampOf", 1) == stamp


@pytest.mark.parametrize("caller", ["rewarder", "treasury"])
def test_act_records_given_the_stamp_is_old(
    community: Community, membership: Contract, rewarder: str, caller: str
) -> None:
    sender = rewarder if caller == "rewarder" else community.dao.treasury_address
    before = member(membership, 1)
    next_block_at(community.rpc, (before.stamp + 30) * DAY)

    receipt = membership.send("act", before.wallet, sender=sender)

    assert facts(receipt) == [("ActRecorded", (1,))]
    assert member(membership, 1) == replace(before, stamp=before.stamp + 30)


def test_act_does_not_touch_whoever_is_not_active(
    community: Community, membership: Contract, rewarder: str
) -> None:
    community.as_treasury(membership, "admit", ANNA, NO_CHARTER)
    membership.send("rest", sender=community.wallets[0])
    membership.send("exit", sender=community.wallets[1])
    community.rpc.warp(100 * DAY)
    numbers = (1, 2, 6)
    before = [member(membership, number) for number in numbers]
    for number in numbers:
        wallet = membership.call("walletOf", number)
        assert facts(membership.send("act", wallet, sender=rewarder)) == []
    assert facts(membership.send("act", rewarder, sender=rewarder)) == []
    assert [member(membership, number) for number in numbers] == before
    assert before[2].standing == Standing.NEWCOMER


def test_act_leaves_the_past_as_it_was(
    community: Community, membership: Contract, rewarder: str
) -> None:
    before = community.rpc.timestamp()
    community.rpc.warp(60 * DAY)
    membership.send("act", community.wallets[0], sender=rewarder)
    community.rpc.warp(1)
    assert seen(membership, "getPastMembers", community.wallets[0], before) == 1
