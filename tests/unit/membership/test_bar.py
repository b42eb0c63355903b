"""Removal by vote; see bar.tree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mikoshi.chain.contract import Contract
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT, VOICE, ZERO
from tests.support import grant, next_block_at, reverts
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
        ("Transfer", (first, ZERO, 1)),
        ("DelegateChanged", (first, second, ZERO)),
        ("DelegateVotesChanged", (second, changed["previousVotes"], VOICE)),
        ("MetadataUpdate", (2,)),
        ("StandingChanged", (1, Standing.BARRED)),
        ("SeatsUsed", (0, 1)),
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
    community.rpc.warp(577 * DAY)
    membership.send("lapse", [2], sender=community.outsider.address)
    assert totals(membership) == Totals(3, 4, 3 * VOICE, 6)
    t0 = membership.call("voiceParams")["t0"]
    for number, counted, seats in ((2, 4, 1), (6, 4, 0), (1, 3, 1)):
        receipt = community.as_treasury(membership, "bar", number)
        wallet = membership.call("walletOf", number)
        epoch = (community.rpc.timestamp() - t0) // (30 * DAY)
        assert facts(receipt) == [
            ("Transfer", (wallet, ZERO, number)),
            ("StandingChanged", (number, Standing.BARRED)),
            *([("SeatsUsed", (epoch, 1))] * seats),
        ]
        assert totals(membership) == Totals(3, counted, 3 * VOICE, 6)
        if number == 6:  # who never spoke, is barred at once and uncounted
            community.rpc.warp(30 * DAY)
    assert seen(membership, "uncounted") == 0


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

    seats = [("SeatsUsed", (0, 1))] if left_as == "member" else []
    assert facts(receipt) == [("StandingChanged", (number, Standing.BARRED)), *seats]
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


# Beyond the seats of an epoch


def scheduled(community: Community, number: int) -> int:
    """Ask for a bar that waits; from when on it can be enforced."""
    membership = community.dao.membership
    before = member(membership, number), totals(membership)
    receipt = community.as_treasury(membership, "bar", number)
    force = community.rpc.timestamp() + 45 * DAY
    assert facts(receipt) == [("BarScheduled", (number, force))]
    assert (member(membership, number), totals(membership)) == before
    assert membership.call("scheduledBar", number) == force
    return force


def test_bar_beyond_the_seats_of_the_epoch_waits(
    community: Community, membership: Contract
) -> None:
    """One unopposed vote must not remove everybody else."""
    t0 = membership.call("voiceParams")["t0"]
    community.as_treasury(membership, "bar", 1)
    scheduled(community, 2)
    membership.send("exit", sender=community.wallets[2])
    scheduled(community, 3)  # somebody who left, too
    assert seen(membership, "usage") == (0, 0, 0, 1)
    next_block_at(community.rpc, t0 + 30 * DAY)

    receipt = community.as_treasury(membership, "bar", 2)

    assert receipt.only("SeatsUsed").args == {"epoch": 1, "number": 1}
    assert member(membership, 2).standing == Standing.BARRED
    assert membership.call("scheduledBar", 2) == 0


def test_bar_shares_its_seats_with_admissions(community: Community, membership: Contract) -> None:
    community.as_treasury(membership, "admit", ANNA, CHARTER)
    scheduled(community, 1)


def test_bar_that_waits_starts_anew_when_asked_again(
    community: Community, membership: Contract
) -> None:
    community.as_treasury(membership, "bar", 1)
    first = scheduled(community, 2)
    community.rpc.warp(DAY)
    assert scheduled(community, 2) > first


def test_bar_of_a_newcomer_who_spoke_before_counts(
    community: Community, membership: Contract
) -> None:
    community.as_treasury(membership, "admit", ANNA, NO_CHARTER)
    wallet = community.wallets[1]
    membership.send("exit", sender=wallet)
    membership.send("rejoin", CHARTER, sender=wallet)
    community.as_treasury(membership, "bar", 1)
    scheduled(community, 2)
    receipt = community.as_treasury(membership, "bar", 6)
    assert facts(receipt) == [
        ("Transfer", (ANNA, ZERO, 6)),
        ("StandingChanged", (6, Standing.BARRED)),
    ]


def test_enforce_bar_by_anyone_in_thirty_days(community: Community, membership: Contract) -> None:
    community.as_treasury(membership, "bar", 1)
    force = scheduled(community, 2)
    end = force + 30 * DAY
    outsider = community.outsider.address
    for moment in (force - 1, end + 1):
        state = community.rpc.snapshot()
        next_block_at(community.rpc, moment)
        with reverts("MembershipNotDue", 2, force, end):
            membership.send("enforceBar", 2, sender=outsider)
        community.rpc.revert(state)
    state = community.rpc.snapshot()
    next_block_at(community.rpc, end)
    membership.send("enforceBar", 2, sender=outsider)
    community.rpc.revert(state)
    next_block_at(community.rpc, force)

    receipt = membership.send("enforceBar", 2, sender=outsider)

    wallet = community.wallets[1]
    assert facts(receipt) == [
        ("Transfer", (wallet, ZERO, 2)),
        ("DelegateVotesChanged", (wallet, VOICE, 0)),
        ("StandingChanged", (2, Standing.BARRED)),
    ]
    assert totals(membership) == Totals(3, 3, 3 * VOICE, 5)
    assert membership.call("scheduledBar", 2) == 0
    with reverts("MembershipNotDue", 2, 0, 30 * DAY):
        membership.call("enforceBar", 2, sender=outsider)


@pytest.mark.parametrize("number", [0, 1, 6, 2**256 - 1])
def test_enforce_bar_reverts_given_none_is_scheduled(membership: Contract, number: int) -> None:
    with reverts("MembershipNotDue", number, 0, 30 * DAY):
        membership.call("enforceBar", number)


def test_enforce_bar_of_somebody_who_left_meanwhile(
    community: Community, membership: Contract
) -> None:
    community.as_treasury(membership, "bar", 1)
    force = scheduled(community, 2)
    membership.send("exit", sender=community.wallets[1])
    next_block_at(community.rpc, force)
    receipt = membership.send("enforceBar", 2, sender=community.outsider.address)
    assert facts(receipt) == [("StandingChanged", (2, Standing.BARRED))]


def test_withdraw_bar_takes_it_back(community: Community, membership: Contract) -> None:
    community.as_treasury(membership, "bar", 1)
    force = scheduled(community, 2)
    for caller in (community.outsider.address, community.dao.governor_address):
        with reverts("MembershipUnauthorized", caller, bytes(32)):
            membership.call("withdrawBar", 2, sender=caller)

    receipt = community.as_treasury(membership, "withdrawBar", 2)

    assert facts(receipt) == [("BarWithdrawn", (2,))]
    assert membership.call("scheduledBar", 2) == 0
    next_block_at(community.rpc, force)
    with reverts("MembershipNotDue", 2, 0, 30 * DAY):
        membership.send("enforceBar", 2, sender=community.outsider.address)


def test_withdraw_bar_reverts_given_none_is_scheduled(
    community: Community, membership: Contract
) -> None:
    with reverts("MembershipNothingWaits", 2):
        membership.call("withdrawBar", 2, sender=community.dao.treasury_address)
