"""Leaving; see exit.tree."""

from __future__ import annotations

import pytest

from mikoshi.chain.contract import Contract
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT, VOICE, ZERO
from tests.support import reverts
from tests.unit.membership.people import (
    NO_CHARTER,
    Member,
    Standing,
    Totals,
    facts,
    member,
    seen,
    today,
    totals,
)

ANNA = person(100).address


def test_exit_reverts_when_caller_was_never_a_member(
    community: Community, membership: Contract
) -> None:
    with reverts("MembershipUnexpectedStanding", 0, Standing.NONE):
        membership.call("exit", sender=community.outsider.address)


def test_exit_reverts_when_caller_exited(community: Community, membership: Contract) -> None:
    membership.send("exit", sender=community.wallets[0])
    with reverts("MembershipUnexpectedStanding", 1, Standing.EXITED):
        membership.call("exit", sender=community.wallets[0])


def test_exit_reverts_when_caller_was_barred(community: Community, membership: Contract) -> None:
    community.as_treasury(membership, "bar", 1)
    with reverts("MembershipUnexpectedStanding", 1, Standing.BARRED):
        membership.call("exit", sender=community.wallets[0])


def test_exit_of_an_active_member(community: Community, membership: Contract) -> None:
    wallet = community.wallets[0]
    joined = membership.call("joinedAt", 1)
    community.as_treasury(membership, "credit", 1, 100 * POINT, 0, bytes(32))
    raw = seen(membership, "storedMeritOf", 1)
    community.rpc.warp(3 * DAY)

    receipt = membership.send("exit", sender=wallet)

    names = facts(receipt)
    votes = receipt.only("DelegateVotesChanged").args
    assert votes["previousVotes"] > VOICE
    assert names == [
        ("Transfer", (wallet, ZERO, 1)),
        ("DelegateVotesChanged", (wallet, votes["previousVotes"], 0)),
        ("StandingChanged", (1, Standing.EXITED)),
    ]
    assert member(membership, 1) == Member(
        wallet, Standing.EXITED, today(community.rpc), 0, ZERO, 0
    )
    assert totals(membership) == Totals(4, 4, 4 * VOICE, 5)
    assert seen(membership, "storedMeritOf", 1) == raw
    assert membership.call("joinedAt", 1) == joined
    with reverts("ERC721NonexistentToken", 1):
        membership.call("ownerOf", 1)
    with reverts("MembershipUnexpectedStanding", 1, Standing.EXITED):
        seen(membership, "ticketOf", 1)


def test_exit_takes_the_voice_from_the_delegate(community: Community, membership: Contract) -> None:
    first, second = community.wallets[:2]
    membership.send("delegate", second, sender=first)

    receipt = membership.send("exit", sender=first)

    assert facts(receipt) == [
        ("Transfer", (first, ZERO, 1)),
        ("DelegateChanged", (first, second, ZERO)),
        ("DelegateVotesChanged", (second, 2 * VOICE, VOICE)),
        ("MetadataUpdate", (2,)),
        ("StandingChanged", (1, Standing.EXITED)),
    ]
    assert member(membership, 2).votes == VOICE
    membership.send("rejoin", CHARTER, sender=first)
    assert member(membership, 1).delegate == first  # the old choice is forgotten
    assert member(membership, 2).votes == VOICE


def test_exit_of_a_delegate_leaves_the_others_voices(
    community: Community, membership: Contract
) -> None:
    first, second, third = community.wallets[:3]
    membership.send("delegate", first, sender=second)
    membership.send("delegate", first, sender=third)

    receipt = membership.send("exit", sender=first)

    changed = receipt.only("DelegateVotesChanged").args
    assert tuple(changed.values()) == (first, 3 * VOICE, 2 * VOICE)
    assert totals(membership) == Totals(4, 4, 4 * VOICE, 5)
    assert member(membership, 2).delegate == first
    assert member(membership, 2).votes == 0
    receipt = membership.send("reclaim", [2, 3], sender=community.outsider.address)
    assert member(membership, 2).votes == VOICE
    assert member(membership, 3).votes == VOICE


def test_exit_of_a_dormant_member(community: Community, membership: Contract) -> None:
    wallet = community.wallets[0]
    membership.send("rest", sender=wallet)

    receipt = membership.send("exit", sender=wallet)

    assert facts(receipt) == [
        ("Transfer", (wallet, ZERO, 1)),
        ("StandingChanged", (1, Standing.EXITED)),
    ]
    assert totals(membership) == Totals(4, 4, 4 * VOICE, 5)


def test_exit_of_a_dormant_member_forgets_the_delegate(
    community: Community, membership: Contract
) -> None:
    first, second = community.wallets[:2]
    membership.send("delegate", second, sender=first)
    membership.send("rest", sender=first)
    receipt = membership.send("exit", sender=first)
    changed = receipt.only("DelegateChanged").args
    assert tuple(changed.values()) == (first, second, ZERO)
    membership.send("rejoin", CHARTER, sender=first)
    assert member(membership, 1).delegate == first
    assert member(membership, 2).votes == VOICE


def test_exit_of_an_absent_member(community: Community, membership: Contract) -> None:
    wallet = community.wallets[0]
    membership.send("rest", sender=wallet)
    community.rpc.warp(577 * DAY)
    membership.send("lapse", [1], sender=community.outsider.address)
    before = totals(membership)
    assert (before.awake, before.counted) == (4, 4)

    receipt = membership.send("exit", sender=wallet)

    assert facts(receipt) == [
        ("Transfer", (wallet, ZERO, 1)),
        ("StandingChanged", (1, Standing.EXITED)),
    ]
    assert seen(membership, "uncounted") == 0
    assert totals(membership) == before
    assert member(membership, 1).standing == Standing.EXITED


def test_exit_of_a_newcomer(community: Community, membership: Contract) -> None:
    community.as_treasury(membership, "admit", ANNA, NO_CHARTER)
    community.rpc.fund(ANNA)

    receipt = membership.send("exit", sender=ANNA)

    assert facts(receipt) == [
        ("Transfer", (ANNA, ZERO, 6)),
        ("StandingChanged", (6, Standing.EXITED)),
    ]
    assert totals(membership) == Totals(5, 5, 5 * VOICE, 6)


def test_exit_of_everyone_leaves_an_empty_dao(community: Community, membership: Contract) -> None:
    for wallet in community.wallets:
        membership.send("exit", sender=wallet)
    assert totals(membership) == Totals(0, 0, 0, 5)


def test_exit_and_return_many_times_gains_nothing(
    community: Community, membership: Contract
) -> None:
    first, second = community.wallets[:2]
    community.as_treasury(membership, "credit", 1, 64 * POINT, 0, bytes(32))
    stored = seen(membership, "storedMeritOf", 1)
    for _ in range(5):
        membership.send("delegate", second, sender=first)
        membership.send("exit", sender=first)
        membership.send("rejoin", CHARTER, sender=first)
        community.rpc.warp(46 * DAY)
        membership.send("wake", CHARTER, sender=first)
    assert seen(membership, "storedMeritOf", 1) == stored
    whole = totals(membership)
    assert (whole.awake, whole.counted, whole.last_id) == (5, 5, 5)
    assert member(membership, 2).votes == VOICE
    assert whole.voice == 4 * VOICE + member(membership, 1).votes


@pytest.mark.parametrize("number", [1, 5])
def test_exit_touches_nobody_else(community: Community, membership: Contract, number: int) -> None:
    others = [each for each in range(1, 6) if each != number]
    before = [member(membership, each) for each in others]
    membership.send("exit", sender=community.wallets[number - 1])
    assert [member(membership, each) for each in others] == before
