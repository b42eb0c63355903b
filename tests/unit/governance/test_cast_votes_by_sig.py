"""Many ballots in one call: see cast_votes_by_sig.tree."""

from __future__ import annotations

from typing import Any

import pytest

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.contract import Receipt
from mikoshi.testing.community import ABSTAIN, AGAINST, FOR, Community, person
from mikoshi.testing.defaults import CHARTER, DAY, VOICE
from tests.support import malleated, reverts, split
from tests.unit.governance.support import (
    ACTIVE,
    ALREADY_CAST,
    BAD_SIGNATURE,
    BAD_SUPPORT,
    BALLOT_DEADLINE,
    CANCELED,
    COUNTED,
    DEFEATED,
    GAS_CAP,
    NO_VOICE,
    NOBODY,
    PENDING,
    STANDING_ACTIVE,
    STANDING_DORMANT,
    TOO_LATE,
    account_ballot,
    admit,
    admit_many,
    ballot,
    cast,
    contract_account,
    credit,
    found_beside,
    governor_messages,
    only,
    send_at,
    standing,
    tally,
    terms,
)


@pytest.fixture
def proposal(community: Community) -> ProposalDraft:
    """Proposed by member 1 and open for voting."""
    opened = community.propose([("0x" + "aa" * 20, 0, b"")])
    community.open_voting(opened)
    return opened


def rejected(receipt: Receipt) -> list[tuple[int, int]]:
    """Index and result of each ballot reported as not counted."""
    events = [event for event in receipt.events if event.name == "BallotRejected"]
    return [(event.args["index"], event.args["result"]) for event in events]


def voted(receipt: Receipt) -> list[tuple[str, int, int]]:
    """Voter, support and weight of each vote."""
    events = [event.args for event in receipt.events if event.name == "VoteCast"]
    return [(args["voter"], args["support"], args["weight"]) for args in events]


def test_cast_votes_by_sig_counts(community: Community, proposal: ProposalDraft) -> None:
    supports = [FOR, AGAINST, ABSTAIN, FOR, FOR]
    ballots = [ballot(community, proposal, i, s) for i, s in enumerate(supports, 1)]
    results, receipt = cast(community, proposal, ballots)
    assert results == [COUNTED] * 5
    assert [event.name for event in receipt.events] == ["VoteCast"] * 5
    assert {event.args["reason"] for event in receipt.events} == {""}
    assert {event.args["proposalId"] for event in receipt.events} == {proposal.id}
    expected = zip(community.wallets, supports, [VOICE] * 5, strict=True)
    assert voted(receipt) == list(expected)
    assert tally(community, proposal) == (VOICE, 3 * VOICE, VOICE, 4)
    for wallet in community.wallets:
        assert community.dao.governor.call("hasVoted", proposal.id, wallet) is True
        assert community.dao.governor.call("nonces", wallet) == 0


def test_cast_votes_by_sig_changes_nothing_when_empty(
    community: Community, proposal: ProposalDraft
) -> None:
    results, receipt = cast(community, proposal, [])
    assert (results, receipt.events) == ([], [])
    assert tally(community, proposal) == (0, 0, 0, 0)


@pytest.mark.usefixtures("proposal")
def test_cast_votes_by_sig_reverts_when_there_is_no_such_proposal(community: Community) -> None:
    unknown = ProposalDraft.of([], "nobody proposed this")
    with reverts("GovernorNonexistentProposal", unknown.id):
        cast(community, unknown, [ballot(community, unknown, 1)])


def test_cast_votes_by_sig_reverts_outside_the_voting_time(community: Community) -> None:
    governor, relayer = community.dao.governor, community.outsider.address
    pending = community.propose([(NOBODY, 0, b"")])
    call: tuple[Any, ...] = ("castVotesBySig", pending.id, [ballot(community, pending, 1)], [])
    snapshot, deadline = (
        governor.call(name, pending.id) for name in ("proposalSnapshot", "proposalDeadline")
    )
    refused = ("GovernorUnexpectedProposalState", pending.id)
    with reverts(*refused, PENDING, only(ACTIVE)):
        send_at(governor, snapshot, *call, sender=relayer)
    with community.rpc.isolate():
        send_at(governor, snapshot + 1, *call, sender=relayer)
        assert tally(community, pending) == (0, VOICE, 0, 1)
    with community.rpc.isolate():
        send_at(governor, deadline, *call, sender=relayer)
        assert tally(community, pending) == (0, VOICE, 0, 1)
    with reverts(*refused, DEFEATED, only(ACTIVE)):
        send_at(governor, deadline + 1, *call, sender=relayer)


