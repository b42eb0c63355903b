"""States, execution and cancellation to the second: see lifecycle.tree."""

from __future__ import annotations

import itertools

import pytest
from eth_utils.crypto import keccak

from mikoshi.ballots.proposal import Call, ProposalDraft
from mikoshi.chain.contract import Contract
from mikoshi.testing.community import ABSTAIN, AGAINST, FOR, Community, person
from mikoshi.testing.defaults import DAY
from tests.support import reverts
from tests.unit.governance.support import (
    ACTIVE,
    CANCELED,
    DEFEATED,
    EXECUTED,
    EXPIRED,
    GUARDIAN,
    NOBODY,
    PENDING,
    QUEUED,
    admit,
    hash_proposal,
    helper,
    move_wallet,
    only,
    send_at,
    state,
    tally,
    with_guardian,
)

ETHER = 10**18


@pytest.fixture
def sink(community: Community) -> Contract:
    return helper(community.rpc, "Sink")


def states_at(community: Community, proposal: ProposalDraft, *times: int) -> list[int]:
    """The state at each of these seconds, in order."""
    found = []
    for time in times:
        community.rpc.warp_to(time)
        found.append(state(community, proposal))
    return found


def times(community: Community, proposal: ProposalDraft) -> tuple[int, int, int, int]:
    """Snapshot, deadline, eta, expiry."""
    names = ("proposalSnapshot", "proposalDeadline", "proposalEta", "proposalExpiry")
    snapshot, deadline, eta, expiry = (
        community.dao.governor.call(name, proposal.id) for name in names
    )
    return snapshot, deadline, eta, expiry


# State


def test_state_of_a_proposal_that_passes(community: Community) -> None:
    proposal = community.propose([(NOBODY, 0, b"")])
    assert state(community, proposal) == PENDING
    snapshot, deadline, eta, expiry = times(community, proposal)
    assert (deadline - snapshot, eta - deadline, expiry - eta) == (5 * DAY, 2 * DAY, 14 * DAY)
    assert states_at(community, proposal, snapshot, snapshot + 1) == [PENDING, ACTIVE]
    community.vote(proposal, [0, 1])
    assert states_at(community, proposal, deadline, deadline + 1) == [ACTIVE, QUEUED]
    assert states_at(community, proposal, eta - 1, eta, expiry) == [QUEUED] * 3
    assert states_at(community, proposal, expiry + 1, expiry + 1000 * DAY) == [EXPIRED] * 2


@pytest.mark.parametrize(
    "ballots",
    [[], [(0, FOR)], [(0, FOR), (1, AGAINST), (2, ABSTAIN)], [(0, ABSTAIN), (1, ABSTAIN)]],
)
def test_state_of_a_proposal_that_fails(
    community: Community, ballots: list[tuple[int, int]]
) -> None:
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    for voter, support in ballots:
        community.vote(proposal, [voter], support)
    _, deadline, eta, expiry = times(community, proposal)
    moments = (deadline, deadline + 1, eta, expiry, expiry + 1)
    assert states_at(community, proposal, *moments) == [ACTIVE, *[DEFEATED] * 4]


def test_state_reverts_when_there_is_no_such_proposal(community: Community) -> None:
    governor = community.dao.governor
    for name in ("state", "proposalQuorum", "proposalSettings", "isAdvisory"):
        with reverts("GovernorNonexistentProposal", 12345):
            governor.call(name, 12345)
    for name in ("proposalSnapshot", "proposalDeadline", "proposalEta", "proposalExpiry"):
        assert governor.call(name, 12345) == 0
    assert governor.call("proposalProposer", 12345) == NOBODY
    assert governor.call("proposalVotes", 12345) == (0, 0, 0)


# execute


