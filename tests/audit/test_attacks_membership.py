"""Attacks that happened elsewhere, made here against people, tickets and voice.

Each test is named after the incident, makes the attacker's transactions, then states the property.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from eth_utils.address import to_checksum_address

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Contract, ContractRevertedError
from mikoshi.chain.node import DevRpc
from mikoshi.core.artifacts import load
from mikoshi.testing.community import FOR, Community, found, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT, VOICE, ZERO, params
from tests.support import (
    FOREVER,
    compact,
    deploy,
    factory,
    grant,
    malleated,
    membership_messages,
    next_block_at,
    reverts,
    role,
    split,
)
from tests.unit.membership.people import (
    NO_CHARTER,
    Standing,
    Totals,
    check_books,
    member,
    totals,
)

MALLORY = person(666)
RECEIVED = bytes.fromhex("150b7a02")
SAFE = "safeTransferFrom(address,address,uint256)"
CLASSIC = "delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)"
REF = bytes(32)


@pytest.fixture
def victim(community: Community) -> Iterator[Community]:
    """Five Active members, soulbound tickets; Mallory has ether."""
    community.rpc.fund(MALLORY.address)
    yield community
    check_books(community)


@pytest.fixture
def market(community: Community) -> Iterator[Community]:
    """Five Active members whose tickets can be sold; Mallory has ether."""
    dao = found(community.rpc, factory=factory(community.rpc), transferableTickets=True)
    dao.rpc.fund(MALLORY.address)
    yield dao
    check_books(dao)


def robbery(dao: Community) -> ProposalDraft:
    """A proposal to pay the attacker, made by a member who was bought."""
    dao.rpc.fund(dao.dao.treasury_address)
    return dao.propose([(MALLORY.address, 10**18, b"")], "rob")


# Voting power


def test_beanstalk_2022_flash_loaned_tokens_carry_no_votes(victim: Community) -> None:
    """All tokens in the world, in the second of the proposal, weigh nothing."""
    dao = victim.dao
    with victim.rpc.impersonate(dao.treasury_address):
        victim.as_treasury(dao.token, "mint", MALLORY.address, 10**6 * 10**18, 0)
    assert dao.membership.call("getVotes", MALLORY.address) == 0
    with reverts("GovernorInsufficientProposerVotes", MALLORY.address, 0, VOICE):
        dao.governor.call("propose", [MALLORY.address], [1], [b""], "x", sender=MALLORY.address)
    proposal = robbery(victim)
    victim.open_voting(proposal)
    with reverts("GovernorNoVoice", proposal.id, MALLORY.address):
        dao.governor.call("castVote", proposal.id, FOR, sender=MALLORY.address)


def test_beanstalk_2022_a_seat_bought_for_one_vote_is_silent(market: Community) -> None:
    """Bought as soon as the proposal appears, woken at the earliest: too late for it."""
    exchange, governor = market.dao.membership, market.dao.governor
    market.rpc.warp_to((market.rpc.timestamp() // DAY + 1) * DAY - 1)  # the best second of a day
    proposal = robbery(market)
    seller = market.wallets[4]
    exchange.send("transferFrom", seller, MALLORY.address, 5, sender=seller)
    market.open_voting(proposal)
    deadline = governor.call("proposalDeadline", proposal.id)
    ready = exchange.call("stampOf", 6) * DAY
    assert ready > deadline
    for moment in (market.rpc.timestamp() + 1, deadline):
        market.rpc.warp_to(moment)
        with reverts("MembershipTooEarly", 6, ready):
            exchange.call("wake", CHARTER, sender=MALLORY.address)
        with reverts("GovernorNoVoice", proposal.id, MALLORY.address):
            governor.call("castVote", proposal.id, FOR, sender=MALLORY.address)
    with reverts("GovernorNoVoice", proposal.id, seller):  # nor has the seller, who left
        governor.call("castVote", proposal.id, FOR, sender=seller)


def test_beanstalk_2022_the_shortest_season_outlasts_the_vote(market: Community) -> None:
    exchange, governor = market.dao.membership, market.dao.governor
    assert exchange.call("settings")["season"] == 45 * DAY  # the least that is allowed
    market.rpc.warp_to((market.rpc.timestamp() // DAY + 1) * DAY - 1)
    when = next_block_at(market.rpc, market.rpc.timestamp() + DAY)
    proposal = robbery(market)
    assert market.rpc.timestamp() == when
    next_block_at(market.rpc, when + 1)
    exchange.send("transferFrom", market.wallets[4], MALLORY.address, 5, sender=market.wallets[4])
    ready = exchange.call("stampOf", 6) * DAY
    assert ready > governor.call("proposalDeadline", proposal.id)
    market.rpc.warp_to(ready - 1)
    with reverts("MembershipTooEarly", 6, ready):
        exchange.call("wake", CHARTER, sender=MALLORY.address)
    market.rpc.warp(1)
    exchange.send("wake", CHARTER, sender=MALLORY.address)
    with reverts("GovernorUnexpectedProposalState", proposal.id, 3, (2).to_bytes(32)):
        governor.call("castVote", proposal.id, FOR, sender=MALLORY.address)


def test_bought_seat_does_not_speak_for_old_delegators(market: Community) -> None:
    """Who once left, and to whom others still delegate, buys a seat after the proposal."""
    exchange, governor = market.dao.membership, market.dao.governor
    bought, second, third = market.wallets[:3]
    exchange.send("delegate", bought, sender=second)
    exchange.send("delegate", bought, sender=third)
    exchange.send("transferFrom", bought, MALLORY.address, 1, sender=bought)
    proposal = market.propose([(MALLORY.address, 1, b"")], "rob", by=3)
    market.open_voting(proposal)
    snapshot = governor.call("proposalSnapshot", proposal.id)
    assert market.dao.lens.call("getPastMembers", exchange.address, bought, snapshot) == 2
    exchange.send("transferFrom", market.wallets[4], bought, 5, sender=market.wallets[4])
    assert exchange.call("ownerOf", 5) == bought
    with reverts("GovernorNoVoice", proposal.id, bought):
        governor.call("castVote", proposal.id, FOR, sender=bought)


def test_nouns_builder_h1_a_transfer_moves_the_delegates_votes(market: Community) -> None:
    """The votes must leave the seller's delegate, not the seller, who has none."""
    exchange = market.dao.membership
    seller, delegate = market.wallets[:2]
    exchange.send("delegate", delegate, sender=seller)
    buyers = [person(number).address for number in (700, 701, 702)]
    holder = seller
    for buyer in buyers:
        market.rpc.fund(buyer)
        exchange.send("transferFrom", holder, buyer, 1, sender=holder)
        market.rpc.warp(46 * DAY)
        holder = buyer
        everyone = (*market.wallets, *buyers)
        spoken = sum(exchange.call("getVotes", wallet) for wallet in everyone)
        assert spoken == totals(exchange).voice == 4 * VOICE
    assert exchange.call("getVotes", delegate) == VOICE