def test_cast_votes_by_sig_reverts_when_canceled(community: Community) -> None:
    canceled = community.propose([(NOBODY, 0, b"")])
    community.dao.governor.send("cancel", *canceled.actions, sender=community.wallets[0])
    community.open_voting(canceled)
    with reverts("GovernorUnexpectedProposalState", canceled.id, CANCELED, only(ACTIVE)):
        cast(community, canceled, [ballot(community, canceled, 1)])


# Each result


def check_one(
    community: Community, proposal: ProposalDraft, bad: Any, result: int, account: bool = False
) -> None:
    """`bad` between two good ballots: reported, and the others counted."""
    good = [ballot(community, proposal, 4), ballot(community, proposal, 5, AGAINST)]
    if account:
        results, receipt = cast(community, proposal, good, [bad])
        assert results == [COUNTED, COUNTED, result]
        assert rejected(receipt) == [(2, result)]
    else:
        results, receipt = cast(community, proposal, [good[0], bad, good[1]])
        assert results == [COUNTED, result, COUNTED]
        assert rejected(receipt) == [(1, result)]
    assert voted(receipt) == [
        (community.wallets[3], FOR, VOICE),
        (community.wallets[4], AGAINST, VOICE),
    ]
    assert tally(community, proposal) == (VOICE, VOICE, 0, 1)


@pytest.mark.parametrize("support", [3, 4, 255])
def test_cast_votes_by_sig_reports_an_invalid_support(
    community: Community, proposal: ProposalDraft, support: int
) -> None:
    check_one(community, proposal, ballot(community, proposal, 2, support), BAD_SUPPORT)


@pytest.mark.parametrize("deadline", [0, 1])
def test_cast_votes_by_sig_reports_an_expired_ballot(
    community: Community, proposal: ProposalDraft, deadline: int
) -> None:
    bad = ballot(community, proposal, 2, deadline=deadline)
    check_one(community, proposal, bad, TOO_LATE)


def test_cast_votes_by_sig_counts_a_ballot_until_its_deadline(
    community: Community, proposal: ProposalDraft
) -> None:
    governor, relayer = community.dao.governor, community.outsider.address
    deadline = community.rpc.timestamp() + 100
    punctual = ballot(community, proposal, 2, deadline=deadline)
    call: tuple[Any, ...] = ("castVotesBySig", proposal.id, [punctual], [])
    with community.rpc.isolate():
        receipt = send_at(governor, deadline, *call, sender=relayer)
        assert voted(receipt) == [(community.wallets[1], FOR, VOICE)]
    receipt = send_at(governor, deadline + 1, *call, sender=relayer)
    assert rejected(receipt) == [(0, TOO_LATE)]
    assert tally(community, proposal) == (0, 0, 0, 0)


@pytest.mark.parametrize("member", [0, 3, 6, 2**24 - 1, 2**24, 2**24 + 2, 2**207 + 2, 2**208 - 1])
def test_cast_votes_by_sig_reports_an_id_that_is_not_the_signers(
    community: Community, proposal: ProposalDraft, member: int
) -> None:
    _, r, vs = ballot(community, proposal, 2, AGAINST)
    check_one(community, proposal, (terms(member, AGAINST), r, vs), NO_VOICE)
    for wallet in community.wallets[:3]:
        assert community.dao.governor.call("hasVoted", proposal.id, wallet) is False


def test_cast_votes_by_sig_reports_a_signature_of_nobody(
    community: Community, proposal: ProposalDraft
) -> None:
    for r, s in [(0, 0), (2**256 - 1, 1), (1, 0), (0, 1)]:
        with community.rpc.isolate():
            bad = (terms(2, FOR), r.to_bytes(32), s.to_bytes(32))
            check_one(community, proposal, bad, BAD_SIGNATURE)