def test_execute_makes_the_calls_in_order(community: Community, sink: Contract) -> None:
    governor, rpc = community.dao.governor, community.rpc
    treasury = community.dao.treasury_address
    plain = person(60).address
    calls: list[Call] = [
        (sink, 0, b"first"),
        (plain, ETHER, b""),
        (sink, 2 * ETHER, b"second"),
        (sink, 5, b""),
    ]
    proposal = community.propose(calls)
    community.pass_vote(proposal)
    community.ripen(proposal)
    before = rpc.balance(treasury)
    number = governor.call("execute", *proposal.actions, sender=community.outsider.address)
    assert number == proposal.id
    receipt = community.execute(proposal)
    assert [event.name for event in receipt.events] == ["ProposalExecuted"]
    assert receipt.only("ProposalExecuted").args == {"proposalId": proposal.id}
    noted = [event.args for event in sink.events(receipt.raw["logs"]) if event.name == "Noted"]
    assert noted == [
        {"from": treasury, "value": 0, "data": b"first"},
        {"from": treasury, "value": 2 * ETHER, "data": b"second"},
        {"from": treasury, "value": 5, "data": b""},
    ]
    assert rpc.balance(treasury) == before - 3 * ETHER - 5
    assert rpc.balance(plain) == ETHER
    assert rpc.balance(sink.address) == 2 * ETHER + 5
    assert rpc.balance(governor.address) == 0
    assert state(community, proposal) == EXECUTED


def test_execute_forwards_value(community: Community, sink: Contract) -> None:
    """What the executor sends is the Treasury's; what it does not spend stays there."""
    rpc, treasury = community.rpc, community.dao.treasury_address
    rpc.call("anvil_setBalance", treasury, "0x0")
    proposal = community.propose([(sink, 3 * ETHER, b"pay")])
    community.pass_vote(proposal)
    community.ripen(proposal)
    sender = community.outsider.address
    with reverts("TreasuryCallFailed", 0, sink.address, b""):
        community.dao.governor.send("execute", *proposal.actions, sender=sender, value=ETHER)
    assert state(community, proposal) == QUEUED
    community.dao.governor.send("execute", *proposal.actions, sender=sender, value=5 * ETHER)
    assert rpc.balance(sink.address) == 3 * ETHER
    assert rpc.balance(treasury) == 2 * ETHER
    assert rpc.balance(community.dao.governor_address) == 0


def test_execute_is_possible_from_the_eta_to_the_expiry(
    community: Community, sink: Contract
) -> None:
    governor, sender = community.dao.governor, community.outsider.address
    proposal = community.propose([(sink, 0, b"go")])
    community.pass_vote(proposal)
    _, _, eta, expiry = times(community, proposal)
    call = ("execute", *proposal.actions)
    now = community.rpc.timestamp() + 1
    for moment in (now, eta - 1):
        with reverts("GovernorNotReady", proposal.id, eta, moment):
            send_at(governor, moment, *call, sender=sender)
    for moment in (eta, expiry):
        with community.rpc.isolate():
            send_at(governor, moment, *call, sender=sender)
            assert state(community, proposal) == EXECUTED
    with reverts("GovernorUnexpectedProposalState", proposal.id, EXPIRED, only(QUEUED)):
        send_at(governor, expiry + 1, *call, sender=sender)


def test_execute_reverts_when_not_queued(community: Community, sink: Contract) -> None:
    governor = community.dao.governor
    refused = "GovernorUnexpectedProposalState"

    def check(proposal: ProposalDraft, current: int) -> None:
        with reverts(refused, proposal.id, current, only(QUEUED)):
            community.execute(proposal)

    proposal = community.propose([(sink, 0, b"go")], "passes")
    check(proposal, PENDING)
    canceled = community.propose([(sink, 0, b"go")], "canceled")
    governor.send("cancel", *canceled.actions, sender=community.wallets[0])
    check(canceled, CANCELED)
    community.open_voting(proposal)
    check(proposal, ACTIVE)
    with community.rpc.isolate():
        community.close_voting(proposal)
        check(proposal, DEFEATED)
    community.vote(proposal, range(5))
    check(proposal, ACTIVE)
    community.close_voting(proposal)
    community.ripen(proposal)
    community.execute(proposal)
    check(proposal, EXECUTED)
    assert state(community, proposal) == EXECUTED
    community.rpc.warp(400 * DAY)
    check(proposal, EXECUTED)


