"""Attacks of the second edition on outcomes and offices: late ballots, and replaced governors."""

from __future__ import annotations

import pytest

from mikoshi.ballots.proposal import Call
from mikoshi.chain.contract import ContractRevertedError
from mikoshi.testing.community import AGAINST, FOR, Community, person
from mikoshi.testing.defaults import DAY, VOICE, ZERO
from tests.support import next_block_at, reverts
from tests.unit.governance.support import (
    ACTIVE,
    CANCELED,
    DEFEATED,
    QUEUED,
    WAITING,
    ballot,
    found_beside,
    install_governor,
    only,
    send_at,
    state,
    tally,
    under_another_governor,
)

ETHER = 10**18
LATE = DAY
WALL = 7 * DAY


@pytest.fixture
def fifty(community: Community) -> Community:
    """Fifty members; the quorum is fifteen."""
    return found_beside(community, 50)


# The last second


@pytest.mark.parametrize("batch", [False, True])
def test_sixteen_ballots_in_the_last_second(fifty: Community, batch: bool) -> None:
    """20 to 5 becomes 20 to 21, one by one or at once; the others have a day to answer it."""
    governor = fifty.dao.governor
    proposal = fifty.propose([(person(60).address, ETHER, b"")])
    fifty.open_voting(proposal)
    fifty.vote(proposal, range(20))
    fifty.vote(proposal, range(20, 25), AGAINST)
    deadline = governor.call("proposalDeadline", proposal.id)
    ballots = [ballot(fifty, proposal, member + 1, AGAINST) for member in range(25, 41)]
    calls = [ballots] if batch else [[each] for each in ballots]
    for each in calls:
        sniper = fifty.wallets[25]
        send_at(governor, deadline, "castVotesBySig", proposal.id, each, [], sender=sniper)
    assert tally(fifty, proposal)[:2] == (21 * VOICE, 20 * VOICE)
    assert governor.call("proposalDeadline", proposal.id) == deadline + LATE
    fifty.rpc.warp_to(deadline + 1)
    assert state(fifty, proposal) == ACTIVE
    fifty.vote(proposal, [41, 42])
    fifty.close_voting(proposal)
    assert state(fifty, proposal) == QUEUED


def test_a_decoy_turn_uses_nothing_up(fifty: Community) -> None:
    """A turn that is made early, and undone, leaves as much time after the real one."""
    governor = fifty.dao.governor
    proposal = fifty.propose([(person(60).address, 50 * ETHER, b"")])
    fifty.open_voting(proposal)
    deadline = governor.call("proposalDeadline", proposal.id)
    fifty.vote(proposal, range(14))
    fifty.vote(proposal, range(20, 34), AGAINST)
    for voter, support, end in ((14, FOR, 1), (34, AGAINST, 1), (15, FOR, 2)):
        at = deadline if end == 1 else deadline + LATE
        call = ("castVote", proposal.id, support)
        send_at(governor, at, *call, sender=fifty.wallets[voter])
        assert governor.call("proposalDeadline", proposal.id) == deadline + end * LATE
    fifty.rpc.warp_to(deadline + 2 * LATE - 60)
    assert state(fifty, proposal) == ACTIVE
    fifty.vote(proposal, [35], AGAINST)
    fifty.close_voting(proposal)
    assert state(fifty, proposal) == DEFEATED


def test_a_tug_of_war_ends_and_not_by_surprise(fifty: Community) -> None:
    """Whoever has kept a last ballot for the wall has kept it for nothing."""
    governor = fifty.dao.governor
    proposal = fifty.propose([(person(60).address, 50 * ETHER, b"")])
    fifty.open_voting(proposal)
    deadline = governor.call("proposalDeadline", proposal.id)
    fifty.vote(proposal, range(14))
    fifty.vote(proposal, range(20, 34), AGAINST)
    yes, no = iter(range(14, 20)), iter(range(34, 50))
    end = deadline
    while end < deadline + WALL:
        call = ("castVote", proposal.id, FOR)
        send_at(governor, end, *call, sender=fifty.wallets[next(yes)])
        end = min(end + LATE, deadline + WALL)
        call = ("castVote", proposal.id, AGAINST)
        send_at(governor, end, *call, sender=fifty.wallets[next(no)])
        end = min(end + LATE, deadline + WALL)
        assert governor.call("proposalDeadline", proposal.id) == end
    assert end == deadline + WALL
    send_at(governor, end, "castVote", proposal.id, FOR, sender=fifty.wallets[next(yes)])
    against, for_, _, _ = tally(fifty, proposal)
    assert for_ > against
    fifty.close_voting(proposal)
    assert state(fifty, proposal) == DEFEATED
    with reverts("GovernorUnexpectedProposalState", proposal.id, DEFEATED, only(QUEUED)):
        fifty.execute(proposal)


# Offices


def test_a_replaced_governor_proposes_or_comes_back(community: Community) -> None:
    """It takes nothing new, and no vote reinstates it, directly or by way of another one."""
    treasury, founding = community.dao.treasury, community.dao.governor_address
    second = under_another_governor(community)
    install_governor(community, second.dao.governor_address)
    with reverts("GovernorRetired"):
        community.propose([(community.wallets[4], ETHER, b"")], by=4)
    with reverts("GovernorRetired"):
        community.dao.governor.send("proposeAdvisory", "well?", sender=community.wallets[4])
    back = second.propose([(treasury, 0, treasury.data("setGovernor", founding))], "back")
    second.pass_vote(back)
    second.ripen(back)
    with pytest.raises(ContractRevertedError, match="TreasuryCallFailed"):
        second.execute(back)
    third = under_another_governor(community, expiry=8 * DAY)
    second.decide(
        [(treasury, 0, treasury.data("setGovernor", third.dao.governor_address))], "forth"
    )
    community.rpc.warp(WAITING)
    treasury.send("installGovernor", sender=community.outsider.address)
    for former in (founding, second.dao.governor_address):
        with reverts("TreasuryInvalidGovernor", former):
            community.as_treasury(treasury, "setGovernor", former)
    assert treasury.call("governor") == third.dao.governor_address


