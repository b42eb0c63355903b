"""What a review of the second edition found about seats: each attack, and what stops it."""

from __future__ import annotations

from mikoshi.testing.community import AGAINST, FOR, found, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT
from mikoshi.testing.evm import Evm
from tests.support import reverts, role
from tests.unit.governance.support import DEFEATED, QUEUED, state

DORMANT = 2


def test_admissions_of_one_proposal_make_no_room_for_more() -> None:
    """59 awake have two seats an epoch: the first admission must not make it three (L4)."""
    community = found(Evm(), 59)  # type: ignore[arg-type]
    membership = community.dao.membership
    own = [person(number).address for number in (2000, 2001, 2002)]
    calls = [(membership, 0, membership.data("admit", wallet, CHARTER)) for wallet in own]
    ids = [*range(1, 23), 60, 61, 62]
    credits_ = membership.data("creditMany", ids, [100 * POINT] * len(ids), 0, bytes(32))
    taken = community.propose([*calls, (membership, 0, credits_)], "nobody looks")
    community.open_voting(taken)
    community.vote(taken, range(22))
    community.close_voting(taken)
    community.ripen(taken)
    community.execute(taken)
    community.rpc.warp(1)
    assert membership.call("census")[0] == 61
    assert membership.call("statusOf", 62) == DORMANT
    theirs = community.propose([(community.wallets[0], 1, b"")], "theirs")
    ours = community.propose([(community.wallets[50], 1, b"")], "ours", by=40)
    community.open_voting(ours)
    for draft, support in ((theirs, FOR), (ours, AGAINST)):
        community.vote(draft, [*range(22), *own[:2]], support)
        community.vote(draft, range(22, 59), 1 - support)
    community.close_voting(ours)
    assert (state(community, theirs), state(community, ours)) == (DEFEATED, QUEUED)


def test_the_guardian_keeps_no_newcomer_by_their_leaving() -> None:
    """Who is listed for a bar and leaves stays one who never spoke."""
    community = found(Evm(), 10)  # type: ignore[arg-type]
    membership, governor = community.dao.membership, community.dao.governor
    guardian = community.outsider.address
    until = community.rpc.timestamp() + 300 * DAY
    community.as_treasury(community.dao.treasury, "setGuardian", guardian, until)
    own = [person(number).address for number in range(2000, 2006)]
    community.as_treasury(membership, "admitMany", own, bytes(32))
    ids = [membership.call("memberIdOf", wallet) for wallet in own]
    bars = community.propose([(membership, 0, membership.data("bar", each)) for each in ids])
    community.open_voting(bars)
    community.vote(bars, range(8))
    community.close_voting(bars)
    membership.send("exit", sender=own[0])
    assert membership.call("neverSpoke", ids[0]) is True
    with reverts("GovernorUnableToCancel", bars.id, guardian):
        governor.send("cancel", *bars.actions, sender=guardian)
    community.ripen(bars)
    community.execute(bars)
    assert [membership.call("scheduledBar", each) for each in ids] == [0] * len(ids)
    with reverts("MembershipUnexpectedStanding", ids[0], 6):
        membership.send("rejoin", CHARTER, sender=own[0])


def test_no_admitter_gives_back_the_voice_that_others_lent() -> None:
    """Whoever spoke, left and is admitted without a vote is silent for a season (B7)."""
    community = found(Evm(), 10, transferableTickets=True)  # type: ignore[arg-type]
    membership, wallets = community.dao.membership, community.wallets
    admitter = community.outsider.address
    community.as_treasury(community.dao.treasury, "grantRole", role("ADMITTER"), admitter)
    community.rpc.warp(45 * DAY)
    for lender in range(1, 6):
        membership.send("delegate", wallets[0], sender=wallets[lender])
    membership.send("transferFrom", wallets[0], person(3000).address, 1, sender=wallets[0])
    older = community.propose([(wallets[0], 1, b"")], by=9)
    community.open_voting(older)
    membership.send("transferFrom", wallets[8], wallets[0], 9, sender=wallets[8])
    membership.send("exit", sender=wallets[0])
    membership.send("admit", wallets[0], CHARTER, sender=admitter)
    assert membership.call("statusOf", 1) == DORMANT
    with reverts("GovernorNoVoice", older.id, wallets[0]):
        community.dao.governor.send("castVote", older.id, FOR, sender=wallets[0])
