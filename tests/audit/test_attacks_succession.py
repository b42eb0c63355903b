"""Attacks on seats that are given back. Each makes the attacker's transactions, then states the
property."""

from __future__ import annotations

from typing import Any

import pytest

from mikoshi.testing.community import FOR, Community, found, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT
from tests.support import FOREVER, factory, next_block_at, reverts, role
from tests.unit.membership.people import Standing, member, seen
from tests.unit.succession.succeeding import (
    ANNA,
    DELAY,
    FRIENDS,
    HEIR,
    INHERITANCE,
    NO_PLAN,
    NOTHING,
    PLAN,
    RECOVERY,
    VOTE,
    Plan,
    Seat,
    with_succession,
)

MALLORY = person(666)


@pytest.fixture
def seat(community: Community) -> Seat:
    """The first member's, who has two members and two friends for guardians, and an heir."""
    seat = with_succession(community)
    seat.plan()
    return seat


# Guardians


def test_colluding_guardians_against_an_awake_owner(seat: Seat) -> None:
    """All four ask for a wallet of theirs, as early as they can; the owner looks in at last."""
    owner = seat.owner.address
    seat.recover((0, 1, 2, 3), wallet=MALLORY)
    _, _, ready, expires = seat.request
    for at in (seat.now() + 1, ready - 1):
        next_block_at(seat.community.rpc, at)
        with reverts("SuccessionTooEarly", 1, ready):
            seat.finish()
    with reverts("SuccessionOpen", 1, expires):
        seat.recover((0, 1, 2, 3), wallet=MALLORY)
    again = seat.recovery((0, 1, 2, 3), wallet=MALLORY, deadline=FOREVER)
    next_block_at(seat.community.rpc, expires)
    seat.send("veto", 1, sender=owner)
    with reverts("SuccessionNoRequest", 1):
        seat.finish()
    # Nothing to ask with is left to them, whatever they sign.
    for args in (again, seat.recovery((0, 1, 2, 3), wallet=MALLORY)):
        with reverts("SuccessionPlanMismatch", 1, PLAN.hash, NO_PLAN):
            seat.send("recover", *args)
    seat.plan()  # even if the owner trusts them anew, what they signed before is void
    with reverts("SuccessionInvalidSignature", MALLORY.address):
        seat.send("recover", *again)
    assert seat.held_by() == owner


def test_guardians_cannot_hold_back_the_owners_words_by_a_request(seat: Seat) -> None:
    """A plan in flight is overtaken: it is void, and the owner has the whole delay for another."""
    until = seat.now() + 30 * DAY
    values: tuple[Any, ...] = (1, [2], [], 1, DELAY, HEIR.address, PLAN.silence)
    overtaken = seat.typed.sign(seat.owner, "SetPlan", *values, seat.nonce, until)
    other = Plan((2,), (), 1)
    seat.recover(wallet=MALLORY)
    with reverts("SuccessionInvalidSignature", seat.owner.address):
        seat.send("setPlanBySig", 1, other, until, overtaken)
    seat.community.rpc.warp_to(seat.request[2] + 1)
    signature = seat.typed.sign(seat.owner, "SetPlan", *values, seat.nonce, until)
    seat.send("setPlanBySig", 1, other, until, signature)
    assert seat.request == NOTHING


def test_guardians_void_the_veto_of_an_heirs_request_but_not_the_next(seat: Seat) -> None:
    """Who signed against the heir signs once more, before the guardians' delay is over."""
    seat.fall_silent()
    seat.inherit(wallet=MALLORY)
    until = seat.now() + 60 * DAY
    veto = seat.typed.sign(seat.owner, "Veto", 1, seat.nonce, until)
    seat.recover(wallet=MALLORY)
    with reverts("SuccessionInvalidSignature", seat.owner.address):
        seat.send("vetoBySig", 1, until, veto)
    assert seat.request[2] == seat.now() + DELAY
    veto = seat.typed.sign(seat.owner, "Veto", 1, seat.nonce, until)
    seat.send("vetoBySig", 1, until, veto)
    assert seat.request == NOTHING


def test_who_signs_the_veto_at_the_last_moment_is_in_time(seat: Seat) -> None:
    """Veto and finish stand in one block, in this order."""
    rpc = seat.community.rpc
    seat.recover(wallet=MALLORY)
    at = seat.request[2]
    veto = seat.typed.sign(seat.owner, "Veto", 1, seat.nonce, at)
    next_block_at(rpc, at)
    seat.send("vetoBySig", 1, at, veto)
    with reverts("SuccessionNoRequest", 1):
        seat.finish()
    assert seat.held_by() == seat.owner.address


