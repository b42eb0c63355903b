"""Cap, quorum and majority: see counting.tree."""

from __future__ import annotations

import math
from decimal import Decimal, getcontext
from fractions import Fraction

import pytest

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.testing.community import ABSTAIN, AGAINST, FOR, Community, person
from mikoshi.testing.defaults import DAY, VOICE
from tests.support import reverts
from tests.unit.governance.support import (
    DEFEATED,
    NOBODY,
    QUEUED,
    admit,
    credit,
    found_beside,
    governor_settings,
    state,
    tally,
)

getcontext().prec = 60


def put(community: Community, description: str = "x", by: int = 0) -> ProposalDraft:
    """A proposal open for voting."""
    proposal = community.propose([(NOBODY, 0, b"")], description, by)
    community.open_voting(proposal)
    return proposal


def voice_of(community: Community, members: int, given: dict[int, int], at: int) -> Decimal:
    """Voice of `members` with these {credited at: points}, by the formula of the design.

    A hundred points are the most that one person has, and give half a voice.
    """
    merit = sum(
        min(points, 100) / Decimal(2) ** (Decimal(at - when) / Decimal(180 * DAY))
        for when, points in given.items()
    )
    assert community.dao.membership.call("voiceParams")["halfLife"] == 180 * DAY
    return members + Decimal("0.05") * Decimal(merit).sqrt()


# Cap


def test_weight_is_the_voice_up_to_the_cap(community: Community) -> None:
    big = found_beside(community, 20)
    credit(big, 1, 25)  # a quarter of a voice more
    credited = big.rpc.timestamp()
    proposal = put(big)
    snapshot = big.dao.governor.call("proposalSnapshot", proposal.id)
    expected = int(voice_of(big, 1, {credited: 25}, snapshot) * VOICE)
    big.vote(proposal, [0])
    weight = tally(big, proposal)[1]
    assert VOICE < weight < 2 * VOICE
    assert abs(weight - expected) <= 1


def test_weight_is_capped(community: Community) -> None:
    big = found_beside(community, 20, governor=governor_settings(voiceCapBps=600))
    governor, membership = big.dao.governor, big.dao.membership
    credit(big, 1, 1000)
    credited = big.rpc.timestamp()
    proposal = put(big)
    snapshot = governor.call("proposalSnapshot", proposal.id)
    merit = int((voice_of(big, 1, {credited: 1000}, snapshot) - 1) * VOICE)
    total = 20 * VOICE + merit
    voice = governor.call("getVotes", big.wallets[0], snapshot)
    assert abs(voice - VOICE - merit) <= 1
    assert abs(membership.call("getPastCensus", snapshot)[2] - total) <= 1
    cap = membership.call("getPastCensus", snapshot)[2] * 600 // 10_000
    assert voice > cap
    assert governor.call("proposalWeight", proposal.id, voice) == cap
    assert governor.call("proposalWeight", proposal.id, cap) == cap
    assert governor.call("proposalWeight", proposal.id, cap + 1) == cap
    assert governor.call("proposalWeight", proposal.id, cap - 1) == cap - 1
    assert governor.call("castVote", proposal.id, AGAINST, sender=big.wallets[0]) == cap
    big.vote(proposal, [0], AGAINST)
    assert tally(big, proposal) == (cap, 0, 0, 0)


@pytest.mark.parametrize("support", [AGAINST, FOR, ABSTAIN])
def test_weight_of_a_delegate_is_capped_and_people_are_not(
    community: Community, support: int
) -> None:
    big = found_beside(community, 20)
    for delegator in range(10, 17):
        big.dao.membership.send("delegate", big.wallets[0], sender=big.wallets[delegator])
    proposal = put(big)
    big.vote(proposal, [0], support)
    expected = [0, 0, 0, 0 if support == AGAINST else 8]
    expected[support] = 2 * VOICE
    assert tally(big, proposal) == tuple(expected)


def test_cap_is_never_below_base(community: Community) -> None:
    other = found_beside(community, 5, governor=governor_settings(voiceCapBps=100))
    credit(other, 1, 100)
    other.dao.membership.send("delegate", other.wallets[1], sender=other.wallets[2])
    proposal = put(other)
    assert other.dao.governor.call("proposalWeight", proposal.id, VOICE - 1) == VOICE - 1
    assert other.dao.governor.call("proposalWeight", proposal.id, 10 * VOICE) == VOICE
    other.vote(proposal, [0, 1, 3])
    assert tally(other, proposal) == (0, 3 * VOICE, 0, 4)


