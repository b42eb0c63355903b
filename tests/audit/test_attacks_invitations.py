"""Attacks on seats by a link. Each makes the attacker's transactions, then states the property."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from mikoshi.testing.community import FOR, Community, person
from mikoshi.testing.defaults import CHARTER, DAY
from tests.support import compact, malleated, next_block_at, reverts, role
from tests.unit.invitations.inviting import MONTH, SEASON, Door, with_door
from tests.unit.membership.people import Standing, member

MALLORY, ANNA, KEY = person(666), person(1000), person(2000)
ADMITTER = role("ADMITTER")


@pytest.fixture
def door(community: Community) -> Door:
    """Five members who may sponsor: one seat each, twenty in all."""
    community.rpc.warp(SEASON)
    return with_door(community)


def test_who_sees_a_transaction_cannot_take_its_seat(door: Door) -> None:
    """Mallory copies Anna's transaction from the mempool and puts her wallet into it."""
    invitation = door.invitation(KEY, door.community.people[:1])
    wallet, claim, charter, until, join = door.newcomer(KEY, ANNA)
    sponsors = door.sponsors[KEY.address]
    own = door.typed.sign(MALLORY, "Join", charter, KEY.address, sponsors, until)
    guess = door.typed.sign(MALLORY, "Claim", MALLORY.address)
    for stolen in (claim, guess):
        with reverts("InvitationsInvalidSignature", KEY.address):
            door.accept(invitation, (MALLORY.address, stolen, charter, until, own))
    door.accept(invitation, (wallet, claim, charter, until, join))
    assert door.community.dao.membership.call("memberIdOf", MALLORY.address) == 0


def test_an_acceptance_in_flight_stays_its_sponsors(door: Door) -> None:
    """A member copies Anna's transaction and puts their own word in the place of her sponsor's."""
    sponsor, thief = door.community.people[:2]
    invitation, newcomer = door.invitation(KEY, [sponsor]), door.newcomer(KEY, ANNA)
    until = invitation[1]
    taken = [
        [door.sponsorship(thief, KEY, until)],
        sorted([*invitation[2], door.sponsorship(thief, KEY, until)]),
        [],
    ]
    for sponsors in taken:
        with reverts("InvitationsInvalidSignature", ANNA.address):
            door.accept((KEY.address, until, sponsors), newcomer)
    receipt = door.accept(invitation, newcomer)
    assert receipt.only("InvitationAccepted").args["sponsors"] == [1]


def test_members_who_rest_for_a_moment_lower_no_number(door: Door) -> None:
    """Of six members five rest in the block in which the sixth invites alone, and wake after it."""
    community = door.community
    membership = community.dao.membership
    community.as_treasury(membership, "admit", person(900).address, CHARTER)
    for wallet in community.wallets[1:5]:
        membership.send("rest", sender=wallet)
    assert membership.call("census")[:2] == (2, 6)
    assert door.contract.call("sponsorsNeeded") == 2
    with reverts("InvitationsInvalidSponsors", 1, 2, 3):
        door.join(community.people[:1], 0)


def test_a_stolen_link_is_one_silent_seat_and_its_sponsor_can_end_it(door: Door) -> None:
    """Who holds the link holds the seat: until its sponsor hears of it, and without a voice."""
    membership, sponsor = door.community.dao.membership, door.community.people[0]
    first, second = person(2001), person(2002)
    door.accept(door.invitation(first, [sponsor]), door.newcomer(first, MALLORY))
    assert member(membership, 6).standing == Standing.NEWCOMER
    assert membership.call("getVotes", MALLORY.address) == 0
    with reverts("InvitationsUsed", first.address):
        door.accept(door.invitation(first, [sponsor]), door.newcomer(first, ANNA))
    door.contract.send("revoke", second.address, sender=sponsor.address)
    other = door.community.people[1]
    with reverts("InvitationsRevoked", second.address, sponsor.address):
        door.accept(door.invitation(second, [sponsor]), door.newcomer(second, ANNA))
    door.accept(door.invitation(second, [other]), door.newcomer(second, ANNA))


def test_a_sponsor_who_invites_themselves_a_hundred_times(door: Door) -> None:
    """A hundred links of one member to wallets of their own: one seat an epoch, and no ballot."""
    membership, community = door.community.dao.membership, door.community
    proposal = community.propose([(MALLORY.address, 1, b"")], "rob")
    door.join(community.people[:1], 0)
    for number in range(1, 100):
        with reverts("InvitationsSponsorSpent", 1, 1):
            door.join(community.people[:1], number)
    assert membership.call("census")[:2] == (5, 5)
    community.open_voting(proposal)
    wallet = ANNA.address
    with reverts("GovernorNoVoice", proposal.id, wallet):
        community.dao.governor.call("castVote", proposal.id, FOR, sender=wallet)
    with reverts("InvitationsSponsorNotActive", wallet):
        door.join([ANNA], 200)


def test_all_members_together_stay_below_the_number_of_the_epoch(door: Door) -> None:
    """Everyone invites as many as they may: not one seat beyond the number."""
    door = with_door(door.community, (7, 20, 1), 1)
    joined = 0
    for number in range(10):
        sponsor = door.community.people[number % 5]
        if joined < 7:
            door.join([sponsor], number)
            joined += 1
        else:
            with reverts("InvitationsSpent", False, 7):
                door.join([sponsor], number)
    assert door.contract.call("left") == (0, 0)