def test_one_person_is_not_two_guardians(seat: Seat) -> None:
    """A guardian's seat moves to the wallet of another guardian, who then signs for both."""
    friend = FRIENDS[0]
    second = Seat(seat.community, seat.contract, 2)
    second.recover_by_vote(friend)
    second.ripen()
    second.finish()
    *args, until, taking, _ = seat.recovery()
    words = seat.words({0: friend, 2: friend}, PLAN, ANNA.address, until)
    with reverts("SuccessionSignedTwice", friend.address):
        seat.send("recover", *args, until, taking, words)


def test_a_recovered_wallet_that_was_a_guardian_counts_no_more(seat: Seat) -> None:
    """The owner gets the seat back at a friend's wallet, which is stolen: one guardian fewer."""
    friend = FRIENDS[0]
    seat.recover((0, 3), wallet=friend)
    seat.ripen()
    seat.finish()
    *args, until, taking, _ = seat.recovery(wallet=MALLORY)
    words = seat.words({0: seat.community.people[1], 2: friend}, PLAN, MALLORY.address, until)
    with reverts("SuccessionSignedTwice", friend.address):
        seat.send("recover", *args, until, taking, words)


def test_a_guardian_who_left_asks_for_nothing_and_returns_as_one(seat: Seat) -> None:
    """Leaving, being barred or selling ends a guardian by id; coming back restores them."""
    membership, guardian = seat.membership, seat.community.wallets[1]
    membership.send("exit", sender=guardian)
    with reverts("SuccessionGuardianLeft", 2):
        seat.recover((0, 2), wallet=MALLORY)
    membership.send("rejoin", CHARTER, sender=guardian)
    seat.recover((0, 2))
    assert seat.request[0] == RECOVERY


def test_a_stolen_key_outranks_guardians_until_it_is_noticed(seat: Seat) -> None:
    """What is not prevented, and SECURITY.md says so: the key is the person."""
    thief = seat.owner
    seat.recover()
    seat.send("veto", 1, sender=thief.address)
    seat.plan(Plan((), (MALLORY.address,), 1))
    with reverts("SuccessionPlanMismatch", 1, PLAN.hash, Plan((), (MALLORY.address,), 1).hash):
        seat.recover()


def test_a_lost_key_in_other_hands_has_nothing_once_the_seat_moved(seat: Seat) -> None:
    """Neither voice, nor veto, nor plan, nor the seat by a request signed before."""
    membership, old = seat.membership, seat.owner
    plan = Plan((), (MALLORY.address,), 1)
    values: tuple[Any, ...] = (1, [], [MALLORY.address], 1, DELAY, HEIR.address, PLAN.silence)
    signed = seat.typed.sign(old, "SetPlan", *values, seat.nonce + 2, FOREVER)
    seat.recover()
    seat.ripen()
    seat.finish()
    assert seat.nonce == 3
    with reverts("SuccessionUnauthorized", old.address):
        seat.plan(plan)
    with reverts("SuccessionInvalidSignature", ANNA.address):
        seat.send("setPlanBySig", 1, plan, FOREVER, signed)
    with reverts("SuccessionUnauthorized", old.address):
        seat.send("veto", 1, sender=old.address)
    for name, args in (("exit", ()), ("rejoin", (CHARTER,)), ("wake", (CHARTER,))):
        with reverts("MembershipUnexpectedStanding", 0, Standing.NONE):
            membership.call(name, *args, sender=old.address)
    assert membership.call("balanceOf", old.address) == 0


# Heirs


def test_a_false_death_ends_with_a_ballot(seat: Seat) -> None:
    """The heir asks while the owner is away; a ballot that a stranger relays is enough."""
    community, heir = seat.community, MALLORY
    seat.plan(PLAN._replace(heir=heir.address))
    seat.fall_silent()
    seat.inherit(plan=PLAN._replace(heir=heir.address), wallet=heir, heir=heir)
    draft = community.propose([], by=1)
    community.open_voting(draft)
    signed = community.sign(1, "MemberBallot", draft, support=FOR)
    community.cast([signed], community.outsider.address)
    assert seat.request == NOTHING
    community.rpc.warp(30 * DAY)
    with reverts("SuccessionNoRequest", 1):
        seat.finish()


