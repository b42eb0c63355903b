"""Attacks with other people's signatures, replayed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.testing.community import AGAINST, FOR, Community, person
from mikoshi.testing.defaults import CHARTER, DAY, VOICE
from tests.support import (
    FOREVER,
    Typed,
    compact,
    malleated,
    membership_messages,
    reverts,
    split,
)
from tests.unit.governance.support import (
    ALREADY_CAST,
    COUNTED,
    GOVERNOR_TYPES,
    NO_VOICE,
    NOBODY,
    PENDING,
    STANDING_DORMANT,
    account_ballot,
    admit,
    ballot,
    cast,
    contract_account,
    found_beside,
    governor_messages,
    hash_proposal,
    helper,
    send_at,
    standing,
    tally,
    terms,
)

ONE_CALL = ([NOBODY], [0], [b""])
PERMIT = {
    "Permit": "address owner,address spender,uint256 value,uint256 nonce,uint256 deadline",
}


@pytest.fixture
def proposal(community: Community) -> ProposalDraft:
    opened = community.propose([(NOBODY, 0, b"")])
    community.open_voting(opened)
    return opened


def ballot_of(
    community: Community, proposal: ProposalDraft, member: int, nonce: int = 0, **domain: Any
) -> bytes:
    """A member's single ballot For, signed."""
    values = (proposal.id, FOR, person(member).address, nonce)
    return governor_messages(community).sign(person(member), "Ballot", *values, **domain)


ENCODINGS: list[Callable[[bytes], bytes]] = [bytes, compact, malleated]


@pytest.mark.parametrize("first", ENCODINGS)
@pytest.mark.parametrize("second", ENCODINGS)
def test_another_encoding_of_a_used_signature(
    community: Community, proposal: ProposalDraft, first: Callable[[bytes], bytes],
    second: Callable[[bytes], bytes],
) -> None:  # fmt: skip
    """No list of used signatures can be evaded: a nonce is used, not a signature's hash."""
    governor, voter = community.dao.governor, community.wallets[1]
    signature = ballot_of(community, proposal, 2)
    args = (proposal.id, FOR, voter)
    relayer = community.outsider.address
    # Whether the flipped form is taken at all is the same question: it is the voter's own vote.
    governor.send("castVoteBySig", *args, first(signature), sender=relayer)
    with reverts("GovernorInvalidSignature", voter):
        governor.send("castVoteBySig", *args, second(signature), sender=relayer)
    assert tally(community, proposal) == (0, VOICE, 0, 1)


def test_a_canceled_proposal_is_proposed_again_in_another_encoding(community: Community) -> None:
    """The proposal's id is the nonce, and a canceled one keeps it."""
    governor, proposer = community.dao.governor, community.wallets[0]
    number = hash_proposal(*ONE_CALL, "x")
    signature = governor_messages(community).sign(person(1), "Propose", number, proposer, FOREVER)
    args = (*ONE_CALL, "x", proposer, FOREVER)
    relayer = community.outsider.address
    governor.send("proposeBySig", *args, signature, sender=relayer)
    proposal = ProposalDraft.of([(NOBODY, 0, b"")], "x")
    governor.send("cancel", *proposal.actions, sender=proposer)
    for encoding in ENCODINGS:
        with reverts("GovernorUnexpectedProposalState", number, 2, bytes(32)):
            governor.send("proposeBySig", *args, encoding(signature), sender=relayer)


def test_oz_5_0_the_ballot_names_voter_and_nonce(
    community: Community, proposal: ProposalDraft
) -> None:
    """One account's ballot is nobody else's, and none is good twice."""
    governor, relayer = community.dao.governor, community.outsider.address
    signature = ballot_of(community, proposal, 2)
    for other in (1, 3):
        voter = person(other).address
        with reverts("GovernorInvalidSignature", voter):
            governor.send("castVoteBySig", proposal.id, FOR, voter, signature, sender=relayer)
    # Two accounts of one owner: the owner's signature for one is no ballot of the other.
    first, second = (contract_account(community, person(50)) for _ in range(2))
    for account in (first, second):
        admit(community, account.address)
    later = community.propose([(NOBODY, 0, b"")], "later")
    community.open_voting(later)
    values = (later.id, FOR, first.address, 0)
    signature = governor_messages(community).sign(person(50), "Ballot", *values)
    with reverts("GovernorInvalidSignature", second.address):
        governor.send("castVoteBySig", later.id, FOR, second.address, signature, sender=relayer)
    governor.send("castVoteBySig", later.id, FOR, first.address, signature, sender=relayer)
    assert tally(community, later) == (0, VOICE, 0, 1)