def test_nouns_builder_h4_self_delegation_doubles_nothing(victim: Community) -> None:
    membership = victim.dao.membership
    first = victim.wallets[0]
    for delegate in (first, ZERO, first, first, ZERO):
        membership.send("delegate", delegate, sender=first)
    assert membership.call("getVotes", first) == VOICE
    membership.send("delegate", victim.wallets[1], sender=first)
    for delegate in (first, first):
        membership.send("delegate", delegate, sender=first)
    assert membership.call("getVotes", first) == VOICE
    assert totals(membership) == Totals(5, 5, 5 * VOICE, 5)


def test_nouns_builder_h3_several_changes_in_one_second(victim: Community) -> None:
    """A past look-up finds the last state of a second, whatever came before it in that second."""
    membership, rpc = victim.dao.membership, victim.rpc
    first, second, third = victim.wallets[:3]
    when = rpc.timestamp() + 1_000
    steps: list[tuple[str, list[Any], str]] = [
        ("delegate", [first], second),
        ("delegate", [first], third),
        ("rest", [], first),
        ("wake", [NO_CHARTER], first),
        ("delegate", [third], third),
        ("rest", [], second),
        ("wake", [NO_CHARTER], second),
        ("delegate", [second], second),
    ]
    for name, args, sender in steps:
        next_block_at(rpc, when)
        membership.send(name, *args, sender=sender)
    assert rpc.timestamp() == when
    now = [membership.call("getVotes", wallet) for wallet in victim.wallets]
    rpc.warp(DAY)
    assert [membership.call("getPastVotes", wallet, when) for wallet in victim.wallets] == now
    assert now == [VOICE] * 5
    for wallet in victim.wallets:
        assert membership.call("getPastVotes", wallet, when - 1) == VOICE
    assert membership.call("getPastCensus", when) == (5, 5, 5 * VOICE)


