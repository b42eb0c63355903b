"""Moving a record to another wallet; see moveWallet.tree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mikoshi.chain.contract import Contract
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT, VOICE, ZERO
from tests.support import grant, reverts, role
from tests.unit.membership.people import (
    NO_CHARTER,
    Member,
    Standing,
    Totals,
    facts,
    member,
    seen,
    totals,
)

ANNA = person(100).address
BEN = person(101).address


@pytest.fixture
def succession(community: Community) -> str:
    return grant(community, "SUCCESSION", community.outsider.address)


@pytest.mark.parametrize("name", [None, "ADMITTER", "REWARDER", "MINTER", "PURSE"])
def test_move_wallet_reverts_when_caller_has_no_right(
    community: Community, membership: Contract, name: str | None
) -> None:
    outsider = community.outsider.address
    if name:
        grant(community, name, outsider)
    treasury = community.dao.treasury_address  # a vote must ask Succession, with its delay
    for caller in (outsider, treasury, community.wallets[0]):
        with reverts("MembershipUnauthorized", caller, role("SUCCESSION")):
            membership.call("moveWallet", 1, ANNA, sender=caller)


@pytest.mark.parametrize("number", [0, 6, 2**256 - 1])
def test_move_wallet_reverts_when_the_id_is_unknown(
    membership: Contract, succession: str, number: int
) -> None:
    with reverts("VoiceUnknownMember", number):
        membership.call("moveWallet", number, ANNA, sender=succession)


@pytest.mark.parametrize("part", ["zero", "treasury", "membership", "governor"])
def test_move_wallet_reverts_when_the_wallet_is_a_part(
    community: Community, membership: Contract, succession: str, part: str
) -> None:
    wallet = ZERO if part == "zero" else getattr(community.dao, f"{part}_address")
    with reverts("MembershipInvalidWallet", wallet):
        membership.call("moveWallet", 1, wallet, sender=succession)


def test_move_wallet_reverts_when_the_wallet_is_that_of_a_record(
    community: Community, membership: Contract, succession: str
) -> None:
    first, second, third, fourth, _ = community.wallets
    membership.send("rest", sender=second)
    membership.send("exit", sender=third)
    community.as_treasury(membership, "bar", 4)
    for number, wallet in ((1, first), (2, second), (3, third), (4, fourth)):
        with reverts("MembershipWalletTaken", wallet, number):
            membership.call("moveWallet", 1, wallet, sender=succession)


def test_move_wallet_moves_a_member(
    community: Community, membership: Contract, succession: str
) -> None:
    old = community.wallets[0]
    community.as_treasury(membership, "credit", 1, POINT, 0, bytes(32))
    stored = seen(membership, "storedMeritOf", 1)
    joined = membership.call("joinedAt", 1)
    community.rpc.warp(20 * DAY)
    before = member(membership, 1)
    past = community.rpc.timestamp() - 10 * DAY
    past_votes = membership.call("getPastVotes", old, past)
    whole = totals(membership)

    receipt = membership.send("moveWallet", 1, ANNA, sender=succession)

    votes = membership.call("getVotes", ANNA)
    assert facts(receipt) == [
        ("WalletMoved", (1, old, ANNA)),
        ("Transfer", (old, ANNA, 1)),
        ("DelegateChanged", (old, old, ZERO)),
        ("DelegateChanged", (ANNA, ZERO, ANNA)),
        ("DelegateVotesChanged", (old, votes, 0)),
        ("DelegateVotesChanged", (ANNA, 0, votes)),
    ]
    assert member(membership, 1) == replace(before, wallet=ANNA, delegate=ANNA, votes=votes)
    assert membership.call("getPastVotes", ANNA, past) == past_votes > VOICE
    assert seen(membership, "storedMeritOf", 1) == stored
    assert membership.call("joinedAt", 1) == joined
    assert replace(totals(membership), voice=0) == replace(whole, voice=0)


def test_move_wallet_leaves_the_old_wallet_a_stranger(
    community: Community, membership: Contract, succession: str
) -> None:
    old = community.wallets[0]
    before = community.rpc.timestamp()
    membership.send("moveWallet", 1, ANNA, sender=succession)
    community.rpc.warp(1)

    assert membership.call("memberIdOf", old) == 0
    assert membership.call("act", old) == (0, 0)
    assert membership.call("balanceOf", old) == 0
    assert membership.call("getVotes", old) == 0
    assert membership.call("getPastVotes", old, before) == 0
    assert seen(membership, "getPastMembers", old, before) == 0
    assert membership.call("delegates", old) == ZERO
    for name, args in (("exit", []), ("rest", []), ("wake", [CHARTER]), ("rejoin", [CHARTER])):
        with reverts("MembershipUnexpectedStanding", 0, Standing.NONE):
            membership.call(name, *args, sender=old)
    with reverts("VoiceNotActive", old):
        membership.call("delegate", ZERO, sender=old)
    community.as_treasury(membership, "admit", old, CHARTER)  # as a new person
    assert membership.call("memberIdOf", old) == 6
    assert membership.call("getPastVotes", old, before) == 0


def test_move_wallet_lets_the_new_wallet_act(
    community: Community, membership: Contract, succession: str
) -> None:
    membership.send("moveWallet", 1, ANNA, sender=succession)
    community.rpc.fund(ANNA)
    membership.send("delegate", community.wallets[1], sender=ANNA)
    assert member(membership, 2).votes == 2 * VOICE
    membership.send("rest", sender=ANNA)
    membership.send("wake", NO_CHARTER, sender=ANNA)
    membership.send("exit", sender=ANNA)
    membership.send("rejoin", CHARTER, sender=ANNA)
    assert member(membership, 1).standing == Standing.NEWCOMER


def test_move_wallet_of_someone_gone(
    community: Community, membership: Contract, succession: str
) -> None:
    old = community.wallets[0]
    membership.send("exit", sender=old)
    before = member(membership, 1)

    receipt = membership.send("moveWallet", 1, ANNA, sender=succession)

    assert facts(receipt) == [("WalletMoved", (1, old, ANNA))]
    assert member(membership, 1) == replace(before, wallet=ANNA)
    with reverts("MembershipUnexpectedStanding", 0, Standing.NONE):
        membership.call("rejoin", CHARTER, sender=old)
    community.rpc.fund(ANNA)
    membership.send("rejoin", CHARTER, sender=ANNA)
    assert member(membership, 1).standing == Standing.NEWCOMER


def test_move_wallet_does_not_lift_a_bar(
    community: Community, membership: Contract, succession: str
) -> None:
    community.as_treasury(membership, "bar", 1)
    membership.send("moveWallet", 1, ANNA, sender=succession)
    assert member(membership, 1).standing == Standing.BARRED
    with reverts("MembershipUnexpectedStanding", 1, Standing.BARRED):
        membership.call("rejoin", CHARTER, sender=ANNA)


def test_move_wallet_does_not_shorten_the_season(
    community: Community, membership: Contract, succession: str
) -> None:
    community.as_treasury(membership, "admit", ANNA, NO_CHARTER)
    day = membership.call("stampOf", 6)
    community.rpc.warp(3 * DAY)
    membership.send("moveWallet", 6, BEN, sender=succession)
    assert member(membership, 6) == Member(BEN, Standing.NEWCOMER, day, 6, BEN, 0)
    with reverts("MembershipTooEarly", 6, day * DAY):
        membership.call("wake", CHARTER, sender=BEN)


def test_move_wallet_of_a_delegator(
    community: Community, membership: Contract, succession: str
) -> None:
    first, second = community.wallets[:2]
    membership.send("delegate", second, sender=first)
    receipt = membership.send("moveWallet", 1, ANNA, sender=succession)
    assert facts(receipt) == [
        ("WalletMoved", (1, first, ANNA)),
        ("Transfer", (first, ANNA, 1)),
        ("DelegateChanged", (first, second, ZERO)),
        ("DelegateChanged", (ANNA, ZERO, second)),
    ]
    assert member(membership, 1).delegate == second
    assert member(membership, 2).votes == 2 * VOICE


def test_move_wallet_of_a_delegate(
    community: Community, membership: Contract, succession: str
) -> None:
    first, second = community.wallets[:2]
    membership.send("delegate", first, sender=second)
    membership.send("moveWallet", 1, ANNA, sender=succession)
    assert member(membership, 2).delegate == ANNA
    assert member(membership, 1).votes == 2 * VOICE
    assert membership.call("reclaim", [2]) == 0
    membership.send("delegate", ZERO, sender=second)
    assert member(membership, 1).votes == VOICE
    assert member(membership, 2).votes == VOICE


def test_move_wallet_back_and_forth_gains_nothing(
    community: Community, membership: Contract, succession: str
) -> None:
    first = community.wallets[0]
    before = (member(membership, 1), totals(membership))
    for _ in range(3):
        membership.send("moveWallet", 1, ANNA, sender=succession)
        membership.send("moveWallet", 1, first, sender=succession)
    assert (member(membership, 1), totals(membership)) == before


def test_move_wallet_forgets_approvals(market: Community) -> None:
    exchange = market.dao.membership
    seller, outsider = market.wallets[0], market.outsider.address
    exchange.send("approve", outsider, 1, sender=seller)
    exchange.send("setApprovalForAll", outsider, True, sender=seller)

    succession = grant(market, "SUCCESSION", outsider)
    exchange.send("moveWallet", 1, ANNA, sender=succession)

    assert exchange.call("getApproved", 1) == ZERO
    with reverts("ERC721InsufficientApproval", outsider, 1):
        exchange.call("transferFrom", ANNA, BEN, 1, sender=outsider)


def test_move_wallet_keeps_a_bought_ticket(market: Community) -> None:
    exchange = market.dao.membership
    exchange.send("transferFrom", market.wallets[0], ANNA, 1, sender=market.wallets[0])
    succession = grant(market, "SUCCESSION", market.outsider.address)
    exchange.send("moveWallet", 6, BEN, sender=succession)
    assert exchange.call("ownerOf", 1) == BEN
    assert seen(exchange, "ticketOf", 6) == 1


# Onto the wallet of somebody who never spoke: a seat sent there unasked spoils nothing


def test_move_wallet_onto_the_wallet_of_a_newcomer_who_never_spoke(market: Community) -> None:
    exchange = market.dao.membership
    succession = grant(market, "SUCCESSION", market.outsider.address)
    first, second = market.wallets[:2]
    exchange.send("transferFrom", second, ANNA, 2, sender=second)  # Anna is 6 and holds 2
    market.as_treasury(exchange, "credit", 6, POINT, 0, bytes(32))
    before, merit = member(exchange, 1), seen(exchange, "storedMeritOf", 6)
    assert exchange.call("neverSpoke", 6) is True

    receipt = exchange.send("moveWallet", 1, ANNA, sender=succession)

    assert facts(receipt) == [
        ("Transfer", (ANNA, ZERO, 2)),
        ("StandingChanged", (6, Standing.BARRED)),
        ("WalletMoved", (6, ANNA, first)),
        ("WalletMoved", (1, first, ANNA)),
        ("Transfer", (first, ANNA, 1)),
        ("DelegateChanged", (first, first, ZERO)),
        ("DelegateChanged", (ANNA, ZERO, ANNA)),
        ("DelegateVotesChanged", (first, VOICE, 0)),
        ("DelegateVotesChanged", (ANNA, 0, VOICE)),
    ]
    assert member(exchange, 1) == replace(before, wallet=ANNA, delegate=ANNA)
    barred = member(exchange, 6)
    assert (barred.wallet, barred.standing, barred.ticket) == (first, Standing.BARRED, 0)
    assert seen(exchange, "storedMeritOf", 6) == merit
    assert (seen(exchange, "uncounted"), totals(exchange)) == (0, Totals(4, 4, 4 * VOICE, 6))
    with reverts("MembershipBarred", 6):  # the old wallet may be stolen
        exchange.call("admit", first, CHARTER, sender=grant(market, "ADMITTER", succession))


@pytest.mark.parametrize("how", ["exit", "bar"])
def test_move_wallet_onto_the_wallet_of_somebody_gone_who_never_spoke(
    community: Community, membership: Contract, succession: str, how: str
) -> None:
    first = community.wallets[0]
    community.as_treasury(membership, "admit", ANNA, NO_CHARTER)
    community.rpc.fund(ANNA)
    if how == "exit":
        membership.send("exit", sender=ANNA)
    else:
        community.as_treasury(membership, "bar", 6)

    receipt = membership.send("moveWallet", 1, ANNA, sender=succession)

    assert facts(receipt)[: 3 if how == "exit" else 2] == [
        *([("StandingChanged", (6, Standing.BARRED))] if how == "exit" else []),
        ("WalletMoved", (6, ANNA, first)),
        ("WalletMoved", (1, first, ANNA)),
    ]
    assert member(membership, 6).wallet == first
    assert member(membership, 6).standing == Standing.BARRED
    assert member(membership, 1).wallet == ANNA
    assert totals(membership) == Totals(5, 5, 5 * VOICE, 6)


def test_move_wallet_of_a_newcomer_onto_another(
    community: Community, membership: Contract, succession: str
) -> None:
    community.as_treasury(membership, "admit", ANNA, NO_CHARTER)
    community.as_treasury(membership, "admit", BEN, NO_CHARTER)
    for number, wallet in ((6, ANNA), (7, BEN)):
        with reverts("MembershipWalletTaken", wallet, number):
            membership.call("moveWallet", number, wallet, sender=succession)
    membership.send("moveWallet", 6, BEN, sender=succession)
    assert [member(membership, number).wallet for number in (6, 7)] == [BEN, ANNA]
    assert [member(membership, number).standing for number in (6, 7)] == [
        Standing.NEWCOMER,
        Standing.BARRED,
    ]
    assert seen(membership, "uncounted") == 1
