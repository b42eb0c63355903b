"""Guardians, an heir or a vote ask for a seat; see succession.tree."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account.signers.local import LocalAccount

from mikoshi.chain.contract import Contract
from mikoshi.testing.community import person
from mikoshi.testing.defaults import CHARTER, DAY, ZERO
from tests.support import compact, deploy, next_block_at, reverts
from tests.unit.membership.people import NO_CHARTER, facts
from tests.unit.succession.succeeding import (
    ANNA,
    DELAY,
    FRIENDS,
    HEIR,
    HEIR_DELAY,
    INHERITANCE,
    NO_PLAN,
    NOTHING,
    PLAN,
    RECOVERY,
    SILENCE,
    TERM,
    UNRECORDED,
    VOTE,
    VOTE_DELAY,
    Plan,
    Seat,
)

MALLORY = person(666)
KINDS = ["recover", "inherit", "recoverByVote"]


def silent(seat: Seat) -> Seat:
    """The same, when the heir may ask."""
    seat.fall_silent()
    return seat


def ask(seat: Seat, how: str) -> None:
    """A request of this kind; a vote's is for somebody without a plan."""
    if how == "recover":
        seat.plan()
        seat.recover()
    elif how == "inherit":
        seat.plan()
        silent(seat).inherit()
    else:
        seat.recover_by_vote()


def arguments(seat: Seat, how: str, wallet: LocalAccount = ANNA) -> tuple[tuple[Any, ...], str]:
    """What is sent to ask so, and by whom."""
    if how == "recoverByVote":
        return seat.vote(wallet), seat.community.dao.treasury_address
    given = seat.recovery if how == "recover" else seat.inheritance
    return given(wallet=wallet), seat.community.outsider.address


# recover


def test_recover_opens_a_request(planned: Seat) -> None:
    args = planned.recovery()
    at = next_block_at(planned.community.rpc, planned.now() + 10)
    receipt = planned.send("recover", *args)
    ready, by = at + DELAY, [planned.community.wallets[1], FRIENDS[0].address]
    asked = (1, RECOVERY, ANNA.address, ready, ready + TERM, by)
    assert facts(receipt) == [("SuccessionRequested", asked)]
    assert planned.request == (RECOVERY, ANNA.address, ready, ready + TERM)
    assert (planned.nonce, planned.held_by()) == (2, planned.owner.address)
    assert planned.contract.call("planHashOf", 1) == PLAN.hash


@pytest.mark.parametrize("places", [(0, 1), (0, 3), (2, 3), (0, 1, 2), (0, 1, 2, 3)])
def test_recover_by_any_who_are_enough(planned: Seat, places: tuple[int, ...]) -> None:
    planned.recover(places)
    assert planned.request[0] == RECOVERY


def test_recover_takes_the_compact_form(planned: Seat) -> None:
    *args, taking, words = planned.recovery()
    planned.send("recover", *args, compact(taking), [(place, compact(w)) for place, w in words])
    assert planned.request[0] == RECOVERY


@pytest.mark.parametrize("places", [(), (0,), (3,)])
def test_recover_reverts_when_the_guardians_are_too_few(
    planned: Seat, places: tuple[int, ...]
) -> None:
    with reverts("SuccessionTooFewGuardians", len(places), 2):
        planned.recover(places)


def test_recover_reverts_when_the_plan_has_no_guardian(seat: Seat) -> None:
    plan = Plan((), (), 0)
    seat.plan(plan)
    with reverts("SuccessionTooFewGuardians", 0, 1):
        seat.recover((), plan)
    with reverts("SuccessionInvalidPlace", 0):
        seat.recover((0,), plan)


def test_recover_reverts_when_the_plan_is_another(planned: Seat) -> None:
    fewer = PLAN._replace(needed=1)
    with reverts("SuccessionPlanMismatch", 1, fewer.hash, PLAN.hash):
        planned.recover((0,), fewer)
    planned.id = 2
    with reverts("SuccessionPlanMismatch", 2, PLAN.hash, NO_PLAN):
        planned.recover()


