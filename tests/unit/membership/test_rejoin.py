"""Coming back; see rejoin.tree."""

from __future__ import annotations

import pytest

from mikoshi.chain.contract import Contract
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT, VOICE, ZERO
from tests.support import next_block_at, reverts
from tests.unit.membership.people import (
    NO_CHARTER,
    Member,
    Standing,
    Totals,
    facts,
    member,
    seen,
    totals,
    waking_day,
)

ANNA = person(100).address
OTHER_CHARTER = b"\xd5" * 32


@pytest.fixture
def exchange(market: Community) -> Contract:
    return market.dao.membership


def newcomer(community: Community, wallet: str = ANNA) -> str:
    community.as_treasury(community.dao.membership, "admit", wallet, NO_CHARTER)
    community.rpc.fund(wallet)
    return wallet


def test_rejoin_reverts_when_caller_was_never_a_member(
    community: Community, membership: Contract
) -> None:
    with reverts("MembershipUnexpectedStanding", 0, Standing.NONE):
        membership.call("rejoin", CHARTER, sender=community.outsider.address)


def test_rejoin_reverts_when_caller_holds_a_ticket(
    community: Community, membership: Contract
) -> None:
    wallet = community.wallets[0]
    with reverts("MembershipUnexpectedStanding", 1, Standing.ACTIVE):
        membership.call("rejoin", CHARTER, sender=wallet)
    membership.send("rest", sender=wallet)
    with reverts("MembershipUnexpectedStanding", 1, Standing.DORMANT):
        membership.call("rejoin", CHARTER, sender=wallet)
    community.rpc.warp(577 * DAY)
    membership.send("lapse", [1], sender=wallet)
    with reverts("MembershipUnexpectedStanding", 1, Standing.ABSENT):
        membership.call("rejoin", CHARTER, sender=wallet)
    newcomer(community)
    with reverts("MembershipUnexpectedStanding", 6, Standing.NEWCOMER):
        membership.call("rejoin", CHARTER, sender=ANNA)


def test_rejoin_reverts_given_the_person_was_barred(
    community: Community, membership: Contract
) -> None:
    community.as_treasury(membership, "bar", 1)
    with reverts("MembershipUnexpectedStanding", 1, Standing.BARRED):
        membership.call("rejoin", CHARTER, sender=community.wallets[0])


@pytest.mark.parametrize("accepted", [NO_CHARTER, OTHER_CHARTER], ids=["zero", "other"])
def test_rejoin_reverts_when_charter_is_not_the_current_one(
    community: Community, membership: Contract, accepted: bytes
) -> None:
    wallet = community.wallets[0]
    membership.send("exit", sender=wallet)
    with reverts("MembershipCharterMismatch", accepted, CHARTER):
        membership.call("rejoin", accepted, sender=wallet)


def test_rejoin_makes_a_former_member_a_newcomer(
    community: Community, membership: Contract
) -> None:
    wallet = community.wallets[0]
    joined = membership.call("joinedAt", 1)
    community.as_treasury(membership, "credit", 1, 100 * POINT, 0, bytes(32))
    stored = seen(membership, "storedMeritOf", 1)
    membership.send("exit", sender=wallet)
    community.rpc.warp(10 * DAY)

    receipt = membership.send("rejoin", CHARTER, sender=wallet)

    assert facts(receipt) == [
        ("Transfer", (ZERO, wallet, 1)),
        ("Locked", (1,)),
        ("MemberAdmitted", (1, wallet, Standing.NEWCOMER, CHARTER)),
    ]
    day = waking_day(community.rpc)
    assert member(membership, 1) == Member(wallet, Standing.NEWCOMER, day, 1, wallet, 0)
    assert seen(membership, "storedMeritOf", 1) == stored
    assert membership.call("joinedAt", 1) == joined
    assert totals(membership) == Totals(4, 4, 4 * VOICE, 5)
    assert seen(membership, "uncounted") == 1
    community.rpc.warp_to(day * DAY - 1)
    with reverts("MembershipTooEarly", 1, day * DAY):
        membership.call("wake", CHARTER, sender=wallet)
    next_block_at(community.rpc, day * DAY)
    membership.send("wake", CHARTER, sender=wallet)
    assert member(membership, 1).votes > 18 * VOICE // 10  # merit speaks again
    assert seen(membership, "uncounted") == 0


