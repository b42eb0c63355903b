"""Attacks with what people, guardians, heirs and new wallets sign, and by accounts with code."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount

from mikoshi.chain.contract import Contract
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER
from tests.support import FOREVER, compact, deploy, malleated, next_block_at, reverts
from tests.unit.succession.succeeding import (
    ANNA,
    FRIENDS,
    HEIR,
    NO_PLAN,
    NOTHING,
    PLAN,
    RECOVERY,
    Plan,
    Seat,
    with_succession,
)

MALLORY = person(666)
SIGNED = ["SetPlan", "Recover", "Take", "Inherit", "Veto"]


@pytest.fixture
def seat(community: Community) -> Seat:
    """The first member's, who has two members and two friends for guardians, and an heir."""
    seat = with_succession(community)
    seat.plan()
    return seat


def signed_by(
    seat: Seat, message: str, deadline: int = 0
) -> tuple[LocalAccount, tuple[Any, ...], int]:
    """Whose word `message` is, its fields and the deadline among them."""
    until = deadline or seat.later()
    if message == "SetPlan":
        who, (members, others, *rest) = seat.owner, PLAN
        return who, (1, list(members), list(others), *rest, seat.nonce, until), until
    if message == "Veto":
        return seat.owner, (1, seat.nonce, until), until
    who = {"Recover": seat.community.people[1], "Take": ANNA, "Inherit": HEIR}[message]
    return who, (1, PLAN.hash, ANNA.address, seat.nonce, until), until


def use(seat: Seat, message: str, signature: bytes, until: int) -> None:
    """The call that takes this word, all others being good."""
    if message in ("SetPlan", "Veto"):
        name, plan = ("setPlanBySig", (PLAN,)) if message == "SetPlan" else ("vetoBySig", ())
        seat.send(name, 1, *plan, until, signature)
        return
    taking = seat.word(ANNA, "Take", PLAN.hash, ANNA.address, until)
    taking = signature if message == "Take" else taking
    head = (1, PLAN, ANNA.address, until, taking)
    if message == "Inherit":
        seat.send("inherit", *head, signature)
        return
    words = seat.words({0: seat.community.people[1], 2: FRIENDS[0]}, PLAN, ANNA.address, until)
    if message == "Recover":
        words[0] = 0, signature
    seat.send("recover", *head, words)


@pytest.mark.parametrize("message", SIGNED)
def test_a_word_for_another_dao_chain_name_or_version_is_none(seat: Seat, message: str) -> None:
    """What was signed for a twin of this contract, or for this one elsewhere, does nothing."""
    twin = with_succession(seat.community, salt=1)
    seat.fall_silent()
    who, values, until = signed_by(seat, message)
    elsewhere: list[dict[str, Any]] = [
        {"verifyingContract": twin.contract.address},
        {"verifyingContract": seat.community.dao.membership_address},
        {"chainId": 1},
        {"version": "2"},
        {"name": "Mikoshi Membership"},
    ]
    for domain in elsewhere:
        with reverts("SuccessionInvalidSignature", who.address):
            use(seat, message, seat.typed.sign(who, message, *values, **domain), until)
    use(seat, message, seat.typed.sign(who, message, *values), until)


@pytest.mark.parametrize("message", SIGNED)
def test_a_word_is_good_in_time_and_whole(seat: Seat, message: str) -> None:
    """After its deadline it is none, and cut, emptied or turned round it never was one."""
    seat.fall_silent()
    who, values, until = signed_by(seat, message)
    word = seat.typed.sign(who, message, *values)
    for bad in (b"", word[:-2], bytes(65), word[::-1]):
        with reverts("SuccessionInvalidSignature", who.address):
            use(seat, message, bad, until)
    next_block_at(seat.community.rpc, until + 1)
    with reverts("SuccessionExpired", until):
        use(seat, message, word, until)


@pytest.mark.parametrize("message", SIGNED)
def test_a_word_is_good_once(seat: Seat, message: str) -> None:
    """Neither again, nor in another form, even if all is as it was when it was signed."""
    seat.fall_silent()
    who, values, _ = signed_by(seat, message, FOREVER)
    word = seat.typed.sign(who, message, *values)
    use(seat, message, word, FOREVER)
    seat.plan()
    seat.fall_silent()
    for again in (word, compact(word), malleated(word)):
        with reverts("SuccessionInvalidSignature", who.address):
            use(seat, message, again, FOREVER)


@pytest.mark.parametrize("message", SIGNED)
def test_a_word_about_another_seat_wallet_plan_or_nonce_is_none(seat: Seat, message: str) -> None:
    """Each field is signed, and each is another one's if it is changed."""
    seat.fall_silent()
    who, values, until = signed_by(seat, message)
    for place, value in enumerate(values):
        other: Any
        if isinstance(value, bytes):
            other = b"\1" * 32
        elif isinstance(value, str):
            other = MALLORY.address
        elif isinstance(value, list):
            other = value[:1]
        else:
            other = value + 1
        changed = (*values[:place], other, *values[place + 1 :])
        with reverts("SuccessionInvalidSignature", who.address):
            use(seat, message, seat.typed.sign(who, message, *changed), until)