def test_signatures_of_another_dao_chain_name_or_version_are_none(door: Door) -> None:
    """What was signed for a twin of this contract, or for this one elsewhere, does nothing."""
    twin = with_door(door.community, salt=1)
    sponsor = door.community.people[0]
    until, last = door.now() + MONTH, door.now() + DAY
    word = door.typed.sign(sponsor, "Invitation", KEY.address, until)
    claim = door.typed.sign(KEY, "Claim", ANNA.address)
    join = door.typed.sign(ANNA, "Join", CHARTER, KEY.address, [sponsor.address], last)
    good = [word, claim, join]
    signed: list[tuple[Any, ...]] = [
        (sponsor, "Invitation", KEY.address, until),
        (KEY, "Claim", ANNA.address),
        (ANNA, "Join", CHARTER, KEY.address, [sponsor.address], last),
    ]
    elsewhere: list[dict[str, Any]] = [
        {"verifyingContract": twin.contract.address},
        {"verifyingContract": door.community.dao.membership_address},
        {"chainId": 1},
        {"version": "2"},
        {"name": "Mikoshi Membership"},
    ]
    accounts = [sponsor.address, KEY.address, ANNA.address]
    for place, (key, message, *values) in enumerate(signed):
        for domain in elsewhere:
            forged = door.typed.sign(key, message, *values, **domain)
            parts = [*good[:place], forged, *good[place + 1 :]]
            with reverts("InvitationsInvalidSignature", accounts[place]):
                door.accept(
                    (KEY.address, until, [(sponsor.address, parts[0])]),
                    (ANNA.address, parts[1], CHARTER, last, parts[2]),
                )


def test_signatures_permuted_or_cut_are_none(door: Door) -> None:
    """Only each signature at its own place, whole, opens the door."""
    sponsor = door.community.people[0]
    key, until, [(_, word)] = door.invitation(KEY, [sponsor])
    wallet, claim, charter, last, join = door.newcomer(KEY, ANNA)

    def accept(*signatures: bytes) -> None:
        first, second, third = signatures
        newcomer = (wallet, second, charter, last, third)
        door.contract.call("accept", (key, until, [(sponsor.address, first)]), newcomer)

    good = (word, claim, join)
    accept(*good)
    accounts = (sponsor.address, key, wallet)
    checked = (1, 2, 0)  # the order in which the contract looks at them
    for order in list(permutations(range(3)))[1:]:
        wrong = next(place for place in checked if order[place] != place)
        with reverts("InvitationsInvalidSignature", accounts[wrong]):
            accept(*(good[place] for place in order))
    for place in range(3):
        for bad in (good[place][:-2], b"", bytes(65)):
            with reverts("InvitationsInvalidSignature", accounts[place]):
                accept(*good[:place], bad, *good[place + 1 :])


def test_nobody_is_admitted_twice_or_unasked_by_a_replay(door: Door) -> None:
    """The same transaction again, at once and after its member left."""
    args = door.invitation(KEY, door.community.people[:1]), door.newcomer(KEY, ANNA)
    door.accept(*args)
    with reverts("InvitationsUsed", KEY.address):
        door.accept(*args)
    door.community.rpc.fund(ANNA.address)
    door.community.dao.membership.send("exit", sender=ANNA.address)
    with reverts("InvitationsUsed", KEY.address):
        door.accept(*args)


def test_another_form_of_the_signatures_is_the_same_seat(door: Door) -> None:
    """Forms that nobody made, of signatures that were: once is once."""
    sponsor = door.community.people[0]
    key, until, [(_, word)] = door.invitation(KEY, [sponsor])
    wallet, claim, charter, last, join = door.newcomer(KEY, ANNA)
    forms = [(form(word), form(claim), form(join)) for form in (malleated, compact, bytes)]
    for number, (first, second, third) in enumerate(forms):
        args = (key, until, [(sponsor.address, first)]), (wallet, second, charter, last, third)
        if number == 0:
            door.accept(*args)
        else:
            with reverts("InvitationsUsed", key):
                door.accept(*args)


def test_a_strangers_revocation_takes_nobodys_word_back(door: Door) -> None:
    """Mallory revokes every key she hears of."""
    door.community.rpc.fund(MALLORY.address)
    door.contract.send("revoke", KEY.address, sender=MALLORY.address)
    door.join(door.community.people[:1], 0)


def test_an_expired_acceptance_cannot_be_kept_for_later(door: Door) -> None:
    """A relay holds Anna's acceptance back until she has thought better of it."""
    until = door.now() + 3600
    args = (
        door.invitation(KEY, door.community.people[:1]),
        door.newcomer(KEY, ANNA, deadline=until),
    )
    next_block_at(door.community.rpc, until + 1)
    with reverts("InvitationsExpired", until):
        door.accept(*args)


def test_without_its_role_it_opens_nothing(door: Door) -> None:
    """A vote that takes the role ends every link at once."""
    treasury = door.community.dao.treasury
    assert treasury.call("hasRole", ADMITTER, door.contract.address) is True
    door.community.as_treasury(treasury, "revokeRole", ADMITTER, door.contract.address)
    with reverts("MembershipUnauthorized", door.contract.address, ADMITTER):
        door.join(door.community.people[:1], 0)