@pytest.mark.usefixtures("community")
def test_nouns_builder_m21_no_narrowing_cast_wraps(rpc: DevRpc) -> None:
    """The most voice that parameters and time allow, all of it with one delegate."""
    base, full = 10**12, 10**9
    voice = {"halfLife": 90 * DAY, "base": base, "most": 30_000, "full": full}
    voice["t0"] = rpc.timestamp()
    settings = {
        "dormantAfter": 365 * DAY,
        "season": 45 * DAY,
        "stewardCap": 0,
        "meritCap": 10**12,
        "meritCapPerMember": 10**12,
    }
    dao = found(rpc, factory=factory(rpc), voice=voice, membership=settings)
    membership = dao.dao.membership
    for wallet in dao.wallets:
        membership.send("delegate", dao.wallets[0], sender=wallet)
    rpc.warp_to(voice["t0"] + 100 * 90 * DAY)  # where the exponent ends
    for epoch in range(7):
        rpc.warp_to(voice["t0"] + (300 + epoch) * 30 * DAY)
        dao.as_treasury(membership, "credit", epoch % 5 + 1, full * POINT, 0, REF)
    assert [membership.call("meritOf", number) for number in range(1, 6)] == [full * POINT] * 5
    votes = membership.call("getVotes", dao.wallets[0])
    assert votes <= 5 * 3 * base
    assert votes == pytest.approx(5 * 3 * base, rel=1e-12)
    assert votes == membership.call("census")[2]
    membership.send("exit", sender=dao.wallets[4])
    left = membership.call("getVotes", dao.wallets[0])
    assert left == pytest.approx(votes * 4 // 5, rel=1e-12)
    check_books(dao)


def test_token_and_governor_on_one_clock(victim: Community) -> None:
    """Block numbers and times never meet: both say time, and the same one."""
    membership, governor = victim.dao.membership, victim.dao.governor
    victim.rpc.call("anvil_mine", "0x10")
    for _ in range(2):
        assert membership.call("clock") == governor.call("clock") == victim.rpc.timestamp()
        victim.rpc.warp(10 * DAY)
    assert membership.call("CLOCK_MODE") == governor.call("CLOCK_MODE") == "mode=timestamp"


def test_reentry_from_a_receiver_hook_during_admission(victim: Community) -> None:
    """Admission calls nobody, so there is nothing to re-enter from."""
    membership = victim.dao.membership
    wallet = deploy(victim.rpc, "TicketReceiver", RECEIVED)
    plan = membership.data("delegate", victim.wallets[0])
    wallet.send("prepare", membership.address, plan, sender=MALLORY.address)
    victim.as_treasury(membership, "admit", wallet.address, CHARTER)
    assert wallet.call("from") == ZERO
    assert wallet.call("succeeded") is False
    assert wallet.call("ticket") == 0
    assert totals(membership) == Totals(6, 6, 6 * VOICE, 6)
    assert membership.call("getVotes", wallet.address) == VOICE


def test_reentry_from_a_receiver_hook_during_a_sale(market: Community) -> None:
    """The receiver sells on from inside its hook, to an accomplice who would do the same."""
    exchange = market.dao.membership
    first, second = (deploy(market.rpc, "TicketReceiver", RECEIVED) for _ in range(2))
    for wallet, to in ((first, second.address), (second, MALLORY.address)):
        plan = exchange.data(SAFE, wallet.address, to, 1)
        wallet.send("prepare", exchange.address, plan, sender=MALLORY.address)
    seller = market.wallets[0]
    exchange.send(SAFE, seller, first.address, 1, sender=seller)
    assert first.call("succeeded") is False  # a season must pass first
    market.rpc.warp(46 * DAY)
    again = exchange.data(SAFE, first.address, second.address, 1)
    with market.rpc.impersonate(first.address):
        market.rpc.send(exchange.address, again, sender=first.address)
    assert second.call("succeeded") is False
    wallets = (seller, first.address, second.address, MALLORY.address)
    assert [exchange.call("balanceOf", wallet) for wallet in wallets] == [0, 0, 1, 0]
    assert sum(exchange.call("getVotes", wallet) for wallet in wallets) == 0
    assert totals(exchange) == Totals(4, 4, 4 * VOICE, 7)


# Tickets and tokens


def test_oz_4_8_1_a_batch_of_one_corrupts_no_balance(victim: Community) -> None:
    membership = victim.dao.membership
    victim.as_treasury(membership, "admitMany", [MALLORY.address], CHARTER)
    assert membership.call("balanceOf", MALLORY.address) == 1
    assert membership.call("ownerOf", 6) == MALLORY.address
    membership.send("exit", sender=MALLORY.address)
    assert membership.call("balanceOf", MALLORY.address) == 0
    with reverts("ERC721NonexistentToken", 6):
        membership.call("ownerOf", 6)


def test_an_approval_survives_neither_burning_nor_selling(market: Community) -> None:
    """Mallory was approved once; ticket and number come back to others later."""
    exchange = market.dao.membership
    seller, buyer = market.wallets[0], person(700).address
    market.rpc.fund(buyer)
    exchange.send("approve", MALLORY.address, 1, sender=seller)
    exchange.send("transferFrom", seller, buyer, 1, sender=seller)
    with reverts("ERC721InsufficientApproval", MALLORY.address, 1):
        exchange.call("transferFrom", buyer, MALLORY.address, 1, sender=MALLORY.address)
    exchange.send("approve", MALLORY.address, 1, sender=buyer)
    exchange.send("exit", sender=buyer)
    market.as_treasury(exchange, "admit", seller, CHARTER)
    assert exchange.call("ownerOf", 1) == seller
    with reverts("ERC721InsufficientApproval", MALLORY.address, 1):
        exchange.call("transferFrom", seller, MALLORY.address, 1, sender=MALLORY.address)


# Signatures


@pytest.mark.parametrize("name", ["malleated", "compact"])
def test_another_encoding_does_not_evade_a_cancellation(victim: Community, name: str) -> None:
    """The member spends the nonce; no form of the old signature lives on."""
    membership = victim.dao.membership
    key = victim.people[0]
    messages = membership_messages(victim.rpc, membership.address)
    signature = messages.sign(key, "Exit", key.address, 0, FOREVER)
    cancel = messages.sign(key, "Delegate", key.address, key.address, 0, FOREVER)
    ours = "delegateBySig(address,address,uint256,bytes)"
    membership.send(ours, key.address, key.address, FOREVER, cancel, sender=MALLORY.address)
    other = malleated(signature) if name == "malleated" else compact(signature)
    for form in (signature, other):
        with reverts("MembershipInvalidSignature", key.address):
            membership.call("exitBySig", key.address, FOREVER, form, sender=MALLORY.address)
    assert member(membership, 1).standing == Standing.ACTIVE


def test_a_signature_is_not_replayed_after_exit_and_return(victim: Community) -> None:
    membership = victim.dao.membership
    key = victim.people[0]
    messages = membership_messages(victim.rpc, membership.address)
    leave = messages.sign(key, "Exit", key.address, 0, FOREVER)
    membership.send("exitBySig", key.address, FOREVER, leave, sender=MALLORY.address)
    back = messages.sign(key, "Rejoin", key.address, CHARTER, 1, FOREVER)
    membership.send("rejoinBySig", key.address, CHARTER, FOREVER, back, sender=MALLORY.address)
    for _ in range(2):
        with reverts("MembershipInvalidSignature", key.address):
            membership.call("exitBySig", key.address, FOREVER, leave)
        with reverts("MembershipInvalidSignature", key.address):
            membership.call("rejoinBySig", key.address, CHARTER, FOREVER, back)
        victim.rpc.warp(400 * DAY)
    assert member(membership, 1).standing == Standing.NEWCOMER


def test_a_signature_is_not_replayed_on_another_dao_or_chain(victim: Community) -> None:
    membership = victim.dao.membership
    key = victim.people[0]
    messages = membership_messages(victim.rpc, membership.address)
    signature = messages.sign(key, "Exit", key.address, 0, FOREVER)
    other = found(victim.rpc, factory=factory(victim.rpc), salt=b"\x03" * 32).dao.membership
    with reverts("MembershipInvalidSignature", key.address):
        other.call("exitBySig", key.address, FOREVER, signature)
    here = victim.rpc.chain_id()
    victim.rpc.call("anvil_setChainId", here + 1)
    try:
        with reverts("MembershipInvalidSignature", key.address):
            membership.send("exitBySig", key.address, FOREVER, signature, sender=MALLORY.address)
    finally:
        victim.rpc.call("anvil_setChainId", here)


def test_a_signature_of_the_old_key_is_worth_nothing_after_recovery(victim: Community) -> None:
    """A stolen key signed in advance; the record has moved to a new wallet since."""
    membership = victim.dao.membership
    stolen = victim.people[0]
    messages = membership_messages(victim.rpc, membership.address)
    leave = messages.sign(stolen, "Exit", stolen.address, 0, FOREVER)
    give = messages.sign(stolen, "Delegation", victim.wallets[1], 0, FOREVER)
    part = grant(victim, "SUCCESSION", victim.outsider.address)
    membership.send("moveWallet", 1, person(700).address, sender=part)
    with reverts("MembershipUnexpectedStanding", 0, Standing.NONE):
        membership.call("exitBySig", stolen.address, FOREVER, leave)
    with reverts("VoiceNotActive", stolen.address):
        membership.call(CLASSIC, victim.wallets[1], 0, FOREVER, *split(give))
    with reverts("MembershipInvalidSignature", person(700).address):
        membership.call("exitBySig", person(700).address, FOREVER, leave)
    assert member(membership, 1).votes == VOICE


def test_a_signed_act_consumed_by_a_front_runner_has_happened(victim: Community) -> None:
    """As with permits: the relayer's transaction fails, the member's will is done all the same."""
    membership = victim.dao.membership
    key = victim.people[0]
    messages = membership_messages(victim.rpc, membership.address)
    args = [victim.wallets[1], 0, FOREVER]
    signature = split(messages.sign(key, "Delegation", *args))
    membership.send(CLASSIC, *args, *signature, sender=MALLORY.address)
    with reverts("InvalidAccountNonce", key.address, 1):
        membership.call(CLASSIC, *args, *signature, sender=victim.outsider.address)
    assert member(membership, 1).delegate == victim.wallets[1]


# Deployment


def test_audius_2022_the_initializer_does_not_reopen(victim: Community) -> None:
    membership = victim.dao.membership
    settings = membership.call("settings")
    args = [settings, CHARTER, "", [MALLORY.address]]
    for caller in (MALLORY.address, victim.dao.treasury_address, victim.dao.governor_address):
        with reverts("MembershipAlreadyInitialized"):
            membership.call("initialize", *args, sender=caller)
    lowest = settings | {"stewardCap": 0, "meritCap": 0, "meritCapPerMember": 0}
    victim.as_treasury(membership, "setSettings", lowest)
    with reverts("MembershipAlreadyInitialized"):
        membership.call("initialize", *args, sender=MALLORY.address)


def test_parity_2017_the_implementation_belongs_to_nobody(victim: Community) -> None:
    """It cannot be initialized and admits nobody, and the clones do not notice the attempt."""
    implementation = factory(victim.rpc).call("implementations")[1]
    code = victim.rpc.code(implementation)
    part = Contract(victim.rpc, implementation, Interface(load("Membership").abi))
    settings = victim.dao.membership.call("settings")
    with reverts("MembershipAlreadyInitialized"):
        part.call("initialize", settings, CHARTER, "", [MALLORY.address], sender=MALLORY.address)
    for name, args in (("admit", [MALLORY.address, CHARTER]), ("setSettings", [settings])):
        with pytest.raises(ContractRevertedError):  # it has no Treasury to ask
            part.send(name, *args, sender=MALLORY.address)
    assert part.call("census") == (0, 0, 0, 0)
    assert victim.rpc.code(implementation) == code
    assert member(victim.dao.membership, 1).votes == VOICE


def test_deployer_keeps_no_right(victim: Community) -> None:
    membership = victim.dao.membership
    deployer = to_checksum_address(victim.rpc.call("eth_accounts")[0])
    for caller in (deployer, factory(victim.rpc).address):
        with reverts("MembershipUnauthorized", caller, role("ADMITTER")):
            membership.call("admit", MALLORY.address, CHARTER, sender=caller)
        with reverts("MembershipUnauthorized", caller, role("REWARDER")):
            membership.call("credit", 1, POINT, 0, REF, sender=caller)
        with reverts("MembershipUnauthorized", caller, role("SUCCESSION")):
            membership.call("moveWallet", 1, MALLORY.address, sender=caller)
        for name, args in (("bar", [1]), ("setCharter", [CHARTER, ""])):
            with reverts("MembershipUnauthorized", caller, bytes(32)):
                membership.call(name, *args, sender=caller)


# People


def test_false_death_of_a_member(victim: Community) -> None:
    """Nobody can declare a member dead: not early, not with a door, and not without return."""
    membership = victim.dao.membership
    wallet = victim.wallets[0]
    for caller in (MALLORY.address, victim.wallets[1], victim.dao.governor_address):
        with reverts("MembershipUnauthorized", caller, role("SUCCESSION")):
            membership.call("moveWallet", 1, MALLORY.address, sender=caller)
    due = (membership.call("stampOf", 1) + 210) * DAY
    victim.rpc.warp_to(due - 1)
    assert membership.call("lapse", [1]) == 0
    next_block_at(victim.rpc, due)
    membership.send("lapse", [1], sender=MALLORY.address)
    membership.send("wake", NO_CHARTER, sender=wallet)
    assert member(membership, 1).votes == VOICE
    assert member(membership, 1).ticket == 1


def test_guardian_collusion_reaches_no_member(rpc: DevRpc, victim: Community) -> None:
    """The guardian's office is to cancel; at the Membership it has no right at all."""
    office = {"holder": MALLORY.address, "until": rpc.timestamp() + 300 * DAY}
    dao = found(rpc, factory=factory(rpc), guardian=office)
    membership = dao.dao.membership
    with reverts("MembershipUnauthorized", MALLORY.address, role("ADMITTER")):
        membership.call("admit", MALLORY.address, CHARTER, sender=MALLORY.address)
    with reverts("MembershipUnauthorized", MALLORY.address, role("SUCCESSION")):
        membership.call("moveWallet", 1, MALLORY.address, sender=MALLORY.address)
    with reverts("MembershipUnauthorized", MALLORY.address, bytes(32)):
        membership.call("bar", 1, sender=MALLORY.address)
    assert victim.dao.membership.call("memberIdOf", MALLORY.address) == 0


def test_lapse_used_to_shrink_a_quorum(victim: Community) -> None:
    """Lapsing the silent during a vote changes neither its quorum nor their right to vote in it."""
    membership, governor = victim.dao.membership, victim.dao.governor
    due = (membership.call("stampOf", 1) + 210) * DAY
    victim.rpc.warp_to(due - 4 * DAY)
    membership.send("delegate", ZERO, sender=victim.wallets[0])  # the attacker stays awake
    proposal = robbery(victim)
    victim.open_voting(proposal)
    snapshot = governor.call("proposalSnapshot", proposal.id)
    needed = governor.call("quorum", snapshot)
    assert needed == 2 * VOICE
    victim.rpc.warp_to(due)
    membership.send("lapse", [1, 2, 3, 4, 5], sender=MALLORY.address)
    assert totals(membership).awake == 1
    assert governor.call("quorum", snapshot) == needed
    victim.vote(proposal, [0])
    victim.vote(proposal, [1, 2], support=0)
    assert totals(membership).awake == 3
    victim.close_voting(proposal)
    assert governor.call("state", proposal.id) == 3  # Defeated


@pytest.mark.usefixtures("community")
def test_lapse_before_a_proposal_cannot_take_the_floor(rpc: DevRpc) -> None:
    """A dormant member stays counted: the floor sinks only after a year of dormancy."""
    rules = params(0)["governor"] | {"floorBps": 1_000}
    dao = found(rpc, 30, factory=factory(rpc), governor=rules)
    membership, governor = dao.dao.membership, dao.dao.governor
    everybody = list(range(1, 31))
    silent = (membership.call("stampOf", 1) + 210) * DAY
    rpc.warp_to(silent)
    membership.send("lapse", everybody * 3, sender=dao.outsider.address)
    assert totals(membership) == Totals(0, 30, 0, 30)
    rpc.warp_to(silent + 365 * DAY - 1)
    assert membership.call("lapse", everybody) == 0
    membership.send("wake", NO_CHARTER, sender=dao.wallets[0])
    assert totals(membership) == Totals(1, 30, VOICE, 30)
    now = rpc.warp(1) - 1
    assert governor.call("quorum", now) == 3 * VOICE  # people, of one who is awake
    rpc.warp(2 * DAY)
    membership.send("lapse", everybody, sender=dao.outsider.address)
    assert totals(membership) == Totals(1, 1, VOICE, 30)
    assert governor.call("quorum", rpc.warp(1) - 1) == VOICE


def test_burned_and_dormant_units_do_not_distort_the_quorum(victim: Community) -> None:
    membership, governor = victim.dao.membership, victim.dao.governor
    for wallet in victim.wallets[:2]:
        membership.send("exit", sender=wallet)
    for wallet in victim.wallets[2:4]:
        membership.send("rest", sender=wallet)
    now = victim.rpc.warp(1) - 1
    assert membership.call("getPastCensus", now) == (1, 3, VOICE)
    assert governor.call("quorum", now) == VOICE


def test_farming_by_sybils_needs_an_admitter(victim: Community) -> None:
    """A hundred wallets of one person: none gets in by itself, by any door."""
    membership = victim.dao.membership
    for number in range(800, 820):
        wallet = person(number).address
        with reverts("MembershipUnauthorized", wallet, role("ADMITTER")):
            membership.call("admit", wallet, CHARTER, sender=wallet)
        with reverts("MembershipUnauthorized", wallet, role("ADMITTER")):
            membership.call("admitMany", [wallet], CHARTER, sender=wallet)
        for name in ("rejoin", "wake"):
            with reverts("MembershipUnexpectedStanding", 0, Standing.NONE):
                membership.call(name, CHARTER, sender=wallet)
        with reverts("TicketSoulbound", 1):
            membership.call("transferFrom", victim.wallets[0], wallet, 1, sender=wallet)
    assert totals(membership) == Totals(5, 5, 5 * VOICE, 5)


def test_farming_by_cycles_gains_nothing(market: Community) -> None:
    """Sale, purchase, exit, wake and delegation in circles: one seat stays one voice."""
    exchange = market.dao.membership
    ring = [market.wallets[0], *(person(number).address for number in (700, 701))]
    for wallet in ring[1:]:
        market.rpc.fund(wallet)
    for _ in range(2):
        for seller, buyer in zip(ring, [*ring[1:], ring[0]], strict=True):
            exchange.send("transferFrom", seller, buyer, 1, sender=seller)
            market.rpc.warp(46 * DAY)
            exchange.send("wake", CHARTER, sender=buyer)
            exchange.send("delegate", market.wallets[1], sender=buyer)
            assert exchange.call("getVotes", market.wallets[1]) == 2 * VOICE
    whole = totals(exchange)
    assert (whole.awake, whole.counted, whole.voice) == (5, 5, 5 * VOICE)


def test_barred_member_does_not_come_back_by_any_door(market: Community) -> None:
    exchange = market.dao.membership
    barred = market.wallets[0]
    market.as_treasury(exchange, "bar", 1)
    for name in ("rejoin", "wake"):
        with reverts("MembershipUnexpectedStanding", 1, Standing.BARRED):
            exchange.call(name, CHARTER, sender=barred)
    shop = grant(market, "ADMITTER", market.outsider.address)
    for name, wallets in (("admit", barred), ("admitMany", [barred])):
        with reverts("MembershipBarred", 1):
            exchange.call(name, wallets, CHARTER, sender=shop)
    seller = market.wallets[1]
    with reverts("MembershipBarred", 1):
        exchange.call("transferFrom", seller, barred, 2, sender=seller)
    part = grant(market, "SUCCESSION", market.outsider.address)
    with reverts("MembershipWalletTaken", barred, 1):
        exchange.call("moveWallet", 2, barred, sender=part)


def test_one_hostile_id_blocks_no_batch(victim: Community) -> None:
    """Lapse and reclaim take whatever list, huge ids and repeats included."""
    membership = victim.dao.membership
    membership.send("delegate", victim.wallets[1], sender=victim.wallets[0])
    membership.send("rest", sender=victim.wallets[1])
    noise = [0, 2**256 - 1, 6, 7, 2, 2, 1, 1, 2**24, 3]
    assert membership.call("reclaim", noise) == 1
    victim.rpc.warp(300 * DAY)
    assert membership.call("lapse", noise) == 2