def test_recover_reverts_when_a_place_is_unordered_or_missing(planned: Seat) -> None:
    *args, words = planned.recovery((0, 2))
    for wrong, place in ((words[::-1], 0), ([words[0], words[0]], 0)):
        with reverts("SuccessionInvalidPlace", place):
            planned.send("recover", *args, wrong)
    for place in (4, 2**256 - 1):
        with reverts("SuccessionInvalidPlace", place):
            planned.send("recover", *args, [words[0], (place, words[1][1])])


@pytest.mark.parametrize("how", ["exit", "bar", "nobody"])
def test_recover_reverts_when_a_guardian_is_no_member(seat: Seat, how: str) -> None:
    seat.plan()
    if how == "exit":
        seat.membership.send("exit", sender=seat.community.wallets[1])
    elif how == "bar":
        seat.community.as_treasury(seat.membership, "bar", 2)
    else:
        plan = PLAN._replace(members=(98, 99))
        seat.plan(plan)
        with reverts("SuccessionGuardianLeft", 98):
            seat.recover((0, 2), plan)
        return
    with reverts("SuccessionGuardianLeft", 2):
        seat.recover((0, 2))
    seat.recover((1, 2))


@pytest.mark.parametrize("how", ["dormant", "newcomer"])
def test_recover_by_a_guardian_who_is_a_silent_member(planned: Seat, how: str) -> None:
    guardian = planned.community.wallets[1]
    planned.membership.send("rest" if how == "dormant" else "exit", sender=guardian)
    if how == "newcomer":
        planned.membership.send("rejoin", CHARTER, sender=guardian)
    planned.recover((0, 2))
    assert planned.request[0] == RECOVERY


def test_recover_asks_a_guardian_at_their_wallet_of_now(planned: Seat) -> None:
    moved = person(1100)
    second = Seat(planned.community, planned.contract, 2)
    second.recover_by_vote(moved)
    second.ripen()
    second.finish()
    with reverts("SuccessionInvalidSignature", moved.address):
        planned.recover((0, 2))
    *args, until, taking, [_, friend] = planned.recovery((0, 2))
    word = planned.word(moved, "Recover", PLAN.hash, ANNA.address, until)
    planned.send("recover", *args, until, taking, [(0, word), friend])
    assert planned.request[0] == RECOVERY


def test_recover_counts_an_account_once(seat: Seat) -> None:
    """A member who is a guardian by address too; and the person's own wallet is none."""
    second = seat.community.people[1]
    for who in (second, seat.owner):
        plan = Plan((2,), (who.address,))
        seat.plan(plan)
        *args, until, taking, _ = seat.recovery((0,), plan)
        words = seat.words({0: second, 1: who}, plan, ANNA.address, until)
        with reverts("SuccessionSignedTwice", who.address):
            seat.send("recover", *args, until, taking, words)


@pytest.mark.parametrize("place", [0, 1])
def test_recover_reverts_when_a_guardian_did_not_sign(planned: Seat, place: int) -> None:
    *args, until, taking, words = planned.recovery()
    number, _ = words[place]
    words[place] = number, planned.word(MALLORY, "Recover", PLAN.hash, ANNA.address, until)
    guardian = (planned.community.wallets[1], FRIENDS[0].address)[place]
    with reverts("SuccessionInvalidSignature", guardian):
        planned.send("recover", *args, until, taking, words)


def test_recover_replaces_an_inheritance(planned: Seat) -> None:
    silent(planned).inherit()
    other = person(1001)
    planned.recover(wallet=other)
    assert planned.request[:2] == (RECOVERY, other.address)
    assert planned.nonce == 3


# inherit


def test_inherit_opens_a_request(planned: Seat) -> None:
    silent(planned)
    args = planned.inheritance()
    at = next_block_at(planned.community.rpc, planned.now() + 10)
    receipt = planned.send("inherit", *args)
    ready = at + HEIR_DELAY
    asked = (1, INHERITANCE, ANNA.address, ready, ready + TERM, [HEIR.address])
    assert facts(receipt) == [("SuccessionRequested", asked)]
    assert planned.request == (INHERITANCE, ANNA.address, ready, ready + TERM)
    assert (planned.nonce, planned.held_by()) == (2, planned.owner.address)


