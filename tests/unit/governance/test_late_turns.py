"""Ballots that turn the outcome late, up to the wall: see late_turns.tree."""

from __future__ import annotations

import pytest

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.contract import Receipt
from mikoshi.testing.community import ABSTAIN, AGAINST, FOR, Community
from mikoshi.testing.defaults import DAY, VOICE
from tests.unit.governance.support import (
    ACTIVE,
    COUNTED,
    DEFEATED,
    NOBODY,
    QUEUED,
    ballot,
    change_settings,
    credit,
    found_beside,
    governor_settings,
    send_at,
    state,
    tally,
    with_steward,
)

HOUR = 3600
LATE = DAY
WALL = 7 * DAY


def put(community: Community) -> tuple[ProposalDraft, int]:
    """A proposal open for voting, and its first deadline."""
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    return proposal, deadline_of(community, proposal)


def deadline_of(community: Community, proposal: ProposalDraft) -> int:
    deadline: int = community.dao.governor.call("proposalDeadline", proposal.id)
    return deadline


def cast_at(
    community: Community, proposal: ProposalDraft, at: int, voter: int, support: int = FOR
) -> Receipt:
    """One ballot in exactly this second."""
    call = ("castVote", proposal.id, support)
    return send_at(community.dao.governor, at, *call, sender=community.wallets[voter])


def names(receipt: Receipt) -> list[str]:
    return [event.name for event in receipt.events]


def ended_as(community: Community, proposal: ProposalDraft) -> int:
    """The state in the first second after the voting."""
    community.close_voting(proposal)
    return state(community, proposal)


# When a ballot is late


@pytest.mark.parametrize("hours", [1, 24, 48])
def test_a_turn_with_exactly_the_extension_left_does_not_extend(
    community: Community, hours: int
) -> None:
    late = hours * HOUR
    rules = governor_settings(lateExtension=late, votingPeriod=14 * DAY, votingDelay=7 * DAY)
    other = found_beside(community, 5, governor=rules)
    governor = other.dao.governor
    proposal, deadline = put(other)
    other.vote(proposal, [0])
    with other.rpc.isolate():
        assert names(cast_at(other, proposal, deadline - late, 1)) == ["VoteCast"]
        assert deadline_of(other, proposal) == deadline
    receipt = cast_at(other, proposal, deadline - late + 1, 1)
    assert names(receipt) == ["ProposalExtended", "VoteCast"]
    (event,) = [event for event in receipt.events if event.name == "ProposalExtended"]
    assert event.args == {"proposalId": proposal.id, "extendedDeadline": deadline + 1}
    assert deadline_of(other, proposal) == deadline + 1
    assert governor.call("proposalSnapshot", proposal.id) == deadline - 14 * DAY
    assert governor.call("proposalEta", proposal.id) == deadline + 1 + 2 * DAY
    assert governor.call("proposalExpiry", proposal.id) == deadline + 1 + 16 * DAY
    assert governor.call("proposalSettings", proposal.id) == rules
    assert governor.call("proposalProposer", proposal.id) == other.wallets[0]
    assert tally(other, proposal) == (0, 2 * VOICE, 0, 2)
    assert state(other, proposal) == ACTIVE
    assert ended_as(other, proposal) == QUEUED


TURNS = {
    "the quorum comes with a majority": ([(0, FOR)], (1, FOR), True),
    "the quorum comes by abstaining": ([(0, FOR)], (1, ABSTAIN), True),
    "the quorum comes without a majority": ([(0, AGAINST), (1, FOR)], (2, ABSTAIN), False),
    "the majority comes without the quorum": ([], (0, FOR), False),
    "a majority without the quorum goes": ([(0, FOR)], (1, AGAINST), False),
    "the majority comes": ([(0, FOR), (1, FOR), (2, AGAINST), (3, AGAINST)], (4, FOR), True),
    "the majority goes by a tie": ([(0, FOR), (1, FOR), (2, AGAINST)], (3, AGAINST), True),
    "a tie goes to defeat": ([(0, FOR), (1, ABSTAIN), (2, AGAINST)], (3, AGAINST), False),
    "a majority grows": ([(0, FOR), (1, FOR)], (2, FOR), False),
    "a majority shrinks": ([(0, FOR), (1, FOR), (2, FOR)], (3, AGAINST), False),
}


@pytest.mark.parametrize("batch", [False, True])
@pytest.mark.parametrize("name", TURNS)
def test_what_turns_the_outcome_in_the_last_second_extends(
    community: Community, name: str, batch: bool
) -> None:
    before, (voter, support), turns = TURNS[name]
    proposal, deadline = put(community)
    for earlier, how in before:
        community.vote(proposal, [earlier], how)
    if batch:
        ballots = [ballot(community, proposal, voter + 1, support)]
        sender = community.outsider.address
        batch_of_one = (proposal.id, ballots, list[object]())
        receipt = send_at(
            community.dao.governor, deadline, "castVotesBySig", *batch_of_one, sender=sender
        )
    else:
        receipt = cast_at(community, proposal, deadline, voter, support)
    assert sorted(names(receipt)) == ["ProposalExtended"] * turns + ["VoteCast"]
    assert deadline_of(community, proposal) == deadline + LATE * turns