def test_an_invoice_is_not_paid_twice(community: Community) -> None:
    """Passed under the old governor and again under the new one, it is paid by the new one."""
    payee, treasury, rpc = person(60).address, community.dao.treasury, community.rpc
    second = under_another_governor(community)
    community.as_treasury(treasury, "setGovernor", second.dao.governor_address)
    rpc.warp(WAITING - 8 * DAY)
    old = community.propose([(payee, ETHER, b"")], "invoice 7")
    community.open_voting(old)
    community.vote(old, range(5))
    community.close_voting(old)
    rpc.warp(DAY)
    assert state(community, old) == QUEUED
    treasury.send("installGovernor", sender=community.outsider.address)
    assert state(community, old) == CANCELED
    second.decide([(payee, ETHER, b"")], "invoice 7")
    rpc.warp(30 * DAY)
    with reverts("GovernorUnexpectedProposalState", old.id, CANCELED, only(QUEUED)):
        community.execute(old)
    assert rpc.balance(payee) == ETHER


def test_a_governor_is_replaced_in_the_second_in_which_it_executes(community: Community) -> None:
    """Either order within one second: what is executed first is, and the rest is Canceled."""
    payee, treasury, rpc = person(60).address, community.dao.treasury, community.rpc
    second = under_another_governor(community)
    community.as_treasury(treasury, "setGovernor", second.dao.governor_address)
    due = rpc.timestamp() + WAITING
    rpc.warp_to(due - 9 * DAY - 60)
    proposals = [community.propose([(payee, 1, b"")], f"number {i}", i) for i in range(3)]
    community.open_voting(proposals[-1])
    for proposal in proposals:
        community.vote(proposal, range(5))
    first, within, last = proposals
    next_block_at(rpc, due)
    community.execute(first)
    next_block_at(rpc, due)
    treasury.send("installGovernor", sender=community.outsider.address)
    next_block_at(rpc, due)
    with reverts("GovernorUnexpectedProposalState", last.id, CANCELED, only(QUEUED)):
        community.execute(last)
    assert state(community, within) == CANCELED
    assert rpc.balance(payee) == 1


def test_a_proposal_installs_and_goes_on(community: Community) -> None:
    """What stands behind the installation in the same proposal was voted on, and is done; what a
    passed proposal of the old governor would add in between is not."""
    payee, treasury, governor = person(60).address, community.dao.treasury, community.dao.governor
    second = under_another_governor(community)
    community.as_treasury(treasury, "setGovernor", second.dao.governor_address)
    community.rpc.warp(WAITING - 10 * DAY)
    other = community.propose([(payee, ETHER, b"")], "other", by=1)
    inner = governor.data("execute", *other.actions)
    calls: list[Call] = [(treasury, 0, treasury.data("installGovernor")), (payee, 1, b"")]
    good = community.propose(calls, "install and pay")
    bad = community.propose([calls[0], (governor, 0, inner)], "install and execute", by=2)
    community.open_voting(bad)
    for proposal in (other, good, bad):
        community.vote(proposal, range(5))
    community.rpc.warp(8 * DAY)
    with pytest.raises(ContractRevertedError, match="TreasuryCallFailed"):
        community.execute(bad)
    assert treasury.call("governor") == governor.address
    community.execute(good)
    assert treasury.call("governor") == second.dao.governor_address
    assert community.rpc.balance(payee) == 1
    assert [state(community, each) for each in (other, bad)] == [CANCELED, CANCELED]


def test_a_wallet_with_code_governs_nothing(community: Community) -> None:
    """EIP-7702: its key would. Neither when it is asked for, nor when it is to be installed."""
    treasury, rpc = community.dao.treasury, community.rpc
    wallet = person(61).address
    delegated = "0xef0100" + community.dao.governor_address[2:].lower()
    rpc.call("anvil_setCode", wallet, delegated)
    proposal = community.propose([(treasury, 0, treasury.data("setGovernor", wallet))])
    community.pass_vote(proposal)
    community.ripen(proposal)
    with pytest.raises(ContractRevertedError, match="TreasuryCallFailed"):
        community.execute(proposal)
    with reverts("TreasuryInvalidGovernor", wallet):
        community.as_treasury(treasury, "setGovernor", wallet)
    # A contract today, and a wallet when it is due.
    rpc.call("anvil_setCode", wallet, "0x00")
    community.as_treasury(treasury, "setGovernor", wallet)
    rpc.call("anvil_setCode", wallet, delegated)
    rpc.warp(WAITING)
    with reverts("TreasuryInvalidGovernor", wallet):
        treasury.send("installGovernor", sender=community.outsider.address)
    assert treasury.call("governor") == community.dao.governor_address


def test_a_next_governor_is_retired_before_its_office(community: Community) -> None:
    """A proposal that would leave the DAO without any governor fails."""
    second = under_another_governor(community)
    governor = second.dao.governor
    calls = [
        (community.dao.treasury, 0, community.dao.treasury.data("setGovernor", governor.address)),
        (governor, 0, governor.data("retire")),
    ]
    proposal = community.propose(calls)
    community.pass_vote(proposal)
    community.ripen(proposal)
    with pytest.raises(ContractRevertedError, match="TreasuryCallFailed"):
        community.execute(proposal)
    assert community.dao.treasury.call("waitingGovernor") == (ZERO, 0)