def test_replay_in_another_dao(community: Community) -> None:
    """The same people, the same words, the same proposal id in two DAOs."""
    other = found_beside(community, name="Another DAO")
    here, there = (c.propose([(NOBODY, 0, b"")], "same") for c in (community, other))
    assert here.id == there.id
    community.open_voting(there)
    relayer = community.outsider.address
    signature = ballot_of(community, here, 2)
    batch = ballot(community, here, 2)
    voter = community.wallets[1]
    with reverts("GovernorInvalidSignature", voter):
        other.dao.governor.send("castVoteBySig", there.id, FOR, voter, signature, sender=relayer)
    assert cast(other, there, [batch])[0] == [NO_VOICE]
    rest = membership_messages(community.rpc, community.dao.membership_address).sign(
        person(2), "Rest", voter, 0, FOREVER
    )
    with reverts("MembershipInvalidSignature", voter):
        other.dao.membership.send("restBySig", voter, FOREVER, rest, sender=relayer)
    assert tally(other, there) == (0, 0, 0, 0)
    assert cast(community, here, [batch])[0] == [COUNTED]


@pytest.fixture
def forked(community: Community) -> Iterator[Community]:
    """The chain goes on under another id, as the minority side of a fork does."""
    chain_id = community.rpc.chain_id()
    community.rpc.call("anvil_setChainId", 4242)
    try:
        yield community
    finally:
        community.rpc.call("anvil_setChainId", chain_id)


def test_replay_on_another_chain(forked: Community) -> None:
    """What was signed before the fork for the other id is worth nothing; new signatures work."""
    community, original = forked, dict[str, Any](chainId=31337)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    dao, relayer, voter = community.dao, community.outsider.address, community.wallets[1]
    for contract in (dao.governor, dao.membership, dao.token):
        assert contract.call("eip712Domain")[3] == 4242
    with reverts("GovernorInvalidSignature", voter):
        signature = ballot_of(community, proposal, 2, **original)
        dao.governor.send("castVoteBySig", proposal.id, FOR, voter, signature, sender=relayer)
    assert cast(community, proposal, [ballot(community, proposal, 2, **original)])[0] == [NO_VOICE]
    members = membership_messages(community.rpc, dao.membership_address)
    old = members.sign(person(2), "Rest", voter, 0, FOREVER, **original)
    with reverts("MembershipInvalidSignature", voter):
        dao.membership.send("restBySig", voter, FOREVER, old, sender=relayer)
    permits = Typed(dao.token.call("name"), dao.token.address, 4242, PERMIT)
    values = (voter, relayer, 5, 0, FOREVER)
    old = permits.sign(person(2), "Permit", *values, **original)
    with reverts("InvalidPermit"):
        dao.token.send("permit", *values[:3], FOREVER, *split(old), sender=relayer)
    new = permits.sign(person(2), "Permit", *values)
    dao.token.send("permit", *values[:3], FOREVER, *split(new), sender=relayer)
    assert cast(community, proposal, [ballot(community, proposal, 2)])[0] == [COUNTED]


def test_replay_after_exit(community: Community, proposal: ProposalDraft) -> None:
    """Nothing that a former member signed is an act of theirs while they are out."""
    dao, relayer, voter = community.dao, community.outsider.address, community.wallets[1]
    members = membership_messages(community.rpc, dao.membership_address)
    single, batch = ballot_of(community, proposal, 2), ballot(community, proposal, 2)
    rest = members.sign(person(2), "Rest", voter, 0, FOREVER)
    delegate = members.sign(person(2), "Delegate", voter, community.wallets[0], 0, FOREVER)
    dao.membership.send("exit", sender=voter)
    with reverts("GovernorNoVoice", proposal.id, voter):
        dao.governor.send("castVoteBySig", proposal.id, FOR, voter, single, sender=relayer)
    assert cast(community, proposal, [batch])[0] == [NO_VOICE]
    with reverts("MembershipUnexpectedStanding", 2, 5):
        dao.membership.send("restBySig", voter, FOREVER, rest, sender=relayer)
    with reverts("VoiceNotActive", voter):
        name = "delegateBySig(address,address,uint256,bytes)"
        args = (voter, community.wallets[0], FOREVER, delegate)
        dao.membership.send(name, *args, sender=relayer)
    assert dao.governor.call("nonces", voter) == dao.membership.call("nonces", voter) == 0
    assert tally(community, proposal) == (0, 0, 0, 0)


