"""A batch of ballots in a community of hundreds: the same as single votes, however it is cut."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.testing.community import Community, found, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT, ZERO, params
from mikoshi.testing.evm import Evm
from tests.unit.governance.support import (
    ALREADY_CAST,
    BAD_SIGNATURE,
    BAD_SUPPORT,
    NO_VOICE,
    TOO_LATE,
    Ballot,
    ballot,
    terms,
)

MEMBERS = 300
"""Two words of receipts."""


@pytest.fixture(scope="module")
def crowd() -> Community:
    """Members with and without merit, delegates and delegators; all silent for a month."""
    chance, evm = Random(1), Evm()
    people = params(0)["membership"] | {"meritCap": 10**11, "meritCapPerMember": 10**10}
    rules = params(0)["governor"] | {"thresholdBps": 0, "voiceCapBps": 100}
    people |= {"stewardCap": MEMBERS}
    steward = {"holder": person(0).address, "until": evm.timestamp() + 90 * DAY}
    crowd = found(evm, 60, membership=people, governor=rules, steward=steward)  # type: ignore[arg-type]
    membership = crowd.dao.membership
    crowd.people += [person(number) for number in range(61, MEMBERS + 1)]
    for start in range(60, MEMBERS, 80):
        wallets = crowd.wallets[start : start + 80]
        membership.send("admitMany", wallets, CHARTER, sender=person(0).address)
    for points in (1, 100, 10**5) * 20:
        args = (chance.randint(1, MEMBERS), points * POINT, 0, bytes(32))
        crowd.as_treasury(membership, "credit", *args)
    for _ in range(60):
        delegator, delegate = chance.sample(crowd.wallets, 2)
        membership.send("delegate", delegate, sender=delegator)
    evm.warp(40 * DAY)
    return crowd


@pytest.fixture
def proposal(crowd: Community) -> Iterator[ProposalDraft]:
    """Being voted on; since its snapshot some have rested, left, or changed their delegate."""
    chance, membership = Random(2), crowd.dao.membership
    with crowd.rpc.isolate():
        opened = crowd.propose([(ZERO, 0, b"")])
        crowd.open_voting(opened)
        moved = chance.sample(crowd.wallets, 60)
        for act, wallets in (("rest", moved[:20]), ("exit", moved[20:40])):
            for wallet in wallets:
                membership.send(act, sender=wallet)
        for wallet in moved[40:]:
            membership.send("delegate", ZERO, sender=wallet)
        yield opened


def ballots(crowd: Community, proposal: ProposalDraft, number: int) -> list[Ballot]:
    """Signed by anyone, some of them twice; a fifth is bad in one of four ways."""
    chance, late = Random(number), crowd.rpc.timestamp() - 1
    made = []
    for _ in range(number):
        member, support = chance.randint(1, MEMBERS), chance.choice((0, 1, 1, 2))
        key = person(member)
        match chance.randrange(20):
            case 0:
                made.append(ballot(crowd, proposal, member, 3))
            case 1:
                made.append(ballot(crowd, proposal, member, support, deadline=late))
            case 2:
                made.append(ballot(crowd, proposal, member % MEMBERS + 1, support, key=key))
            case 3:
                made.append((terms(member, support), bytes(32), bytes(32)))
            case _:
                made.append(ballot(crowd, proposal, member, support))
    return made


def outcome(crowd: Community, proposal: ProposalDraft) -> list[Any]:
    """All that ballots can change."""
    membership, governor = crowd.dao.membership, crowd.dao.governor
    views = ("proposalVotes", "proposalTurnout", "proposalDeadline")
    people = range(1, MEMBERS + 1)
    return [
        [governor.call(view, proposal.id) for view in views],
        [governor.call("hasVoted", proposal.id, wallet) for wallet in crowd.wallets],
        membership.call("census"),
        [membership.call("getVotes", wallet) for wallet in crowd.wallets],
        [membership.call(view, number) for view in ("stampOf", "statusOf") for number in people],
    ]


@pytest.mark.slow
@pytest.mark.parametrize("number", [70, 140])
def test_a_batch_equals_single_votes_and_any_cut_of_it(
    crowd: Community, proposal: ProposalDraft, number: int
) -> None:
    governor, sender = crowd.dao.governor, crowd.outsider.address
    batch = ballots(crowd, proposal, number)

    def relay(part: list[Ballot]) -> list[Any]:
        return governor.send("castVotesBySig", proposal.id, part, [], sender=sender).events

    with crowd.rpc.isolate():
        events = relay(batch)
        expected = outcome(crowd, proposal)
    casts = [event.args for event in events if event.name == "VoteCast"]
    rejected = {event.args["result"] for event in events if event.name == "BallotRejected"}
    assert len(casts) > number // 3
    assert rejected == {TOO_LATE, BAD_SUPPORT, BAD_SIGNATURE, ALREADY_CAST, NO_VOICE}
    with crowd.rpc.isolate():
        for cast in casts:
            governor.send("castVote", proposal.id, cast["support"], sender=cast["voter"])
        assert outcome(crowd, proposal) == expected
    with crowd.rpc.isolate():
        for start in range(0, number, 23):
            relay(batch[start : start + 23])
        assert outcome(crowd, proposal) == expected