def test_cast_votes_by_sig_reports_what_was_signed_otherwise(
    community: Community, proposal: ProposalDraft
) -> None:
    """A changed text recovers a stranger, who has no voice."""
    other = ProposalDraft.of([], "nobody proposed this")
    membership = community.dao.membership_address
    _, r, vs = ballot(community, proposal, 2, AGAINST)
    _, r_late, vs_late = ballot(community, proposal, 2, deadline=BALLOT_DEADLINE - 1)
    _, r_other, vs_other = ballot(community, other, 2)
    wrong = {
        "another support": (terms(2, FOR), r, vs),
        "another deadline": (terms(2, FOR), r_late, vs_late),
        "another proposal": (terms(2, FOR), r_other, vs_other),
        "an outsider": ballot(community, proposal, 2, key=person(99)),
        "another member": ballot(community, proposal, 2, key=person(3)),
        "another chain": ballot(community, proposal, 2, chainId=1),
        "another contract": ballot(community, proposal, 2, verifyingContract=membership),
        "another name": ballot(community, proposal, 2, name="Mikoshi Membership"),
        "another version": ballot(community, proposal, 2, version="2"),
    }
    for name, bad in wrong.items():
        with community.rpc.isolate():
            check_one(community, proposal, bad, NO_VOICE)
        assert name


def test_cast_votes_by_sig_reports_another_daos_ballot(
    community: Community, proposal: ProposalDraft
) -> None:
    other = found_beside(community, name="Another DAO")
    _, r, vs = ballot(other, proposal, 2)
    check_one(community, proposal, (terms(2, FOR), r, vs), NO_VOICE)


def test_cast_votes_by_sig_reports_who_voted_before(
    community: Community, proposal: ProposalDraft
) -> None:
    community.vote(proposal, [1], ABSTAIN)
    with community.rpc.isolate():
        good = [ballot(community, proposal, 4), ballot(community, proposal, 5)]
        bad = ballot(community, proposal, 2)
        results, receipt = cast(community, proposal, [good[0], bad, good[1]])
        assert results == [COUNTED, ALREADY_CAST, COUNTED]
        assert rejected(receipt) == [(1, ALREADY_CAST)]
        assert tally(community, proposal) == (0, 2 * VOICE, VOICE, 3)
    results, receipt = cast(community, proposal, [ballot(community, proposal, 2, AGAINST)])
    assert (results, voted(receipt)) == ([ALREADY_CAST], [])
    assert tally(community, proposal) == (0, 0, VOICE, 1)


def test_cast_votes_by_sig_counts_the_first_of_several(
    community: Community, proposal: ProposalDraft
) -> None:
    _, r, vs = ballot(community, proposal, 1)
    ballots = [
        ballot(community, proposal, 1, deadline=1),
        (terms(1, FOR), bytes(32), bytes(32)),
        ballot(community, proposal, 1, AGAINST),
        ballot(community, proposal, 1, FOR),
        ballot(community, proposal, 2, FOR),
        ballot(community, proposal, 1, AGAINST),
        (terms(1, FOR), r, vs),
    ]
    results, receipt = cast(community, proposal, ballots)
    assert results == [
        TOO_LATE,
        BAD_SIGNATURE,
        COUNTED,
        ALREADY_CAST,
        COUNTED,
        ALREADY_CAST,
        ALREADY_CAST,
    ]
    assert rejected(receipt) == [
        (0, TOO_LATE),
        (1, BAD_SIGNATURE),
        (3, ALREADY_CAST),
        (5, ALREADY_CAST),
        (6, ALREADY_CAST),
    ]
    assert voted(receipt) == [
        (community.wallets[0], AGAINST, VOICE),
        (community.wallets[1], FOR, VOICE),
    ]
    assert tally(community, proposal) == (VOICE, VOICE, 0, 1)


def test_cast_votes_by_sig_reports_an_outsider_and_who_joined_later(
    community: Community, proposal: ProposalDraft
) -> None:
    late = admit(community, person(6).address)
    assert late == 6
    check_one(community, proposal, ballot(community, proposal, 6), NO_VOICE)


def test_cast_votes_by_sig_reports_who_has_exited(
    community: Community, proposal: ProposalDraft
) -> None:
    community.dao.membership.send("exit", sender=community.wallets[1])
    with community.rpc.isolate():
        check_one(community, proposal, ballot(community, proposal, 2), NO_VOICE)
    with community.rpc.isolate():
        community.dao.membership.send("rejoin", CHARTER, sender=community.wallets[1])
        check_one(community, proposal, ballot(community, proposal, 2), NO_VOICE)
    community.as_treasury(community.dao.membership, "admit", community.wallets[1], CHARTER)
    results, _ = cast(community, proposal, [ballot(community, proposal, 2)])
    assert results == [COUNTED]


