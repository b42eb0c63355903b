"""Removal by vote; see bar.tree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mikoshi.chain.contract import Contract
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT, VOICE, ZERO
from tests.support import grant, reverts
from tests.unit.membership.people import (
    NO_CHARTER,
    Standing,
    Totals,
    facts,
    member,
    seen,
    today,
    totals,
)

ANNA = person(100).address
ROLES = ["ADMITTER", "REWARDER", "MINTER", "SUCCESSION"]


def test_bar_reverts_when_caller_is_not_the_treasury(
    community: Community, membership: Contract
) -> None:
    outsider = community.outsider.address
    for name in ROLES:
        grant(community, name, outsider)
    for caller in (outsider, community.wallets[0], community.dao.governor_address):
        with reverts("MembershipUnauthorized", caller, bytes(32)):
            membership.call("bar", 1, sender=caller)


@pytest.mark.parametrize("number", [0, 6, 2**24, 2**256 - 1])
def test_bar_reverts_given_the_id_is_unknown(
    community: Community, membership: Contract, number: int
) -> None:
    with reverts("MembershipUnexpectedStanding", number, Standing.NONE):
        membership.call("bar", number, sender=community.dao.treasury_address)


def test_bar_reverts_given_the_person_is_barred(community: Community, membership: Contract) -> None:
    community.as_treasury(membership, "bar", 1)
    with reverts("MembershipUnexpectedStanding", 1, Standing.BARRED):
        membership.call("bar", 1, sender=community.dao.treasury_address)


def test_bar_removes_an_active_member(community: Community, membership: Contract) -> None:
    first, second = community.wallets[:2]
    community.as_treasury(membership, "credit", 1, POINT, 0, bytes(32))
    stored = seen(membership, "storedMeritOf", 1)
    membership.send("delegate", second, sender=first)
    community.rpc.warp(2 * DAY)
    before = member(membership, 1)
    together = member(membership, 2).votes

    receipt = community.as_treasury(membership, "bar", 1)

    changed = receipt.only("DelegateVotesChanged").args
    assert changed["previousVotes"] == pytest.approx(together, abs=10_000)
    assert facts(receipt) == [
        ("DelegateVotesChanged", (second, changed["previousVotes"], VOICE)),
        ("DelegateChanged", (first, second, ZERO)),
        ("StandingChanged", (1, Standing.BARRED)),
        ("Transfer", (first, ZERO, 1)),
    ]
    assert member(membership, 1) == replace(
        before, standing=Standing.BARRED, stamp=today(community.rpc), ticket=0, delegate=ZERO
    )
    assert totals(membership) == Totals(4, 4, 4 * VOICE, 5)
    assert seen(membership, "storedMeritOf", 1) == stored


def test_bar_removes_dormant_newcomer_and_absent(
    community: Community, membership: Contract
) -> None:
    community.as_treasury(membership, "admit", ANNA, NO_CHARTER)
    membership.send("rest", sender=community.wallets[0])
    membership.send("rest", sender=community.wallets[1])
    community.rpc.warp(732 * DAY)
    membership.send("lapse", [2], sender=community.outsider.address)
    assert totals(membership) == Totals(3, 4, 3 * VOICE, 6)
    for number, counted in ((2, 4), (6, 4), (1, 3)):
        receipt = community.as_treasury(membership, "bar", number)
        wallet = membership.call("walletOf", number)
        assert facts(receipt) == [
            ("StandingChanged", (number, Standing.BARRED)),
            ("Transfer", (wallet, ZERO, number)),
        ]
        assert totals(membership) == Totals(3, counted, 3 * VOICE, 6)


@pytest.mark.parametrize("left_as", ["member", "newcomer"])
def test_bar_of_someone_gone_refuses_their_return(
    community: Community, membership: Contract, left_as: str
) -> None:
    wallet, number = community.wallets[0], 1
    if left_as == "newcomer":
        wallet, number = ANNA, 6
        community.as_treasury(membership, "admit", ANNA, NO_CHARTER)
        community.rpc.fund(ANNA)
    membership.send("exit", sender=wallet)
    before = totals(membership)

    receipt = community.as_treasury(membership, "bar", number)

    assert facts(receipt) == [("StandingChanged", (number, Standing.BARRED))]
    assert totals(membership) == before
    assert membership.call("walletOf", number) == wallet
    with reverts("MembershipUnexpectedStanding", number, Standing.BARRED):
        membership.call("rejoin", CHARTER, sender=wallet)


def test_bar_of_a_delegate_leaves_the_others_voices(
    community: Community, membership: Contract
) -> None:
    first, second = community.wallets[:2]
    membership.send("delegate", first, sender=second)
    community.as_treasury(membership, "bar", 1)
    with reverts("VoiceDelegateNotActive", first):
        membership.call("delegate", first, sender=community.wallets[2])
    membership.send("reclaim", [2], sender=community.outsider.address)
    assert member(membership, 2).votes == VOICE
    assert member(membership, 1).votes == 0


def test_bar_by_a_proposal(community: Community, membership: Contract) -> None:
    data = membership.data("bar", 1)
    community.decide([(membership, 0, data)])
    assert member(membership, 1).standing == Standing.BARRED
