"""Attacks on proposals and on cheap majorities, replayed."""

from __future__ import annotations

import pytest
from eth_utils.crypto import keccak

from mikoshi.ballots.proposal import Call, ProposalDraft
from mikoshi.core import artifacts
from mikoshi.testing.community import AGAINST, FOR, Community, person
from mikoshi.testing.defaults import CHARTER, DAY, VOICE
from tests.support import FOREVER, reverts
from tests.unit.governance.support import (
    ACTIVE,
    CANCELED,
    DEFEATED,
    EXECUTED,
    NOBODY,
    PENDING,
    QUEUED,
    ballot,
    cast,
    found_beside,
    governor_messages,
    governor_settings,
    hash_proposal,
    helper,
    only,
    send_at,
    state,
    tally,
)

ETHER = 10**18
VICTIM, ATTACKER = 0, 4


def test_cve_2023_34234_a_proposal_is_proposed_first_and_canceled(community: Community) -> None:
    """The attacker sees the victim's proposal in the mempool, sends it first and cancels it."""
    governor = community.dao.governor
    victim, attacker = community.wallets[VICTIM], community.wallets[ATTACKER]
    call = [[NOBODY], [5], [b""]]
    description = f"a grant\n#proposer={victim}"
    with reverts("GovernorRestrictedProposer", attacker):
        governor.send("propose", *call, description, sender=attacker)
    number = hash_proposal([NOBODY], [5], [b""], description)
    with reverts("GovernorNonexistentProposal", number):
        governor.send("cancel", *call, keccak(text=description), sender=attacker)
    # Relaying the victim's own signature creates the victim's proposal, which only they can cancel.
    signature = governor_messages(community).sign(person(1), "Propose", number, victim, FOREVER)
    with community.rpc.isolate():
        args = (*call, description, victim, FOREVER, signature)
        governor.send("proposeBySig", *args, sender=attacker)
        with reverts("GovernorUnableToCancel", number, attacker):
            governor.send("cancel", *call, keccak(text=description), sender=attacker)
        assert governor.call("proposalProposer", number) == victim
    governor.send("propose", *call, description, sender=victim)
    assert governor.call("proposalProposer", number) == victim
    assert governor.call("state", number) == PENDING


def test_cve_2023_30542_calldata_is_lost_when_the_signature_is_empty(
    community: Community,
) -> None:
    """Bravo's five-list `propose` is not there; what is executed is what was proposed."""
    governor = community.dao.governor
    bravo = keccak(text="propose(address[],uint256[],string[],bytes[],string)")[:4]
    assert governor.interface.function(bravo) is None
    sink = helper(community.rpc, "Sink")
    payloads = [b"", b"\0", b"\0" * 4, bytes(range(256)), b"\xff" * 33, sink.data("flood", 7)]
    proposal = community.propose([(sink, i, data) for i, data in enumerate(payloads)])
    community.pass_vote(proposal)
    community.ripen(proposal)
    receipt = community.execute(proposal)
    noted = [e.args for e in sink.events(receipt.raw["logs"]) if e.name == "Noted"]
    # The last one is a function of the target's, which takes no note.
    assert [note["data"] for note in noted] == payloads[:-1]
    assert [note["value"] for note in noted] == [0, 1, 2, 3, 4]


def test_threshold_off_by_one(community: Community) -> None:
    """Exactly the threshold is enough, and nothing is not."""
    assert community.dao.governor.call("proposalThreshold") == VOICE
    community.propose([(NOBODY, 0, b"")])
    outsider = community.outsider.address
    with reverts("GovernorInsufficientProposerVotes", outsider, 0, VOICE):
        community.dao.governor.send("propose", [NOBODY], [0], [b""], "x", sender=outsider)