def test_words_in_each_others_places_are_none(seat: Seat) -> None:
    """Only each at its own place; a word to take is none to ask, and the other way round."""
    first, second = seat.community.people[1], FRIENDS[0]
    *head, until, taking, words = seat.recovery()
    accounts = (ANNA.address, first.address, second.address)
    good = (taking, words[0][1], words[1][1])
    for order in list(permutations(range(3)))[1:]:
        take, one, two = (good[place] for place in order)
        wrong = next(place for place in range(3) if order[place] != place)
        with reverts("SuccessionInvalidSignature", accounts[wrong]):
            seat.send("recover", *head, until, take, [(0, one), (2, two)])
    for message in ("Inherit", "Recover"):
        as_other = seat.word(ANNA, message, PLAN.hash, ANNA.address, until)
        with reverts("SuccessionInvalidSignature", ANNA.address):
            seat.send("recover", *head, until, as_other, words)
    as_other = seat.word(first, "Take", PLAN.hash, ANNA.address, until)
    with reverts("SuccessionInvalidSignature", first.address):
        seat.send("recover", *head, until, taking, [(0, as_other), words[1]])


# Accounts with code


def test_an_account_that_says_no_or_breaks_is_no_guardian(seat: Seat) -> None:
    """Wrong answers, refusals, bombs and burned gas: refused, and the others ask without it."""
    rpc = seat.community.rpc
    account = deploy(rpc, "ContractAccount", FRIENDS[0].address)
    plan = Plan((2, 3), (account.address,), 2)
    seat.plan(plan)
    sender = seat.community.outsider.address
    people = seat.community.people
    until = seat.later()
    for mode in range(1, 8):
        account.send("setMode", mode, sender=sender)
        words = seat.words({0: people[1], 2: FRIENDS[0]}, plan, ANNA.address, until)
        taking = seat.word(ANNA, "Take", plan.hash, ANNA.address, until)
        args = (1, plan, ANNA.address, until, taking, words)
        with reverts("SuccessionInvalidSignature", account.address):
            seat.contract.call("recover", *args, sender=sender)
    words = seat.words({0: people[1], 1: people[2]}, plan, ANNA.address, until)
    seat.send("recover", 1, plan, ANNA.address, until, taking, words)
    assert seat.request[0] == RECOVERY


@pytest.mark.parametrize("call", ["finish", "recover", "veto", "setPlan"])
def test_an_account_that_is_asked_changes_nothing_meanwhile(seat: Seat, call: str) -> None:
    """It is asked in a way in which it cannot act (STATICCALL): the request is one, as asked."""
    rpc, contract = seat.community.rpc, seat.contract
    guardian = deploy(rpc, "Reentrant")
    plan = Plan((), (guardian.address,), 1)
    seat.plan(plan)
    until = seat.later()
    taking = seat.word(ANNA, "Take", plan.hash, ANNA.address, until)
    args = (1, plan, ANNA.address, until, taking, [(0, b"yes")])
    inside: dict[str, tuple[Any, ...]] = {"recover": args, "setPlan": (plan,)}
    data = contract.data(call, *inside.get(call, (1,)))
    guardian.send("prepare", contract.address, data, sender=seat.community.outsider.address)
    nonce = seat.nonce
    receipt = seat.send("recover", *args)
    assert [event.name for event in receipt.events] == ["SuccessionRequested"]
    assert (seat.nonce, seat.held_by()) == (nonce + 1, seat.owner.address)


def test_a_wallet_with_code_of_its_own_keeps_its_key(seat: Seat) -> None:
    """EIP-7702: whatever the code answers, each word is accepted from the key."""
    rpc = seat.community.rpc
    sink = deploy(rpc, "Sink").address[2:].lower()
    for who in (seat.owner, seat.community.people[1], FRIENDS[0], ANNA, HEIR):
        rpc.call("anvil_setCode", who.address, "0xef0100" + sink)
    seat.fall_silent()
    for message in SIGNED[1:4]:
        with rpc.isolate():
            who, values, until = signed_by(seat, message)
            use(seat, message, seat.typed.sign(who, message, *values), until)
            assert seat.request[1] == ANNA.address
    for message in ("SetPlan", "Veto"):
        who, values, until = signed_by(seat, message)
        use(seat, message, seat.typed.sign(who, message, *values), until)
    assert seat.contract.call("planHashOf", 1) == NO_PLAN


def test_a_seat_of_an_account_with_code(community: Community) -> None:
    """The person is a contract account: its plan and veto are its owner's word by ERC-1271."""
    account: Contract = deploy(community.rpc, "OwnedWallet", person(70).address)
    community.as_treasury(community.dao.membership, "admit", account.address, CHARTER)
    seat = Seat(community, with_succession(community).contract, 6)
    until = seat.later()
    values = (6, list(PLAN.members), list(PLAN.others), *PLAN[2:], 0, until)
    signature = seat.typed.sign(person(70), "SetPlan", *values)
    seat.send("setPlanBySig", 6, PLAN, until, signature)
    seat.recover()
    veto = seat.typed.sign(person(70), "Veto", 6, seat.nonce, until)
    seat.send("vetoBySig", 6, until, veto)
    assert seat.request == NOTHING


def test_too_little_gas_moves_nothing_halfway(seat: Seat) -> None:
    """Whatever gas it is given, the seat moves whole, or nothing happens."""
    seat.recover()
    seat.ripen()
    request, sender = seat.request, seat.community.outsider.address
    for gas in range(40_000, 160_000, 8_000):
        with seat.community.rpc.isolate():
            try:
                seat.contract.send("finish", 1, sender=sender, gas=gas)
            except Exception:
                assert (seat.request, seat.held_by()) == (request, seat.owner.address)
            else:
                assert (seat.request, seat.held_by()) == (NOTHING, ANNA.address)
