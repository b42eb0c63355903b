"""Delegation by call, and taking voices back from delegates who are gone; see delegate.tree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mikoshi.chain.contract import Contract
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import DAY, POINT, VOICE, ZERO
from tests.support import next_block_at, reverts
from tests.unit.membership.people import NO_CHARTER, Totals, facts, member, seen, totals

ANNA = person(100).address


def test_delegate_reverts_given_the_caller_is_not_active(
    community: Community, membership: Contract
) -> None:
    first, second, third, fourth, _ = community.wallets
    membership.send("rest", sender=first)
    membership.send("exit", sender=second)
    community.as_treasury(membership, "bar", 3)
    community.as_treasury(membership, "admit", ANNA, NO_CHARTER)
    for caller in (first, second, third, ANNA, community.outsider.address):
        for delegate in (fourth, caller, ZERO):
            with reverts("VoiceNotActive", caller):
                membership.call("delegate", delegate, sender=caller)


def test_delegate_reverts_when_the_delegate_is_not_active(
    community: Community, membership: Contract
) -> None:
    first, second, third, fourth, _ = community.wallets
    membership.send("rest", sender=first)
    membership.send("exit", sender=second)
    community.as_treasury(membership, "bar", 3)
    community.as_treasury(membership, "admit", ANNA, NO_CHARTER)
    dao = community.dao
    for delegate in (
        *(first, second, third, ANNA, community.outsider.address),
        *(dao.treasury_address, dao.governor_address, dao.membership_address),
    ):
        with reverts("VoiceDelegateNotActive", delegate):
            membership.call("delegate", delegate, sender=fourth)


def test_delegate_moves_the_own_voice(community: Community, membership: Contract) -> None:
    first, second = community.wallets[:2]
    before = (member(membership, 1), member(membership, 2), totals(membership))

    receipt = membership.send("delegate", second, sender=first)

    assert facts(receipt) == [
        ("DelegateChanged", (first, first, second)),
        ("DelegateVotesChanged", (first, VOICE, 0)),
        ("DelegateVotesChanged", (second, VOICE, 2 * VOICE)),
        ("MetadataUpdate", (2,)),
        ("MetadataUpdate", (1,)),
    ]
    assert member(membership, 1) == replace(before[0], delegate=second, votes=0)
    assert member(membership, 2) == replace(before[1], votes=2 * VOICE)
    assert totals(membership) == before[2]


def test_delegate_moves_the_own_voice_from_one_to_another(
    community: Community, membership: Contract
) -> None:
    first, second, third = community.wallets[:3]
    membership.send("delegate", second, sender=first)

    receipt = membership.send("delegate", third, sender=first)

    assert facts(receipt) == [
        ("DelegateChanged", (first, second, third)),
        ("DelegateVotesChanged", (second, 2 * VOICE, VOICE)),
        ("MetadataUpdate", (2,)),
        ("DelegateVotesChanged", (third, VOICE, 2 * VOICE)),
        ("MetadataUpdate", (3,)),
    ]
    assert [member(membership, number).votes // VOICE for number in (1, 2, 3)] == [0, 1, 2]


def test_delegate_does_not_pass_on_what_others_delegated(
    community: Community, membership: Contract
) -> None:
    first, second, third = community.wallets[:3]
    membership.send("delegate", second, sender=first)
    membership.send("delegate", third, sender=second)
    assert [member(membership, number).votes // VOICE for number in (1, 2, 3)] == [0, 1, 2]
    membership.send("delegate", first, sender=third)  # a ring
    assert [member(membership, number).votes // VOICE for number in (1, 2, 3)] == [1, 1, 1]
    assert totals(membership) == Totals(5, 5, 5 * VOICE, 5)


def test_delegate_moves_merit_too(community: Community, membership: Contract) -> None:
    first, second = community.wallets[:2]
    community.as_treasury(membership, "credit", 1, 25 * POINT, 0, bytes(32))
    community.as_treasury(membership, "credit", 2, 100 * POINT, 0, bytes(32))
    one, two = member(membership, 1).votes, member(membership, 2).votes
    membership.send("delegate", second, sender=first)
    assert member(membership, 1).votes == 0
    # A second later both are a little less.
    assert member(membership, 2).votes == pytest.approx(one + two, abs=10_000)
    membership.send("delegate", ZERO, sender=first)
    assert member(membership, 1).votes == pytest.approx(one, abs=10_000)


@pytest.mark.parametrize("who", ["self", "zero"])
def test_delegate_back_to_oneself(community: Community, membership: Contract, who: str) -> None:
    first, second = community.wallets[:2]
    before = member(membership, 1)
    membership.send("delegate", second, sender=first)

    receipt = membership.send("delegate", first if who == "self" else ZERO, sender=first)

    assert facts(receipt) == [
        ("DelegateChanged", (first, second, first)),
        ("DelegateVotesChanged", (second, 2 * VOICE, VOICE)),
        ("MetadataUpdate", (2,)),
        ("DelegateVotesChanged", (first, 0, VOICE)),
        ("MetadataUpdate", (1,)),
    ]
    assert member(membership, 1) == before
    assert member(membership, 2).votes == VOICE


@pytest.mark.parametrize("who", ["self", "zero", "other"])
def test_delegate_to_the_same_changes_nothing(
    community: Community, membership: Contract, who: str
) -> None:
    first, second = community.wallets[:2]
    delegate = {"self": first, "zero": ZERO, "other": second}[who]
    membership.send("delegate", delegate, sender=first)
    before = [member(membership, number) for number in (1, 2)]
    assert facts(membership.send("delegate", delegate, sender=first)) == []
    assert [member(membership, number) for number in (1, 2)] == before


@pytest.mark.parametrize("how", ["rest", "exit", "bar"])
def test_delegate_away_from_someone_gone(
    community: Community, membership: Contract, how: str
) -> None:
    first, second, third = community.wallets[:3]
    membership.send("delegate", second, sender=first)
    if how == "bar":
        community.as_treasury(membership, "bar", 2)
    else:
        membership.send(how, sender=second)
    for caller in (third, first):  # also for whoever named them before
        with reverts("VoiceDelegateNotActive", second):
            membership.call("delegate", second, sender=caller)

    receipt = membership.send("delegate", third, sender=first)

    assert facts(receipt) == [
        ("DelegateChanged", (first, second, third)),
        ("DelegateVotesChanged", (second, VOICE, 0)),
        *([("MetadataUpdate", (2,))] if how == "rest" else []),  # others have no ticket any more
        ("DelegateVotesChanged", (third, VOICE, 2 * VOICE)),
        ("MetadataUpdate", (3,)),
    ]
    assert member(membership, 2).votes == 0


def test_delegate_records_the_act_given_an_old_stamp(
    community: Community, membership: Contract
) -> None:
    first, second = community.wallets[:2]
    stamp = membership.call("stampOf", 1)
    next_block_at(community.rpc, (stamp + 30) * DAY - 1)
    receipt = membership.send("delegate", second, sender=first)
    assert "ActRecorded" not in [event.name for event in receipt.events]
    assert membership.call("stampOf", 1) == stamp
    next_block_at(community.rpc, (stamp + 30) * DAY)

    receipt = membership.send("delegate", first, sender=first)

    assert facts(receipt)[-1] == ("ActRecorded", (1,))
    assert membership.call("stampOf", 1) == stamp + 30
    assert membership.call("stampOf", 2) == stamp


def test_delegate_several_times_in_one_second(community: Community, membership: Contract) -> None:
    """The past sees the last state of a second."""
    first, second, third = community.wallets[:3]
    when = community.rpc.timestamp() + 50
    for delegate in (second, third, first, third):
        next_block_at(community.rpc, when)
        membership.send("delegate", delegate, sender=first)
    assert community.rpc.timestamp() == when
    community.rpc.warp(1)
    past = [seen(membership, "getPastMembers", wallet, when) for wallet in (first, second, third)]
    assert past == [0, 1, 2]
    earlier = [seen(membership, "getPastMembers", w, when - 1) for w in (first, second, third)]
    assert earlier == [1, 1, 1]


def test_delegate_by_everyone_to_one(community: Community, membership: Contract) -> None:
    last = community.wallets[4]
    for wallet in community.wallets:
        membership.send("delegate", last, sender=wallet)
    assert member(membership, 5).votes == 5 * VOICE
    when = community.rpc.warp(1) - 1
    assert seen(membership, "getPastMembers", last, when) == 5


# reclaim


@pytest.mark.parametrize("how", ["rest", "exit", "bar", "lapse", "sell"])
def test_reclaim_gives_the_voice_back(community: Community, market: Community, how: str) -> None:
    dao = market if how == "sell" else community
    membership = dao.dao.membership
    first, second, third = dao.wallets[:3]
    membership.send("delegate", second, sender=first)
    if how == "bar":
        dao.as_treasury(membership, "bar", 2)
    elif how == "lapse":
        dao.rpc.warp(200 * DAY)
        membership.send("delegate", second, sender=first)
        dao.rpc.warp(20 * DAY)
        membership.send("lapse", [1, 2], sender=first)
    elif how == "sell":
        membership.send("transferFrom", second, ANNA, 2, sender=second)
    else:
        membership.send(how, sender=second)
    before = totals(membership)
    assert membership.call("reclaim", [1, 3]) == 1

    receipt = membership.send("reclaim", [1], sender=dao.outsider.address)

    assert facts(receipt) == [
        ("DelegateChanged", (first, second, first)),
        ("DelegateVotesChanged", (second, VOICE, 0)),
        *([("MetadataUpdate", (2,))] if how in ("rest", "lapse") else []),
        ("DelegateVotesChanged", (first, 0, VOICE)),
        ("MetadataUpdate", (1,)),
    ]
    assert member(membership, 1).delegate == first
    assert member(membership, 1).votes == VOICE
    assert member(membership, 3).delegate == third
    assert totals(membership) == before


def test_reclaim_skips_whoever_has_nothing_to_reclaim(
    community: Community, membership: Contract
) -> None:
    first, second, third, fourth, fifth = community.wallets
    membership.send("delegate", second, sender=first)  # to someone Active
    membership.send("delegate", fifth, sender=third)
    membership.send("rest", sender=third)  # not Active
    membership.send("delegate", fifth, sender=fourth)
    membership.send("exit", sender=fifth)
    community.as_treasury(membership, "admit", ANNA, NO_CHARTER)
    ids = [0, 1, 2, 3, 4, 4, 5, 6, 7, 2**256 - 1]
    assert membership.call("reclaim", ids) == 1
    before = member(membership, 1), member(membership, 3)

    receipt = membership.send("reclaim", ids, sender=community.outsider.address)

    changed = [
        event.args["delegator"] for event in receipt.events if event.name == "DelegateChanged"
    ]
    assert changed == [fourth]
    assert (member(membership, 1), member(membership, 3)) == before
    assert membership.call("reclaim", ids) == 0
    assert membership.call("reclaim", []) == 0


def test_reclaim_is_no_act(community: Community, membership: Contract) -> None:
    first, second = community.wallets[:2]
    membership.send("delegate", second, sender=first)
    membership.send("exit", sender=second)
    community.rpc.warp(100 * DAY)
    stamp = membership.call("stampOf", 1)
    membership.send("reclaim", [1], sender=community.outsider.address)
    assert membership.call("stampOf", 1) == stamp


def test_reclaim_leaves_the_past_as_it_was(community: Community, membership: Contract) -> None:
    first, second = community.wallets[:2]
    membership.send("delegate", second, sender=first)
    community.rpc.warp(10)
    membership.send("rest", sender=second)
    before = community.rpc.timestamp()
    community.rpc.warp(10)
    membership.send("reclaim", [1], sender=first)
    community.rpc.warp(1)
    assert seen(membership, "getPastMembers", first, before) == 0
    assert seen(membership, "getPastMembers", second, before) == 1