@pytest.mark.parametrize("heard", ["by a record", "here"])
def test_inherit_from_the_first_second_of_enough_silence(seat: Seat, heard: str) -> None:
    if heard == "here":
        seat.community.rpc.warp(100 * DAY)
    seat.plan()
    stamp = seat.membership.call("stampOf", 1) * DAY + UNRECORDED
    first = SILENCE + (seat.now() if heard == "here" else stamp)
    assert seat.contract.call("silentSince", 1) + SILENCE == first
    seat.community.rpc.warp_to(first - DAY + 1)
    args = seat.inheritance()  # within the deadline
    next_block_at(seat.community.rpc, first - 1)
    with reverts("SuccessionNotSilent", 1, first):
        seat.send("inherit", *args)
    next_block_at(seat.community.rpc, first + 1)
    seat.send("inherit", *args)
    assert seat.request[0] == INHERITANCE


def test_inherit_reverts_when_the_heir_did_not_sign(planned: Seat) -> None:
    silent(planned)
    for who in (MALLORY, ANNA, planned.owner):
        with reverts("SuccessionInvalidSignature", HEIR.address):
            planned.inherit(heir=who)


def test_inherit_reverts_without_an_heir(seat: Seat) -> None:
    plan = PLAN._replace(heir=ZERO, silence=0)
    seat.plan(plan)
    silent(seat)
    for who in (MALLORY, HEIR):
        with reverts("SuccessionInvalidSignature", ZERO):
            seat.inherit(plan=plan, heir=who)
    *args, _ = seat.inheritance(plan)
    with reverts("SuccessionInvalidSignature", ZERO):
        seat.send("inherit", *args, b"")


def test_inherit_reverts_when_the_plan_is_another(planned: Seat) -> None:
    own = PLAN._replace(heir=MALLORY.address)
    silent(planned)
    with reverts("SuccessionPlanMismatch", 1, own.hash, PLAN.hash):
        planned.inherit(plan=own, heir=MALLORY)


def test_inherit_of_a_newcomer_counts_from_the_day_of_waking(seat: Seat) -> None:
    membership = seat.membership
    membership.send("exit", sender=seat.owner.address)
    membership.send("rejoin", CHARTER, sender=seat.owner.address)
    seat.plan()
    since = membership.call("stampOf", 1) * DAY + UNRECORDED
    assert since > seat.now() + 45 * DAY
    assert seat.contract.call("silentSince", 1) == since


# recoverByVote


def test_recover_by_vote_opens_a_request(seat: Seat) -> None:
    args = seat.vote()
    at = next_block_at(seat.community.rpc, seat.now() + 10)
    receipt = seat.community.as_treasury(seat.contract, "recoverByVote", *args)
    ready = at + VOTE_DELAY
    treasury = seat.community.dao.treasury_address
    asked = (1, VOTE, ANNA.address, ready, ready + TERM, [treasury])
    assert facts(receipt) == [("SuccessionRequested", asked)]
    assert seat.request == (VOTE, ANNA.address, ready, ready + TERM)
    assert seat.nonce == 1


def test_recover_by_vote_reverts_when_the_caller_is_not_the_treasury(seat: Seat) -> None:
    dao = seat.community.dao
    for caller in (*seat.community.wallets[:2], ANNA.address, dao.governor_address):
        with reverts("SuccessionUnauthorized", caller):
            seat.contract.call("recoverByVote", *seat.vote(), sender=caller)


def test_recover_by_vote_reverts_when_there_is_a_plan(planned: Seat) -> None:
    with reverts("SuccessionPlanned", 1):
        planned.recover_by_vote()


@pytest.mark.parametrize("number", [0, 6])
def test_recover_by_vote_reverts_when_the_id_is_unknown(seat: Seat, number: int) -> None:
    seat.id = number
    with reverts("SuccessionUnknownMember", number):
        seat.recover_by_vote()


# What all have in common


@pytest.mark.parametrize("how", KINDS)
def test_a_second_request_reverts(seat: Seat, how: str) -> None:
    ask(seat, how)
    _, _, _, expires = seat.request
    with reverts("SuccessionOpen", 1, expires):
        if how == "recoverByVote":
            seat.recover_by_vote(person(1001))
        elif how == "inherit":
            seat.inherit(wallet=person(1001))
        else:
            seat.recover(wallet=person(1001))