def test_a_batch_is_one_turn_or_none(community: Community) -> None:
    """What its ballots turn among themselves is no turn; what they turn together is one."""
    other = found_beside(community, 6)
    governor, sender = other.dao.governor, other.outsider.address
    proposal, deadline = put(other)
    other.vote(proposal, [0, 1])
    there_and_back = [
        *(ballot(other, proposal, member, AGAINST) for member in (3, 4)),
        ballot(other, proposal, 5, FOR),
    ]
    with other.rpc.isolate():
        args = (proposal.id, there_and_back, list[object]())
        assert list(governor.call("castVotesBySig", *args, sender=sender)) == [COUNTED] * 3
        receipt = send_at(governor, deadline, "castVotesBySig", *args, sender=sender)
        assert names(receipt) == ["VoteCast"] * 3
        assert deadline_of(other, proposal) == deadline
        assert tally(other, proposal) == (2 * VOICE, 3 * VOICE, 0, 3)
    with other.rpc.isolate():
        args = (proposal.id, there_and_back[:2], list[object]())
        receipt = send_at(governor, deadline, "castVotesBySig", *args, sender=sender)
        assert names(receipt) == ["VoteCast", "VoteCast", "ProposalExtended"]
        assert deadline_of(other, proposal) == deadline + LATE
    for at, (member, support) in enumerate([(3, AGAINST), (4, AGAINST), (5, FOR)], deadline - 2):
        receipt = cast_at(other, proposal, at, member - 1, support)
        assert names(receipt) == ["ProposalExtended"] * (member != 3) + ["VoteCast"]
    assert deadline_of(other, proposal) == deadline + LATE
    assert tally(other, proposal) == (2 * VOICE, 3 * VOICE, 0, 3)


def test_each_turn_extends(community: Community) -> None:
    """Three turns, each in the last second of what the one before it left."""
    other = found_beside(community, 6)
    proposal, deadline = put(other)
    other.vote(proposal, [0, 1])
    for count, (voters, support) in enumerate([((2, 3), AGAINST), ((4,), FOR), ((5,), AGAINST)]):
        end = deadline + count * LATE
        assert deadline_of(other, proposal) == end
        for before, voter in zip(range(len(voters))[::-1], voters, strict=True):
            cast_at(other, proposal, end - before, voter, support)
        assert deadline_of(other, proposal) == end + LATE
    assert state(other, proposal) == ACTIVE
    assert ended_as(other, proposal) == DEFEATED
    assert tally(other, proposal) == (3 * VOICE, 3 * VOICE, 0, 3)


def test_what_came_in_time_is_not_extended_by_more_of_the_same(community: Community) -> None:
    proposal, deadline = put(community)
    community.vote(proposal, [0, 1])
    assert names(cast_at(community, proposal, deadline, 2)) == ["VoteCast"]
    assert deadline_of(community, proposal) == deadline
    assert ended_as(community, proposal) == QUEUED


def test_a_turn_extends_by_what_the_proposal_was_made_under(community: Community) -> None:
    """Neither its length nor the wall follows settings that came since."""
    other = with_steward(community, 12, governor=governor_settings(lateExtension=2 * DAY))
    proposal, deadline = put(other)
    other.vote(proposal, range(8, 12), ABSTAIN)
    change_settings(other, lateExtension=HOUR, votingPeriod=14 * DAY)
    end = deadline
    for voter in range(4):
        cast_at(other, proposal, end, voter, AGAINST if voter % 2 else FOR)
        end = min(end + 2 * DAY, deadline + WALL)
        assert deadline_of(other, proposal) == end
    assert end == deadline + WALL


def test_a_turn_weighs_what_is_capped(community: Community) -> None:
    """A delegate's voice above the cap turns no more than its weight does."""
    big = found_beside(community, 20)
    for delegator in range(10, 17):
        big.dao.membership.send("delegate", big.wallets[0], sender=big.wallets[delegator])
    proposal, deadline = put(big)
    big.vote(proposal, [1, 2, 3], AGAINST)
    with big.rpc.isolate():
        # Eight voices count as two: no majority, though the quorum of six is there.
        assert names(cast_at(big, proposal, deadline, 0)) == ["VoteCast"]
        assert tally(big, proposal) == (3 * VOICE, 2 * VOICE, 0, 8)
        assert deadline_of(big, proposal) == deadline
    big.vote(proposal, [4, 5])
    assert names(cast_at(big, proposal, deadline, 0)) == ["ProposalExtended", "VoteCast"]
    assert tally(big, proposal) == (3 * VOICE, 4 * VOICE, 0, 10)


def test_a_sliver_of_merit_turns(community: Community) -> None:
    credit(community, 5, 1)
    proposal, deadline = put(community)
    community.vote(proposal, [0, 1], FOR)
    community.vote(proposal, [2], AGAINST)
    cast_at(community, proposal, deadline, 4, AGAINST)
    assert deadline_of(community, proposal) == deadline + LATE
    assert ended_as(community, proposal) == DEFEATED


