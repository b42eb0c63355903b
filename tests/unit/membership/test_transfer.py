"""Tickets that can be sold, and those that cannot; see transfer.tree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from mikoshi.chain.contract import Contract, Receipt
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT, VOICE, ZERO
from tests.support import deploy, grant, next_block_at, reverts
from tests.unit.membership.people import (
    NO_CHARTER,
    Member,
    Standing,
    Totals,
    facts,
    member,
    seen,
    set_last_id,
    today,
    totals,
    waking_day,
)

ANNA, BEN, CARA = (person(number).address for number in (100, 101, 102))
RECEIVED = bytes.fromhex("150b7a02")
SAFE = "safeTransferFrom(address,address,uint256)"
SAFE_WITH_DATA = "safeTransferFrom(address,address,uint256,bytes)"


@pytest.fixture
def exchange(market: Community) -> Contract:
    for wallet in (ANNA, BEN, CARA):
        market.rpc.fund(wallet)
    return market.dao.membership


def sell(exchange: Contract, seller: str, buyer: str, ticket: int) -> Receipt:
    return exchange.send("transferFrom", seller, buyer, ticket, sender=seller)


def ways(seller: str, buyer: str, ticket: int) -> list[tuple[str, list[Any]]]:
    """Every function that sells a ticket, with its arguments."""
    plain = [seller, buyer, ticket]
    return [("transferFrom", plain), (SAFE, plain), (SAFE_WITH_DATA, [*plain, b"hi"])]


# Soulbound


def test_soulbound_tickets_cannot_be_transferred_nor_approved(
    community: Community, membership: Contract
) -> None:
    first = community.wallets[0]
    for name, args in ways(first, ANNA, 1):
        with reverts("TicketSoulbound", 1):
            membership.call(name, *args, sender=first)
    for to in (ANNA, ZERO):
        with reverts("TicketSoulbound", 1):
            membership.call("approve", to, 1, sender=first)
    with reverts("TicketSoulbound", 0):
        membership.call("setApprovalForAll", ANNA, True, sender=first)
    membership.send("setApprovalForAll", ANNA, False, sender=first)
    assert membership.call("isApprovedForAll", first, ANNA) is False
    assert membership.call("getApproved", 1) == ZERO
    assert membership.call("transferable") is False


def test_soulbound_tickets_that_do_not_exist(community: Community, membership: Contract) -> None:
    first = community.wallets[0]
    for name, args in ways(first, ANNA, 6):
        with reverts("ERC721NonexistentToken", 6):
            membership.call(name, *args, sender=first)


# Approvals


def test_approve_records_the_approval(market: Community, exchange: Contract) -> None:
    first = market.wallets[0]
    receipt = exchange.send("approve", ANNA, 1, sender=first)
    assert facts(receipt) == [("Approval", (first, ANNA, 1))]
    assert exchange.call("getApproved", 1) == ANNA
    receipt = exchange.send("approve", ZERO, 1, sender=first)
    assert facts(receipt) == [("Approval", (first, ZERO, 1))]
    assert exchange.call("getApproved", 1) == ZERO


def test_approve_by_an_operator(market: Community, exchange: Contract) -> None:
    first = market.wallets[0]
    receipt = exchange.send("setApprovalForAll", ANNA, True, sender=first)
    assert facts(receipt) == [("ApprovalForAll", (first, ANNA, True))]
    assert exchange.call("isApprovedForAll", first, ANNA) is True
    receipt = exchange.send("approve", BEN, 1, sender=ANNA)
    assert facts(receipt) == [("Approval", (first, BEN, 1))]
    exchange.send("setApprovalForAll", ANNA, False, sender=first)
    with reverts("ERC721InvalidApprover", ANNA):
        exchange.call("approve", CARA, 1, sender=ANNA)
    assert exchange.call("getApproved", 1) == BEN


def test_approve_reverts_when_the_caller_may_not(market: Community, exchange: Contract) -> None:
    first, second = market.wallets[:2]
    exchange.send("approve", ANNA, 1, sender=first)
    for caller in (second, ANNA, market.dao.treasury_address):  # nor whoever was approved
        with reverts("ERC721InvalidApprover", caller):
            exchange.call("approve", caller, 1, sender=caller)


def test_approve_reverts_given_the_ticket_does_not_exist(
    market: Community, exchange: Contract
) -> None:
    first = market.wallets[0]
    exchange.send("exit", sender=first)
    for ticket in (0, 1, 6, 2**256 - 1):
        with reverts("ERC721NonexistentToken", ticket):
            exchange.call("approve", ANNA, ticket, sender=first)
        with reverts("ERC721NonexistentToken", ticket):
            exchange.call("getApproved", ticket)


def test_set_approval_for_all_reverts_when_the_operator_is_zero(
    market: Community, exchange: Contract
) -> None:
    with reverts("ERC721InvalidOperator", ZERO):
        exchange.call("setApprovalForAll", ZERO, True, sender=market.wallets[0])


@pytest.mark.parametrize("how", ["sale", "exit", "bar", "move"])
def test_an_approval_does_not_survive(market: Community, exchange: Contract, how: str) -> None:
    first = market.wallets[0]
    exchange.send("approve", CARA, 1, sender=first)
    if how == "sale":
        sell(exchange, first, ANNA, 1)
    elif how == "exit":
        exchange.send("exit", sender=first)
        market.as_treasury(exchange, "admit", first, CHARTER)
    elif how == "bar":
        market.as_treasury(exchange, "bar", 1)
        market.as_treasury(exchange, "admit", first, CHARTER)
    else:
        succession = grant(market, "SUCCESSION", market.outsider.address)
        exchange.send("moveWallet", 1, ANNA, sender=succession)
    holder = exchange.call("ownerOf", 1)
    assert exchange.call("getApproved", 1) == ZERO
    with reverts("ERC721InsufficientApproval", CARA, 1):
        exchange.call("transferFrom", holder, BEN, 1, sender=CARA)


# Refusals


def test_transfer_reverts_given_the_ticket_does_not_exist(
    market: Community, exchange: Contract
) -> None:
    first = market.wallets[0]
    exchange.send("exit", sender=first)
    for ticket in (0, 1, 6, 2**256 - 1):
        for name, args in ways(first, ANNA, ticket):
            with reverts("ERC721NonexistentToken", ticket):
                exchange.call(name, *args, sender=first)


def test_transfer_reverts_when_from_is_not_the_holder(
    market: Community, exchange: Contract
) -> None:
    first, second = market.wallets[:2]
    for wrong in (second, ANNA, ZERO):
        for name, args in ways(wrong, BEN, 1):
            with reverts("ERC721IncorrectOwner", wrong, 1, first):
                exchange.call(name, *args, sender=first)


def test_transfer_reverts_when_the_caller_may_not(market: Community, exchange: Contract) -> None:
    first, second = market.wallets[:2]
    exchange.send("approve", CARA, 2, sender=second)
    for caller in (second, ANNA, CARA, market.dao.treasury_address, market.dao.governor_address):
        for name, args in ways(first, ANNA, 1):
            with reverts("ERC721InsufficientApproval", caller, 1):
                exchange.call(name, *args, sender=caller)


@pytest.mark.parametrize("part", ["zero", "treasury", "membership", "governor"])
def test_transfer_reverts_when_the_buyer_is_a_part(
    market: Community, exchange: Contract, part: str
) -> None:
    first = market.wallets[0]
    buyer = ZERO if part == "zero" else getattr(market.dao, f"{part}_address")
    for name, args in ways(first, buyer, 1):
        with reverts("MembershipInvalidWallet", buyer):
            exchange.call(name, *args, sender=first)


def test_transfer_reverts_when_the_buyer_holds_a_ticket(
    market: Community, exchange: Contract
) -> None:
    first, second, third = market.wallets[:3]
    exchange.send("rest", sender=third)
    market.as_treasury(exchange, "admit", ANNA, NO_CHARTER)
    for buyer, number in ((first, 1), (second, 2), (third, 3), (ANNA, 6)):
        for name, args in ways(first, buyer, 1):
            with reverts("MembershipWalletTaken", buyer, number):
                exchange.call(name, *args, sender=first)


def test_transfer_reverts_given_the_buyer_was_barred(market: Community, exchange: Contract) -> None:
    market.as_treasury(exchange, "bar", 2)
    first, second = market.wallets[:2]
    for name, args in ways(first, second, 1):
        with reverts("MembershipBarred", 2):
            exchange.call(name, *args, sender=first)


# Sales


@pytest.mark.parametrize("by", ["holder", "approved", "operator"])
def test_transfer_is_an_exit_and_an_admission(
    market: Community, exchange: Contract, by: str
) -> None:
    first = market.wallets[0]
    market.as_treasury(exchange, "credit", 1, 100 * POINT, 0, bytes(32))
    stored = seen(exchange, "storedMeritOf", 1)
    sender = first if by == "holder" else CARA
    if by == "approved":
        exchange.send("approve", CARA, 1, sender=first)
    elif by == "operator":
        exchange.send("setApprovalForAll", CARA, True, sender=first)

    receipt = exchange.send("transferFrom", first, ANNA, 1, sender=sender)

    previous = receipt.only("DelegateVotesChanged").args["previousVotes"]
    assert previous == pytest.approx(2 * VOICE, abs=10_000)
    assert facts(receipt) == [
        ("Transfer", (first, ANNA, 1)),
        ("DelegateVotesChanged", (first, previous, 0)),
        ("StandingChanged", (1, Standing.EXITED)),
        ("MemberAdmitted", (6, ANNA, Standing.NEWCOMER, NO_CHARTER)),
        ("MetadataUpdate", (1,)),
    ]
    day = today(market.rpc)
    assert member(exchange, 1) == Member(first, Standing.EXITED, day, 0, ZERO, 0)
    waking = waking_day(market.rpc)
    assert member(exchange, 6) == Member(ANNA, Standing.NEWCOMER, waking, 1, ANNA, 0)
    assert totals(exchange) == Totals(4, 4, 4 * VOICE, 6)
    assert seen(exchange, "storedMeritOf", 1) == stored
    assert seen(exchange, "storedMeritOf", 6) == (0, 0, 0)
    assert exchange.call("joinedAt", 6) == market.rpc.timestamp()


def test_transfer_gives_a_voice_only_after_the_season(
    market: Community, exchange: Contract
) -> None:
    first = market.wallets[0]
    market.as_treasury(exchange, "credit", 1, 100 * POINT, 0, bytes(32))
    sell(exchange, first, ANNA, 1)
    ready = waking_day(market.rpc) * DAY
    market.rpc.warp_to(ready - 1)
    with reverts("MembershipTooEarly", 6, ready):
        exchange.call("wake", CHARTER, sender=ANNA)
    next_block_at(market.rpc, ready)
    exchange.send("wake", CHARTER, sender=ANNA)
    assert member(exchange, 6).votes == VOICE  # base only: merit is not sold
    assert totals(exchange) == Totals(5, 5, 5 * VOICE, 6)


def test_transfer_by_a_newcomer_reverts_before_the_season_has_passed(
    market: Community, exchange: Contract
) -> None:
    """Else one ticket, handed on at once again and again, would use up the numbers."""
    first = market.wallets[0]
    sell(exchange, first, ANNA, 1)
    exchange.send("setApprovalForAll", CARA, True, sender=ANNA)
    ready = season_ends(exchange, 6)
    market.rpc.warp_to(ready - 1)
    for name, args in ways(ANNA, BEN, 1):
        for caller in (ANNA, CARA):
            with reverts("MembershipTooEarly", 6, ready):
                exchange.call(name, *args, sender=caller)
    next_block_at(market.rpc, ready)
    sell(exchange, ANNA, BEN, 1)
    assert exchange.call("ownerOf", 1) == BEN


def season_ends(exchange: Contract, number: int) -> int:
    """When a newcomer may wake and sell."""
    return int(exchange.call("stampOf", number)) * DAY


def test_a_ticket_sold_on_serves_the_season_anew(market: Community, exchange: Contract) -> None:
    first = market.wallets[0]
    sell(exchange, first, ANNA, 1)
    market.rpc.warp(46 * DAY)

    receipt = sell(exchange, ANNA, BEN, 1)

    assert facts(receipt) == [
        ("Transfer", (ANNA, BEN, 1)),
        ("StandingChanged", (6, Standing.EXITED)),
        ("MemberAdmitted", (7, BEN, Standing.NEWCOMER, NO_CHARTER)),
        ("MetadataUpdate", (1,)),
    ]
    ready = waking_day(market.rpc) * DAY
    with reverts("MembershipTooEarly", 7, ready):
        exchange.call("wake", CHARTER, sender=BEN)
    assert totals(exchange) == Totals(4, 4, 4 * VOICE, 7)


def test_a_ticket_sold_round_and_back_gains_nothing(market: Community, exchange: Contract) -> None:
    first = market.wallets[0]
    market.as_treasury(exchange, "credit", 1, 64 * POINT, 0, bytes(32))
    stored = seen(exchange, "storedMeritOf", 1)
    for _ in range(3):
        for seller, buyer in ((first, ANNA), (ANNA, BEN), (BEN, first)):
            sell(exchange, seller, buyer, 1)
            market.rpc.warp(46 * DAY)
    assert member(exchange, 1).standing == Standing.NEWCOMER
    assert member(exchange, 1).ticket == 1
    assert seen(exchange, "storedMeritOf", 1) == stored
    assert totals(exchange) == Totals(4, 4, 4 * VOICE, 7)


@pytest.mark.parametrize("seller_is", ["dormant", "absent", "newcomer"])
def test_transfer_by_someone_silent(market: Community, exchange: Contract, seller_is: str) -> None:
    seller, number = market.wallets[0], 1
    if seller_is == "newcomer":
        market.as_treasury(exchange, "admit", BEN, NO_CHARTER)
        seller, number = BEN, 6
        market.rpc.warp(46 * DAY)
    else:
        exchange.send("rest", sender=seller)
    if seller_is == "absent":
        market.rpc.warp(577 * DAY)
        exchange.send("lapse", [1], sender=seller)
    before = totals(exchange)

    receipt = sell(exchange, seller, ANNA, number)

    new = before.last_id + 1
    assert facts(receipt) == [
        ("Transfer", (seller, ANNA, number)),
        ("StandingChanged", (number, Standing.EXITED)),
        ("MemberAdmitted", (new, ANNA, Standing.NEWCOMER, NO_CHARTER)),
        ("MetadataUpdate", (number,)),
    ]
    assert member(exchange, new).ticket == number
    counted = before.counted - (1 if seller_is == "dormant" else 0)
    assert totals(exchange) == replace(before, counted=counted, last_id=new)


# Aliasing: who delegates to whom when a ticket changes hands


def test_transfer_given_the_seller_delegates_to_a_former_member_who_buys(
    market: Community, exchange: Contract
) -> None:
    seller, buyer, third = market.wallets[:3]
    exchange.send("delegate", buyer, sender=seller)
    exchange.send("delegate", buyer, sender=third)
    exchange.send("exit", sender=buyer)
    assert exchange.call("getVotes", buyer) == 2 * VOICE

    receipt = sell(exchange, seller, buyer, 1)

    assert facts(receipt) == [
        ("Transfer", (seller, buyer, 1)),
        ("DelegateChanged", (seller, buyer, ZERO)),
        ("DelegateVotesChanged", (buyer, 2 * VOICE, VOICE)),
        ("StandingChanged", (1, Standing.EXITED)),
        ("MemberAdmitted", (2, buyer, Standing.NEWCOMER, NO_CHARTER)),
        ("MetadataUpdate", (1,)),
    ]
    day = waking_day(market.rpc)
    assert member(exchange, 2) == Member(buyer, Standing.NEWCOMER, day, 1, buyer, VOICE)
    assert totals(exchange) == Totals(3, 3, 3 * VOICE, 5)
    assert exchange.call("reclaim", [3]) == 1
    exchange.send("reclaim", [3], sender=third)
    assert exchange.call("getVotes", buyer) == 0
    market.rpc.warp(46 * DAY)
    exchange.send("wake", CHARTER, sender=buyer)
    assert member(exchange, 2).votes == VOICE


def test_transfer_given_the_buyer_had_delegated_to_the_seller(
    market: Community, exchange: Contract
) -> None:
    seller, buyer = market.wallets[:2]
    exchange.send("delegate", seller, sender=buyer)
    exchange.send("exit", sender=buyer)
    assert exchange.call("getVotes", seller) == VOICE
    sell(exchange, seller, buyer, 1)
    assert member(exchange, 1).votes == 0
    assert member(exchange, 2).delegate == buyer
    market.rpc.warp(46 * DAY)
    exchange.send("wake", CHARTER, sender=buyer)
    assert member(exchange, 2).votes == VOICE
    assert totals(exchange) == Totals(4, 4, 4 * VOICE, 5)


def test_transfer_by_a_delegate_leaves_the_others_voices(
    market: Community, exchange: Contract
) -> None:
    seller, second, third = market.wallets[:3]
    exchange.send("delegate", seller, sender=second)
    exchange.send("delegate", seller, sender=third)
    sell(exchange, seller, ANNA, 1)
    assert exchange.call("getVotes", seller) == 2 * VOICE
    assert exchange.call("getVotes", ANNA) == 0  # nothing passes to the buyer
    exchange.send("reclaim", [2, 3], sender=ANNA)
    assert exchange.call("getVotes", seller) == 0
    assert [member(exchange, number).votes for number in (2, 3)] == [VOICE, VOICE]


def test_transfer_by_a_delegator(market: Community, exchange: Contract) -> None:
    seller, second = market.wallets[:2]
    exchange.send("delegate", second, sender=seller)
    sell(exchange, seller, ANNA, 1)
    assert member(exchange, 2).votes == VOICE
    assert member(exchange, 6).delegate == ANNA


def test_transfer_swaps_between_two_who_delegated_to_each_other(
    market: Community, exchange: Contract
) -> None:
    first, second = market.wallets[:2]
    exchange.send("delegate", second, sender=first)
    exchange.send("delegate", first, sender=second)
    exchange.send("exit", sender=second)
    sell(exchange, first, second, 1)
    market.rpc.warp(46 * DAY)
    sell(exchange, second, first, 1)
    assert [exchange.call("getVotes", wallet) for wallet in (first, second)] == [0, 0]
    assert totals(exchange) == Totals(3, 3, 3 * VOICE, 5)
    market.rpc.warp(46 * DAY)
    exchange.send("wake", CHARTER, sender=first)
    assert member(exchange, 1).votes == VOICE


def test_transfer_leaves_the_past_as_it_was(market: Community, exchange: Contract) -> None:
    first = market.wallets[0]
    market.rpc.warp(10)
    before = market.rpc.timestamp()
    market.rpc.warp(10)
    sell(exchange, first, ANNA, 1)
    sold = market.rpc.warp(1) - 1
    assert exchange.call("getPastVotes", first, before) == VOICE
    assert exchange.call("getPastVotes", ANNA, before) == 0
    assert exchange.call("getPastVotes", first, sold) == 0
    assert exchange.call("getPastVotes", ANNA, sold) == 0
    assert exchange.call("getPastCensus", before) == (5, 5, 5 * VOICE)
    assert exchange.call("getPastCensus", sold) == (4, 4, 4 * VOICE)


# Numbers of tickets


def test_a_taken_number_is_replaced_by_a_fresh_one(market: Community, exchange: Contract) -> None:
    first = market.wallets[0]
    sell(exchange, first, ANNA, 1)  # Anna is 6 and holds 1
    receipt = market.as_treasury(exchange, "admit", first, CHARTER)
    assert facts(receipt)[:2] == [
        ("Transfer", (ZERO, first, 7)),
        ("MemberAdmitted", (1, first, Standing.ACTIVE, CHARTER)),
    ]
    assert member(exchange, 1).ticket == 7
    market.as_treasury(exchange, "admit", BEN, CHARTER)
    assert exchange.call("memberIdOf", BEN) == 8  # 7 is a ticket's number, never a person's
    assert member(exchange, 8).ticket == 8
    assert exchange.call("walletOf", 7) == ZERO
    assert seen(exchange, "standingOf", 7) == Standing.NONE


def test_a_number_that_is_free_again_returns_to_its_person(
    market: Community, exchange: Contract
) -> None:
    first = market.wallets[0]
    sell(exchange, first, ANNA, 1)
    exchange.send("exit", sender=ANNA)  # burns 1
    market.as_treasury(exchange, "admit", first, CHARTER)
    assert member(exchange, 1).ticket == 1
    market.as_treasury(exchange, "admit", ANNA, CHARTER)
    assert member(exchange, 6).ticket == 6


def test_numbers_after_a_chain_of_sales_and_returns(market: Community, exchange: Contract) -> None:
    first, second = market.wallets[:2]
    sell(exchange, first, ANNA, 1)  # 6 holds 1
    market.as_treasury(exchange, "admit", first, CHARTER)  # 1 holds 7
    sell(exchange, first, BEN, 7)  # 8 holds 7
    sell(exchange, second, first, 2)  # 1 holds 2
    market.rpc.warp(46 * DAY)
    assert [member(exchange, number).ticket for number in (1, 2, 6, 8)] == [2, 0, 1, 7]
    market.as_treasury(exchange, "admit", second, CHARTER)  # 2 is held: a fresh number
    assert member(exchange, 2).ticket == 9
    sell(exchange, ANNA, CARA, 1)
    exchange.send("exit", sender=first)  # burns 2
    market.rpc.warp(46 * DAY)
    sell(exchange, CARA, first, 1)  # its own number comes home
    assert member(exchange, 1).ticket == 1
    assert seen(exchange, "memberOfTicket", 1) == 1
    for gone in (2, 6, 8, 10):
        with reverts("ERC721NonexistentToken", gone):
            exchange.call("ownerOf", gone)
    exchange.send("exit", sender=second)  # burns 9
    market.as_treasury(exchange, "admit", second, CHARTER)
    assert member(exchange, 2).ticket == 2


def test_numbers_end_for_buyers_and_those_who_return(market: Community, exchange: Contract) -> None:
    first, second, third = market.wallets[:3]
    sell(exchange, first, ANNA, 1)
    exchange.send("exit", sender=second)
    market.rpc.warp(46 * DAY)
    set_last_id(market.rpc, exchange, 2**24 - 1)
    with reverts("MembershipFull"):
        exchange.call("transferFrom", third, BEN, 3, sender=third)  # Ben would need an id
    with reverts("MembershipFull"):
        treasury = market.dao.treasury_address
        exchange.call("admit", first, CHARTER, sender=treasury)  # 1 is held: a fresh number
    sell(exchange, ANNA, first, 1)
    market.as_treasury(exchange, "admit", second, CHARTER)
    set_last_id(market.rpc, exchange, 6)
    assert [member(exchange, number).ticket for number in (1, 2)] == [1, 2]


# Safe transfers


def test_safe_transfer_to_a_wallet_without_code(market: Community, exchange: Contract) -> None:
    first, second = market.wallets[:2]
    exchange.send(SAFE, first, ANNA, 1, sender=first)
    exchange.send(SAFE_WITH_DATA, second, BEN, 2, b"hello", sender=second)
    assert exchange.call("ownerOf", 1) == ANNA
    assert exchange.call("ownerOf", 2) == BEN


@pytest.mark.parametrize("data", [None, b"", b"two words"])
def test_safe_transfer_tells_the_receiver(
    market: Community, exchange: Contract, data: bytes | None
) -> None:
    first = market.wallets[0]
    receiver = deploy(market.rpc, "TicketReceiver", RECEIVED)
    exchange.send("approve", CARA, 1, sender=first)
    args = [first, receiver.address, 1]
    if data is None:
        exchange.send(SAFE, *args, sender=CARA)
    else:
        exchange.send(SAFE_WITH_DATA, *args, data, sender=CARA)
    heard = [receiver.call(name) for name in ("operator", "from", "ticket", "data")]
    assert heard == [CARA, first, 1, data or b""]
    assert member(exchange, 6).wallet == receiver.address


@pytest.mark.parametrize("kind", ["wrong", "mute"])
def test_safe_transfer_reverts_when_the_receiver_answers_wrong_or_not(
    market: Community, exchange: Contract, kind: str
) -> None:
    first = market.wallets[0]
    if kind == "wrong":
        receiver = deploy(market.rpc, "TicketReceiver", b"\xde\xad\xbe\xef")
    else:
        receiver = deploy(market.rpc, "OwnedWallet", ANNA)
    for name, args in ways(first, receiver.address, 1)[1:]:
        with reverts("ERC721InvalidReceiver", receiver.address):
            exchange.send(name, *args, sender=first)
    assert member(exchange, 1).standing == Standing.ACTIVE
    sell(exchange, first, receiver.address, 1)  # the plain one asks nobody
    assert exchange.call("ownerOf", 1) == receiver.address


def test_safe_transfer_passes_the_receivers_own_error_on(
    market: Community, exchange: Contract
) -> None:
    first = market.wallets[0]
    receiver = deploy(market.rpc, "TicketReceiver", bytes(4))
    with reverts("Error", "not today"):
        exchange.send(SAFE, first, receiver.address, 1, sender=first)
    assert exchange.call("ownerOf", 1) == first


def test_safe_transfer_is_complete_when_the_receiver_hears_of_it(
    market: Community, exchange: Contract
) -> None:
    """From inside the call: the ticket is theirs, and it is theirs to approve."""
    first = market.wallets[0]
    receiver = deploy(market.rpc, "TicketReceiver", RECEIVED)
    plan = exchange.data("approve", BEN, 1)
    receiver.send("prepare", exchange.address, plan, sender=first)

    receipt = exchange.send(SAFE, first, receiver.address, 1, sender=first)

    assert receiver.call("succeeded") is True
    assert facts(receipt)[-1] == ("Approval", (receiver.address, BEN, 1))
    assert exchange.call("getApproved", 1) == BEN
    standings = [member(exchange, number).standing for number in (1, 6)]
    assert standings == [Standing.EXITED, Standing.NEWCOMER]
    assert totals(exchange) == Totals(4, 4, 4 * VOICE, 6)


@pytest.mark.parametrize(
    "name", ["wake", "rejoin", "delegate", "admit", "reclaim", "exit", "transferFrom"]
)
def test_safe_transfer_gives_a_receiver_that_calls_back_nothing(
    market: Community, exchange: Contract, name: str
) -> None:
    first = market.wallets[0]
    receiver = deploy(market.rpc, "TicketReceiver", RECEIVED)
    args: dict[str, list[Any]] = {
        "wake": [CHARTER],
        "rejoin": [CHARTER],
        "delegate": [market.wallets[1]],
        "admit": [BEN, CHARTER],
        "reclaim": [[1, 2, 3, 6]],
        "exit": [],
        "transferFrom": [receiver.address, BEN, 1],
    }
    receiver.send("prepare", exchange.address, exchange.data(name, *args[name]), sender=first)

    exchange.send(SAFE, first, receiver.address, 1, sender=first)

    output = receiver.call("output")
    ready = waking_day(market.rpc) * DAY
    errors = {
        "wake": _error("MembershipTooEarly(uint256,uint256)", 6, ready),
        "rejoin": _error("MembershipUnexpectedStanding(uint256,uint8)", 6, Standing.NEWCOMER),
        "delegate": _error("VoiceNotActive(address)", receiver.address),
        "admit": _error(
            "MembershipUnauthorized(address,bytes32)", receiver.address, keccak(text="ADMITTER")
        ),
        "reclaim": encode(["uint256"], [0]),
        "exit": b"",
        "transferFrom": _error("MembershipTooEarly(uint256,uint256)", 6, ready),
    }
    assert output == errors[name]
    assert exchange.call("getVotes", receiver.address) == 0
    left = Standing.EXITED if name == "exit" else Standing.NEWCOMER
    assert member(exchange, 6).standing == left
    assert totals(exchange) == Totals(4, 4, 4 * VOICE, 6)


def _error(signature: str, *args: Any) -> bytes:
    kinds = signature[signature.index("(") + 1 : -1].split(",")
    return keccak(text=signature)[:4] + encode(kinds, args)