def test_nobody_makes_another_seem_dead(seat: Seat) -> None:
    """Lapsing somebody, or leaving them alone: only their own silence counts, from its own day."""
    membership = seat.membership
    first = seat.contract.call("silentSince", 1) + PLAN.silence
    stranger = seat.community.wallets[1]
    for at in (90 * DAY, 120 * DAY):
        seat.community.rpc.warp(at)
        membership.send("lapse", [1], sender=stranger)
        assert seat.contract.call("silentSince", 1) + PLAN.silence == first
    if seat.now() < first - 1:
        seat.community.rpc.warp_to(first - 1 - DAY)
    args = seat.inheritance()
    next_block_at(seat.community.rpc, first - 1)
    with reverts("SuccessionNotSilent", 1, first):
        seat.send("inherit", *args)


def test_who_just_got_the_seat_back_is_not_inherited_from(seat: Seat) -> None:
    """The record is as old as before, but guardians have heard of them."""
    seat.fall_silent()
    seat.recover()
    seat.ripen()
    seat.finish()
    since = seat.contract.call("silentSince", 1)
    assert since == seat.now()
    with reverts("SuccessionNotSilent", 1, since + PLAN.silence):
        seat.inherit(wallet=MALLORY)


def test_guardians_of_the_dead_have_no_hand_in_the_heirs_seat(seat: Seat) -> None:
    """Who inherits begins without a plan."""
    seat.fall_silent()
    seat.inherit(wallet=HEIR)
    seat.ripen()
    seat.finish()
    assert seat.held_by() == HEIR.address
    with reverts("SuccessionPlanMismatch", 1, PLAN.hash, NO_PLAN):
        seat.recover((0, 1, 2, 3), wallet=MALLORY)


# A vote


def test_one_vote_that_nobody_opposes_takes_no_seat(community: Community) -> None:
    """It asks for every seat. Who acts keeps theirs; another vote, or taking the role, ends all."""
    contract = with_succession(community).contract
    seats = [Seat(community, contract, id_) for id_ in range(1, 6)]
    community.rpc.warp(31 * DAY)  # acts are recorded
    for number, seat in enumerate(seats):
        seat.recover_by_vote(person(2100 + number))
    ready = seats[0].request[2]
    assert ready >= seats[0].now() + 45 * DAY - 10
    community.dao.membership.send("rest", sender=community.wallets[0])
    seats[1].send("veto", 2, sender=community.wallets[1])
    seats[2].plan(PLAN._replace(members=(1, 2)))
    community.as_treasury(contract, "veto", 4)
    assert [seat.request[0] for seat in seats] == [0, 0, 0, 0, VOTE]
    community.as_treasury(
        community.dao.treasury, "revokeRole", role("SUCCESSION"), contract.address
    )
    seats[4].ripen()
    with reverts("MembershipUnauthorized", contract.address, role("SUCCESSION")):
        seats[4].finish()
    assert [seat.held_by() for seat in seats] == community.wallets


def test_a_votes_request_reopened_after_each_veto_waits_anew(community: Community) -> None:
    """Each time the whole wait, and another word of the new wallet; a plan ends it for good."""
    seat = with_succession(community)
    first = seat.vote(MALLORY)
    for _ in range(3):
        seat.recover_by_vote(MALLORY)
        assert seat.request[2] == seat.now() + 45 * DAY
        seat.send("veto", 1, sender=seat.owner.address)
        with reverts("SuccessionInvalidSignature", MALLORY.address):
            community.as_treasury(seat.contract, "recoverByVote", *first)
    seat.plan()
    with reverts("SuccessionPlanned", 1):
        seat.recover_by_vote(MALLORY)


# Seats


def test_many_successions_keep_the_number_and_all_that_is_its_own(seat: Seat) -> None:
    """Three in a row, of each kind: one holder at a time, the same person all along."""
    community, membership = seat.community, seat.membership
    community.as_treasury(membership, "credit", 1, POINT, 0, bytes(32))
    joined, stored = membership.call("joinedAt", 1), seen(membership, "storedMeritOf", 1)
    wallets = [seat.owner.address]
    for number, how in enumerate((RECOVERY, INHERITANCE, VOTE)):
        wallet = person(1200 + number)
        if how == RECOVERY:
            seat.recover(wallet=wallet)
        elif how == INHERITANCE:
            seat.fall_silent()
            seat.inherit(wallet=wallet)
        else:
            seat.recover_by_vote(wallet)
        seat.ripen()
        seat.finish()
        wallets.append(wallet.address)
        holders = [each for each in wallets if membership.call("balanceOf", each)]
        assert holders == [wallet.address] == [membership.call("ownerOf", 1)]
        assert [membership.call("memberIdOf", each) for each in wallets[:-1]] == [0] * (number + 1)
    assert membership.call("joinedAt", 1) == joined
    assert seen(membership, "storedMeritOf", 1) == stored
    assert membership.call("census")[3] == 5


