"""The end of dormancy; see wake.tree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mikoshi.chain.contract import Contract
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT, VOICE
from tests.support import next_block_at, reverts
from tests.unit.membership.people import (
    NO_CHARTER,
    Standing,
    Totals,
    facts,
    member,
    today,
    totals,
    waking_day,
)

ANNA = person(100).address
BEN = person(101).address
OTHER_CHARTER = b"\xd5" * 32


@pytest.fixture
def newcomer(community: Community, membership: Contract) -> str:
    community.as_treasury(membership, "admit", ANNA, NO_CHARTER)
    community.rpc.fund(ANNA)
    return ANNA


def ready(membership: Contract, number: int) -> int:
    """The first second in which a newcomer may wake."""
    return int(membership.call("stampOf", number)) * DAY


def absent(community: Community, number: int) -> str:
    membership = community.dao.membership
    wallet = community.wallets[number - 1]
    membership.send("rest", sender=wallet)
    community.rpc.warp(577 * DAY)
    membership.send("lapse", [number], sender=community.outsider.address)
    assert member(membership, number).standing == Standing.ABSENT
    return wallet


def test_wake_reverts_given_the_caller_is_not_dormant(
    community: Community, membership: Contract
) -> None:
    first, second, third = community.wallets[:3]
    with reverts("MembershipUnexpectedStanding", 0, Standing.NONE):
        membership.call("wake", CHARTER, sender=community.outsider.address)
    with reverts("MembershipUnexpectedStanding", 1, Standing.ACTIVE):
        membership.call("wake", CHARTER, sender=first)
    membership.send("exit", sender=second)
    with reverts("MembershipUnexpectedStanding", 2, Standing.EXITED):
        membership.call("wake", CHARTER, sender=second)
    community.as_treasury(membership, "bar", 3)
    with reverts("MembershipUnexpectedStanding", 3, Standing.BARRED):
        membership.call("wake", CHARTER, sender=third)


def test_wake_reverts_given_a_newcomer_left(
    community: Community, membership: Contract, newcomer: str
) -> None:
    membership.send("exit", sender=newcomer)
    community.rpc.warp(60 * DAY)
    with reverts("MembershipUnexpectedStanding", 6, Standing.EXITED):
        membership.call("wake", CHARTER, sender=newcomer)


@pytest.mark.parametrize("accepted", [NO_CHARTER, CHARTER, OTHER_CHARTER])
def test_wake_of_a_dormant_member(
    community: Community, membership: Contract, accepted: bytes
) -> None:
    wallet = community.wallets[0]
    membership.send("rest", sender=wallet)
    before = member(membership, 1)
    community.rpc.warp(5 * DAY)

    receipt = membership.send("wake", accepted, sender=wallet)

    assert facts(receipt) == [
        ("DelegateVotesChanged", (wallet, 0, VOICE)),
        ("StandingChanged", (1, Standing.ACTIVE)),
        ("MetadataUpdate", (1,)),
    ]
    day = today(community.rpc)
    after = replace(before, standing=Standing.ACTIVE, stamp=day, votes=VOICE)
    assert member(membership, 1) == after
    assert totals(membership) == Totals(5, 5, 5 * VOICE, 5)


def test_wake_in_the_second_of_resting(community: Community, membership: Contract) -> None:
    """Both in one block: the past sees only the last state."""
    wallet = community.wallets[0]
    when = community.rpc.timestamp() + 100
    next_block_at(community.rpc, when)
    membership.send("rest", sender=wallet)
    community.rpc.call("evm_setNextBlockTimestamp", when)
    membership.send("wake", NO_CHARTER, sender=wallet)
    assert community.rpc.timestamp() == when
    community.rpc.warp(1)
    assert membership.call("getPastVotes", wallet, when) == VOICE
    assert membership.call("getPastCensus", when) == (5, 5, 5 * VOICE)


def test_wake_counts_merit_credited_meanwhile(community: Community, membership: Contract) -> None:
    wallet = community.wallets[0]
    membership.send("rest", sender=wallet)
    community.as_treasury(membership, "credit", 1, 100 * POINT, 0, bytes(32))
    assert member(membership, 1).votes == 0
    membership.send("wake", NO_CHARTER, sender=wallet)
    votes = member(membership, 1).votes
    assert 2 * VOICE - 1_000 < votes <= 2 * VOICE
    assert totals(membership) == Totals(5, 5, 4 * VOICE + votes, 5)


def test_wake_gives_the_voice_to_an_active_delegate(
    community: Community, membership: Contract
) -> None:
    first, second = community.wallets[:2]
    membership.send("delegate", second, sender=first)
    membership.send("rest", sender=first)
    receipt = membership.send("wake", NO_CHARTER, sender=first)
    assert facts(receipt) == [
        ("DelegateVotesChanged", (second, VOICE, 2 * VOICE)),
        ("MetadataUpdate", (2,)),
        ("StandingChanged", (1, Standing.ACTIVE)),
        ("MetadataUpdate", (1,)),
    ]
    assert member(membership, 1).delegate == second
    assert member(membership, 1).votes == 0


@pytest.mark.parametrize("how", ["rest", "exit", "bar"])
def test_wake_gives_the_voice_back_when_the_delegate_is_gone(
    community: Community, membership: Contract, how: str
) -> None:
    first, second = community.wallets[:2]
    membership.send("delegate", second, sender=first)
    membership.send("rest", sender=first)
    if how == "bar":
        community.as_treasury(membership, "bar", 2)
    else:
        membership.send(how, sender=second)

    receipt = membership.send("wake", NO_CHARTER, sender=first)

    assert facts(receipt) == [
        ("DelegateChanged", (first, second, first)),
        ("DelegateVotesChanged", (first, 0, VOICE)),
        ("StandingChanged", (1, Standing.ACTIVE)),
        ("MetadataUpdate", (1,)),
    ]
    assert member(membership, 1).delegate == first
    assert member(membership, 1).votes == VOICE


def test_wake_of_a_newcomer_reverts_one_second_early(
    community: Community, membership: Contract, newcomer: str
) -> None:
    at = ready(membership, 6)
    left = at - community.rpc.timestamp()
    assert 45 * DAY <= left < 46 * DAY  # never shorter than promised
    community.rpc.warp_to(at - 1)
    for accepted in (CHARTER, OTHER_CHARTER):
        with reverts("MembershipTooEarly", 6, at):
            membership.call("wake", accepted, sender=newcomer)


def test_wake_of_a_newcomer_after_the_season(
    community: Community, membership: Contract, newcomer: str
) -> None:
    before = member(membership, 6)
    at = next_block_at(community.rpc, ready(membership, 6))

    receipt = membership.send("wake", CHARTER, sender=newcomer)

    assert community.rpc.timestamp() == at
    assert facts(receipt) == [
        ("DelegateVotesChanged", (newcomer, 0, VOICE)),
        ("StandingChanged", (6, Standing.ACTIVE)),
        ("MetadataUpdate", (6,)),
    ]
    after = replace(before, standing=Standing.ACTIVE, stamp=at // DAY, votes=VOICE)
    assert member(membership, 6) == after
    assert totals(membership) == Totals(6, 6, 6 * VOICE, 6)
    community.rpc.warp(1)
    assert membership.call("getPastCensus", at - 1) == (5, 5, 5 * VOICE)
    assert membership.call("getPastCensus", at) == (6, 6, 6 * VOICE)


@pytest.mark.parametrize("accepted", [NO_CHARTER, OTHER_CHARTER], ids=["zero", "other"])
def test_wake_of_a_newcomer_reverts_when_charter_is_not_the_current_one(
    community: Community, membership: Contract, newcomer: str, accepted: bytes
) -> None:
    community.rpc.warp_to(ready(membership, 6))
    with reverts("MembershipCharterMismatch", accepted, CHARTER):
        membership.call("wake", accepted, sender=newcomer)


def test_wake_of_a_newcomer_uses_the_season_they_entered_under(
    community: Community, membership: Contract, newcomer: str
) -> None:
    """A cut would wake bought seats at once, a raise would keep out who is nearly in."""
    settings = membership.call("settings")
    at = ready(membership, 6)
    for days in (365, 100):
        community.as_treasury(membership, "setSettings", settings | {"season": days * DAY})
        assert ready(membership, 6) == at
    community.as_treasury(membership, "admit", BEN, NO_CHARTER)
    assert membership.call("stampOf", 7) == waking_day(community.rpc, 100 * DAY)
    community.rpc.warp_to(at - 1)
    with reverts("MembershipTooEarly", 6, at):
        membership.call("wake", CHARTER, sender=newcomer)
    next_block_at(community.rpc, at)
    membership.send("wake", CHARTER, sender=newcomer)
    assert member(membership, 6).standing == Standing.ACTIVE


@pytest.mark.parametrize("accepted", [NO_CHARTER, OTHER_CHARTER], ids=["zero", "other"])
def test_wake_of_an_absent_member_reverts_when_charter_is_not_the_current_one(
    community: Community, membership: Contract, accepted: bytes
) -> None:
    wallet = absent(community, 1)
    with reverts("MembershipCharterMismatch", accepted, CHARTER):
        membership.call("wake", accepted, sender=wallet)


def test_wake_of_an_absent_member_counts_them_again(
    community: Community, membership: Contract
) -> None:
    wallet = absent(community, 1)
    before = member(membership, 1)
    assert totals(membership).counted == 4
    community.rpc.warp(DAY)

    receipt = membership.send("wake", CHARTER, sender=wallet)

    assert facts(receipt) == [
        ("DelegateVotesChanged", (wallet, 0, VOICE)),
        ("StandingChanged", (1, Standing.ACTIVE)),
        ("MetadataUpdate", (1,)),
    ]
    day = today(community.rpc)
    after = replace(before, standing=Standing.ACTIVE, stamp=day, votes=VOICE)
    assert member(membership, 1) == after
    assert totals(membership) == Totals(5, 5, 5 * VOICE, 5)
    woken_at = community.rpc.warp(1) - 1
    assert membership.call("getPastCensus", woken_at - 1)[:2] == (4, 4)
    assert membership.call("getPastCensus", woken_at)[:2] == (5, 5)
