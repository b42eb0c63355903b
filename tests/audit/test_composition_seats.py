"""Seats that people take by themselves, or that others leave: each broke the first edition."""

from __future__ import annotations

import pytest

from mikoshi.ballots.proposal import Call
from mikoshi.chain.contract import ContractRevertedError
from mikoshi.testing.community import AGAINST, Community, found, person
from mikoshi.testing.defaults import CHARTER, DAY, params
from mikoshi.testing.evm import Evm
from tests.support import reverts, role
from tests.unit.governance.support import DEFEATED, state

ZERO_HASH = bytes(32)
ANSWER = 45 * DAY
SHORTEST, LONGEST = 45 * DAY, 365 * DAY
DEAD = "0x000000000000000000000000000000000000dEaD"


def market(members: int, **options: object) -> Community:
    """A community whose tickets can be sold."""
    return found(Evm(), members, transferableTickets=True, **options)  # type: ignore[arg-type]


def officer_of(community: Community, name: str) -> str:
    """The outsider, with a role that a vote gave, 45 days later."""
    officer = community.outsider.address
    community.as_treasury(community.dao.treasury, "grantRole", role(name), officer)
    community.rpc.warp(ANSWER)
    return officer


def test_those_who_left_do_not_return_for_a_vote() -> None:
    """Fifty who had left rejoined in the snapshot's second, and outvoted forty."""
    ninety = found(Evm(), 90)  # type: ignore[arg-type]
    membership = ninety.dao.membership
    leavers, rest = range(40, 90), range(40)
    for place in leavers:
        membership.send("exit", sender=ninety.wallets[place])
    theirs = ninety.propose([(ninety.wallets[50], 10**18, b"")], "theirs", by=0)
    snapshot = ninety.dao.governor.call("proposalSnapshot", theirs.id)
    ninety.rpc.warp_to(snapshot)
    for place in leavers:
        membership.send("rejoin", CHARTER, sender=ninety.wallets[place])
    assert membership.call("census")[:2] == (40, 40)
    ninety.open_voting(theirs)
    for place in leavers:
        with reverts("GovernorNoVoice", theirs.id, ninety.wallets[place]):
            ninety.vote(theirs, [place])
    ninety.vote(theirs, rest, AGAINST)
    ninety.close_voting(theirs)
    assert state(ninety, theirs) == DEFEATED
    ready = -(-(snapshot + 45 * DAY) // DAY) * DAY
    with reverts("MembershipTooEarly", 90, ready):
        membership.call("wake", CHARTER, sender=ninety.wallets[89])


def test_who_left_does_not_cast_what_others_lent() -> None:
    """Who leaves while others' voice is with them would come back to cast it."""
    ten = found(Evm(), 10)  # type: ignore[arg-type]
    membership = ten.dao.membership
    for place in range(1, 6):
        membership.send("delegate", ten.wallets[0], sender=ten.wallets[place])
    ten.rpc.warp(1)
    draft = ten.propose([(ten.wallets[0], 1, b"")], "mine", by=9)
    membership.send("exit", sender=ten.wallets[0])
    membership.send("rejoin", CHARTER, sender=ten.wallets[0])
    officer = officer_of(ten, "ADMITTER")
    membership.send("admit", ten.wallets[0], CHARTER, sender=officer)
    assert membership.call("statusOf", 1) == 2
    late = ten.propose([(ten.wallets[0], 2, b"")], "mine, later", by=9)
    ten.open_voting(late)
    for each in (draft, late):
        with pytest.raises(ContractRevertedError):
            ten.vote(each, [0])


@pytest.mark.parametrize("cut", [False, True])
def test_a_seat_bought_after_a_proposal_does_not_vote_on_it(cut: bool) -> None:
    """It did: by a late extension, or by a season that was cut after the sale."""
    longest = {"votingDelay": 7 * DAY, "votingPeriod": 14 * DAY, "lateExtension": 2 * DAY}
    rules = params(0)["governor"] | longest | {"quorumBps": 500}
    people = params(0)["membership"] | {"season": LONGEST if cut else SHORTEST}
    shop = market(10, governor=rules, membership=people)
    membership, governor = shop.dao.membership, shop.dao.governor
    seller, buyer = shop.wallets[9], person(2_000).address
    draft = shop.propose([(buyer, 10**18, b"")], "mine", by=0)
    shop.rpc.warp(1)
    membership.send("transferFrom", seller, buyer, 10, sender=seller)
    season = people["season"]
    ready = -(-(shop.rpc.timestamp() + season) // DAY) * DAY
    if cut:
        shop.as_treasury(membership, "setSettings", people | {"season": SHORTEST})
    number = membership.call("memberIdOf", buyer)
    first = governor.call("proposalDeadline", draft.id)
    last = first + 7 * DAY
    for place, voter in enumerate((0, 1, 2, 3, 4, 5, 6, 7)):  # turns, as late as they come
        end = governor.call("proposalDeadline", draft.id)
        shop.rpc.warp_to(end)
        shop.vote(draft, [voter], 1 - place % 2)
    assert governor.call("proposalDeadline", draft.id) <= last
    shop.rpc.warp_to(min(ready - 1, governor.call("proposalDeadline", draft.id) + 14 * DAY))
    with reverts("MembershipTooEarly", number, ready):
        membership.call("wake", CHARTER, sender=buyer)


@pytest.mark.parametrize("many", [False, True])
def test_a_ticket_sent_unasked_spoils_no_admission(many: bool) -> None:
    """It made a passed `admitMany`, and the payment beside it, fail."""
    shop = market(6)
    membership = shop.dao.membership
    guest = person(2_000).address
    name, who = ("admitMany", [guest, person(2_001).address]) if many else ("admit", guest)
    calls: list[Call] = [(membership, 0, membership.data(name, who, CHARTER))]
    calls.append((guest, 10**18, b""))
    draft = shop.propose(calls, "welcome", by=0)
    shop.open_voting(draft)
    shop.vote(draft, range(5))
    shop.close_voting(draft)
    membership.send("transferFrom", shop.wallets[5], guest, 6, sender=shop.wallets[5])
    shop.ripen(draft)
    shop.execute(draft)
    number = membership.call("memberIdOf", guest)
    assert membership.call("statusOf", number) == 1
    assert shop.rpc.balance(guest) == 10**18


def test_a_ticket_sent_unasked_spoils_no_inheritance() -> None:
    """It made the heir's wallet unusable for good: no record could move there."""
    shop = market(6)
    membership = shop.dao.membership
    heir = person(2_000).address
    part = officer_of(shop, "SUCCESSION")
    membership.send("transferFrom", shop.wallets[5], heir, 6, sender=shop.wallets[5])
    theirs, old = membership.call("memberIdOf", heir), shop.wallets[0]
    receipt = membership.send("moveWallet", 1, heir, sender=part)
    assert membership.call("memberIdOf", heir) == 1
    assert membership.call("memberIdOf", old) == theirs
    assert membership.call("walletOf", theirs) == old
    assert membership.call("statusOf", theirs) == 3
    assert membership.call("ownerOf", 1) == heir
    with pytest.raises(ContractRevertedError):
        membership.call("ownerOf", 6)
    moved = [event.args["id"] for event in receipt.events if event.name == "WalletMoved"]
    assert sorted(moved) == [1, theirs]


def test_a_record_moves_to_no_wallet_of_somebody_who_spoke() -> None:
    """Only who never had a voice gives way."""
    shop = market(6)
    part = officer_of(shop, "SUCCESSION")
    membership = shop.dao.membership
    membership.send("exit", sender=shop.wallets[5])
    with reverts("MembershipWalletTaken", shop.wallets[5], 6):
        membership.call("moveWallet", 1, shop.wallets[5], sender=part)


def test_a_ticket_at_a_dead_address_freezes_nothing() -> None:
    """Nobody could come back while a ticket lay where nobody has the key."""
    shop = market(3)
    membership = shop.dao.membership
    membership.send("transferFrom", shop.wallets[2], DEAD, 3, sender=shop.wallets[2])
    for place in (0, 1):
        membership.send("exit", sender=shop.wallets[place])
    empty = shop.rpc.timestamp()
    assert membership.call("census")[:2] == (0, 0)
    shop.rpc.warp_to(empty + 395 * DAY - 1)
    with reverts("MembershipTicketRequired"):
        membership.call("rejoin", CHARTER, sender=shop.wallets[0])
    shop.rpc.warp_to(empty + 395 * DAY)
    for place in (0, 1, 2):  # whoever is first shuts nobody out
        membership.send("rejoin", CHARTER, sender=shop.wallets[place])
    shop.rpc.warp(46 * DAY)
    for place in (0, 1, 2):
        membership.send("wake", CHARTER, sender=shop.wallets[place])
    shop.rpc.warp(1)
    shop.decide([(shop.wallets[0], 1, b"")], "we are back")


def test_sellers_do_not_come_back_before_their_buyers() -> None:
    """A rule on the counted alone would let all sellers back at once, beside the buyers."""
    shop = market(3)
    membership = shop.dao.membership
    buyers = [person(number).address for number in (2_000, 2_001, 2_002)]
    for place, buyer in enumerate(buyers):
        wallet = shop.wallets[place]
        membership.send("transferFrom", wallet, buyer, place + 1, sender=wallet)
    assert membership.call("census")[:2] == (0, 0)
    with reverts("MembershipTicketRequired"):
        membership.call("rejoin", CHARTER, sender=shop.wallets[0])
    shop.as_treasury(membership, "setSettings", params(0)["membership"] | {"season": 45 * DAY})
    shop.rpc.warp(46 * DAY)
    with reverts("MembershipTicketRequired"):
        membership.call("rejoin", CHARTER, sender=shop.wallets[0])
    shop.rpc.fund(*buyers)
    for buyer in buyers:
        membership.send("wake", CHARTER, sender=buyer)
    assert membership.call("census")[:2] == (3, 3)


def test_a_strangers_lapse_is_no_act_of_the_silent() -> None:
    """It wrote a new day of acting for whoever had been silent."""
    five = found(Evm(), 5)  # type: ignore[arg-type]
    membership = five.dao.membership
    stamp = membership.call("stampOf", 1)
    five.rpc.warp(211 * DAY)
    membership.send("lapse", [1, 1], sender=five.outsider.address)
    assert membership.call("statusOf", 1) == 2
    assert membership.call("stampOf", 1) == stamp
    assert membership.call("census")[:2] == (4, 5)  # not twice in one epoch


def test_a_newcomer_who_never_spoke_is_barred_without_a_number() -> None:
    """Seats bought in mass are answered by one vote, however many they are."""
    shop = market(4)
    membership = shop.dao.membership
    officer = officer_of(shop, "ADMITTER")
    bought = [person(number).address for number in range(2_000, 2_020)]
    membership.send("admitMany", bought, ZERO_HASH, sender=officer)
    ids = [membership.call("memberIdOf", wallet) for wallet in bought]
    assert all(membership.call("neverSpoke", number) for number in ids)
    shop.decide([(membership, 0, membership.data("bar", number)) for number in ids])
    assert [membership.call("statusOf", number) for number in ids] == [3] * 20
    assert membership.call("census")[0] == 4