@pytest.mark.parametrize("members", [1, 2, 3])
def test_quorum_rounds_to_zero_at_a_tiny_supply(community: Community, members: int) -> None:
    """Five per cent of three members is still two people, and of one it is that one."""
    rules = governor_settings(quorumBps=500, floorBps=100)
    tiny = found_beside(community, members, governor=rules)
    silent = tiny.propose([(NOBODY, 1, b"")], "silent")
    tiny.open_voting(silent)
    assert tiny.dao.governor.call("proposalQuorum", silent.id) == min(2, members)
    tiny.close_voting(silent)
    assert state(tiny, silent) == DEFEATED
    tiny.rpc.warp(3 * DAY)
    with reverts("GovernorUnexpectedProposalState", silent.id, DEFEATED, only(QUEUED)):
        tiny.execute(silent)


def test_quorum_sniped_in_the_last_second(community: Community) -> None:
    """The ballots that make the quorum arrive with the last block; the others still have a day."""
    big = found_beside(community, 10)
    governor = big.dao.governor
    proposal = big.propose([(big.wallets[9], 50 * ETHER, b"")])
    big.open_voting(proposal)
    deadline = governor.call("proposalDeadline", proposal.id)
    ballots = [ballot(big, proposal, i) for i in (8, 9, 10)]
    sniper = big.wallets[9]
    send_at(governor, deadline, "castVotesBySig", proposal.id, ballots, [], sender=sniper)
    big.rpc.warp_to(deadline + 1)
    assert state(big, proposal) == ACTIVE
    big.vote(proposal, [0, 1, 2, 3], AGAINST)
    big.close_voting(proposal)
    assert state(big, proposal) == DEFEATED


def test_a_proposal_is_edited_after_support(community: Community) -> None:
    """There is nothing to edit with, and another text is another proposal without ballots."""
    names = {e["name"] for e in artifacts.project()["DAOGovernor"].abi if e["type"] == "function"}
    assert not {n for n in names if any(w in n.lower() for w in ("update", "edit", "amend"))}
    proposal = community.propose([(person(60).address, 1, b"")], "one wei")
    community.open_voting(proposal)
    community.vote(proposal, range(5))
    community.close_voting(proposal)
    targets, _, calldatas, hashed = proposal.actions
    richer = (list[str]([person(60).address]), [100 * ETHER], calldatas)
    number = hash_proposal(*richer, "one wei")
    with reverts("GovernorNonexistentProposal", number):
        community.dao.governor.send("execute", *richer, hashed, sender=community.wallets[ATTACKER])
    community.dao.governor.send("propose", *richer, "one wei", sender=community.wallets[0])
    copy = ProposalDraft.of([(person(60).address, 100 * ETHER, b"")], "one wei")
    assert copy.id == number
    assert tally(community, copy) == (0, 0, 0, 0)
    assert tally(community, proposal)[3] == 5
    assert targets == [person(60).address]


def test_tornado_2023_code_is_swapped_at_a_target_after_the_vote(community: Community) -> None:
    """The Treasury calls, it never runs foreign code as its own: swapped code gets what the call
    gave it, and no more."""
    attacker = community.wallets[ATTACKER]
    target = helper(community.rpc, "Turncoat")
    maker = community.rpc.call("eth_accounts")[0]
    treasury, dao = community.dao.treasury, community.dao
    proposal = community.propose([(target, ETHER, target.data("payOut"))])
    community.pass_vote(proposal)
    tries = [
        treasury.data("setGovernor", target.address),
        treasury.data("grantRole", keccak(text="MINTER"), attacker),
        treasury.data("setGuardian", attacker, 0),
        treasury.data("execute", [attacker], [10 * ETHER], [b""]),
    ]
    target.send("turn", treasury.address, tries, sender=maker)
    before = community.rpc.balance(treasury.address)
    slots = [community.rpc.storage(treasury.address, slot) for slot in range(6)]
    community.ripen(proposal)
    receipt = community.execute(proposal)
    tried = [e.args for e in target.events(receipt.raw["logs"]) if e.name == "Tried"]
    assert [each["success"] for each in tried] == [False] * 4
    assert community.rpc.balance(treasury.address) == before - ETHER
    assert [community.rpc.storage(treasury.address, slot) for slot in range(6)] == slots
    assert treasury.call("governor") == dao.governor_address
    assert treasury.call("hasRole", keccak(text="MINTER"), attacker) is False