def test_execute_reverts_when_anything_differs(community: Community, sink: Contract) -> None:
    """The id is of every byte: another target, value, byte, order or description is unknown."""
    proposal = community.propose([(sink, 1, b"one"), (NOBODY, 2, b"")])
    community.pass_vote(proposal)
    community.ripen(proposal)
    targets, values, calldatas, hashed = proposal.actions
    others = [
        ([NOBODY, NOBODY], values, calldatas, hashed),
        (targets, [1, 3], calldatas, hashed),
        (targets, values, [b"One", b""], hashed),
        (targets, values, [b"one", b"\0"], hashed),
        (targets, values, [b"one"], hashed),
        (targets, values, calldatas, bytes(32)),
        (targets[::-1], values[::-1], calldatas[::-1], hashed),
        (targets[:1], values[:1], calldatas[:1], hashed),
        ([*targets, NOBODY], [*values, 0], [*calldatas, b""], hashed),
    ]
    for other in others:
        number = community.dao.governor.call("hashProposal", *other)
        assert number != proposal.id
        with reverts("GovernorNonexistentProposal", number):
            community.dao.governor.send("execute", *other, sender=community.wallets[0])
    community.execute(proposal)


def test_execute_is_all_or_nothing(community: Community, sink: Contract) -> None:
    refusal = sink.interface.encode("refuse", 42)
    proposal = community.propose([(sink, ETHER, b"first"), (sink, 0, refusal)])
    community.pass_vote(proposal)
    community.ripen(proposal)
    reason = keccak(text="Refused(uint256)")[:4] + (42).to_bytes(32)
    for _ in range(2):
        with reverts("TreasuryCallFailed", 1, sink.address, reason):
            community.execute(proposal)
        assert state(community, proposal) == QUEUED
    assert community.rpc.balance(sink.address) == 0


def test_execute_marks_before_it_calls(community: Community, sink: Contract) -> None:
    """A target that executes the same proposal again finds it executed."""
    proposal = community.propose([(sink, 1, b"")])
    community.pass_vote(proposal)
    community.ripen(proposal)
    again = community.dao.governor.data("execute", *proposal.actions)
    sink.send("arm", community.dao.governor_address, again, sender=community.wallets[0])
    receipt = community.execute(proposal)
    (tried,) = [event for event in sink.events(receipt.raw["logs"]) if event.name == "CalledBack"]
    expected = keccak(text="GovernorUnexpectedProposalState(uint256,uint8,bytes32)")[:4]
    expected += proposal.id.to_bytes(32) + EXECUTED.to_bytes(32) + only(QUEUED)
    assert tried.args == {"success": False, "output": expected}
    assert community.rpc.balance(sink.address) == 1


def test_execute_is_open_to_all(community: Community, sink: Contract) -> None:
    proposal = community.propose([(sink, 0, b"go")])
    community.pass_vote(proposal)
    community.ripen(proposal)
    stranger = person(61).address
    community.rpc.fund(stranger)
    community.dao.governor.send("execute", *proposal.actions, sender=stranger)
    assert state(community, proposal) == EXECUTED


def test_execute_needs_nothing_of_the_proposer(community: Community, sink: Contract) -> None:
    proposal = community.propose([(sink, 0, b"go")])
    community.open_voting(proposal)
    community.vote(proposal, [1, 2])
    community.dao.membership.send("exit", sender=community.wallets[0])
    community.close_voting(proposal)
    community.ripen(proposal)
    community.execute(proposal)
    assert community.dao.governor.call("proposalProposer", proposal.id) == community.wallets[0]


def test_execute_pays_rewards_by_vote(community: Community) -> None:
    """A grant, tokens and merit in one proposal."""
    dao, member = community.dao, community.wallets[3]
    before = community.rpc.balance(member)
    receipt = community.decide(
        [
            (member, ETHER, b""),
            (dao.token, 0, dao.token.data("mint", member, 100 * ETHER, 0)),
            (dao.membership, 0, dao.membership.data("credit", 4, 50 * ETHER, 0, bytes(32))),
        ],
        voters=[0, 1, 2],
    )
    assert community.rpc.balance(member) == before + ETHER
    assert dao.token.call("balanceOf", member) == 100 * ETHER
    assert receipt.only("MeritCredited").args["points"] == 50 * ETHER
    assert receipt.only("Minted").args == {"kind": 0, "amount": 100 * ETHER}
    assert abs(dao.membership.call("meritOf", 4) - 50 * ETHER) <= 10**6