def test_a_seat_is_moved_onto_nobody_elses(seat: Seat) -> None:
    """Not onto a member's wallet, even with that member's word; nor onto a part of the DAO."""
    taken = seat.community.people[3]
    with reverts("SuccessionWalletTaken", taken.address, 4):
        seat.recover(wallet=taken)
    for part in ("treasury", "membership", "governor"):
        wallet = getattr(seat.community.dao, f"{part}_address")
        until = seat.later()
        words = seat.words({0: seat.community.people[1], 2: FRIENDS[0]}, PLAN, wallet, until)
        with reverts("SuccessionInvalidSignature", wallet):
            seat.send("recover", 1, PLAN, wallet, until, b"", words)


def test_a_ticket_sent_to_the_new_wallet_unasked_stops_nothing(community: Community) -> None:
    """Who buys never spoke: the seat takes the wallet's place, and the ticket ends."""
    rpc = community.rpc
    market = found(rpc, factory=factory(rpc), transferableTickets=True)
    seat = with_succession(market, salt=1)
    seat.plan()
    seat.recover()
    market.dao.membership.send(
        "transferFrom", market.wallets[4], ANNA.address, 5, sender=market.wallets[4]
    )
    assert member(market.dao.membership, 6).wallet == ANNA.address
    seat.ripen()
    seat.finish()
    assert seat.held_by() == ANNA.address == market.dao.membership.call("ownerOf", 1)
    assert member(market.dao.membership, 6).standing == Standing.BARRED
    with reverts("ERC721NonexistentToken", 5):
        market.dao.membership.call("ownerOf", 5)


def test_a_ticket_sold_during_a_request_is_the_buyers(community: Community) -> None:
    """A thief sells what the guardians ask for: the buyer keeps it, the number goes home."""
    rpc = community.rpc
    market = found(rpc, factory=factory(rpc), transferableTickets=True)
    seat, thief = with_succession(market, salt=1), market.wallets[0]
    seat.plan()
    seat.recover()
    market.dao.membership.send("transferFrom", thief, MALLORY.address, 1, sender=thief)
    seat.ripen()
    seat.finish()
    assert market.dao.membership.call("ownerOf", 1) == MALLORY.address
    person_ = member(market.dao.membership, 1)
    assert (person_.wallet, person_.standing) == (ANNA.address, Standing.EXITED)


def test_nobody_leaves_a_bar_behind_by_moving(seat: Seat) -> None:
    """Barred during a request: the bar goes with the number, to the new wallet."""
    seat.recover()
    seat.community.as_treasury(seat.membership, "bar", 1)
    seat.ripen()
    seat.finish()
    with reverts("MembershipUnexpectedStanding", 1, Standing.BARRED):
        seat.membership.call("rejoin", CHARTER, sender=ANNA.address)


def test_a_scheduled_bar_finds_who_moved(seat: Seat) -> None:
    """Beyond the epoch's number a bar waits; the number that it names has moved meanwhile."""
    community, membership = seat.community, seat.membership
    community.as_treasury(membership, "bar", 5)
    community.as_treasury(membership, "bar", 1)
    due = membership.call("scheduledBar", 1)
    assert due
    seat.recover()
    seat.ripen()
    seat.finish()
    community.rpc.warp_to(due)
    membership.send("enforceBar", 1, sender=community.wallets[1])
    found_ = member(membership, 1)
    assert (found_.wallet, found_.standing) == (ANNA.address, Standing.BARRED)


def test_what_never_was_a_request_moves_nothing(seat: Seat) -> None:
    """At any time, for anybody."""
    for days in (0, 7, 60, 400):
        seat.community.rpc.warp(days * DAY + 1)
        for id_ in (0, 1, 2, 6, 2**24, 2**256 - 1):
            with reverts("SuccessionNoRequest", id_):
                seat.contract.call("finish", id_, sender=MALLORY.address)
