"""An entry that was changed 2^24 times in different seconds: a year of spam on a cheap chain."""

from __future__ import annotations

from mikoshi.testing.community import AGAINST, FOR, Community
from mikoshi.testing.defaults import ZERO
from tests.support import slot_of

MANY = 2**24 - 1
COUNT_BITS = 30
COUNT_SHIFT = 144


def _pretend_changes(community: Community, slot: int, count: int) -> None:
    """Write an entry's number of changes; all its other bits stay."""
    address = community.dao.membership.address
    word = int.from_bytes(community.rpc.storage(address, slot))
    assert word >> COUNT_SHIFT & (2**COUNT_BITS - 1)  # an entry that has changed
    word = word & ~((2**COUNT_BITS - 1) << COUNT_SHIFT) | count << COUNT_SHIFT
    community.rpc.call("anvil_setStorageAt", address, f"0x{slot:064x}", f"0x{word:064x}")


def past_members(community: Community, wallet: str, moment: int) -> int:
    args = (community.dao.membership_address, wallet, moment)
    return int(community.dao.lens.call("getPastMembers", *args))


def test_long_history_of_a_delegate_counts_no_member_twice(community: Community) -> None:
    """A delegate whom everybody left does not vote with them again."""
    membership, governor = community.dao.membership, community.dao.governor
    chosen, *others = community.wallets
    for wallet in others[:3]:
        membership.send("delegate", chosen, sender=wallet)
    community.rpc.warp(10)
    _pretend_changes(community, slot_of("Membership", "_records", chosen), MANY - 2)
    assert past_members(community, chosen, community.rpc.timestamp() - 1) == 4
    for wallet in others[:3]:
        community.rpc.warp(10)
        membership.send("delegate", ZERO, sender=wallet)

    proposal = community.propose([(community.outsider.address, 1, b"")], "rob")
    community.open_voting(proposal)
    snapshot = governor.call("proposalSnapshot", proposal.id)
    assert past_members(community, chosen, snapshot) == 1
    for to in (chosen, ZERO):
        community.rpc.warp(10)
        membership.send("delegate", to, sender=others[3])
    assert past_members(community, chosen, snapshot) == 1
    community.vote(proposal, [0], FOR)
    assert governor.call("proposalTurnout", proposal.id) == 1
    community.vote(proposal, [1, 2, 3], AGAINST)
    awake, _, _ = membership.call("getPastCensus", snapshot)
    assert awake == 5


def test_long_history_of_the_totals_keeps_a_running_quorum(community: Community) -> None:
    """The quorum of a running vote does not change because members rest and wake."""
    membership, governor = community.dao.membership, community.dao.governor
    for wallet in community.wallets[1:]:
        membership.send("rest", sender=wallet)
    community.rpc.warp(10)
    _pretend_changes(community, slot_of("Membership", "_total"), MANY - 2)
    for wallet in community.wallets[1:]:
        community.rpc.warp(10)
        membership.send("wake", bytes(32), sender=wallet)

    proposal = community.propose([(community.outsider.address, 1, b"")], "rob")
    community.open_voting(proposal)
    snapshot = governor.call("proposalSnapshot", proposal.id)
    census = membership.call("getPastCensus", snapshot)
    assert census[0] == 5
    assert governor.call("proposalQuorum", proposal.id) == 2
    for act in (("rest",), ("wake", bytes(32))):
        community.rpc.warp(10)
        membership.send(*act, sender=community.wallets[0])
    assert membership.call("getPastCensus", snapshot) == census
    assert governor.call("proposalQuorum", proposal.id) == 2