# cancel


def test_cancel_by_the_proposer_while_pending(community: Community) -> None:
    governor, proposer = community.dao.governor, community.wallets[0]
    proposal = community.propose([(NOBODY, 0, b"")])
    assert governor.call("cancel", *proposal.actions, sender=proposer) == proposal.id
    receipt = governor.send("cancel", *proposal.actions, sender=proposer)
    assert [(e.name, e.args) for e in receipt.events] == [
        ("ProposalCanceled", {"proposalId": proposal.id})
    ]
    _, deadline, eta, expiry = times(community, proposal)
    assert states_at(community, proposal, deadline, eta, expiry + 1) == [CANCELED] * 3
    with reverts("GovernorUnableToCancel", proposal.id, proposer):
        governor.send("cancel", *proposal.actions, sender=proposer)


def test_cancel_by_the_proposer_up_to_the_snapshot(community: Community) -> None:
    governor, proposer = community.dao.governor, community.wallets[0]
    proposal = community.propose([(NOBODY, 0, b"")])
    snapshot = times(community, proposal)[0]
    with community.rpc.isolate():
        send_at(governor, snapshot, "cancel", *proposal.actions, sender=proposer)
        assert state(community, proposal) == CANCELED
    with reverts("GovernorUnableToCancel", proposal.id, proposer):
        send_at(governor, snapshot + 1, "cancel", *proposal.actions, sender=proposer)


def test_cancel_reverts_for_others_while_pending(community: Community) -> None:
    other = with_guardian(community)
    proposal = other.propose([(NOBODY, 0, b"")])
    for sender in (other.wallets[1], other.outsider.address, GUARDIAN, other.dao.treasury_address):
        with reverts("GovernorUnableToCancel", proposal.id, sender):
            other.dao.governor.send("cancel", *proposal.actions, sender=sender)
    assert state(other, proposal) == PENDING


def test_cancel_by_the_persons_new_wallet(community: Community) -> None:
    governor, new = community.dao.governor, person(77).address
    community.rpc.fund(new)
    proposal = community.propose([(NOBODY, 0, b"")])
    move_wallet(community, 1, new)
    with reverts("GovernorUnableToCancel", proposal.id, community.wallets[0]):
        governor.send("cancel", *proposal.actions, sender=community.wallets[0])
    governor.send("cancel", *proposal.actions, sender=new)
    assert state(community, proposal) == CANCELED


def test_cancel_reverts_when_there_is_no_such_proposal(community: Community) -> None:
    number = hash_proposal([NOBODY], [0], [b""], "unknown")
    with reverts("GovernorNonexistentProposal", number):
        community.dao.governor.send(
            "cancel", [NOBODY], [0], [b""], keccak(text="unknown"), sender=community.wallets[0]
        )


def test_cancel_by_the_guardian_between_deadline_and_eta(community: Community) -> None:
    other = with_guardian(community)
    governor = other.dao.governor
    proposal = other.propose([(NOBODY, 0, b"")])
    _, deadline, eta, expiry = times(other, proposal)
    call = ("cancel", *proposal.actions)
    other.open_voting(proposal)
    other.vote(proposal, range(5))
    refused = ("GovernorUnableToCancel", proposal.id, GUARDIAN)
    with other.rpc.isolate(), reverts(*refused):
        send_at(governor, deadline, *call, sender=GUARDIAN)
    for moment in (deadline + 1, eta - 1):
        with other.rpc.isolate():
            receipt = send_at(governor, moment, *call, sender=GUARDIAN)
            assert receipt.only("ProposalCanceled").args == {"proposalId": proposal.id}
            other.rpc.warp_to(eta)
            with reverts("GovernorUnexpectedProposalState", proposal.id, CANCELED, only(QUEUED)):
                other.execute(proposal)
    for moment in (eta, expiry, expiry + 1):
        with other.rpc.isolate(), reverts(*refused):
            send_at(governor, moment, *call, sender=GUARDIAN)