def test_a_permit_consumed_by_a_front_runner(community: Community) -> None:
    """The permit does what its owner signed, whoever sends it; what follows it still works."""
    token = community.dao.token
    owner, spender, thief = community.wallets[0], community.wallets[1], community.wallets[4]
    community.as_treasury(token, "mint", owner, 5, 0)
    permits = Typed(token.call("name"), token.address, community.rpc.chain_id(), PERMIT)
    signature = permits.sign(person(1), "Permit", owner, spender, 5, 0, FOREVER)
    call = ("permit", owner, spender, 5, FOREVER, *split(signature))
    token.send(*call, sender=thief)
    with reverts("InvalidPermit"):
        token.send(*call, sender=spender)
    assert token.call("allowance", owner, thief) == 0
    assert token.call("allowance", owner, spender) == 5
    token.send("transferFrom", owner, spender, 5, sender=spender)
    assert token.call("balanceOf", spender) == 5


def test_a_batch_is_front_run_ballot_by_ballot(
    community: Community, proposal: ProposalDraft
) -> None:
    """Someone sends a ballot of a batch first: it is counted once, and the batch goes on."""
    ballots = [ballot(community, proposal, i) for i in range(1, 6)]
    thief = community.wallets[4]
    community.dao.governor.send("castVotesBySig", proposal.id, [ballots[2]], [], sender=thief)
    results, _ = cast(community, proposal, ballots)
    assert results == [COUNTED, COUNTED, ALREADY_CAST, COUNTED, COUNTED]
    assert tally(community, proposal) == (0, 5 * VOICE, 0, 5)


def test_a_relayer_changes_what_was_signed(community: Community, proposal: ProposalDraft) -> None:
    """Support, deadline and member are signed or follow from the signer."""
    original = ballot(community, proposal, 2, FOR)
    _, r, vs = original
    tampered = [
        (terms(2, AGAINST), r, vs),
        (terms(2, FOR, 2**40 - 2), r, vs),
        (terms(3, FOR), r, vs),
        (terms(2, FOR) | 1 << 200, r, vs),
        (terms(2, FOR), vs, r),
    ]
    results, _ = cast(community, proposal, tampered)
    assert COUNTED not in results
    assert tally(community, proposal) == (0, 0, 0, 0)
    assert cast(community, proposal, [original])[0] == [COUNTED]


def test_one_kind_of_message_is_passed_off_as_another(
    community: Community, proposal: ProposalDraft
) -> None:
    """Each act has a type of its own; a signature of one is none of another."""
    governor, voter, relayer = (
        community.dao.governor, community.wallets[1], community.outsider.address,
    )  # fmt: skip
    messages = governor_messages(community)
    values = {
        "Ballot": (proposal.id, FOR, voter, 0),
        "ExtendedBallot": (proposal.id, FOR, voter, 0, "", b""),
        "MemberBallot": (proposal.id, FOR, 2**40 - 1),
        "AccountBallot": (proposal.id, voter, FOR, 2**40 - 1),
        "Propose": (proposal.id, voter, FOREVER),
        "Cancel": (proposal.id, voter, FOREVER),
    }
    assert values.keys() == GOVERNOR_TYPES.keys()
    for kind, signed in values.items():
        signature = messages.sign(person(2), kind, *signed)
        if kind != "Ballot":
            with reverts("GovernorInvalidSignature", voter):
                args = (proposal.id, FOR, voter, signature)
                governor.send("castVoteBySig", *args, sender=relayer)
        if kind != "ExtendedBallot":
            with reverts("GovernorInvalidSignature", voter):
                extended = (proposal.id, FOR, voter, "", b"", signature)
                governor.send("castVoteWithReasonAndParamsBySig", *extended, sender=relayer)
        if kind != "MemberBallot":
            short = compact(signature)
            batch = [(terms(2, FOR), short[:32], short[32:])]
            assert cast(community, proposal, batch)[0] == [NO_VOICE]
        if kind != "Cancel":
            with reverts("GovernorInvalidSignature", voter):
                cancel = (proposal.id, voter, FOREVER, signature)
                governor.send("cancelBySig", *cancel, sender=relayer)
    assert tally(community, proposal) == (0, 0, 0, 0)
    signature = messages.sign(person(2), "Ballot", *values["Ballot"])
    governor.send("castVoteBySig", proposal.id, FOR, voter, signature, sender=relayer)
    assert tally(community, proposal) == (0, VOICE, 0, 1)


