"""What counts as an act and what does not: proposing is none, as whoever proposes votes on it."""

from __future__ import annotations

import pytest

from mikoshi.chain.node import DevRpc
from mikoshi.testing.community import Community, found
from mikoshi.testing.defaults import CHARTER, DAY, params
from tests.support import factory
from tests.unit.membership.people import Status


@pytest.mark.usefixtures("community")
def test_proposing_is_no_act_of_someone_who_delegated(rpc: DevRpc) -> None:
    """Where the threshold is 0, a delegator may propose, and is as silent as before."""
    rules = params(rpc.timestamp())["governor"] | {"thresholdBps": 0}
    dao = found(rpc, 3, factory=factory(rpc), governor=rules)
    membership = dao.dao.membership
    membership.send("delegate", dao.wallets[0], sender=dao.wallets[1])
    rpc.warp(40 * DAY)
    before = membership.call("stampOf", 2)
    dao.propose([(dao.outsider.address, 1, b"")], "an idea", by=1)
    assert membership.call("stampOf", 2) == before


def test_a_proposer_who_lapses_before_the_vote_wakes_and_votes(community: Community) -> None:
    """Lapsing a proposer takes neither the proposal nor, for who looks in time, the ballot."""
    membership, rpc, (proposer, other, *_) = (
        community.dao.membership,
        community.rpc,
        community.wallets,
    )
    rpc.warp_to((membership.call("stampOf", 1) + 210) * DAY - 60)
    proposal = community.propose([(community.outsider.address, 0, b"")])
    rpc.warp(60)
    membership.send("lapse", [1], sender=other)
    assert membership.call("statusOf", 1) == Status.DORMANT
    membership.send("wake", CHARTER, sender=proposer)
    community.open_voting(proposal)
    receipt = community.dao.governor.send("castVote", proposal.id, 1, sender=proposer)
    assert receipt.only("VoteCast").args["voter"] == proposer


def test_a_lapsed_proposer_still_cancels(community: Community) -> None:
    membership, rpc = community.dao.membership, community.rpc
    rpc.warp_to((membership.call("stampOf", 1) + 210) * DAY - 60)
    proposal = community.propose([(community.outsider.address, 0, b"")])
    rpc.warp(60)
    membership.send("lapse", [1], sender=community.wallets[1])
    receipt = community.dao.governor.send("cancel", *proposal.actions, sender=community.wallets[0])
    assert receipt.only("ProposalCanceled").args == {"proposalId": proposal.id}