def test_cancel_reverts_for_others_between_deadline_and_eta(community: Community) -> None:
    other = with_guardian(community)
    proposal = other.propose([(NOBODY, 0, b"")])
    other.pass_vote(proposal)
    for sender in (*other.wallets[:2], other.outsider.address, other.dao.treasury_address):
        with reverts("GovernorUnableToCancel", proposal.id, sender):
            other.dao.governor.send("cancel", *proposal.actions, sender=sender)
    assert state(other, proposal) == QUEUED


def test_cancel_reverts_when_defeated_or_executed(community: Community) -> None:
    other = with_guardian(community)
    defeated, passes = (other.propose([(NOBODY, 0, b"")], text) for text in ("a", "b"))
    other.pass_vote(passes)
    for sender in (GUARDIAN, other.wallets[0]):
        with reverts("GovernorUnableToCancel", defeated.id, sender):
            other.dao.governor.send("cancel", *defeated.actions, sender=sender)
    other.ripen(passes)
    other.execute(passes)
    with reverts("GovernorUnableToCancel", passes.id, GUARDIAN):
        other.dao.governor.send("cancel", *passes.actions, sender=GUARDIAN)


def test_cancel_reverts_when_the_guardians_term_is_over(community: Community) -> None:
    other = with_guardian(community)
    governor = other.dao.governor
    until = other.dao.treasury.call("guardianOffice")["until"]
    other.rpc.warp_to(until - 8 * DAY)
    proposal = other.propose([(NOBODY, 0, b"")])
    other.open_voting(proposal)
    other.vote(proposal, range(5))
    _, deadline, eta, _ = times(other, proposal)
    assert deadline < until - 1 < until < eta
    with other.rpc.isolate():
        send_at(governor, until - 1, "cancel", *proposal.actions, sender=GUARDIAN)
        assert state(other, proposal) == CANCELED
    with reverts("GovernorUnableToCancel", proposal.id, GUARDIAN):
        send_at(governor, until, "cancel", *proposal.actions, sender=GUARDIAN)


def test_cancel_by_a_guardian_who_proposed(community: Community) -> None:
    """A member who is guardian has both rights, each in its own time."""
    other = with_guardian(community)
    admit(other, GUARDIAN)
    other.rpc.warp(1)
    proposal = other.propose([(NOBODY, 0, b"")])
    own = [[NOBODY], [0], [b""], "own"]
    number = other.dao.governor.send("propose", *own, sender=GUARDIAN)
    assert number.only("ProposalCreated").args["proposer"] == GUARDIAN
    other.dao.governor.send("cancel", *own[:3], keccak(text="own"), sender=GUARDIAN)
    with reverts("GovernorUnableToCancel", proposal.id, GUARDIAN):
        other.dao.governor.send("cancel", *proposal.actions, sender=GUARDIAN)


# queue


def test_queue_reverts(community: Community) -> None:
    proposal = community.propose([(NOBODY, 0, b"")])
    community.pass_vote(proposal)
    with reverts("GovernorQueueNotImplemented"):
        community.dao.governor.send("queue", *proposal.actions, sender=community.wallets[0])
    assert community.dao.governor.call("proposalNeedsQueuing", proposal.id) is False
    community.ripen(proposal)
    community.execute(proposal)


# Tallies hold through it all


def test_nothing_but_ballots_changes_a_tally(community: Community, sink: Contract) -> None:
    proposal = community.propose([(sink, 0, b"go")])
    community.pass_vote(proposal)
    before = tally(community, proposal)
    for _ in itertools.repeat(None, 2):
        community.rpc.warp(DAY // 2)
        assert tally(community, proposal) == before
    community.ripen(proposal)
    community.execute(proposal)
    assert tally(community, proposal) == before
    assert times(community, proposal)[0] < times(community, proposal)[1]