def test_an_old_ballot_wakes_nobody_twice(community: Community, proposal: ProposalDraft) -> None:
    """Relaying a counted ballot for ever does not keep its member awake."""
    signed = ballot(community, proposal, 2)
    cast(community, proposal, [signed])
    community.dao.membership.send("rest", sender=community.wallets[1])
    for _ in range(3):
        assert cast(community, proposal, [signed, signed])[0] == [ALREADY_CAST] * 2
    assert standing(community, 2) == STANDING_DORMANT


def test_an_account_changes_its_mind_between_check_and_count(community: Community) -> None:
    """An account that says yes to everything casts one ballot, of its own weight, once."""
    careless = 8
    account = contract_account(community, person(50), careless)
    member = admit(community, account.address)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    batch = [
        account_ballot(community, proposal, member, account.address, person(50), support)
        for support in (FOR, AGAINST, FOR, FOR)
    ]
    results, _ = cast(community, proposal, [], batch)
    assert results == [COUNTED, ALREADY_CAST, ALREADY_CAST, ALREADY_CAST]
    assert tally(community, proposal) == (0, VOICE, 0, 1)


@pytest.mark.parametrize("what", ["votes itself", "relays the others", "rests"])
def test_an_account_acts_while_its_ballot_is_checked(community: Community, what: str) -> None:
    """An ERC-1271 account is asked in a static call, before anything of the batch is counted."""
    dao, rpc = community.dao, community.rpc
    account = helper(rpc, "Reentrant")
    member = admit(community, account.address)
    rpc.warp(40 * DAY)  # a large batch, with acts to record
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    others = [ballot(community, proposal, number) for number in (1, 2, 3)]
    governor, membership = dao.governor, dao.membership
    target, call = {
        "votes itself": (governor, governor.data("castVote", proposal.id, AGAINST)),
        "relays the others": (governor, governor.data("castVotesBySig", proposal.id, others, [])),
        "rests": (membership, membership.data("rest")),
    }[what]
    outsider = community.outsider.address
    account.send("prepare", target.address, call, sender=outsider)
    with rpc.isolate():  # asked in a transaction of its own, it does act
        account.send("isValidSignature", bytes(32), b"", sender=outsider)
        resting = standing(community, member) == STANDING_DORMANT
        assert resting or tally(community, proposal) != (0, 0, 0, 0)
    own = (terms(member, FOR), account.address, b"")
    assert cast(community, proposal, others, [own, own])[0] == [COUNTED] * 4 + [ALREADY_CAST]
    assert tally(community, proposal) == (0, 4 * VOICE, 0, 4)
    today = rpc.timestamp() // DAY
    assert [dao.membership.call("stampOf", number) for number in (1, 2, 3, member)] == [today] * 4
    assert dao.membership.call("stampOf", 4) < today


def test_a_signed_proposal_is_held_back(community: Community) -> None:
    """A relayer who waits past the deadline has nothing; the member proposes anew."""
    governor, proposer = community.dao.governor, community.wallets[0]
    number = hash_proposal(*ONE_CALL, "x")
    deadline = community.rpc.timestamp() + 60
    signature = governor_messages(community).sign(person(1), "Propose", number, proposer, deadline)
    args = (*ONE_CALL, "x", proposer, deadline, signature)
    with reverts("GovernorExpiredSignature", deadline):
        send_at(governor, deadline + 1, "proposeBySig", *args, sender=community.outsider.address)
    governor.send("propose", *ONE_CALL, "x", sender=proposer)
    assert governor.call("state", number) == PENDING
    assert community.dao.membership.call("charterHash") == CHARTER
