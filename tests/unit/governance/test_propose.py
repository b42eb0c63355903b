"""Proposing: see propose.tree."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.contract import Receipt
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import DAY, VOICE, params
from tests.support import FOREVER, compact, malleated, membership_messages, reverts
from tests.unit.governance.support import (
    ACTIVE,
    CANCELED,
    DEFEATED,
    EXECUTED,
    NOBODY,
    PENDING,
    QUEUED,
    STANDING_DORMANT,
    SUCCEEDED,
    admit,
    change_settings,
    contract_account,
    found_beside,
    governor_messages,
    governor_settings,
    hash_proposal,
    move_wallet,
    only,
    send_at,
    standing,
    state,
    with_steward,
)

ONE_CALL = (["0x" + "aa" * 20], [7], [b"\x01\x02\x03"])
HOUR = 3600


def propose(community: Community, description: str = "a proposal", by: int = 0) -> Receipt:
    """One call that does nothing, proposed by `people[by]`."""
    sender = community.wallets[by]
    return community.dao.governor.send("propose", *ONE_CALL, description, sender=sender)


CREATED = (
    *("uint256", "address", "address[]", "uint256[]", "string[]", "bytes[]"),
    *("uint256", "uint256", "string"),
)
CALLS = [(NOBODY, 0, b""), ("0x" + "ab" * 20, 2**256 - 1, b"\xff" * 33), (NOBODY, 1, b"\x01" * 64)]


def number_of(description: str) -> int:
    return hash_proposal(*ONE_CALL, description)


def plain(args: dict[str, Any]) -> dict[str, Any]:
    """Event arguments with lists for tuples and addresses in lower case."""

    def simple(value: Any) -> Any:
        if isinstance(value, (tuple, list)):
            return [simple(element) for element in value]
        return value.lower() if isinstance(value, str) and value.startswith("0x") else value

    return {name: simple(value) for name, value in args.items()}


def sign_propose(
    community: Community, number: int, member: int = 1, deadline: int = FOREVER, **domain: Any
) -> bytes:
    proposer = person(member).address
    messages = governor_messages(community)
    return messages.sign(person(member), "Propose", number, proposer, deadline, **domain)


# propose


@pytest.mark.parametrize("calls", [0, 1, 2, 3])
@pytest.mark.parametrize("description", ["", "a", "x" * 32, "提案" * 40])
def test_propose_announces_as_openzeppelin_does(
    community: Community, calls: int, description: str
) -> None:
    """The very bytes of the standard encoding, in a memory that is not clean."""
    governor, wallet = community.dao.governor, community.wallets[0]
    chosen = CALLS[:calls]
    targets, values = [target for target, _, _ in chosen], [value for _, value, _ in chosen]
    datas = [data for _, _, data in chosen]
    if calls:
        receipt = governor.send("propose", targets, values, datas, description, sender=wallet)
    else:
        receipt = governor.send("proposeAdvisory", description, sender=wallet)
    start = community.rpc.timestamp() + 2 * DAY
    number = hash_proposal(targets, values, datas, description)
    expected = encode(
        CREATED,
        [number, wallet, targets, values, [""] * calls, datas, start, start + 5 * DAY, description],
    )
    (log,) = receipt.raw["logs"]
    assert bytes.fromhex(log["data"][2:]) == expected


def test_propose_creates(community: Community) -> None:
    governor, proposer = community.dao.governor, community.wallets[0]
    number = governor.call("propose", *ONE_CALL, "a proposal", sender=proposer)
    assert number == hash_proposal(*ONE_CALL, "a proposal")
    receipt = propose(community)
    now = community.rpc.timestamp()
    (event,) = receipt.events
    assert (event.name, event.address) == ("ProposalCreated", community.dao.governor_address)
    assert plain(event.args) == {
        "proposalId": number,
        "proposer": proposer.lower(),
        "targets": ["0x" + "aa" * 20],
        "values": [7],
        "signatures": [""],
        "calldatas": [b"\x01\x02\x03"],
        "voteStart": now + 2 * DAY,
        "voteEnd": now + 7 * DAY,
        "description": "a proposal",
    }
    assert governor.call("state", number) == PENDING
    assert governor.call("proposalSnapshot", number) == now + 2 * DAY
    assert governor.call("proposalDeadline", number) == now + 7 * DAY
    assert governor.call("proposalEta", number) == now + 9 * DAY
    assert governor.call("proposalExpiry", number) == now + 23 * DAY
    assert governor.call("proposalProposer", number) == proposer
    assert governor.call("proposalVotes", number) == (0, 0, 0)
    assert governor.call("proposalTurnout", number) == 0
    assert governor.call("isAdvisory", number) is False
    assert governor.call("proposalSettings", number) == governor_settings()
    assert governor.call("liveProposalsOf", 1) == (1, 3)
    assert governor.call("liveProposalsOf", 2) == (0, 3)


def test_propose_reverts_when_the_lists_are_empty(community: Community) -> None:
    with reverts("GovernorInvalidProposalLength", 0, 0, 0):
        community.dao.governor.send("propose", [], [], [], "x", sender=community.wallets[0])


@pytest.mark.parametrize(
    ("targets", "values", "calldatas"), [(1, 2, 1), (1, 1, 2), (2, 1, 1), (0, 1, 1), (1, 0, 0)]
)
def test_propose_reverts_when_the_lists_differ_in_length(
    community: Community, targets: int, values: int, calldatas: int
) -> None:
    lists = ([NOBODY] * targets, [0] * values, [b""] * calldatas)
    with reverts("GovernorInvalidProposalLength", targets, calldatas, values):
        community.dao.governor.send("propose", *lists, "x", sender=community.wallets[0])


@pytest.mark.parametrize("spelling", [str, str.lower])
def test_propose_reverts_when_the_description_names_another_proposer(
    community: Community, spelling: Any
) -> None:
    description = f"mine #proposer={spelling(community.wallets[1])}"
    with reverts("GovernorRestrictedProposer", community.wallets[0]):
        propose(community, description)
    propose(community, description, by=1)
    assert (
        community.dao.governor.call("proposalProposer", number_of(description))
        == (community.wallets[1])
    )


@pytest.mark.parametrize(
    "suffix",
    [
        "#proposer={}",  # without 0x, one byte short
        "#proposer=0x{}0",  # a digit too many
        "#proposer=0x{} ",  # not at the end
        "#Proposer=0x{}",
        "proposer=0x{}",
        "#proposer=0X{}",
        "#proposer=0xzz{}",
    ],
)
def test_propose_creates_when_the_description_only_looks_restricted(
    community: Community, suffix: str
) -> None:
    other = community.wallets[1][2:]
    if "zz" in suffix:
        other = other[2:]
    description = "open to all " + suffix.format(other)
    propose(community, description)
    assert community.dao.governor.call("state", number_of(description)) == PENDING


def test_propose_creates_when_the_description_is_the_suffix_alone(community: Community) -> None:
    description = f"#proposer={community.wallets[0]}"
    with reverts("GovernorRestrictedProposer", community.wallets[1]):
        propose(community, description, by=1)
    propose(community, description)


def test_propose_reverts_when_it_exists(community: Community) -> None:
    proposal = community.propose([("0x" + "aa" * 20, 0, b"")])
    governor, again = community.dao.governor, community.wallets[1]

    def refused(current: int) -> None:
        arguments = (*proposal.actions[:3], proposal.description)
        with reverts("GovernorUnexpectedProposalState", proposal.id, current, bytes(32)):
            governor.send("propose", *arguments, sender=again, gas=1_000_000)

    refused(PENDING)
    community.open_voting(proposal)
    refused(ACTIVE)
    community.vote(proposal, range(5))
    community.close_voting(proposal)
    refused(QUEUED)
    community.ripen(proposal)
    community.execute(proposal)
    refused(EXECUTED)


def test_propose_reverts_when_it_was_canceled(community: Community) -> None:
    proposal = community.propose([("0x" + "aa" * 20, 0, b"")])
    community.dao.governor.send("cancel", *proposal.actions, sender=community.wallets[0])
    arguments = (*proposal.actions[:3], proposal.description)
    with reverts("GovernorUnexpectedProposalState", proposal.id, CANCELED, bytes(32)):
        community.dao.governor.send("propose", *arguments, sender=community.wallets[0])


# Who may propose


def test_propose_creates_at_exactly_the_threshold(community: Community) -> None:
    governor, membership = community.dao.governor, community.dao.membership
    now = community.rpc.timestamp() - 1
    assert governor.call("proposalThreshold") == VOICE
    assert membership.call("getPastVotes", community.wallets[0], now) == VOICE
    propose(community)
    assert governor.call("state", number_of("a proposal")) == PENDING


@pytest.mark.parametrize(("bps", "threshold"), [(10_000, VOICE), (1, 10**5), (3_333, 333_300_000)])
def test_propose_reverts_given_less_voice_than_the_threshold(
    community: Community, bps: int, threshold: int
) -> None:
    change_settings(community, thresholdBps=bps)
    assert community.dao.governor.call("proposalThreshold") == threshold
    outsider = community.outsider.address
    with reverts("GovernorInsufficientProposerVotes", outsider, 0, threshold):
        community.dao.governor.send("propose", *ONE_CALL, "x", sender=outsider)


def test_propose_rounds_the_threshold_down(community: Community) -> None:
    voice = {**params(community.rpc.timestamp())["voice"], "base": VOICE + 1}
    other = found_beside(community, 1, voice=voice, governor=governor_settings(thresholdBps=9_999))
    assert other.dao.governor.call("proposalThreshold") == (VOICE + 1) * 9_999 // 10_000
    propose(other)


def test_propose_counts_voice_of_the_second_before(community: Community) -> None:
    governor, newcomer = community.dao.governor, person(6).address
    admit(community, newcomer)
    joined = community.rpc.timestamp()
    # A read is answered as of the second of the latest block: that of the admission.
    with reverts("GovernorInsufficientProposerVotes", newcomer, 0, VOICE):
        governor.call("propose", *ONE_CALL, "x", sender=newcomer)
    send_at(governor, joined + 1, "propose", *ONE_CALL, "x", sender=newcomer)


def test_propose_counts_delegated_voice(community: Community) -> None:
    membership, governor = community.dao.membership, community.dao.governor
    membership.send("delegate", community.wallets[1], sender=community.wallets[0])
    community.rpc.warp(1)
    with reverts("GovernorInsufficientProposerVotes", community.wallets[0], 0, VOICE):
        propose(community)
    propose(community, by=1)
    assert governor.call("proposalProposer", number_of("a proposal")) == community.wallets[1]


def test_propose_creates_for_a_delegator_given_a_threshold_of_zero(community: Community) -> None:
    membership, governor = community.dao.membership, community.dao.governor
    change_settings(community, thresholdBps=0)
    membership.send("delegate", community.wallets[1], sender=community.wallets[0])
    community.rpc.warp(1)
    propose(community)
    assert governor.call("proposalProposer", number_of("a proposal")) == community.wallets[0]
    assert governor.call("liveProposalsOf", 1) == (1, 3)


def test_propose_reverts_for_others_given_a_threshold_of_zero(community: Community) -> None:
    membership, governor = community.dao.membership, community.dao.governor
    change_settings(community, thresholdBps=0)
    outsider = community.outsider.address
    with reverts("GovernorNotMember", outsider):
        governor.send("propose", *ONE_CALL, "x", sender=outsider)
    membership.send("exit", sender=community.wallets[1])
    community.rpc.warp(1)
    with reverts("GovernorNotMember", community.wallets[1]):
        propose(community, by=1)
    newcomer = person(6).address
    community.rpc.fund(newcomer)
    community.as_treasury(membership, "admit", newcomer, bytes(32))
    community.rpc.warp(1)
    with reverts("GovernorNotMember", newcomer):
        governor.send("propose", *ONE_CALL, "x", sender=newcomer)


def test_propose_reverts_after_exit_with_a_threshold(community: Community) -> None:
    community.dao.membership.send("exit", sender=community.wallets[0])
    community.rpc.warp(1)
    with reverts("GovernorInsufficientProposerVotes", community.wallets[0], 0, VOICE):
        propose(community)


@pytest.mark.parametrize("bps", [0, 10_000])
def test_propose_reverts_for_a_dormant_delegate(community: Community, bps: int) -> None:
    """Others still lend them their voice: they wake first, which is free."""
    membership, (first, second, *_) = community.dao.membership, community.wallets
    change_settings(community, thresholdBps=bps)
    membership.send("delegate", second, sender=first)
    membership.send("rest", sender=second)
    community.rpc.warp(1)
    assert membership.call("getVotes", second) == VOICE
    with reverts("GovernorNotMember", second):
        propose(community, by=1)
    membership.send("wake", bytes(32), sender=second)
    propose(community, by=1)


@pytest.mark.parametrize("how", ["rest", "exit"])
def test_propose_reverts_in_the_very_second_of_falling_silent(
    community: Community, how: str
) -> None:
    """They had voice a second ago."""
    community.dao.membership.send(how, sender=community.wallets[0])
    # A read is answered as of the second of the latest block.
    with reverts("GovernorNotMember", community.wallets[0]):
        community.dao.governor.call("propose", *ONE_CALL, "x", sender=community.wallets[0])


def test_propose_reverts_for_the_dormant_without_voice(community: Community) -> None:
    community.dao.membership.send("rest", sender=community.wallets[0])
    community.rpc.warp(1)
    with reverts("GovernorInsufficientProposerVotes", community.wallets[0], 0, VOICE):
        propose(community)
    assert standing(community, 1) == STANDING_DORMANT


def test_propose_is_no_act(community: Community) -> None:
    membership = community.dao.membership
    stamp = membership.call("stampOf", 1)
    community.rpc.warp(40 * DAY)
    propose(community)
    assert membership.call("stampOf", 1) == stamp
    community.rpc.warp_to((stamp + 210) * DAY - 1)
    assert membership.call("lapse", [1]) == 0
    community.rpc.warp(1)
    assert membership.call("lapse", [1]) == 1


# Live proposals


def test_propose_reverts_given_as_many_live_proposals_as_allowed(community: Community) -> None:
    governor = community.dao.governor
    for i in range(3):
        propose(community, f"number {i}")
        community.rpc.warp(DAY)
    ends = [governor.call("proposalDeadline", number_of(f"number {i}")) for i in range(3)]
    free_at = -(-ends[0] // HOUR) * HOUR
    assert governor.call("liveProposalsOf", 1) == (3, 3)
    with reverts("GovernorTooManyLive", community.wallets[0], 3, free_at):
        propose(community, "one too many")
    propose(community, "another member's", by=1)
    arguments = (*ONE_CALL, "one too many")
    with reverts("GovernorTooManyLive", community.wallets[0], 3, free_at):
        send_at(governor, free_at - 1, "propose", *arguments, sender=community.wallets[0])
    send_at(governor, free_at, "propose", *arguments, sender=community.wallets[0])
    assert governor.call("liveProposalsOf", 1) == (3, 3)


@pytest.mark.parametrize("limit", [1, 2, 10])
def test_propose_allows_as_many_as_the_limit(community: Community, limit: int) -> None:
    governor = community.dao.governor
    change_settings(community, liveProposals=limit)
    for i in range(limit):
        assert governor.call("liveProposalsOf", 1) == (i, limit)
        propose(community, f"number {i}")
    assert governor.call("liveProposalsOf", 1) == (limit, limit)
    end = governor.call("proposalDeadline", number_of("number 0"))
    with reverts("GovernorTooManyLive", community.wallets[0], limit, -(-end // HOUR) * HOUR):
        propose(community, "one too many")
    # All places are free again afterwards, round after round.
    for turn in range(3):
        community.rpc.warp(7 * DAY + HOUR)
        assert governor.call("liveProposalsOf", 1) == (0, limit)
        for i in range(limit):
            propose(community, f"turn {turn} number {i}")
        assert governor.call("liveProposalsOf", 1) == (limit, limit)


def test_propose_frees_no_place_by_canceling(community: Community) -> None:
    """A place is taken until the deadline: cancelling is no way to propose without end."""
    governor = community.dao.governor
    proposals = [community.propose([(NOBODY, 0, b"")], f"number {i}") for i in range(3)]
    for proposal in proposals:
        governor.send("cancel", *proposal.actions, sender=community.wallets[0])
    assert governor.call("liveProposalsOf", 1) == (3, 3)
    end = governor.call("proposalDeadline", proposals[0].id)
    with reverts("GovernorTooManyLive", community.wallets[0], 3, -(-end // HOUR) * HOUR):
        propose(community)


def test_propose_applies_a_lowered_limit_at_once(community: Community) -> None:
    community = with_steward(community)
    governor = community.dao.governor
    propose(community, "one")
    propose(community, "two")
    change_settings(community, liveProposals=1)
    assert governor.call("liveProposalsOf", 1) == (2, 1)
    end = governor.call("proposalDeadline", number_of("one"))
    with reverts("GovernorTooManyLive", community.wallets[0], 1, -(-end // HOUR) * HOUR):
        propose(community, "three")
    community.rpc.warp(7 * DAY + HOUR)
    propose(community, "three")
    assert governor.call("liveProposalsOf", 1) == (1, 1)


def test_propose_counts_a_person_not_a_wallet(community: Community) -> None:
    """A record that moves to another wallet takes its live proposals along."""
    governor = community.dao.governor
    for i in range(3):
        propose(community, f"number {i}")
    moved = person(77).address
    community.rpc.fund(moved)
    move_wallet(community, 1, moved)
    community.rpc.warp(1)
    end = governor.call("proposalDeadline", number_of("number 0"))
    with reverts("GovernorTooManyLive", moved, 3, -(-end // HOUR) * HOUR):
        governor.send("propose", *ONE_CALL, "again", sender=moved)
    assert governor.call("proposalProposer", number_of("number 0")) == moved


# proposeAdvisory


def test_propose_advisory_creates(community: Community) -> None:
    governor = community.dao.governor
    receipt = governor.send("proposeAdvisory", "should we?", sender=community.wallets[0])
    now = community.rpc.timestamp()
    number = hash_proposal([], [], [], "should we?")
    (event,) = receipt.events
    assert event.name == "ProposalCreated"
    assert plain(event.args) == {
        "proposalId": number,
        "proposer": community.wallets[0].lower(),
        "targets": [],
        "values": [],
        "signatures": [],
        "calldatas": [],
        "voteStart": now + 2 * DAY,
        "voteEnd": now + 7 * DAY,
        "description": "should we?",
    }
    assert governor.call("isAdvisory", number) is True
    assert governor.call("proposalEta", number) == 0
    assert governor.call("proposalExpiry", number) == 0
    assert governor.call("liveProposalsOf", 1) == (1, 3)


def test_propose_advisory_ends_succeeded_and_is_never_executable(community: Community) -> None:
    governor = community.dao.governor
    proposal = community.propose([], "should we?")
    refused = ("GovernorUnexpectedProposalState", proposal.id)
    with reverts(*refused, PENDING, only(QUEUED)):
        community.execute(proposal)
    community.pass_vote(proposal)
    for _ in range(3):
        assert state(community, proposal) == SUCCEEDED
        with reverts(*refused, SUCCEEDED, only(QUEUED)):
            community.execute(proposal)
        with reverts("GovernorUnableToCancel", proposal.id, community.wallets[0]):
            governor.send("cancel", *proposal.actions, sender=community.wallets[0])
        community.rpc.warp(400 * DAY)
    assert governor.call("proposalNeedsQueuing", proposal.id) is False


def test_propose_advisory_ends_defeated_without_quorum(community: Community) -> None:
    proposal = community.propose([], "should we?")
    community.open_voting(proposal)
    community.vote(proposal, [0])
    community.close_voting(proposal)
    assert state(community, proposal) == DEFEATED


def test_propose_advisory_can_be_canceled_while_pending(community: Community) -> None:
    proposal = community.propose([], "should we?")
    receipt = community.dao.governor.send("cancel", *proposal.actions, sender=community.wallets[0])
    assert receipt.only("ProposalCanceled").args == {"proposalId": proposal.id}
    assert state(community, proposal) == CANCELED


def test_propose_advisory_reverts_when_restricted_to_another(community: Community) -> None:
    with reverts("GovernorRestrictedProposer", community.wallets[0]):
        community.propose([], f"should we? #proposer={community.wallets[1]}")


def test_propose_advisory_reverts_when_it_exists(community: Community) -> None:
    proposal = community.propose([], "should we?")
    with reverts("GovernorUnexpectedProposalState", proposal.id, PENDING, bytes(32)):
        community.propose([], "should we?", by=1)


def test_propose_advisory_reverts_for_outsiders(community: Community) -> None:
    outsider = community.outsider.address
    with reverts("GovernorInsufficientProposerVotes", outsider, 0, VOICE):
        community.dao.governor.send("proposeAdvisory", "x", sender=outsider)


# proposeBySig


@pytest.mark.parametrize("encoding", [bytes, compact])
def test_propose_by_sig_creates_for_the_signer(community: Community, encoding: Any) -> None:
    governor, proposer = community.dao.governor, community.wallets[0]
    description = f"signed #proposer={proposer}"
    number = number_of(description)
    signature = encoding(sign_propose(community, number))
    args = (*ONE_CALL, description, proposer, FOREVER, signature)
    relayer = community.outsider.address
    assert governor.call("proposeBySig", *args, sender=relayer) == number
    receipt = governor.send("proposeBySig", *args, sender=relayer)
    event = receipt.only("ProposalCreated")
    assert event.args["proposalId"] == number
    assert event.args["proposer"] == proposer
    assert governor.call("proposalProposer", number) == proposer
    assert governor.call("liveProposalsOf", 1) == (1, 3)


def test_propose_by_sig_creates_an_advisory_proposal(community: Community) -> None:
    number = hash_proposal([], [], [], "should we?")
    signature = sign_propose(community, number)
    community.dao.governor.send(
        "proposeBySig",
        [],
        [],
        [],
        "should we?",
        community.wallets[0],
        FOREVER,
        signature,
        sender=community.outsider.address,
    )
    assert community.dao.governor.call("isAdvisory", number) is True


def test_propose_by_sig_creates_for_a_contract_account(community: Community) -> None:
    governor, owner = community.dao.governor, person(50)
    account = contract_account(community, owner)
    admit(community, account.address)
    community.rpc.warp(1)
    number = number_of("by a contract")
    signature = governor_messages(community).sign(
        owner, "Propose", number, account.address, FOREVER
    )
    args = (*ONE_CALL, "by a contract", account.address, FOREVER, signature)
    governor.send("proposeBySig", *args, sender=community.outsider.address)
    assert governor.call("proposalProposer", number) == account.address


@pytest.mark.parametrize("mode", range(1, 8))
def test_propose_by_sig_reverts_when_a_contract_account_answers_wrongly(
    community: Community, mode: int
) -> None:
    owner = person(50)
    account = contract_account(community, owner, mode)
    admit(community, account.address)
    community.rpc.warp(1)
    number = number_of("by a contract")
    signature = governor_messages(community).sign(
        owner, "Propose", number, account.address, FOREVER
    )
    args = (*ONE_CALL, "by a contract", account.address, FOREVER, signature)
    with reverts("GovernorInvalidSignature", account.address):
        community.dao.governor.send(
            "proposeBySig", *args, sender=community.outsider.address, gas=10_000_000
        )


def test_propose_by_sig_accepts_until_its_deadline(community: Community) -> None:
    governor, deadline = community.dao.governor, community.rpc.timestamp() + 100
    signature = sign_propose(community, number_of("x"), deadline=deadline)
    args = (*ONE_CALL, "x", community.wallets[0], deadline, signature)
    with community.rpc.isolate(), reverts("GovernorExpiredSignature", deadline):
        send_at(governor, deadline + 1, "proposeBySig", *args, sender=community.outsider.address)
    send_at(governor, deadline, "proposeBySig", *args, sender=community.outsider.address)
    assert governor.call("state", number_of("x")) == PENDING


@pytest.mark.parametrize("again", [bytes, compact, malleated])
def test_propose_by_sig_reverts_when_repeated(community: Community, again: Any) -> None:
    governor, relayer = community.dao.governor, community.outsider.address
    signature = sign_propose(community, number_of("x"))
    args = (*ONE_CALL, "x", community.wallets[0], FOREVER)
    governor.send("proposeBySig", *args, signature, sender=relayer)
    with reverts("GovernorUnexpectedProposalState", number_of("x"), PENDING, bytes(32)):
        governor.send("proposeBySig", *args, again(signature), sender=relayer)
    proposal = ProposalDraft.of([("0x" + "aa" * 20, 7, b"\x01\x02\x03")], "x")
    governor.send("cancel", *proposal.actions, sender=community.wallets[0])
    with reverts("GovernorUnexpectedProposalState", number_of("x"), CANCELED, bytes(32)):
        governor.send("proposeBySig", *args, again(signature), sender=relayer)


def test_propose_by_sig_reverts_when_signed_otherwise(community: Community) -> None:
    governor, number = community.dao.governor, number_of("x")
    membership_domain = membership_messages(community.rpc, community.dao.membership_address).domain
    wrong = {
        "by another": governor_messages(community).sign(
            person(2), "Propose", number, community.wallets[0], FOREVER
        ),
        "another proposal": sign_propose(community, number + 1),
        "another deadline": sign_propose(community, number, deadline=FOREVER - 1),
        "another chain": sign_propose(community, number, chainId=1),
        "another contract": sign_propose(
            community, number, verifyingContract=community.dao.membership_address
        ),
        "another name": sign_propose(community, number, name=membership_domain["name"]),
        "nothing": b"",
        "zeros": bytes(65),
    }
    for name, signature in wrong.items():
        args = (*ONE_CALL, "x", community.wallets[0], FOREVER, signature)
        with reverts("GovernorInvalidSignature", community.wallets[0]):
            governor.send("proposeBySig", *args, sender=community.outsider.address)
        assert name
    with reverts("GovernorInvalidSignature", NOBODY):
        governor.send(
            "proposeBySig", *ONE_CALL, "x", NOBODY, FOREVER, bytes(65), sender=community.wallets[0]
        )


def test_propose_by_sig_reverts_when_the_lists_are_ragged(community: Community) -> None:
    args: tuple[Any, ...] = ([], [1], [], "x", community.wallets[0], FOREVER, b"")
    with reverts("GovernorInvalidProposalLength", 0, 0, 1):
        community.dao.governor.send("proposeBySig", *args, sender=community.wallets[0])


def test_propose_by_sig_reverts_when_restricted_to_the_relayer(community: Community) -> None:
    description = f"x #proposer={community.outsider.address}"
    signature = sign_propose(community, number_of(description))
    args = (*ONE_CALL, description, community.wallets[0], FOREVER, signature)
    with reverts("GovernorRestrictedProposer", community.wallets[0]):
        community.dao.governor.send("proposeBySig", *args, sender=community.outsider.address)


def test_propose_by_sig_reverts_after_exit(community: Community) -> None:
    signature = sign_propose(community, number_of("x"))
    community.dao.membership.send("exit", sender=community.wallets[0])
    community.rpc.warp(1)
    args = (*ONE_CALL, "x", community.wallets[0], FOREVER, signature)
    with reverts("GovernorInsufficientProposerVotes", community.wallets[0], 0, VOICE):
        community.dao.governor.send("proposeBySig", *args, sender=community.outsider.address)