def test_cast_votes_by_sig_reports_a_delegator(community: Community) -> None:
    community.dao.membership.send("delegate", community.wallets[2], sender=community.wallets[1])
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    check_one(community, proposal, ballot(community, proposal, 2), NO_VOICE)
    assert community.dao.governor.call("hasVoted", proposal.id, community.wallets[1]) is False


def test_cast_votes_by_sig_does_not_wake_who_has_no_voice(community: Community) -> None:
    membership = community.dao.membership
    membership.send("rest", sender=community.wallets[1])
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    check_one(community, proposal, ballot(community, proposal, 2), NO_VOICE)
    assert standing(community, 2) == STANDING_DORMANT


def test_cast_votes_by_sig_does_not_touch_whose_id_another_names(
    community: Community, proposal: ProposalDraft
) -> None:
    """Member 3's signature under member 2's id wakes neither of them."""
    membership = community.dao.membership
    for member in (2, 3):
        membership.send("rest", sender=person(member).address)
    bad = ballot(community, proposal, 2, key=person(3))
    check_one(community, proposal, bad, NO_VOICE)
    assert standing(community, 2) == STANDING_DORMANT
    assert standing(community, 3) == STANDING_DORMANT


def test_cast_votes_by_sig_wakes_a_dormant_member(
    community: Community, proposal: ProposalDraft
) -> None:
    membership = community.dao.membership
    membership.send("rest", sender=community.wallets[1])
    results, receipt = cast(community, proposal, [ballot(community, proposal, 2)])
    assert results == [COUNTED]
    assert receipt.only("StandingChanged").args == {"id": 2, "standing": STANDING_ACTIVE}
    assert membership.call("census")[:2] == (5, 5)


def test_cast_votes_by_sig_repeated_is_no_act(
    community: Community, proposal: ProposalDraft
) -> None:
    """Who rests after a signed ballot is not woken by its being relayed again, nor stamped."""
    membership = community.dao.membership
    signed = ballot(community, proposal, 2)
    cast(community, proposal, [signed])
    membership.send("rest", sender=community.wallets[1])
    for batch in ([signed], [signed, signed], [ballot(community, proposal, 2, AGAINST)]):
        results, receipt = cast(community, proposal, batch)
        assert results == [ALREADY_CAST] * len(batch)
        assert {event.name for event in receipt.events} == {"BallotRejected"}
    assert standing(community, 2) == STANDING_DORMANT
    assert membership.call("census")[:2] == (4, 5)


def test_cast_votes_by_sig_stamps_an_act_a_month_after_the_last(community: Community) -> None:
    community.rpc.warp(30 * DAY)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    cast(community, proposal, [ballot(community, proposal, 2)])
    today = community.rpc.timestamp() // DAY
    assert community.dao.membership.call("stampOf", 2) == today
    assert community.dao.membership.call("stampOf", 3) < today


def test_cast_votes_by_sig_uses_two_words_of_receipts(community: Community) -> None:
    governor = community.dao.governor
    fillers = [f"0x{i:040x}" for i in range(10**6, 10**6 + 249)]
    for start in range(0, len(fillers), 83):
        admit_many(community, fillers[start : start + 83])
    keys = {member: person(member) for member in (255, 256, 257, 258)}
    for member, key in keys.items():
        assert admit(community, key.address) == member
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    order = [257, 1, 256, 255, 257, 2, 1, 258, 255]
    results, _ = cast(community, proposal, [ballot(community, proposal, i) for i in order])
    assert results == [
        COUNTED, COUNTED, COUNTED, COUNTED, ALREADY_CAST, COUNTED, ALREADY_CAST, COUNTED,
        ALREADY_CAST,
    ]  # fmt: skip
    assert tally(community, proposal) == (0, 6 * VOICE, 0, 6)
    for member in (1, 2, 255, 256, 257, 258):
        assert governor.call("hasVoted", proposal.id, person(member).address) is True
    for wallet in (*community.wallets[2:], *fillers[:3], fillers[-1]):
        assert governor.call("hasVoted", proposal.id, wallet) is False
    results, _ = cast(community, proposal, [ballot(community, proposal, i) for i in order])
    assert results == [ALREADY_CAST] * len(order)
    with reverts("GovernorAlreadyCastVote", person(256).address):
        governor.send("castVote", proposal.id, FOR, sender=person(256).address)


