"""Seats by a link; see invitations.tree."""

from __future__ import annotations

from typing import Any

import pytest
from eth_utils.conversions import to_bytes

from mikoshi.chain.contract import Contract
from mikoshi.testing.community import Community, found, person
from mikoshi.testing.defaults import CHARTER, DAY, ZERO
from tests.support import FOREVER, compact, deploy, factory, grant, next_block_at, reverts
from tests.unit.invitations.inviting import MONTH, SEASON, SETTINGS, STEWARD, Door, with_door
from tests.unit.membership.people import NO_CHARTER, Standing, facts, member

KEY, ANNA = person(2000), person(1000)
NUMBER = 6
"""The id of the first who joins."""

TERM = 60 * DAY
WAITING = 45 * DAY


def field(name: str) -> bytes:
    """A name of a setting as errors carry it."""
    return to_bytes(text=name).ljust(32, b"\0")


def given(door: Door, *sponsors: int, **changes: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """An invitation of these members (by place) and Anna's acceptance of it."""
    people = [door.community.people[each] for each in sponsors]
    return door.invitation(KEY, people, **changes), door.newcomer(KEY, ANNA)


# accept


def test_accept_makes_a_newcomer(door: Door) -> None:
    first, second = door.community.people[:2]
    invitation, newcomer = given(door, 0, 1)
    ids = [1, 2] if invitation[2][0][0] == first.address else [2, 1]

    receipt = door.accept(invitation, newcomer)

    assert facts(receipt) == [
        ("Transfer", (ZERO, ANNA.address, NUMBER)),
        ("Locked", (NUMBER,)),
        ("MemberAdmitted", (NUMBER, ANNA.address, Standing.NEWCOMER, NO_CHARTER)),
        ("InvitationAccepted", (KEY.address, NUMBER, ANNA.address, CHARTER, ids)),
    ]
    membership = door.community.dao.membership
    assert member(membership, NUMBER).standing == Standing.NEWCOMER
    assert membership.call("getVotes", ANNA.address) == 0
    assert door.contract.call("isUsed", KEY.address) is True
    assert door.contract.call("left") == (19, 0)
    assert [door.contract.call("leftOf", each) for each in (1, 2, 3)] == [0, 0, 1]
    assert {first.address, second.address} == {each[0] for each in invitation[2]}


def test_accept_takes_both_forms_of_a_signature(door: Door) -> None:
    key, until, [(sponsor, word)] = given(door, 0)[0]
    wallet, claim, charter, last, join = door.newcomer(KEY, ANNA)
    invitation = (key, until, [(sponsor, compact(word))])
    door.accept(invitation, (wallet, compact(claim), charter, last, compact(join)))
    assert door.contract.call("isUsed", key) is True


def test_accept_reverts_when_the_key_is_used(door: Door) -> None:
    door.join(door.community.people[:1], 0)
    again = door.invitation(KEY, door.community.people[1:2]), door.newcomer(KEY, person(1001))
    with reverts("InvitationsUsed", KEY.address):
        door.accept(*again)


def test_accept_until_the_last_second(door: Door) -> None:
    until = door.now() + DAY
    invitation = door.invitation(KEY, door.community.people[:1], until)
    newcomer = door.newcomer(KEY, ANNA, deadline=until)
    with door.community.rpc.isolate():
        next_block_at(door.community.rpc, until)
        door.accept(invitation, newcomer)
    newcomer = door.newcomer(KEY, ANNA, deadline=until + DAY)
    next_block_at(door.community.rpc, until + 1)
    with reverts("InvitationsExpired", until):
        door.accept(invitation, newcomer)


def test_accept_reverts_when_the_newcomers_signature_has_expired(door: Door) -> None:
    until = door.now() - 1
    invitation = door.invitation(KEY, door.community.people[:1])
    with reverts("InvitationsExpired", until):
        door.accept(invitation, door.newcomer(KEY, ANNA, deadline=until))


def test_accept_reverts_when_the_invitation_lasts_too_long(door: Door) -> None:
    at = door.now() + 100
    sponsors = door.community.people[:1]
    door.invitation(KEY, sponsors)
    newcomer = door.newcomer(KEY, ANNA)
    next_block_at(door.community.rpc, at)
    with reverts("InvitationsTooLong", at + TERM + 1, at + TERM):
        door.accept(door.invitation(KEY, sponsors, at + TERM + 1), newcomer)
    next_block_at(door.community.rpc, at + 50)
    door.accept(door.invitation(KEY, sponsors, at + 50 + TERM), newcomer)


def test_accept_reverts_when_the_charter_is_another(door: Door) -> None:
    other = b"\1" * 32
    invitation = door.invitation(KEY, door.community.people[:1])
    with reverts("InvitationsCharterMismatch", other, CHARTER):
        door.accept(invitation, door.newcomer(KEY, ANNA, other))
    old = door.newcomer(KEY, ANNA)
    door.community.as_treasury(door.community.dao.membership, "setCharter", other, "")
    with reverts("InvitationsCharterMismatch", CHARTER, other):
        door.accept(invitation, old)


@pytest.mark.parametrize("wrong", ["sponsor", "claim", "join"])
def test_accept_reverts_when_somebody_else_signed(door: Door, wrong: str) -> None:
    mallory = person(666)
    (key, until, [(sponsor, word)]), (wallet, claim, charter, last, join) = given(door, 0)
    if wrong == "sponsor":
        word = door.typed.sign(mallory, "Invitation", key, until)
    elif wrong == "claim":
        claim = door.typed.sign(mallory, "Claim", wallet)
    else:
        join = door.typed.sign(mallory, "Join", charter, key, [sponsor], last)
    account = {"sponsor": sponsor, "claim": key, "join": wallet}[wrong]
    with reverts("InvitationsInvalidSignature", account):
        door.accept((key, until, [(sponsor, word)]), (wallet, claim, charter, last, join))


@pytest.mark.parametrize("changed", ["key", "until", "charter", "last", "wallet"])
def test_accept_reverts_when_a_signed_field_is_changed(door: Door, changed: str) -> None:
    (key, until, sponsors), (wallet, claim, charter, last, join) = given(door, 0)
    account = {"key": person(2001).address, "until": sponsors[0][0], "wallet": key}
    if changed == "key":
        key = person(2001).address
    elif changed == "until":
        until += 1
    elif changed == "last":
        last += 1
    elif changed == "wallet":
        wallet = person(666).address
    else:
        charter = b"\1" * 32
        door.community.as_treasury(door.community.dao.membership, "setCharter", charter, "")
    with reverts("InvitationsInvalidSignature", account.get(changed, wallet)):
        door.accept((key, until, sponsors), (wallet, claim, charter, last, join))


def test_accept_reverts_when_the_sponsors_are_too_few_or_too_many(door: Door) -> None:
    for sponsors in ((), (0, 1, 2, 3)):
        with reverts("InvitationsInvalidSponsors", len(sponsors), 1, 3):
            door.accept(*given(door, *sponsors))
    three = with_door(door.community, (20, 1, 3), 1)
    with reverts("InvitationsInvalidSponsors", 2, 3, 3):
        three.accept(*given(three, 0, 1))
    three.accept(*given(three, 0, 1, 2))


def test_accept_asks_for_two_sponsors_where_six_are_counted(door: Door) -> None:
    assert door.contract.call("sponsorsNeeded") == 1
    door.community.as_treasury(door.community.dao.membership, "admit", person(900).address, CHARTER)
    assert door.contract.call("sponsorsNeeded") == 2
    with reverts("InvitationsInvalidSponsors", 1, 2, 3):
        door.accept(*given(door, 0))
    door.accept(*given(door, 0, 1))


def test_accept_reverts_when_the_sponsors_are_unordered(door: Door) -> None:
    (key, until, sponsors), _ = given(door, 0, 1)
    (low, _), (high, _) = sponsors
    for last, unordered in ((high, sponsors[::-1]), (low, [sponsors[0]] * 2)):
        door.sponsors[key] = [each for each, _ in unordered]
        with reverts("InvitationsUnorderedSponsor", low, last):
            door.accept((key, until, unordered), door.newcomer(KEY, ANNA))


@pytest.mark.parametrize("how", ["stranger", "rest", "exit", "bar", "newcomer"])
def test_accept_reverts_when_a_sponsor_is_not_active(door: Door, how: str) -> None:
    membership, sponsor = door.community.dao.membership, door.community.people[0]
    if how in ("rest", "exit"):
        membership.send(how, sender=sponsor.address)
    elif how == "bar":
        door.community.as_treasury(membership, "bar", 1)
    else:
        sponsor = person(901)
        if how == "newcomer":
            door.community.as_treasury(membership, "admit", sponsor.address, NO_CHARTER)
    with reverts("InvitationsSponsorNotActive", sponsor.address):
        door.accept(door.invitation(KEY, [sponsor]), door.newcomer(KEY, ANNA))


def test_accept_reverts_before_a_sponsors_season(door: Door) -> None:
    young = person(902)
    membership = door.community.dao.membership
    membership.send("exit", sender=door.community.wallets[4])  # so that five are counted
    door.community.as_treasury(membership, "admit", young.address, CHARTER)
    ready = membership.call("joinedAt", 6) + SEASON
    with reverts("InvitationsSponsorTooEarly", 6, ready):
        door.accept(door.invitation(KEY, [young]), door.newcomer(KEY, ANNA))
    invitation = door.invitation(KEY, [young], ready + DAY)
    newcomer = door.newcomer(KEY, ANNA, deadline=ready)
    next_block_at(door.community.rpc, ready - 1)
    with reverts("InvitationsSponsorTooEarly", 6, ready):
        door.accept(invitation, newcomer)
    next_block_at(door.community.rpc, ready)
    door.accept(invitation, newcomer)


def test_accept_reverts_when_a_sponsors_seats_are_given(door: Door) -> None:
    sponsors = door.community.people[:1]
    door.join(sponsors, 0)
    with reverts("InvitationsSponsorSpent", 1, 1):
        door.join(sponsors, 1)
    door = with_door(door.community, (20, 2, 1), 1)
    door.join(sponsors, 0, person(1100))
    door.join(sponsors, 1)
    with reverts("InvitationsSponsorSpent", 1, 2):
        door.join(sponsors, 2)
    door.community.rpc.warp(MONTH)
    assert door.contract.call("leftOf", 1) == 2
    door.join(sponsors, 2)
    assert door.contract.call("leftOf", 1) == 1


def test_accept_counts_a_sponsor_who_moved(door: Door) -> None:
    membership, sponsor = door.community.dao.membership, person(903)
    door.join(door.community.people[:1], 0)
    mover = grant(door.community, "SUCCESSION", door.community.outsider.address)
    membership.send("moveWallet", 1, sponsor.address, sender=mover)
    with reverts("InvitationsSponsorSpent", 1, 1):
        door.join([sponsor], 1)


def test_accept_reverts_when_the_epochs_seats_are_given(door: Door) -> None:
    door = with_door(door.community, (2, 20, 1), 1)
    for number in range(2):
        door.join(door.community.people[:1], number)
    with reverts("InvitationsSpent", False, 2):
        door.join(door.community.people[1:2], 2)
    door.community.rpc.warp(MONTH)
    assert door.contract.call("left") == (2, 0)
    door.join(door.community.people[1:2], 2)
    assert door.contract.call("left") == (1, 0)


def test_accept_passes_over_who_has_a_seat(door: Door) -> None:
    member_, invitation = door.community.people[1], given(door, 0)[0]
    with reverts("InvitationsPassedOver", member_.address, 2):
        door.accept(invitation, door.newcomer(KEY, member_))
    door.community.dao.membership.send("exit", sender=member_.address)
    with reverts("InvitationsPassedOver", member_.address, 2):
        door.accept(invitation, door.newcomer(KEY, member_))
    assert door.contract.call("isUsed", KEY.address) is False
    door.accept(invitation, door.newcomer(KEY, ANNA))


def test_accept_readmits_who_left_where_tickets_are_sold(door: Door) -> None:
    market = found(
        door.community.rpc, factory=factory(door.community.rpc), transferableTickets=True
    )
    market.rpc.warp(SEASON)
    other, leaver = with_door(door.community, dao=market, salt=1), market.people[1]
    market.dao.membership.send("exit", sender=leaver.address)
    other.join(market.people[:1], 0, leaver)
    assert member(market.dao.membership, 2).standing == Standing.NEWCOMER


def test_accept_reverts_for_the_barred(door: Door) -> None:
    barred = door.community.people[1]
    door.community.as_treasury(door.community.dao.membership, "bar", 2)
    with reverts("MembershipBarred", 2):
        door.accept(given(door, 0)[0], door.newcomer(KEY, barred))


def test_accept_reverts_with_arguments_outside_the_limits(door: Door) -> None:
    limits = {"perEpoch": (0, 10_000), "perSponsor": (0, 20), "sponsors": (1, 3)}
    wrong = [
        ((10_001, 1, 1), "perEpoch", 10_001),
        ((20, 21, 1), "perSponsor", 21),
        ((20, 1, 0), "sponsors", 0),
        ((20, 1, 4), "sponsors", 4),
    ]
    for salt, (settings, name, value) in enumerate(wrong, 1):
        other = with_door(door.community, settings, salt)
        with reverts("InvitationsInvalidSetting", field(name), value, *limits[name]):
            other.accept(*given(other, 0))


def test_accept_by_a_contract_account(door: Door) -> None:
    rpc = door.community.rpc
    accounts = [deploy(rpc, "OwnedWallet", each.address) for each in (KEY, ANNA)]
    key, wallet = (each.address for each in accounts)
    until, last = door.now() + MONTH, door.now() + DAY
    sponsor = door.community.people[0]
    word = door.typed.sign(sponsor, "Invitation", key, until)
    claim = door.typed.sign(KEY, "Claim", wallet)
    join = door.typed.sign(ANNA, "Join", CHARTER, key, [sponsor.address], last)
    newcomer = (wallet, claim, CHARTER, last, join)
    door.accept((key, until, [(sponsor.address, word)]), newcomer)
    assert door.community.dao.membership.call("walletOf", NUMBER) == wallet


# The steward


def test_accept_of_the_steward_makes_an_active_member(steward: Door) -> None:
    membership = steward.community.dao.membership
    assert steward.contract.call("left") == (20, 2)
    receipt = steward.join([STEWARD], 0)
    assert facts(receipt)[-1] == (
        "InvitationAccepted",
        (KEY.address, NUMBER, ANNA.address, CHARTER, []),
    )
    assert member(membership, NUMBER).standing == Standing.ACTIVE
    assert steward.contract.call("left") == (20, 1)
    steward.join([STEWARD], 1)
    with reverts("InvitationsSpent", True, 2):
        steward.join([STEWARD], 2)
    membership.send("admit", person(950).address, CHARTER, sender=_rich(steward, STEWARD.address))
    steward.community.rpc.warp(MONTH)
    steward.join([STEWARD], 2)
    assert steward.contract.call("left") == (20, 1)


def test_accept_of_the_steward_wakes_a_newcomer(steward: Door) -> None:
    membership = steward.community.dao.membership
    steward.join(steward.community.people[:1], 0)
    assert member(membership, NUMBER).standing == Standing.NEWCOMER
    steward.join([STEWARD], 1, ANNA)
    assert member(membership, NUMBER).standing == Standing.ACTIVE


def test_accept_after_the_stewards_term(steward: Door) -> None:
    key = person(2001)
    until = steward.now() + TERM - DAY
    invitation = steward.invitation(key, [STEWARD], until)
    steward.community.rpc.warp_to(steward.community.params["steward"]["until"])
    assert steward.contract.call("left") == (20, 0)
    with reverts("InvitationsSponsorNotActive", STEWARD.address):
        steward.accept(invitation, steward.newcomer(key, ANNA))


def test_accept_takes_a_steward_beside_others_for_a_member(steward: Door) -> None:
    with reverts("InvitationsSponsorNotActive", STEWARD.address):
        steward.join([STEWARD, *steward.community.people[:2]], 0)


def _rich(door: Door, address: str) -> str:
    door.community.rpc.fund(address)
    return address


# revoke, revokeBySig


def test_revoke_takes_one_sponsors_word_back(door: Door) -> None:
    first, second = door.community.people[:2]
    receipt = door.contract.send("revoke", KEY.address, sender=first.address)
    assert facts(receipt) == [("InvitationRevoked", (KEY.address, first.address))]
    assert door.contract.call("isRevoked", KEY.address, first.address) is True
    assert door.contract.call("isRevoked", KEY.address, second.address) is False
    for sponsors in ((0,), (0, 1)):
        with reverts("InvitationsRevoked", KEY.address, first.address):
            door.accept(*given(door, *sponsors))
    door.accept(*given(door, 1))


def test_revoke_by_the_steward(steward: Door) -> None:
    steward.contract.send("revoke", KEY.address, sender=_rich(steward, STEWARD.address))
    with reverts("InvitationsRevoked", KEY.address, STEWARD.address):
        steward.join([STEWARD], 0)


def test_revoke_by_sig(door: Door) -> None:
    sponsor, sender = door.community.people[0], door.community.outsider.address
    signature = door.typed.sign(sponsor, "Revoke", sponsor.address, KEY.address, FOREVER)
    args = (sponsor.address, KEY.address, FOREVER, signature)
    receipt = door.contract.send("revokeBySig", *args, sender=sender)
    assert facts(receipt) == [("InvitationRevoked", (KEY.address, sponsor.address))]
    with reverts("InvitationsRevoked", KEY.address, sponsor.address):
        door.contract.send("revokeBySig", *args, sender=sender)
    with reverts("InvitationsRevoked", KEY.address, sponsor.address):
        door.accept(*given(door, 0))


def test_revoke_reverts_when_the_key_is_used(door: Door) -> None:
    door.join(door.community.people[:1], 0)
    with reverts("InvitationsUsed", KEY.address):
        door.contract.send("revoke", KEY.address, sender=door.community.wallets[0])


def test_revoke_by_sig_reverts_when_expired_or_not_signed(door: Door) -> None:
    first, second = door.community.people[:2]
    sender, at = door.community.outsider.address, door.now() + DAY
    signature = door.typed.sign(first, "Revoke", first.address, KEY.address, at)

    def revoke(account: str, key: str, deadline: int) -> None:
        door.contract.call("revokeBySig", account, key, deadline, signature, sender=sender)

    for account, key, deadline in (
        (second.address, KEY.address, at),
        (first.address, ANNA.address, at),
        (first.address, KEY.address, at + 1),
    ):
        with reverts("InvitationsInvalidSignature", account):
            revoke(account, key, deadline)
    revoke(first.address, KEY.address, at)
    door.community.rpc.warp_to(at + 1)
    with reverts("InvitationsExpired", at):
        revoke(first.address, KEY.address, at)


# setSettings and views


def test_set_settings_reverts_when_the_caller_is_not_the_treasury(door: Door) -> None:
    for caller in (door.community.wallets[0], door.community.dao.governor_address):
        with reverts("InvitationsUnauthorized", caller):
            door.contract.call("setSettings", (20, 1, 1), sender=caller)


@pytest.mark.parametrize(
    ("settings", "name", "value", "low", "high"),
    [
        ((10_001, 1, 1), "perEpoch", 10_001, 0, 10_000),
        ((20, 21, 1), "perSponsor", 21, 0, 20),
        ((20, 1, 0), "sponsors", 0, 1, 3),
        ((20, 1, 4), "sponsors", 4, 1, 3),
    ],
)
def test_set_settings_reverts_when_a_setting_is_outside_its_limits(
    door: Door, settings: tuple[int, int, int], name: str, value: int, low: int, high: int
) -> None:
    with reverts("InvitationsInvalidSetting", field(name), value, low, high):
        door.set_settings(*settings)


@pytest.mark.parametrize("settings", [(10_000, 20, 3), (0, 0, 1)])
def test_set_settings_waits(door: Door, settings: tuple[int, int, int]) -> None:
    assert in_force(door) == SETTINGS
    at = next_block_at(door.community.rpc, door.now() + 10) + WAITING
    receipt = door.set_settings(*settings)
    ((name, (asked, from_)),) = facts(receipt)
    assert (name, tuple(asked.values()), from_) == ("SettingsChanged", settings, at)
    asked, from_ = door.contract.call("waitingSettings")
    assert (tuple(asked.values()), from_) == (settings, at)
    door.community.rpc.warp_to(at - 1)
    assert in_force(door) == SETTINGS
    door.community.rpc.warp_to(at)
    assert in_force(door) == settings
    assert waits(door) == 0
    door.set_settings(5, 5, 2)  # what is in force stays so while others wait
    assert in_force(door) == settings


def test_set_settings_again_waits_anew(door: Door) -> None:
    door.set_settings(7, 7, 1)
    door.community.rpc.warp(WAITING - DAY)
    at = next_block_at(door.community.rpc, door.now() + 10) + WAITING
    door.set_settings(8, 8, 1)
    assert waits(door) == at
    door.community.rpc.warp_to(at - 1)
    assert in_force(door) == SETTINGS
    door.community.rpc.warp_to(at)
    assert in_force(door) == (8, 8, 1)


def test_set_settings_holds_at_once_while_there_is_a_steward(steward: Door) -> None:
    steward.join(steward.community.people[:1], 0)
    steward.set_settings(0, 0, 1)
    assert (in_force(steward), waits(steward)) == ((0, 0, 1), 0)
    assert steward.contract.call("left") == (0, 2)
    assert steward.contract.call("leftOf", 1) == 0
    steward.set_settings(5, 3, 1)
    assert steward.contract.call("left") == (4, 2)
    assert steward.contract.call("leftOf", 1) == 2


def test_withdraw_settings(door: Door) -> None:
    treasury, caller = door.community.dao.treasury_address, door.community.wallets[0]
    with reverts("InvitationsUnauthorized", caller):
        door.contract.call("withdrawSettings", sender=caller)
    with reverts("InvitationsNothingWaits"):
        door.contract.call("withdrawSettings", sender=treasury)
    door.set_settings(7, 7, 1)
    receipt = door.community.as_treasury(door.contract, "withdrawSettings")
    assert facts(receipt) == [("SettingsWithdrawn", ())]
    assert waits(door) == 0
    door.community.rpc.warp(WAITING)
    assert in_force(door) == SETTINGS
    door.set_settings(7, 7, 1)
    door.community.rpc.warp(WAITING)
    with reverts("InvitationsNothingWaits"):
        door.contract.call("withdrawSettings", sender=treasury)
    assert in_force(door) == (7, 7, 1)


def in_force(door: Door) -> tuple[int, ...]:
    """The settings in force."""
    return tuple(door.contract.call("settings").values())


def waits(door: Door) -> int:
    """When the settings that wait take force; 0 where none do."""
    return int(door.contract.call("waitingSettings")[1])


def test_views_name_the_dao_and_the_domain(door: Door) -> None:
    dao: Community = door.community
    contract: Contract = door.contract
    assert contract.call("membership") == dao.dao.membership_address
    assert contract.call("treasury") == dao.dao.treasury_address
    assert contract.call("eip712Domain")[1:5] == (
        "Mikoshi Invitations",
        "1",
        dao.chain_id,
        contract.address,
    )
