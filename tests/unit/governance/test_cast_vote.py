"""One ballot, through every door: see cast_vote.tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.contract import Receipt
from mikoshi.testing.community import ABSTAIN, AGAINST, FOR, Community, person
from mikoshi.testing.defaults import CHARTER, DAY, VOICE
from tests.support import compact, malleated, reverts
from tests.unit.governance.support import (
    ACTIVE,
    CANCELED,
    DEFEATED,
    NOBODY,
    PENDING,
    STANDING_ACTIVE,
    STANDING_DORMANT,
    STANDING_EXITED,
    STANDING_NEWCOMER,
    admit,
    contract_account,
    found_beside,
    governor_messages,
    move_wallet,
    only,
    send_at,
    standing,
    state,
    tally,
)


@pytest.fixture
def proposal(community: Community) -> ProposalDraft:
    """Proposed by member 1 and open for voting."""
    opened = community.propose([("0x" + "aa" * 20, 0, b"")])
    community.open_voting(opened)
    return opened


def sign_ballot(
    community: Community,
    proposal: ProposalDraft,
    member: int,
    support: int,
    nonce: int = 0,
    voter: str | None = None,
    **domain: Any,
) -> bytes:
    voter = voter or person(member).address
    messages = governor_messages(community)
    values = (proposal.id, support, voter, nonce)
    return messages.sign(person(member), "Ballot", *values, **domain)


def sign_extended(
    community: Community, proposal: ProposalDraft, member: int, support: int, reason: str
) -> bytes:
    voter = person(member).address
    values = (proposal.id, support, voter, 0, reason, b"")
    return governor_messages(community).sign(person(member), "ExtendedBallot", *values)


Door = Callable[[Community, ProposalDraft, int, int], tuple[tuple[Any, ...], str]]
"""What to send to the Governor, and from whom, for a ballot of a member."""


def plain(_: Community, proposal: ProposalDraft, member: int, support: int) -> Any:
    return ("castVote", proposal.id, support), person(member).address


def reasoned(_: Community, proposal: ProposalDraft, member: int, support: int) -> Any:
    return ("castVoteWithReason", proposal.id, support, "why"), person(member).address


def with_params(_: Community, proposal: ProposalDraft, member: int, support: int) -> Any:
    call = ("castVoteWithReasonAndParams", proposal.id, support, "why", b"")
    return call, person(member).address


def signed(community: Community, proposal: ProposalDraft, member: int, support: int) -> Any:
    signature = sign_ballot(community, proposal, member, support)
    call = ("castVoteBySig", proposal.id, support, person(member).address, signature)
    return call, community.outsider.address


def signed_extended(
    community: Community, proposal: ProposalDraft, member: int, support: int
) -> Any:
    signature = sign_extended(community, proposal, member, support, "why")
    voter = person(member).address
    name = "castVoteWithReasonAndParamsBySig"
    return (name, proposal.id, support, voter, "why", b"", signature), community.outsider.address


DOORS = [plain, reasoned, with_params, signed, signed_extended]


def enter(
    door: Door, community: Community, proposal: ProposalDraft, member: int, support: int = FOR
) -> Receipt:
    call, sender = door(community, proposal, member, support)
    return community.dao.governor.send(*call, sender=sender)


@pytest.mark.parametrize("support", [AGAINST, FOR, ABSTAIN])
@pytest.mark.parametrize("door", DOORS)
def test_cast_vote_counts(
    community: Community, proposal: ProposalDraft, door: Door, support: int
) -> None:
    governor, voter = community.dao.governor, community.wallets[1]
    call, sender = door(community, proposal, 2, support)
    assert governor.call("hasVoted", proposal.id, voter) is False
    assert governor.call(*call, sender=sender) == VOICE
    receipt = governor.send(*call, sender=sender)
    (event,) = receipt.events
    assert (event.name, event.address) == ("VoteCast", community.dao.governor_address)
    assert event.args == {
        "voter": voter,
        "proposalId": proposal.id,
        "support": support,
        "weight": VOICE,
        "reason": "" if door in (plain, signed) else "why",
    }
    assert governor.call("hasVoted", proposal.id, voter) is True
    assert governor.call("hasVoted", proposal.id, community.wallets[0]) is False
    expected = [0, 0, 0, int(support != AGAINST)]
    expected[support] = VOICE
    assert tally(community, proposal) == tuple(expected)
    assert governor.call("nonces", voter) == int(door in (signed, signed_extended))


@pytest.mark.usefixtures("proposal")
@pytest.mark.parametrize("door", DOORS)
def test_cast_vote_reverts_when_there_is_no_such_proposal(community: Community, door: Door) -> None:
    unknown = ProposalDraft.of([], "nobody proposed this")
    with reverts("GovernorNonexistentProposal", unknown.id):
        enter(door, community, unknown, 2)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("support", [3, 4, 255])
def test_cast_vote_reverts_when_the_support_is_no_vote_type(
    community: Community, proposal: ProposalDraft, door: Door, support: int
) -> None:
    with reverts("GovernorInvalidVoteType"):
        enter(door, community, proposal, 2, support)


@pytest.mark.parametrize("params", [b"\0", b"12345678" * 20])
def test_cast_vote_reverts_when_there_are_params(
    community: Community, proposal: ProposalDraft, params: bytes
) -> None:
    governor, voter = community.dao.governor, community.wallets[0]
    with reverts("GovernorInvalidVoteParams"):
        governor.send("castVoteWithReasonAndParams", proposal.id, FOR, "why", params, sender=voter)
    values = (proposal.id, FOR, voter, 0, "why", params)
    signature = governor_messages(community).sign(person(1), "ExtendedBallot", *values)
    args = (proposal.id, FOR, voter, "why", params, signature)
    with reverts("GovernorInvalidVoteParams"):
        governor.send("castVoteWithReasonAndParamsBySig", *args, sender=voter)
    assert governor.call("nonces", voter) == 0


# When


@pytest.mark.parametrize("door", DOORS)
def test_cast_vote_is_possible_from_the_second_after_the_snapshot(
    community: Community, door: Door
) -> None:
    governor = community.dao.governor
    pending = community.propose([(NOBODY, 0, b"")])
    snapshot = governor.call("proposalSnapshot", pending.id)
    call, sender = door(community, pending, 2, FOR)
    with reverts("GovernorUnexpectedProposalState", pending.id, PENDING, only(ACTIVE)):
        send_at(governor, snapshot, *call, sender=sender)
    send_at(governor, snapshot + 1, *call, sender=sender)
    assert tally(community, pending) == (0, VOICE, 0, 1)


@pytest.mark.parametrize("door", DOORS)
def test_cast_vote_is_possible_up_to_the_second_of_the_deadline(
    community: Community, proposal: ProposalDraft, door: Door
) -> None:
    governor = community.dao.governor
    deadline = governor.call("proposalDeadline", proposal.id)
    call, sender = door(community, proposal, 2, FOR)
    with community.rpc.isolate():
        send_at(governor, deadline, *call, sender=sender)
        assert tally(community, proposal) == (0, VOICE, 0, 1)
    with reverts("GovernorUnexpectedProposalState", proposal.id, DEFEATED, only(ACTIVE)):
        send_at(governor, deadline + 1, *call, sender=sender)


@pytest.mark.parametrize("door", DOORS)
def test_cast_vote_reverts_when_canceled(community: Community, door: Door) -> None:
    canceled = community.propose([(NOBODY, 0, b"")])
    community.dao.governor.send("cancel", *canceled.actions, sender=community.wallets[0])
    community.open_voting(canceled)
    with reverts("GovernorUnexpectedProposalState", canceled.id, CANCELED, only(ACTIVE)):
        enter(door, community, canceled, 2)


# Who


@pytest.mark.parametrize("second", DOORS)
@pytest.mark.parametrize("first", [plain, signed_extended])
def test_cast_vote_reverts_given_a_member_who_has_voted(
    community: Community, proposal: ProposalDraft, first: Door, second: Door
) -> None:
    enter(first, community, proposal, 2, FOR)
    before = tally(community, proposal)
    call, sender = second(community, proposal, 2, AGAINST)
    if second in (signed, signed_extended) and first in (signed, signed_extended):
        message = "Ballot" if second is signed else "ExtendedBallot"
        values: tuple[Any, ...] = (proposal.id, AGAINST, community.wallets[1], 1)
        values += ("why", b"") if second is signed_extended else ()
        fresh = governor_messages(community).sign(person(2), message, *values)
        call = (*call[:-1], fresh)
    with reverts("GovernorAlreadyCastVote", community.wallets[1]):
        community.dao.governor.send(*call, sender=sender)
    assert tally(community, proposal) == before


@pytest.mark.parametrize("door", DOORS)
def test_cast_vote_reverts_for_an_outsider(
    community: Community, proposal: ProposalDraft, door: Door
) -> None:
    with reverts("GovernorNoVoice", proposal.id, community.outsider.address):
        enter(door, community, proposal, 10**6)


def test_cast_vote_counts_who_joined_in_the_second_of_the_snapshot(community: Community) -> None:
    governor, membership = community.dao.governor, community.dao.membership
    proposal = community.propose([(NOBODY, 0, b"")])
    snapshot = governor.call("proposalSnapshot", proposal.id)
    punctual, late = person(6).address, person(7).address
    treasury = community.dao.treasury_address
    send_at(membership, snapshot, "admit", punctual, CHARTER, sender=treasury)
    send_at(membership, snapshot + 1, "admit", late, CHARTER, sender=treasury)
    for wallet in (punctual, late):
        community.rpc.fund(wallet)
    governor.send("castVote", proposal.id, FOR, sender=punctual)
    with reverts("GovernorNoVoice", proposal.id, late):
        governor.send("castVote", proposal.id, FOR, sender=late)
    assert tally(community, proposal) == (0, VOICE, 0, 1)


@pytest.mark.parametrize("door", DOORS)
def test_cast_vote_reverts_for_who_exited_since(
    community: Community, proposal: ProposalDraft, door: Door
) -> None:
    membership, voter = community.dao.membership, community.wallets[1]
    membership.send("exit", sender=voter)
    with reverts("GovernorNoVoice", proposal.id, voter):
        enter(door, community, proposal, 2)
    assert standing(community, 2) == STANDING_EXITED


def test_cast_vote_reverts_for_who_exited_and_returned(
    community: Community, proposal: ProposalDraft
) -> None:
    """Whoever returns by themselves is a Newcomer, silent for a season."""
    membership, voter = community.dao.membership, community.wallets[1]
    membership.send("exit", sender=voter)
    membership.send("rejoin", CHARTER, sender=voter)
    with reverts("GovernorNoVoice", proposal.id, voter):
        enter(plain, community, proposal, 2)
    assert standing(community, 2) == STANDING_NEWCOMER
    assert tally(community, proposal) == (0, 0, 0, 0)


def test_cast_vote_counts_who_exited_and_was_admitted_by_vote_once(
    community: Community, proposal: ProposalDraft
) -> None:
    membership, voter = community.dao.membership, community.wallets[1]
    membership.send("exit", sender=voter)
    community.as_treasury(membership, "admit", voter, CHARTER)
    enter(plain, community, proposal, 2)
    community.rpc.warp(30 * DAY)  # one seat an epoch
    membership.send("exit", sender=voter)
    community.as_treasury(membership, "admit", voter, CHARTER)
    assert standing(community, 2) == STANDING_ACTIVE
    assert community.dao.governor.call("hasVoted", proposal.id, voter) is True
    assert tally(community, proposal) == (0, VOICE, 0, 1)


def test_cast_vote_reverts_for_who_sold_and_bought_again(community: Community) -> None:
    """A Newcomer is silent until the season has passed, whatever they were at the snapshot."""
    other = found_beside(community, transferableTickets=True)
    membership, voter, buyer = other.dao.membership, other.wallets[1], person(80).address
    other.rpc.fund(buyer)
    opened = other.propose([(NOBODY, 0, b"")])
    other.open_voting(opened)
    membership.send("transferFrom", voter, buyer, 2, sender=voter)
    membership.send("transferFrom", other.wallets[2], voter, 3, sender=other.wallets[2])
    assert standing(other, 2) == STANDING_NEWCOMER
    for member in (2, 3, 80):
        with reverts("GovernorNoVoice", opened.id, person(member).address):
            enter(plain, other, opened, member)
    assert standing(other, 2) == STANDING_NEWCOMER


def test_cast_vote_reverts_for_who_was_barred_since(
    community: Community, proposal: ProposalDraft
) -> None:
    community.as_treasury(community.dao.membership, "bar", 2)
    with reverts("GovernorNoVoice", proposal.id, community.wallets[1]):
        enter(plain, community, proposal, 2)


@pytest.mark.parametrize("door", DOORS)
def test_cast_vote_wakes_who_fell_dormant_since(
    community: Community, proposal: ProposalDraft, door: Door
) -> None:
    membership, voter = community.dao.membership, community.wallets[1]
    membership.send("rest", sender=voter)
    assert membership.call("getVotes", voter) == 0
    receipt = enter(door, community, proposal, 2)
    assert receipt.only("StandingChanged").args == {"id": 2, "standing": STANDING_ACTIVE}
    assert receipt.only("VoteCast").args["weight"] == VOICE
    assert standing(community, 2) == STANDING_ACTIVE
    assert membership.call("getVotes", voter) == VOICE
    assert membership.call("census")[:2] == (5, 5)
    assert tally(community, proposal) == (0, VOICE, 0, 1)


def test_cast_vote_reverts_for_who_was_dormant_at_the_snapshot(community: Community) -> None:
    membership, voter = community.dao.membership, community.wallets[1]
    membership.send("rest", sender=voter)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    with reverts("GovernorNoVoice", proposal.id, voter):
        enter(plain, community, proposal, 2)
    assert standing(community, 2) == STANDING_DORMANT
    membership.send("wake", bytes(32), sender=voter)
    with reverts("GovernorNoVoice", proposal.id, voter):
        enter(plain, community, proposal, 2)


def test_cast_vote_counts_delegators_with_their_delegate(community: Community) -> None:
    membership, governor = community.dao.membership, community.dao.governor
    for delegator in (0, 1):
        membership.send("delegate", community.wallets[2], sender=community.wallets[delegator])
    proposal = community.propose([(NOBODY, 0, b"")], by=3)
    community.open_voting(proposal)
    with reverts("GovernorNoVoice", proposal.id, community.wallets[0]):
        enter(plain, community, proposal, 1)
    # The cap of ten per cent of five voices is below one voice, and is then one voice.
    assert governor.call("castVote", proposal.id, FOR, sender=community.wallets[2]) == VOICE
    receipt = enter(plain, community, proposal, 3)
    assert receipt.only("VoteCast").args["weight"] == VOICE
    assert tally(community, proposal) == (0, VOICE, 0, 3)


def test_cast_vote_is_not_changed_by_delegation_since(
    community: Community, proposal: ProposalDraft
) -> None:
    membership = community.dao.membership
    membership.send("delegate", community.wallets[1], sender=community.wallets[0])
    community.rpc.warp(10)  # the ballots are of a later second than the delegation
    enter(plain, community, proposal, 2)
    assert tally(community, proposal) == (0, VOICE, 0, 1)
    enter(plain, community, proposal, 1)
    assert tally(community, proposal) == (0, 2 * VOICE, 0, 2)


def test_cast_vote_counts_a_person_whose_record_moved(
    community: Community, proposal: ProposalDraft
) -> None:
    governor = community.dao.governor
    old, new = community.wallets[1], person(77).address
    community.rpc.fund(new)
    with community.rpc.isolate():
        move_wallet(community, 2, new)
        with reverts("GovernorNoVoice", proposal.id, old):
            enter(plain, community, proposal, 2)
        enter(plain, community, proposal, 77)
        assert tally(community, proposal) == (0, VOICE, 0, 1)
    enter(plain, community, proposal, 2)
    move_wallet(community, 2, new)
    assert governor.call("hasVoted", proposal.id, new) is True
    assert governor.call("hasVoted", proposal.id, old) is False
    with reverts("GovernorAlreadyCastVote", new):
        enter(plain, community, proposal, 77)


@pytest.mark.parametrize("door", DOORS)
def test_cast_vote_stamps_an_act_a_month_after_the_last(community: Community, door: Door) -> None:
    membership = community.dao.membership
    joined = membership.call("stampOf", 2)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    enter(door, community, proposal, 2)
    assert membership.call("stampOf", 2) == joined
    community.rpc.warp(30 * DAY)
    later = community.propose([(NOBODY, 0, b"")], "later")
    community.open_voting(later)
    enter(plain, community, later, 2)
    assert membership.call("stampOf", 2) == community.rpc.timestamp() // DAY


def test_cast_vote_sums_up(community: Community, proposal: ProposalDraft) -> None:
    for member, support in enumerate([FOR, FOR, AGAINST, ABSTAIN, FOR], 1):
        enter(DOORS[member - 1], community, proposal, member, support)
    assert tally(community, proposal) == (VOICE, 3 * VOICE, VOICE, 4)
    community.close_voting(proposal)
    assert community.dao.governor.call("proposalVotes", proposal.id) == (VOICE, 3 * VOICE, VOICE)


# Signatures


@pytest.mark.parametrize("encoding", [bytes, compact, malleated])
def test_cast_vote_by_sig_counts_an_encoding_once(
    community: Community, proposal: ProposalDraft, encoding: Callable[[bytes], bytes]
) -> None:
    governor, voter = community.dao.governor, community.wallets[1]
    signature = sign_ballot(community, proposal, 2, FOR)
    args = (proposal.id, FOR, voter)
    governor.send("castVoteBySig", *args, signature, sender=community.outsider.address)
    with reverts("GovernorInvalidSignature", voter):
        again = encoding(signature)
        governor.send("castVoteBySig", *args, again, sender=community.outsider.address)
    assert tally(community, proposal) == (0, VOICE, 0, 1)


def test_cast_vote_by_sig_reverts_when_signed_otherwise(
    community: Community, proposal: ProposalDraft
) -> None:
    governor, voter = community.dao.governor, community.wallets[1]
    other = ProposalDraft.of([], "nobody proposed this")
    wrong = {
        "by another member": sign_ballot(community, proposal, 1, FOR, voter=voter),
        "by an outsider": sign_ballot(community, proposal, 99, FOR, voter=voter),
        "another support": sign_ballot(community, proposal, 2, AGAINST),
        "another nonce": sign_ballot(community, proposal, 2, FOR, nonce=1),
        "another proposal": sign_ballot(community, other, 2, FOR),
        "another chain": sign_ballot(community, proposal, 2, FOR, chainId=1),
        "another contract": sign_ballot(
            community, proposal, 2, FOR, verifyingContract=community.dao.membership_address
        ),
        "another name": sign_ballot(community, proposal, 2, FOR, name="Mikoshi Membership"),
        "another version": sign_ballot(community, proposal, 2, FOR, version="2"),
        "as an extended ballot": sign_extended(community, proposal, 2, FOR, ""),
        "nothing": b"",
    }
    for name, signature in wrong.items():
        with reverts("GovernorInvalidSignature", voter):
            governor.send("castVoteBySig", proposal.id, FOR, voter, signature, sender=voter)
        assert name
    assert governor.call("nonces", voter) == 0
    assert tally(community, proposal) == (0, 0, 0, 0)


def test_cast_vote_by_sig_binds_the_reason(community: Community, proposal: ProposalDraft) -> None:
    governor, voter = community.dao.governor, community.wallets[1]
    signature = sign_extended(community, proposal, 2, FOR, "why")
    args = (proposal.id, FOR, voter, "another reason", b"", signature)
    with reverts("GovernorInvalidSignature", voter):
        governor.send("castVoteWithReasonAndParamsBySig", *args, sender=voter)


@pytest.mark.parametrize("voter", [NOBODY, "0x" + "00" * 19 + "01"])
def test_cast_vote_by_sig_reverts_for_nobody(
    community: Community, proposal: ProposalDraft, voter: str
) -> None:
    with reverts("GovernorInvalidSignature", voter):
        community.dao.governor.send(
            "castVoteBySig", proposal.id, FOR, voter, bytes(65), sender=community.wallets[0]
        )


def test_cast_vote_by_sig_consumes_nonces_in_order(
    community: Community, proposal: ProposalDraft
) -> None:
    governor, voter = community.dao.governor, community.wallets[1]
    second = community.propose([(NOBODY, 0, b"")], "second")
    community.open_voting(second)
    first_ballot = sign_ballot(community, proposal, 2, FOR, nonce=0)
    second_ballot = sign_ballot(community, second, 2, AGAINST, nonce=1)
    with reverts("GovernorInvalidSignature", voter):
        governor.send("castVoteBySig", second.id, AGAINST, voter, second_ballot, sender=voter)
    governor.send("castVoteBySig", proposal.id, FOR, voter, first_ballot, sender=voter)
    governor.send("castVoteBySig", second.id, AGAINST, voter, second_ballot, sender=voter)
    assert governor.call("nonces", voter) == 2
    assert tally(community, second) == (VOICE, 0, 0, 0)


@pytest.mark.parametrize("mode", range(9))
def test_cast_vote_by_sig_asks_a_contract_account(community: Community, mode: int) -> None:
    governor, owner = community.dao.governor, person(50)
    account = contract_account(community, owner, mode)
    member = admit(community, account.address)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    signature = sign_ballot(community, proposal, 50, FOR, voter=account.address)
    args = (proposal.id, FOR, account.address, signature)
    send: Any = lambda: governor.send(  # noqa: E731
        "castVoteBySig", *args, sender=community.outsider.address, gas=10_000_000
    )
    honest, careless = 0, 8
    if mode in (honest, careless):
        assert send().only("VoteCast").args["voter"] == account.address
        assert tally(community, proposal) == (0, VOICE, 0, 1)
        assert governor.call("nonces", account.address) == 1
    else:
        with reverts("GovernorInvalidSignature", account.address):
            send()
    assert community.dao.membership.call("memberIdOf", account.address) == member
    assert state(community, proposal) == ACTIVE