# Contract accounts

HONEST, CARELESS = 0, 8
LIARS = range(1, 8)


def account_member(community: Community, mode: int, owner: int = 50) -> tuple[int, str]:
    account = contract_account(community, person(owner), mode)
    return admit(community, account.address), account.address


@pytest.mark.parametrize("mode", [HONEST, CARELESS])
def test_cast_votes_by_sig_counts_a_contract_account(community: Community, mode: int) -> None:
    member, account = account_member(community, mode)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    signed = account_ballot(community, proposal, member, account, person(50), ABSTAIN)
    results, receipt = cast(community, proposal, [ballot(community, proposal, 1)], [signed, signed])
    assert results == [COUNTED, COUNTED, ALREADY_CAST]
    assert voted(receipt) == [(community.wallets[0], FOR, VOICE), (account, ABSTAIN, VOICE)]
    assert rejected(receipt) == [(2, ALREADY_CAST)]
    assert tally(community, proposal) == (0, VOICE, VOICE, 2)


@pytest.mark.parametrize("mode", LIARS)
def test_cast_votes_by_sig_is_not_stopped_by_a_contract_account(
    community: Community, mode: int
) -> None:
    member, account = account_member(community, mode)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    signed = account_ballot(community, proposal, member, account, person(50))
    check_one(community, proposal, signed, BAD_SIGNATURE, account=True)
    assert community.dao.governor.call("hasVoted", proposal.id, account) is False


@pytest.mark.parametrize("mode", LIARS)
def test_cast_votes_by_sig_pays_little_for_a_contract_account(
    community: Community, mode: int
) -> None:
    """100,000 gas and what it costs to ask, however the account behaves."""
    member, account = account_member(community, mode)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    good = [ballot(community, proposal, i) for i in (1, 2, 3)]
    with community.rpc.isolate():
        _, receipt = cast(community, proposal, good)
        alone = receipt.gas
    signed = account_ballot(community, proposal, member, account, person(50))
    results, receipt = cast(community, proposal, good, [signed] * 10)
    assert results == [COUNTED] * 3 + [BAD_SIGNATURE] * 10
    assert receipt.gas - alone < 10 * 115_000
    assert tally(community, proposal) == (0, 3 * VOICE, 0, 3)


def test_cast_votes_by_sig_reports_an_account_without_code(
    community: Community, proposal: ProposalDraft
) -> None:
    """A wallet cannot vote as an account: its ballot is of the other kind."""
    signed = account_ballot(community, proposal, 2, community.wallets[1], person(2))
    check_one(community, proposal, signed, BAD_SIGNATURE, account=True)


@pytest.mark.parametrize("voter", [NOBODY, *(f"0x{i:040x}" for i in (1, 2, 4))])
def test_cast_votes_by_sig_reports_a_precompile(
    community: Community, proposal: ProposalDraft, voter: str
) -> None:
    bad = (terms(2, FOR), voter, b"\x16\x26\xba\x7e" + bytes(28))
    check_one(community, proposal, bad, BAD_SIGNATURE, account=True)


@pytest.mark.parametrize("part", ["treasury", "membership", "token", "governor"])
def test_cast_votes_by_sig_reports_a_part_of_the_dao(
    community: Community, proposal: ProposalDraft, part: str
) -> None:
    bad = (terms(2, FOR), getattr(community.dao, part).address, b"")
    check_one(community, proposal, bad, BAD_SIGNATURE, account=True)


@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, 10_000])
def test_cast_votes_by_sig_passes_on_signatures_of_any_length(
    community: Community, size: int
) -> None:
    """A careless account takes them all; an honest one refuses what its owner did not sign."""
    careless, honest = account_member(community, CARELESS), account_member(community, HONEST)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    batch = [(terms(i, FOR), account, b"\1" * size) for i, account in (careless, honest)]
    results, _ = cast(community, proposal, [ballot(community, proposal, 1)], batch)
    assert results == [COUNTED, COUNTED, BAD_SIGNATURE]
    assert tally(community, proposal) == (0, 2 * VOICE, 0, 2)