def test_rejoin_gives_back_lent_voice_only_after_the_season(
    community: Community, membership: Contract
) -> None:
    """Nobody casts it on a proposal that is older than their seat."""
    first, second = community.wallets[:2]
    membership.send("delegate", first, sender=second)
    membership.send("exit", sender=first)
    membership.send("rejoin", CHARTER, sender=first)
    snapshot = community.rpc.warp(1) - 1
    governor = community.dao.governor_address
    assert membership.call("getPastVotes", first, snapshot) == VOICE
    assert membership.call("receiveBallotOf", first, snapshot, sender=governor) == 0
    assert membership.call("reclaim", [2]) == 1
    next_block_at(community.rpc, membership.call("stampOf", 1) * DAY)
    membership.send("wake", CHARTER, sender=first)
    assert member(membership, 1).votes == 2 * VOICE
    assert membership.call("reclaim", [2]) == 0


def test_rejoin_starts_the_season_anew(community: Community, membership: Contract) -> None:
    wallet = newcomer(community)
    first_day = membership.call("stampOf", 6)
    community.rpc.warp(29 * DAY)
    membership.send("exit", sender=wallet)

    receipt = membership.send("rejoin", CHARTER, sender=wallet)

    assert receipt.only("MemberAdmitted").args["standing"] == Standing.NEWCOMER
    day = waking_day(community.rpc)
    assert day == first_day + 29
    assert member(membership, 6) == Member(wallet, Standing.NEWCOMER, day, 6, wallet, 0)
    assert totals(membership) == Totals(5, 5, 5 * VOICE, 6)
    community.rpc.warp_to(day * DAY - 1)
    with reverts("MembershipTooEarly", 6, day * DAY):
        membership.call("wake", CHARTER, sender=wallet)


def test_rejoin_never_skips_the_season(community: Community, membership: Contract) -> None:
    wallet = newcomer(community)
    for _ in range(4):
        membership.send("exit", sender=wallet)
        assert member(membership, 6).standing == Standing.EXITED
        membership.send("rejoin", CHARTER, sender=wallet)
        assert member(membership, 6).standing == Standing.NEWCOMER
    next_block_at(community.rpc, waking_day(community.rpc) * DAY)
    membership.send("wake", CHARTER, sender=wallet)
    membership.send("exit", sender=wallet)
    membership.send("rejoin", CHARTER, sender=wallet)
    assert member(membership, 6).standing == Standing.NEWCOMER  # each return serves one


def test_rejoin_reverts_given_members_are_left(market: Community, exchange: Contract) -> None:
    wallet = market.wallets[0]
    exchange.send("exit", sender=wallet)
    with reverts("MembershipTicketRequired"):
        exchange.call("rejoin", CHARTER, sender=wallet)
    for other in market.wallets[1:4]:
        exchange.send("exit", sender=other)
    exchange.send("rest", sender=market.wallets[4])
    with reverts("MembershipTicketRequired"):  # a dormant member is a member
        exchange.call("rejoin", CHARTER, sender=wallet)


def test_rejoin_reverts_given_somebody_was_counted_within_395_days(
    market: Community, exchange: Contract
) -> None:
    """A year for the longest season, and a month: buyers wake before sellers return."""
    seller = market.wallets[0]
    exchange.send("transferFrom", seller, ANNA, 1, sender=seller)
    for wallet in market.wallets[1:]:
        exchange.send("exit", sender=wallet)
    last = market.rpc.timestamp()
    assert totals(exchange) == Totals(0, 0, 0, 6)
    market.as_treasury(exchange, "credit", 1, POINT, 0, bytes(32))  # changes no total
    market.rpc.warp_to(last + 395 * DAY - 1)
    with reverts("MembershipTicketRequired"):
        exchange.call("rejoin", CHARTER, sender=seller)
    next_block_at(market.rpc, last + 395 * DAY)

    receipt = exchange.send("rejoin", CHARTER, sender=seller)

    assert facts(receipt) == [
        ("Transfer", (ZERO, seller, 7)),  # the buyer, at a dead address, holds #1
        ("MemberAdmitted", (1, seller, Standing.NEWCOMER, CHARTER)),
    ]
    assert totals(exchange) == Totals(0, 0, 0, 7)
    exchange.send("rejoin", CHARTER, sender=market.wallets[1])  # the first shuts out nobody
    assert seen(exchange, "uncounted") == 3
    next_block_at(market.rpc, exchange.call("stampOf", 1) * DAY)
    exchange.send("wake", CHARTER, sender=seller)
    assert totals(exchange) == Totals(1, 1, exchange.call("getVotes", seller), 7)
    with reverts("MembershipTicketRequired"):
        exchange.call("rejoin", CHARTER, sender=market.wallets[2])