def test_cap_reads_the_snapshot(community: Community) -> None:
    """Credits, admissions and rests after the snapshot leave weight and cap as they were."""
    big = found_beside(community, 20)
    for delegator in (10, 11):
        big.dao.membership.send("delegate", big.wallets[0], sender=big.wallets[delegator])
    proposal = put(big)
    credit(big, 1, 1000)
    for number in range(100, 130):
        admit(big, person(number).address)
    big.vote(proposal, [0])
    assert tally(big, proposal) == (0, 2 * VOICE, 0, 3)


def test_weight_of_reverts_before_the_snapshot(community: Community) -> None:
    governor = community.dao.governor
    proposal = community.propose([(NOBODY, 0, b"")])
    snapshot = governor.call("proposalSnapshot", proposal.id)
    community.rpc.warp_to(snapshot)
    for name, args in (("proposalWeight", (VOICE,)), ("proposalQuorum", ())):
        with reverts("ERC5805FutureLookup", snapshot, snapshot):
            governor.call(name, proposal.id, *args)
    community.rpc.warp_to(snapshot + 1)
    assert governor.call("proposalWeight", proposal.id, VOICE) == VOICE
    assert governor.call("proposalQuorum", proposal.id) == 2


# Quorum


@pytest.mark.parametrize(
    ("members", "needed"),
    [(1, 1), (2, 2), (3, 2), (4, 2), (5, 2), (6, 2), (7, 3), (10, 3), (11, 4), (20, 6), (21, 7)],
)
def test_quorum_is_a_share_of_the_awake_rounded_up(
    community: Community, members: int, needed: int
) -> None:
    other = found_beside(community, members)
    governor = other.dao.governor
    proposal = put(other)
    snapshot = governor.call("proposalSnapshot", proposal.id)
    assert governor.call("proposalQuorum", proposal.id) == needed
    assert governor.call("quorum", snapshot) == needed * VOICE
    other.vote(proposal, range(needed - 1))
    with other.rpc.isolate():
        other.close_voting(proposal)
        assert state(other, proposal) == DEFEATED
    other.vote(proposal, [needed - 1])
    other.close_voting(proposal)
    assert state(other, proposal) == QUEUED


@pytest.mark.parametrize(
    ("quorum", "floor", "awake"),
    [(500, 100, 30), (6_000, 1_000, 30), (6_000, 1_000, 4), (500, 1_000, 2), (3_333, 100, 3),
     (500, 1_000, 3), (500, 999, 3), (500, 666, 1), (500, 100, 1), (3_000, 500, 14)],
)  # fmt: skip
def test_quorum_has_a_floor_of_the_counted(
    community: Community, quorum: int, floor: int, awake: int
) -> None:
    rules = governor_settings(quorumBps=quorum, floorBps=floor, thresholdBps=0)
    other = found_beside(community, 30, governor=rules)
    for wallet in other.wallets[awake:]:
        other.dao.membership.send("rest", sender=wallet)
    proposal = put(other)
    needed = max(
        math.ceil(Fraction(awake * quorum, 10_000)),
        math.ceil(Fraction(30 * floor, 10_000)),
        min(2, awake),
    )
    assert other.dao.governor.call("proposalQuorum", proposal.id) == needed
    assert other.dao.governor.call("quorum", other.rpc.timestamp() - 1) == needed * VOICE
    reachable = needed <= awake
    other.vote(proposal, range(awake))
    other.close_voting(proposal)
    assert state(other, proposal) == (QUEUED if reachable else DEFEATED)


@pytest.mark.parametrize("awake", [0, 1, 2, 3])
def test_quorum_is_of_two_people_wherever_two_are_awake(community: Community, awake: int) -> None:
    """By their own ballots, or one with the other's voice; and nobody is enough where nobody is."""
    lowest = governor_settings(quorumBps=500, floorBps=100, thresholdBps=0)
    other = found_beside(community, governor=lowest)
    proposal = other.propose([(NOBODY, 0, b"")])
    for wallet in other.wallets[awake:]:
        other.dao.membership.send("exit", sender=wallet)
    other.open_voting(proposal)
    assert other.dao.governor.call("proposalQuorum", proposal.id) == min(2, awake)
    other.vote(proposal, range(min(1, awake)))
    other.close_voting(proposal)
    assert state(other, proposal) == (QUEUED if awake == 1 else DEFEATED)