def test_cast_votes_by_sig_takes_a_hundred_ballots(community: Community) -> None:
    """With every fifth one bad, within the gas of one transaction."""
    big = found_beside(community, 100)
    proposal = big.propose([(NOBODY, 0, b"")])
    big.open_voting(proposal)
    bad = {0: TOO_LATE, 1: BAD_SUPPORT, 2: NO_VOICE, 3: BAD_SIGNATURE}
    ballots, expected = [], []
    for member in range(1, 101):
        signed = ballot(big, proposal, member, member % 3)
        result = bad[member // 5 % 4] if member % 5 == 0 else COUNTED
        if result == TOO_LATE:
            signed = (terms(member, member % 3, 1), *signed[1:])
        elif result == BAD_SUPPORT:
            signed = (terms(member, 7), *signed[1:])
        elif result == NO_VOICE:
            signed = (terms(101 - member, member % 3), *signed[1:])
        elif result == BAD_SIGNATURE:
            signed = (signed[0], bytes(32), bytes(32))
        ballots.append(signed)
        expected.append(result)
    results, receipt = cast(big, proposal, ballots, gas=GAS_CAP)
    # A ballot under another's number is found out before or after that other has voted.
    assert [r if r != ALREADY_CAST else NO_VOICE for r in results] == expected
    counted = [i for i in range(1, 101) if i % 5]
    weights = [VOICE * sum(i % 3 == support for i in counted) for support in (0, 1, 2)]
    assert tally(big, proposal) == (*weights, sum(i % 3 != AGAINST for i in counted))
    assert len(voted(receipt)) == 80
    assert len(rejected(receipt)) == 20


def test_cast_votes_by_sig_reports_an_account_that_names_another_member(
    community: Community,
) -> None:
    member, account = account_member(community, CARELESS)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    bad = account_ballot(community, proposal, 2, account, person(50))
    with community.rpc.isolate():
        check_one(community, proposal, bad, NO_VOICE, account=True)
        assert community.dao.governor.call("hasVoted", proposal.id, community.wallets[1]) is False
    results, _ = cast(
        community, proposal, [], [account_ballot(community, proposal, member, account, person(50))]
    )
    assert results == [COUNTED]


def test_cast_votes_by_sig_binds_an_accounts_ballot_to_the_account(community: Community) -> None:
    """Two accounts of one owner: what was signed for one says nothing for the other."""
    first, second = (account_member(community, HONEST, owner=50) for _ in range(2))
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    _, _, signature = account_ballot(community, proposal, *first, person(50))
    bad = (terms(second[0], FOR), second[1], signature)
    check_one(community, proposal, bad, BAD_SIGNATURE, account=True)


def test_cast_votes_by_sig_does_not_take_the_owners_ballot_for_the_accounts(
    community: Community,
) -> None:
    member, _ = account_member(community, HONEST)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    bad = ballot(community, proposal, member, key=person(50))
    check_one(community, proposal, bad, NO_VOICE)


def test_cast_votes_by_sig_reports_terms_of_accounts_as_of_wallets(community: Community) -> None:
    member, account = account_member(community, CARELESS)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    cases = {
        terms(member, 3): BAD_SUPPORT,
        terms(member, FOR, 1): TOO_LATE,
        terms(0, FOR): NO_VOICE,
        terms(2**24, FOR): NO_VOICE,
        terms(member + 1, FOR): NO_VOICE,
        terms(member, FOR): COUNTED,
        terms(member, AGAINST): ALREADY_CAST,
    }
    results, receipt = cast(community, proposal, [], [(word, account, b"") for word in cases])
    assert results == list(cases.values())
    expected = [(i, r) for i, r in enumerate(cases.values()) if r != COUNTED]
    assert rejected(receipt) == expected


# The whole


def test_cast_votes_by_sig_reports_everything_in_order(community: Community) -> None:
    """One of each, wallets first, then accounts."""
    account_id, account = account_member(community, HONEST)
    liar_id, liar = account_member(community, 3, owner=51)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    community.vote(proposal, [4])
    community.dao.membership.send("exit", sender=community.wallets[3])
    wallets = [
        ballot(community, proposal, 5),
        ballot(community, proposal, 1),
        ballot(community, proposal, 2, deadline=1),
        ballot(community, proposal, 2, 9),
        ballot(community, proposal, 4),
        (terms(2, FOR), bytes(32), bytes(32)),
        ballot(community, proposal, 2, AGAINST),
    ]
    accounts = [
        account_ballot(community, proposal, liar_id, liar, person(51)),
        account_ballot(community, proposal, account_id, account, person(50), ABSTAIN),
    ]
    results, receipt = cast(community, proposal, wallets, accounts)
    assert results == [
        ALREADY_CAST, COUNTED, TOO_LATE, BAD_SUPPORT, NO_VOICE, BAD_SIGNATURE, COUNTED,
        BAD_SIGNATURE, COUNTED,
    ]  # fmt: skip
    assert rejected(receipt) == [(i, r) for i, r in enumerate(results) if r != COUNTED]
    assert voted(receipt) == [
        (community.wallets[0], FOR, VOICE),
        (community.wallets[1], AGAINST, VOICE),
        (account, ABSTAIN, VOICE),
    ]
    assert tally(community, proposal) == (VOICE, 2 * VOICE, VOICE, 3)


def test_cast_votes_by_sig_equals_the_same_single_votes(community: Community) -> None:
    """With merit above the cap, delegation, and members who fell Dormant after the snapshot."""
    other = found_beside(community, 12)
    governor, membership = other.dao.governor, other.dao.membership
    for member, points in ((1, 1000), (2, 400), (3, 50), (5, 9)):
        credit(other, member, points)
    for delegator in (7, 8, 9):
        membership.send("delegate", other.wallets[5], sender=other.wallets[delegator])
    other.rpc.warp(10 * DAY)
    proposal = other.propose([(NOBODY, 0, b"")])
    other.open_voting(proposal)
    for member in (2, 5, 6):
        membership.send("rest", sender=person(member).address)
    supports = {
        1: FOR, 2: AGAINST, 3: ABSTAIN, 4: FOR, 5: FOR, 6: AGAINST, 7: FOR, 11: ABSTAIN, 12: FOR
    }  # fmt: skip

    def outcome() -> list[Any]:
        return [
            tally(other, proposal),
            [governor.call("hasVoted", proposal.id, wallet) for wallet in other.wallets],
            [standing(other, i + 1) for i in range(12)],
            [membership.call("delegates", wallet) for wallet in other.wallets],
            membership.call("census")[:2],
            governor.call("proposalDeadline", proposal.id),
            governor.call("state", proposal.id),
        ]

    with other.rpc.isolate():
        ballots = [ballot(other, proposal, i, support) for i, support in supports.items()]
        results, receipt = cast(other, proposal, ballots)
        assert results == [COUNTED] * len(supports)
        batch, batch_votes = outcome(), voted(receipt)
    single_votes = []
    for member, support in supports.items():
        sender = person(member).address
        receipt = governor.send("castVote", proposal.id, support, sender=sender)
        single_votes += voted(receipt)
    assert single_votes == batch_votes
    assert outcome() == batch
    assert len({weight for _, _, weight in batch_votes}) > 2


def test_cast_votes_by_sig_extends_a_late_quorum_once(community: Community) -> None:
    governor, relayer = community.dao.governor, community.outsider.address
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    deadline = governor.call("proposalDeadline", proposal.id)
    ballots = [ballot(community, proposal, i) for i in range(1, 6)]
    late = deadline - 10
    receipt = send_at(governor, late, "castVotesBySig", proposal.id, ballots, [], sender=relayer)
    assert receipt.only("ProposalExtended").args == {
        "proposalId": proposal.id,
        "extendedDeadline": late + DAY,
    }
    assert governor.call("proposalDeadline", proposal.id) == late + DAY
    assert tally(community, proposal) == (0, 5 * VOICE, 0, 5)


def test_cast_votes_by_sig_takes_no_other_encoding(
    community: Community, proposal: ProposalDraft
) -> None:
    """The upper half of s does not fit beside the parity bit: a flipped ballot is a stranger's."""
    signature = governor_messages(community).sign(
        person(2), "MemberBallot", proposal.id, FOR, BALLOT_DEADLINE
    )
    v, r, s = split(malleated(signature))
    assert int.from_bytes(s) >> 255 == 1
    flipped = (int.from_bytes(s) & (2**255 - 1) | (v - 27) << 255).to_bytes(32)
    results, _ = cast(community, proposal, [(terms(2, FOR), r, flipped)])
    assert results[0] in (NO_VOICE, BAD_SIGNATURE)
    assert tally(community, proposal) == (0, 0, 0, 0)
