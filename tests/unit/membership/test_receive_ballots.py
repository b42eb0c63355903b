"""What the Governor is told when somebody proposes or votes; see receiveBallots.tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from mikoshi.chain.contract import Contract
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT, VOICE
from tests.support import deploy, grant, next_block_at, reverts
from tests.unit.governance.support import install_governor
from tests.unit.membership.people import (
    NO_CHARTER,
    Standing,
    facts,
    member,
    seen,
    today,
    totals,
)

ANNA = person(100).address


@dataclass(frozen=True)
class ReceivedBallot:
    id: int
    members: int
    voice: int


NOTHING = ReceivedBallot(0, 0, 0)


def unpacked(word: int) -> ReceivedBallot:
    return ReceivedBallot(word >> 152, word >> 128 & (2**24 - 1), word & (2**128 - 1))


def peek(community: Community, wallet: str, timepoint: int) -> ReceivedBallot:
    """What a ballot would weigh, without casting it."""
    dao = community.dao
    word = dao.membership.call("receiveBallotOf", wallet, timepoint, sender=dao.governor_address)
    return unpacked(word)


@pytest.fixture
def governor(community: Community) -> str:
    address = community.dao.governor_address
    community.rpc.fund(address)
    return address


@pytest.fixture
def snapshot(community: Community) -> int:
    """A moment that has just passed."""
    return community.rpc.warp(1) - 1


def pack(wallets: Sequence[str], ids: Sequence[int]) -> list[int]:
    return [number << 160 | int(wallet, 16) for wallet, number in zip(wallets, ids, strict=True)]


def test_cast_reverts_when_the_caller_is_not_the_governor(
    community: Community, membership: Contract, snapshot: int
) -> None:
    wallet = community.wallets[0]
    for caller in (wallet, community.outsider.address, community.dao.treasury_address):
        with reverts("VoiceNotGovernor", caller):
            membership.call("receiveProposalOf", wallet, snapshot, sender=caller)
        with reverts("VoiceNotGovernor", caller):
            membership.call("receiveBallotOf", wallet, snapshot, sender=caller)
        with reverts("VoiceNotGovernor", caller):
            membership.call("receiveManyBallots", [], snapshot, sender=caller)


def test_cast_lets_a_later_governor_in(
    community: Community, membership: Contract, governor: str, snapshot: int
) -> None:
    later = deploy(community.rpc, "OwnedWallet", community.wallets[0])
    wallet = community.wallets[0]
    for name in ("receiveProposalOf", "receiveBallotOf"):
        with reverts("VoiceNotGovernor", later.address):
            membership.call(name, wallet, snapshot, sender=later.address)
    install_governor(community, later.address)
    for caller in (governor, later.address):
        told = membership.call("receiveProposalOf", wallet, snapshot, sender=caller)
        assert told == (1, VOICE)
        word = membership.call("receiveBallotOf", wallet, snapshot, sender=caller)
        assert unpacked(word) == ReceivedBallot(1, 1, VOICE)
        caster = pack([wallet], [1])
        words = membership.call("receiveManyBallots", caster, snapshot, sender=caller)
        assert words == [word]


def test_proposing_names_active_members_alone(
    community: Community, membership: Contract, governor: str
) -> None:
    """The voice is that of the moment, the id that of who is Active now."""
    first, second, third = community.wallets[:3]
    community.as_treasury(membership, "credit", 5, POINT, 0, bytes(32))
    membership.send("delegate", second, sender=first)
    then = community.rpc.warp(2) - 1
    membership.send("rest", sender=second)
    membership.send("exit", sender=third)
    community.as_treasury(membership, "bar", 4)
    community.as_treasury(membership, "admit", ANNA, NO_CHARTER)

    def told(wallet: str) -> Any:
        return membership.call("receiveProposalOf", wallet, then, sender=governor)

    wallets = (*community.wallets, ANNA, community.outsider.address)
    assert [told(wallet)[0] for wallet in wallets] == [1, 0, 0, 0, 5, 0, 0]
    voices = [membership.call("getPastVotes", wallet, then) for wallet in wallets]
    assert [told(wallet)[1] for wallet in wallets] == voices
    assert voices[:4] == [0, 2 * VOICE, VOICE, VOICE]
    assert voices[4] > VOICE
    membership.send("wake", NO_CHARTER, sender=second)
    assert told(second) == (2, 2 * VOICE)


def test_cast_returns_what_the_caster_had(
    community: Community, membership: Contract, governor: str
) -> None:
    first, second, third = community.wallets[:3]
    community.as_treasury(membership, "credit", 1, 100 * POINT, 0, bytes(32))
    membership.send("delegate", first, sender=second)
    community.rpc.warp(10)
    then = community.rpc.timestamp()
    community.rpc.warp(10)
    membership.send("delegate", third, sender=second)
    membership.send("delegate", third, sender=first)
    community.as_treasury(membership, "credit", 2, 100 * POINT, 0, bytes(32))
    votes = membership.call("getPastVotes", first, then)
    assert votes == pytest.approx(3 * VOICE, abs=1_000)
    before = [member(membership, number) for number in (1, 2, 3)]

    receipt = membership.send("receiveBallotOf", first, then, sender=governor)

    assert facts(receipt) == []
    assert peek(community, first, then) == ReceivedBallot(1, 2, votes)
    assert peek(community, second, then) == NOTHING
    assert peek(community, third, then) == ReceivedBallot(3, 1, VOICE)
    stamps = [replace(each, votes=0) for each in before]
    after = [replace(member(membership, number), votes=0) for number in (1, 2, 3)]
    assert after == stamps


def test_cast_records_the_act_given_an_old_stamp(
    community: Community, membership: Contract, governor: str, snapshot: int
) -> None:
    wallet = community.wallets[0]
    before = member(membership, 1)
    next_block_at(community.rpc, (before.stamp + 30) * DAY - 1)
    membership.send("receiveBallotOf", wallet, snapshot, sender=governor)
    assert member(membership, 1) == before
    next_block_at(community.rpc, (before.stamp + 30) * DAY)
    membership.send("receiveBallotOf", wallet, snapshot, sender=governor)
    assert member(membership, 1) == replace(before, stamp=before.stamp + 30)
    assert membership.call("stampOf", 2) == before.stamp


def test_cast_without_voice_records_nothing(
    community: Community, membership: Contract, governor: str
) -> None:
    first, second = community.wallets[:2]
    membership.send("delegate", second, sender=first)
    then = community.rpc.timestamp()
    community.rpc.warp(90 * DAY)
    before = member(membership, 1)
    assert peek(community, first, then) == NOTHING
    membership.send("receiveBallotOf", first, then, sender=governor)
    assert member(membership, 1) == before


def test_cast_wakes_a_dormant_caster(
    community: Community, membership: Contract, governor: str, snapshot: int
) -> None:
    wallet = community.wallets[0]
    membership.send("rest", sender=wallet)
    before = member(membership, 1)
    community.rpc.warp(3 * DAY)
    assert peek(community, wallet, snapshot) == ReceivedBallot(1, 1, VOICE)

    receipt = membership.send("receiveBallotOf", wallet, snapshot, sender=governor)

    assert facts(receipt) == [
        ("DelegateVotesChanged", (wallet, 0, VOICE)),
        ("StandingChanged", (1, Standing.ACTIVE)),
        ("MetadataUpdate", (1,)),
    ]
    day = today(community.rpc)
    after = replace(before, standing=Standing.ACTIVE, stamp=day, votes=VOICE)
    assert member(membership, 1) == after
    assert totals(membership).awake == 5


def test_cast_does_not_wake_a_dormant_caster_without_voice(
    community: Community, membership: Contract, governor: str
) -> None:
    wallet = community.wallets[0]
    membership.send("rest", sender=wallet)
    then = community.rpc.warp(2) - 1
    before = member(membership, 1)
    assert peek(community, wallet, then) == NOTHING
    membership.send("receiveBallotOf", wallet, then, sender=governor)
    assert member(membership, 1) == before


def test_cast_of_a_dormant_delegate_speaks_for_the_others(
    community: Community, membership: Contract, governor: str
) -> None:
    first, second = community.wallets[:2]
    membership.send("delegate", first, sender=second)
    membership.send("rest", sender=first)
    then = community.rpc.warp(2) - 1
    assert peek(community, first, then) == ReceivedBallot(1, 1, VOICE)
    membership.send("receiveBallotOf", first, then, sender=governor)
    assert member(membership, 1).votes == 2 * VOICE


@pytest.mark.parametrize("how", ["exit", "bar", "absent"])
def test_cast_of_someone_gone_is_nothing(
    community: Community, membership: Contract, governor: str, snapshot: int, how: str
) -> None:
    first, second = community.wallets[:2]
    membership.send("delegate", first, sender=second)
    community.rpc.warp(5)
    later = community.rpc.timestamp()
    if how == "exit":
        membership.send("exit", sender=first)
    elif how == "bar":
        community.as_treasury(membership, "bar", 1)
    else:
        membership.send("rest", sender=first)
        community.rpc.warp(732 * DAY)
        membership.send("lapse", [1], sender=second)
    community.rpc.warp(1)
    before = member(membership, 1)
    for moment in (snapshot, later, community.rpc.timestamp() - 1):
        assert peek(community, first, moment) == NOTHING
        membership.send("receiveBallotOf", first, moment, sender=governor)
    assert member(membership, 1) == before


def test_cast_of_a_newcomer_is_nothing(
    community: Community, membership: Contract, governor: str, snapshot: int
) -> None:
    """Also with voice from before, or from others who still delegate to them."""
    first, second = community.wallets[:2]
    membership.send("delegate", first, sender=second)
    membership.send("exit", sender=first)
    then = community.rpc.warp(2) - 1
    community.as_treasury(membership, "admit", first, NO_CHARTER)
    assert seen(membership, "getPastMembers", first, then) == 1
    for moment in (snapshot, then):
        assert peek(community, first, moment) == NOTHING
        membership.send("receiveBallotOf", first, moment, sender=governor)
    assert member(membership, 1).standing == Standing.NEWCOMER


def test_cast_of_a_stranger_is_nothing(
    community: Community, membership: Contract, governor: str, snapshot: int
) -> None:
    outsider = community.outsider.address
    assert peek(community, outsider, snapshot) == NOTHING
    membership.send("receiveBallotOf", outsider, snapshot, sender=governor)
    assert membership.call("memberIdOf", outsider) == 0


def test_cast_of_someone_admitted_later_is_nothing(
    community: Community, membership: Contract, snapshot: int
) -> None:
    community.as_treasury(membership, "admit", ANNA, CHARTER)
    assert peek(community, ANNA, snapshot) == NOTHING


def test_cast_of_someone_who_came_back_counts_once_they_woke(
    community: Community, membership: Contract, snapshot: int
) -> None:
    wallet = community.wallets[0]
    membership.send("exit", sender=wallet)
    gone = community.rpc.warp(2) - 1
    membership.send("rejoin", CHARTER, sender=wallet)
    assert peek(community, wallet, snapshot) == NOTHING  # they took this seat by themselves
    community.rpc.warp(46 * DAY)
    assert peek(community, wallet, snapshot) == NOTHING  # waking takes the charter
    membership.send("wake", CHARTER, sender=wallet)
    assert peek(community, wallet, snapshot) == ReceivedBallot(1, 1, VOICE)
    assert peek(community, wallet, gone) == NOTHING


def test_cast_follows_a_moved_wallet(
    community: Community, membership: Contract, snapshot: int
) -> None:
    succession = grant(community, "SUCCESSION", community.outsider.address)
    membership.send("moveWallet", 1, ANNA, sender=succession)
    assert peek(community, ANNA, snapshot) == ReceivedBallot(1, 1, VOICE)
    assert peek(community, community.wallets[0], snapshot) == NOTHING


def test_cast_many_equals_single_ballots(
    community: Community, membership: Contract, governor: str
) -> None:
    first, second, third, fourth, fifth = community.wallets
    community.as_treasury(membership, "creditMany", [1, 2], [POINT, 9 * POINT], 0, bytes(32))
    membership.send("delegate", fourth, sender=third)
    then = community.rpc.warp(2) - 1
    membership.send("rest", sender=first)
    membership.send("exit", sender=second)
    wallets = [*community.wallets, community.outsider.address, first]
    casters = pack(wallets, [1, 2, 3, 4, 5, 0, 1])
    community.rpc.warp(40 * DAY)
    when = community.rpc.timestamp() + 10
    state = community.rpc.snapshot()
    words = membership.call("receiveManyBallots", casters, then, sender=governor)
    next_block_at(community.rpc, when)
    membership.send("receiveManyBallots", casters, then, sender=governor)
    together = [member(membership, number) for number in range(1, 6)]
    community.rpc.revert(state)

    singles = []
    for wallet in wallets:
        singles.append(membership.call("receiveBallotOf", wallet, then, sender=governor))
        next_block_at(community.rpc, when)
        membership.send("receiveBallotOf", wallet, then, sender=governor)

    assert words == singles
    ballots = [unpacked(word) for word in words]
    assert [(each.id, each.members) for each in ballots] == [
        *((1, 1), (0, 0), (0, 0), (4, 2), (5, 1), (0, 0), (1, 1))
    ]
    assert ballots[0].voice == membership.call("getPastVotes", first, then) > VOICE
    assert ballots[4].voice == membership.call("getPastVotes", fifth, then) == VOICE
    assert [member(membership, number) for number in range(1, 6)] == together


def test_cast_many_does_not_touch_whoever_is_named_with_another_id(
    community: Community, membership: Contract, governor: str, snapshot: int
) -> None:
    first, second = community.wallets[:2]
    membership.send("rest", sender=first)
    community.rpc.warp(40 * DAY)
    before = [member(membership, number) for number in range(1, 6)]
    casters = pack([first, first, second, second], [2, 0, 1, 2**96 - 1])
    assert membership.call("receiveManyBallots", casters, snapshot, sender=governor) == [0] * 4
    membership.send("receiveManyBallots", casters, snapshot, sender=governor)
    assert [member(membership, number) for number in range(1, 6)] == before
    assert membership.call("receiveManyBallots", [], snapshot, sender=governor) == []


def test_voting_is_an_act(community: Community, membership: Contract) -> None:
    """Through the real Governor: a ballot protects from lapsing."""
    stamp = membership.call("stampOf", 1)
    community.rpc.warp_to((stamp + 200) * DAY)
    proposal = community.propose([(community.outsider.address, 0, b"")], by=1)
    community.open_voting(proposal)
    community.vote(proposal, [0])
    voted = membership.call("stampOf", 1)
    assert voted == today(community.rpc)
    community.rpc.warp_to((stamp + 210) * DAY)
    membership.send("lapse", [1, 3], sender=community.outsider.address)
    assert member(membership, 1).standing == Standing.ACTIVE
    assert member(membership, 3).standing == Standing.DORMANT