def test_synthetify_indexed_2023_spam_hides_a_payload(community: Community) -> None:
    """A member has three places; outsiders have none; and one person is no quorum."""
    attacker = community.wallets[ATTACKER]
    governor = community.dao.governor
    for i in range(2):
        community.propose([(NOBODY, 0, b"")], f"spam {i}", by=ATTACKER)
    payload = community.propose([(attacker, 100 * ETHER, b"")], "spam 2", by=ATTACKER)
    first = governor.call("proposalDeadline", hash_proposal([NOBODY], [0], [b""], "spam 0"))
    free_at = -(-first // 3600) * 3600
    for i in range(3, 8):
        with reverts("GovernorTooManyLive", attacker, 3, free_at):
            community.propose([(NOBODY, 0, b"")], f"spam {i}", by=ATTACKER)
    community.open_voting(payload)
    community.vote(payload, [ATTACKER])
    community.close_voting(payload)
    assert state(community, payload) == DEFEATED


def test_spam_blocks_nobody_else(community: Community) -> None:
    """Places are each member's own."""
    for i in range(3):
        community.propose([(NOBODY, 0, b"")], f"spam {i}", by=ATTACKER)
    honest = community.propose([(person(60).address, 1, b"")], "honest", by=VICTIM)
    community.pass_vote(honest)
    community.ripen(honest)
    community.execute(honest)
    assert state(community, honest) == EXECUTED


def test_a_reward_is_kept_after_cancellation(community: Community) -> None:
    """Nothing is paid for proposing: what a canceled proposal would have paid stays unpaid."""
    dao, attacker = community.dao, community.wallets[ATTACKER]
    calls: list[Call] = [
        (attacker, ETHER, b""),
        (dao.token, 0, dao.token.data("mint", attacker, ETHER, 0)),
        (dao.membership, 0, dao.membership.data("credit", 5, ETHER, 0, bytes(32))),
    ]
    before = community.rpc.balance(dao.treasury_address)
    proposal = community.propose(calls, by=ATTACKER)
    dao.governor.send("cancel", *proposal.actions, sender=attacker)
    community.open_voting(proposal)
    community.close_voting(proposal)
    community.ripen(proposal)
    with reverts("GovernorUnexpectedProposalState", proposal.id, CANCELED, only(QUEUED)):
        community.execute(proposal)
    assert community.rpc.balance(dao.treasury_address) == before
    assert dao.token.call("totalSupply") == 0
    assert dao.membership.call("meritOf", 5) == 0


# Economics


def test_beanstalk_2022_tokens_carry_no_votes(community: Community) -> None:
    """The whole supply, borrowed or bought, proposes nothing and weighs nothing."""
    dao, attacker = community.dao, community.outsider.address
    community.as_treasury(dao.token, "mint", attacker, 1_000_000 * ETHER, 0)
    with reverts("GovernorInsufficientProposerVotes", attacker, 0, VOICE):
        dao.governor.send("propose", [attacker], [ETHER], [b""], "mine", sender=attacker)
    proposal = community.propose([(attacker, ETHER, b"")])
    community.open_voting(proposal)
    with reverts("GovernorNoVoice", proposal.id, attacker):
        dao.governor.send("castVote", proposal.id, FOR, sender=attacker)
    names = {e["name"] for e in artifacts.project()["ContributionToken"].abi if "name" in e}
    assert not names & {"delegate", "getVotes", "getPastVotes"}


def test_build_2022_seats_are_bought_when_a_proposal_appears(community: Community) -> None:
    """Bought seats are silent for a season, which is never shorter than a vote."""
    market = found_beside(community, 10, transferableTickets=True)
    membership, governor = market.dao.membership, market.dao.governor
    attackers = [person(200 + i) for i in range(6)]
    market.rpc.fund(*(each.address for each in attackers))
    proposal = market.propose([(attackers[0].address, 50 * ETHER, b"")], by=9)
    for seller, buyer in enumerate(attackers):
        wallet = market.wallets[seller]
        membership.send("transferFrom", wallet, buyer.address, seller + 1, sender=wallet)
    market.open_voting(proposal)
    for buyer in attackers:
        with reverts("GovernorNoVoice", proposal.id, buyer.address):
            governor.send("castVote", proposal.id, FOR, sender=buyer.address)
    ids = [membership.call("memberIdOf", each.address) for each in attackers]
    ballots = [
        ballot(market, proposal, number, key=key)
        for number, key in zip(ids, attackers, strict=True)
    ]
    cast(market, proposal, ballots)
    assert tally(market, proposal) == (0, 0, 0, 0)
    # Nor may they wake before it is over.
    with pytest.raises(Exception, match="MembershipTooEarly"):
        membership.send("wake", CHARTER, sender=attackers[0].address)
    # The sellers have left; those who stay decide.
    assert governor.call("proposalQuorum", proposal.id) == 2
    market.vote(proposal, [6, 7, 8], AGAINST)
    market.close_voting(proposal)
    assert state(market, proposal) == DEFEATED


def test_compound_289_delegates_are_bought(community: Community) -> None:
    """A delegate of eight out of twenty weighs two; five who say no outweigh them."""
    big = found_beside(community, 20)
    attacker = big.wallets[0]
    for delegator in range(1, 8):
        big.dao.membership.send("delegate", attacker, sender=big.wallets[delegator])
    proposal = big.propose([(attacker, 50 * ETHER, b"")])
    big.open_voting(proposal)
    big.vote(proposal, [0], FOR)
    assert tally(big, proposal) == (0, 2 * VOICE, 0, 8)
    big.vote(proposal, [10, 11], AGAINST)
    big.close_voting(proposal)
    assert state(big, proposal) == DEFEATED


def test_nouns_fork_2023_exit_for_more_than_was_put_in(community: Community) -> None:
    """Leaving pays nothing, however often."""
    dao, attacker = community.dao, community.wallets[ATTACKER]
    community.as_treasury(dao.token, "mint", attacker, 5, 0)
    before = community.rpc.balance(dao.treasury_address)
    for _ in range(3):
        receipt = dao.membership.send("exit", sender=attacker)
        assert not [e for e in receipt.events if e.address != dao.membership_address]
        dao.membership.send("rejoin", CHARTER, sender=attacker)
    assert community.rpc.balance(dao.treasury_address) == before
    assert dao.token.call("totalSupply") == dao.token.call("balanceOf", attacker) == 5


def test_burned_and_dormant_units_distort_the_quorum(community: Community) -> None:
    """Tokens burned change nothing; who rests or exits leaves the denominator."""
    big = found_beside(community, 20)
    dao = big.dao
    big.as_treasury(dao.token, "mint", big.wallets[0], 100, 0)
    dao.token.send("burn", 100, sender=big.wallets[0])
    for wallet in big.wallets[4:12]:
        dao.membership.send("rest", sender=wallet)
    for wallet in big.wallets[12:]:
        dao.membership.send("exit", sender=wallet)
    proposal = big.propose([(NOBODY, 0, b"")])
    big.open_voting(proposal)
    # Thirty per cent of the four who are awake; five per cent of the twelve who are counted.
    assert dao.governor.call("proposalQuorum", proposal.id) == 2
    big.vote(proposal, [0, 1])
    big.close_voting(proposal)
    assert state(big, proposal) == QUEUED


def test_true_seigniorage_2021_low_turnout(community: Community) -> None:
    """One voice among silent members passes nothing, whatever time it waits for."""
    attacker = community.wallets[ATTACKER]
    mint = community.dao.token.data("mint", attacker, 10**6 * ETHER, 0)
    for round_ in range(3):
        proposal = community.propose([(community.dao.token, 0, mint)], f"{round_}", by=ATTACKER)
        community.open_voting(proposal)
        community.vote(proposal, [ATTACKER])
        community.close_voting(proposal)
        assert state(community, proposal) == DEFEATED
        community.rpc.warp(30 * DAY)
    assert community.dao.token.call("balanceOf", attacker) == 0
