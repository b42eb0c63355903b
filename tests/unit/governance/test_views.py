"""What the Governor tells tools."""

from __future__ import annotations

import pytest
from eth_utils.crypto import keccak

from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import DAY, VOICE
from tests.support import reverts
from tests.unit.governance.support import (
    NOBODY,
    admit,
    credit,
    governor_settings,
    hash_proposal,
)


def test_names(community: Community) -> None:
    governor = community.dao.governor
    assert governor.call("name") == "Mikoshi Governor"
    assert governor.call("version") == "1"
    assert governor.call("COUNTING_MODE") == "support=bravo&quorum=people"
    assert governor.call("token") == community.dao.membership_address
    assert governor.call("treasury") == community.dao.treasury_address
    assert governor.call("settings") == (governor_settings(), 1)
    assert governor.call("votingDelay") == 2 * DAY
    assert governor.call("votingPeriod") == 5 * DAY
    assert governor.call("proposalThreshold") == VOICE


@pytest.mark.parametrize(
    ("targets", "values", "calldatas", "description"),
    [
        ([], [], [], ""),
        ([NOBODY], [0], [b""], "a"),
        (
            ["0x" + "ab" * 20, "0x" + "cd" * 20],
            [2**256 - 1, 7],
            [b"\1" * 33, b"\2" * 64],
            "祭" * 99,
        ),
    ],
)
def test_hash_proposal(
    community: Community,
    targets: list[str],
    values: list[int],
    calldatas: list[bytes],
    description: str,
) -> None:
    expected = hash_proposal(targets, values, calldatas, description)
    for name in ("hashProposal", "getProposalId"):
        arguments = (targets, values, calldatas, keccak(text=description))
        assert community.dao.governor.call(name, *arguments) == expected


def test_get_votes_is_the_memberships(community: Community) -> None:
    governor, membership = community.dao.governor, community.dao.membership
    before = community.rpc.timestamp()
    community.rpc.warp(10)
    credit(community, 1, 100)
    membership.send("delegate", community.wallets[2], sender=community.wallets[1])
    after = community.rpc.timestamp()
    community.rpc.warp(1)
    for wallet in (*community.wallets, community.outsider.address):
        for moment in (0, before, after - 1, after):
            votes = membership.call("getPastVotes", wallet, moment)
            assert governor.call("getVotes", wallet, moment) == votes
            assert governor.call("getVotesWithParams", wallet, moment, b"x") == votes
    assert governor.call("getVotes", community.wallets[1], before) == VOICE
    assert governor.call("getVotes", community.wallets[2], after) == 2 * VOICE
    assert governor.call("getVotes", community.wallets[0], after) > VOICE
    assert governor.call("getVotes", community.outsider.address, after) == 0


@pytest.mark.parametrize("ahead", [0, 1, 10**6])
def test_views_of_the_future_revert(community: Community, ahead: int) -> None:
    governor, now = community.dao.governor, community.rpc.timestamp()
    for name, args in (
        ("quorum", ()),
        ("getVotes", (community.wallets[0],)),
        ("getVotesWithParams", (community.wallets[0],)),
    ):
        extra = (b"",) if name == "getVotesWithParams" else ()
        with reverts("ERC5805FutureLookup", now + ahead, now):
            governor.call(name, *args, now + ahead, *extra)


def test_quorum_of_the_past_stays(community: Community) -> None:
    governor = community.dao.governor
    before = community.rpc.timestamp()
    community.rpc.warp(10)
    for number in range(100, 115):
        admit(community, person(number).address)
    after = community.rpc.timestamp()
    community.rpc.warp(1)
    assert governor.call("quorum", before) == 2 * VOICE
    assert governor.call("quorum", after) == 6 * VOICE
    assert governor.call("quorum", 0) == 0  # nobody yet


def test_live_proposals_of_nobody(community: Community) -> None:
    assert community.dao.governor.call("liveProposalsOf", 0) == (0, 3)
    assert community.dao.governor.call("liveProposalsOf", 99) == (0, 3)


def test_proposal_needs_no_queuing(community: Community) -> None:
    assert community.dao.governor.call("proposalNeedsQueuing", 1) is False


def test_has_voted_of_nobody(community: Community) -> None:
    proposal = community.propose([(NOBODY, 0, b"")])
    for account in (NOBODY, community.outsider.address, *community.wallets):
        assert community.dao.governor.call("hasVoted", proposal.id, account) is False
    assert community.dao.governor.call("hasVoted", 12345, community.wallets[0]) is False