def test_quorum_counts_for_and_abstain_only(community: Community) -> None:
    proposal = put(community)
    community.vote(proposal, [0], FOR)
    community.vote(proposal, [1, 2], AGAINST)
    assert tally(community, proposal) == (2 * VOICE, VOICE, 0, 1)
    community.vote(proposal, [3], ABSTAIN)
    assert tally(community, proposal) == (2 * VOICE, VOICE, VOICE, 2)
    community.close_voting(proposal)
    assert state(community, proposal) == DEFEATED  # by majority; the quorum of two is there


def test_quorum_is_met_by_abstaining(community: Community) -> None:
    proposal = put(community)
    community.vote(proposal, [0], FOR)
    with community.rpc.isolate():
        community.close_voting(proposal)
        assert state(community, proposal) == DEFEATED
    community.vote(proposal, [1], ABSTAIN)
    community.close_voting(proposal)
    assert state(community, proposal) == QUEUED


def test_quorum_counts_delegators_with_their_delegate(community: Community) -> None:
    community.dao.membership.send("delegate", community.wallets[0], sender=community.wallets[1])
    proposal = put(community)
    community.vote(proposal, [0])
    community.close_voting(proposal)
    assert community.dao.governor.call("proposalTurnout", proposal.id) == 2
    assert state(community, proposal) == QUEUED


def test_quorum_does_not_follow_what_happens_after_the_snapshot(community: Community) -> None:
    """Neither rests nor admissions after the snapshot revive or kill a proposal."""
    governor, membership = community.dao.governor, community.dao.membership
    proposal = put(community)
    community.vote(proposal, [0])
    for wallet in community.wallets[1:]:
        membership.send("rest", sender=wallet)
    assert governor.call("proposalQuorum", proposal.id) == 2
    for number in range(100, 120):
        admit(community, person(number).address)
    assert governor.call("proposalQuorum", proposal.id) == 2
    with community.rpc.isolate():
        community.close_voting(proposal)
        assert state(community, proposal) == DEFEATED
    community.vote(proposal, [1])
    community.close_voting(proposal)
    assert state(community, proposal) == QUEUED


@pytest.mark.parametrize("members", [1, 2, 3, 4, 7])
def test_all_awake_for_passes(community: Community, members: int) -> None:
    """Directly or through a delegate, with the strictest settings."""
    rules = governor_settings(quorumBps=6_000, floorBps=1_000, voiceCapBps=100)
    other = found_beside(community, members, governor=rules)
    for wallet in other.wallets[1 : members // 2]:
        other.dao.membership.send("delegate", other.wallets[0], sender=wallet)
    proposal = put(other)
    other.vote(proposal, [0, *range(max(1, members // 2), members)])
    other.close_voting(proposal)
    assert state(other, proposal) == QUEUED


# Majority


def test_majority_is_more_for_than_against(community: Community) -> None:
    proposal = put(community)
    community.vote(proposal, [0, 1], FOR)
    community.vote(proposal, [2, 3], AGAINST)
    with community.rpc.isolate():
        community.close_voting(proposal)
        assert state(community, proposal) == DEFEATED
    community.vote(proposal, [4], FOR)
    community.close_voting(proposal)
    assert state(community, proposal) == QUEUED


def test_majority_may_be_a_sliver_of_merit(community: Community) -> None:
    big = found_beside(community, 20)
    args = (1, 10**15, 0, bytes(32))  # a thousandth of a point
    big.as_treasury(big.dao.membership, "credit", *args)
    proposal = put(big)
    big.vote(proposal, range(6), FOR)
    big.vote(proposal, range(6, 12), AGAINST)
    against, for_, _, _ = tally(big, proposal)
    assert 0 < for_ - against < VOICE // 100
    big.close_voting(proposal)
    assert state(big, proposal) == QUEUED


def test_nobody_voted_is_defeated(community: Community) -> None:
    proposal = put(community)
    community.close_voting(proposal)
    assert state(community, proposal) == DEFEATED