def test_inherit_reverts_while_guardians_ask(planned: Seat) -> None:
    silent(planned).recover()
    with reverts("SuccessionOpen", 1, planned.request[3]):
        planned.inherit()


@pytest.mark.parametrize("how", KINDS)
def test_an_expired_request_is_none(seat: Seat, how: str) -> None:
    ask(seat, how)
    seat.community.rpc.warp_to(seat.request[3] + 1)
    assert seat.request == NOTHING
    if how == "recover":
        seat.recover()
    elif how == "inherit":
        seat.inherit()
    else:
        seat.recover_by_vote()
    assert seat.request[1] == ANNA.address


@pytest.mark.parametrize("how", KINDS)
def test_a_request_reverts_when_the_new_wallet_did_not_sign(seat: Seat, how: str) -> None:
    if how != "recoverByVote":
        seat.plan()
        silent(seat)
    args, sender = arguments(seat, how)
    place = 3 if how == "recoverByVote" else 4
    plan_hash = NO_PLAN if how == "recoverByVote" else PLAN.hash
    taking = seat.word(MALLORY, "Take", plan_hash, ANNA.address, args[place - 1])
    for wrong in (taking, b"", args[place][:-2]):
        with reverts("SuccessionInvalidSignature", ANNA.address):
            seat.contract.call(how, *args[:place], wrong, *args[place + 1 :], sender=sender)


@pytest.mark.parametrize("how", KINDS)
def test_a_request_until_the_last_second(seat: Seat, how: str) -> None:
    if how != "recoverByVote":
        seat.plan()
        silent(seat)
    args, sender = arguments(seat, how)
    until = args[2] if how == "recoverByVote" else args[3]
    seat.community.rpc.warp_to(until)
    seat.contract.call(how, *args, sender=sender)
    seat.community.rpc.warp_to(until + 1)
    with reverts("SuccessionExpired", until):
        seat.contract.call(how, *args, sender=sender)


@pytest.mark.parametrize("how", KINDS)
def test_a_request_reverts_when_the_wallet_is_taken(seat: Seat, how: str) -> None:
    """By the person, by a member, by who left and had a voice."""
    if how != "recoverByVote":
        seat.plan()
        silent(seat)
    membership, people = seat.membership, seat.community.people
    membership.send("exit", sender=people[3].address)
    for number in (1, 2, 4):
        wallet = people[number - 1]
        args, sender = arguments(seat, how, wallet)
        with reverts("SuccessionWalletTaken", wallet.address, number):
            seat.contract.call(how, *args, sender=sender)


def test_a_request_for_the_wallet_of_who_never_spoke(planned: Seat) -> None:
    planned.community.as_treasury(planned.membership, "admit", ANNA.address, NO_CHARTER)
    planned.recover()
    assert planned.request[1] == ANNA.address


def test_requests_of_accounts_with_code(seat: Seat) -> None:
    rpc = seat.community.rpc
    wallet, friend, heir = (
        deploy(rpc, "OwnedWallet", each.address) for each in (ANNA, FRIENDS[0], HEIR)
    )
    plan = Plan((), (friend.address,), 1, heir=heir.address)
    seat.plan(plan)
    silent(seat)
    until = seat.later()

    def word(who: str, contract: Contract) -> bytes:
        signer = {wallet: ANNA, friend: FRIENDS[0], heir: HEIR}[contract]
        return seat.word(signer, who, plan.hash, wallet.address, until)

    args = (1, plan, wallet.address, until, word("Take", wallet))
    seat.send("inherit", *args, word("Inherit", heir))
    assert seat.request[:2] == (INHERITANCE, wallet.address)
    args = (1, plan, wallet.address, until, word("Take", wallet))
    seat.send("recover", *args, [(0, word("Recover", friend))])
    assert seat.request[:2] == (RECOVERY, wallet.address)
    seat.ripen()
    seat.finish()
    assert seat.held_by() == wallet.address