# The wall


def test_late_turns_move_the_end_to_the_wall_and_no_further(community: Community) -> None:
    """The last turn to passing that leaves the whole extension passes."""
    other = found_beside(community, 24)
    proposal, deadline = put(other)
    other.vote(proposal, range(10, 17), ABSTAIN)  # the quorum of eight is one away
    wall = deadline + WALL
    end, voter = deadline, 0
    while end < wall:
        receipt = cast_at(other, proposal, end, voter, AGAINST if voter % 2 else FOR)
        assert names(receipt) == ["ProposalExtended", "VoteCast"]
        end, voter = end + LATE, voter + 1
        assert deadline_of(other, proposal) == end
    assert (end, voter) == (wall, 7)
    assert tally(other, proposal) == (3 * VOICE, 4 * VOICE, 7 * VOICE, 11)
    assert ended_as(other, proposal) == QUEUED


@pytest.mark.parametrize("left", [LATE - 1, 1, 0])
def test_a_turn_to_passing_at_the_wall_is_too_late(community: Community, left: int) -> None:
    """Nobody could answer it: whatever is cast afterwards, the proposal is Defeated."""
    other = found_beside(community, 24)
    proposal, deadline = put(other)
    wall = deadline + WALL
    other.vote(proposal, range(10, 17), ABSTAIN)
    voter, end = 0, deadline
    while end < wall - LATE:  # For, Against, For, … each in the last second
        cast_at(other, proposal, end, voter, AGAINST if voter % 2 else FOR)
        voter, end = voter + 1, end + LATE
    assert voter == 6
    # As many For as Against. It turns to passing with `left` seconds to the wall.
    assert deadline_of(other, proposal) == end == wall - LATE
    receipt = cast_at(other, proposal, end, voter, FOR)
    assert names(receipt) == ["ProposalExtended", "VoteCast"]
    receipt = cast_at(other, proposal, wall - LATE + 1, voter + 1, AGAINST)
    assert names(receipt) == ["VoteCast"]
    assert deadline_of(other, proposal) == wall
    with other.rpc.isolate():
        assert ended_as(other, proposal) == DEFEATED
    receipt = cast_at(other, proposal, wall - left, voter + 2, FOR)
    assert names(receipt) == ["ProposalTooLate", "VoteCast"]
    assert receipt.only("ProposalTooLate").args == {"proposalId": proposal.id}
    if left > 2:
        # More of the same, and there and back, change nothing, and are told once.
        for more, support in enumerate([FOR, AGAINST, AGAINST, AGAINST, FOR, FOR], 3):
            receipt = cast_at(other, proposal, wall - left + more, 17 + more - 3, support)
            assert names(receipt) == ["VoteCast"]
    assert deadline_of(other, proposal) == wall
    assert state(other, proposal) == ACTIVE
    assert ended_as(other, proposal) == DEFEATED
    against, for_, _, people = tally(other, proposal)
    assert for_ > against
    assert people >= other.dao.governor.call("proposalQuorum", proposal.id)
    other.rpc.warp(30 * DAY)
    assert state(other, proposal) == DEFEATED


def test_a_turn_to_failing_at_the_wall_fails(community: Community) -> None:
    """As everything that is in doubt there does."""
    other = found_beside(community, 24)
    proposal, deadline = put(other)
    wall = deadline + WALL
    other.vote(proposal, range(10, 17), ABSTAIN)
    voter, end = 0, deadline
    while end < wall:
        cast_at(other, proposal, end, voter, AGAINST if voter % 2 else FOR)
        voter, end = voter + 1, end + LATE
    assert tally(other, proposal)[:2] == (3 * VOICE, 4 * VOICE)
    assert names(cast_at(other, proposal, wall, voter, AGAINST)) == ["VoteCast"]
    assert deadline_of(other, proposal) == wall
    assert ended_as(other, proposal) == DEFEATED


def test_a_first_turn_shortly_before_the_first_deadline_meets_no_wall(community: Community) -> None:
    """The longest times fit the record: 14 days of voting, and the wall a week later."""
    rules = governor_settings(lateExtension=2 * DAY, votingPeriod=14 * DAY, votingDelay=7 * DAY)
    other = found_beside(community, 12, governor=rules)
    proposal, deadline = put(other)
    other.vote(proposal, [0, 1, 2])
    end = deadline
    for voter in range(3, 9):
        cast_at(other, proposal, end, voter, FOR if voter % 2 else AGAINST)
        end = deadline_of(other, proposal)
    assert end == deadline + 2 * DAY  # the first alone turned it
    assert tally(other, proposal) == (3 * VOICE, 6 * VOICE, 0, 6)
    assert ended_as(other, proposal) == QUEUED


def test_an_advisory_question_has_late_turns_too(community: Community) -> None:
    proposal = community.propose([], "a question")
    community.open_voting(proposal)
    deadline = deadline_of(community, proposal)
    community.vote(proposal, [0])
    cast_at(community, proposal, deadline, 1)
    assert deadline_of(community, proposal) == deadline + LATE