def test_rejoin_reverts_given_a_buyer_woke_meanwhile(market: Community, exchange: Contract) -> None:
    seller = market.wallets[0]
    exchange.send("transferFrom", seller, ANNA, 1, sender=seller)
    for wallet in market.wallets[1:]:
        exchange.send("exit", sender=wallet)
    market.rpc.warp(400 * DAY)
    market.rpc.fund(ANNA)
    exchange.send("wake", CHARTER, sender=ANNA)
    with reverts("MembershipTicketRequired"):
        exchange.call("rejoin", CHARTER, sender=seller)


def test_rejoin_given_only_an_absent_member_is_left(market: Community, exchange: Contract) -> None:
    for wallet in market.wallets[:4]:
        exchange.send("exit", sender=wallet)
    exchange.send("rest", sender=market.wallets[4])
    market.rpc.warp(577 * DAY)
    with reverts("MembershipTicketRequired"):  # a dormant member is counted
        exchange.call("rejoin", CHARTER, sender=market.wallets[0])
    exchange.send("lapse", [5], sender=market.outsider.address)
    assert totals(exchange) == Totals(0, 0, 0, 5)
    with reverts("MembershipTicketRequired"):
        exchange.call("rejoin", CHARTER, sender=market.wallets[0])
    market.rpc.warp(395 * DAY)
    exchange.send("rejoin", CHARTER, sender=market.wallets[0])
    assert member(exchange, 1).standing == Standing.NEWCOMER


def test_rejoin_given_no_member_is_left(market: Community, exchange: Contract) -> None:
    for wallet in market.wallets:
        exchange.send("exit", sender=wallet)
    market.rpc.warp(395 * DAY)
    with reverts("MembershipCharterMismatch", OTHER_CHARTER, CHARTER):
        exchange.call("rejoin", OTHER_CHARTER, sender=market.wallets[2])

    receipt = exchange.send("rejoin", CHARTER, sender=market.wallets[2])

    assert facts(receipt) == [
        ("Transfer", (ZERO, market.wallets[2], 3)),
        ("MemberAdmitted", (3, market.wallets[2], Standing.NEWCOMER, CHARTER)),
    ]
    assert totals(exchange) == Totals(0, 0, 0, 5)


def test_rejoin_given_the_sold_ticket_was_burned(market: Community, exchange: Contract) -> None:
    seller = market.wallets[0]
    exchange.send("transferFrom", seller, ANNA, 1, sender=seller)
    market.rpc.fund(ANNA)
    for wallet in (*market.wallets[1:], ANNA):
        exchange.send("exit", sender=wallet)
    market.rpc.warp(395 * DAY)

    exchange.send("rejoin", CHARTER, sender=seller)
    exchange.send("rejoin", CHARTER, sender=ANNA)

    assert member(exchange, 1).ticket == 1
    assert member(exchange, 6).ticket == 6
    assert totals(exchange) == Totals(0, 0, 0, 6)


def test_rejoin_reverts_given_a_barred_person_is_the_last(
    market: Community, exchange: Contract
) -> None:
    market.as_treasury(exchange, "bar", 1)
    for wallet in market.wallets[1:]:
        exchange.send("exit", sender=wallet)
    with reverts("MembershipUnexpectedStanding", 1, Standing.BARRED):
        exchange.call("rejoin", CHARTER, sender=market.wallets[0])
