"""A proposer without ether cancels: see cancel_by_sig.tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.testing.community import Community, person
from tests.support import FOREVER, compact, malleated, reverts
from tests.unit.governance.support import (
    ACTIVE,
    CANCELED,
    DEFEATED,
    NOBODY,
    PENDING,
    admit,
    contract_account,
    found_beside,
    governor_messages,
    hash_proposal,
    send_at,
    state,
)


def sign(
    community: Community, number: int, member: int = 1, deadline: int = FOREVER, **domain: Any
) -> bytes:
    values = (number, person(member).address, deadline)
    return governor_messages(community).sign(person(member), "Cancel", *values, **domain)


@pytest.fixture
def proposal(community: Community) -> ProposalDraft:
    return community.propose([(NOBODY, 0, b"")])


@pytest.mark.parametrize("encoding", [bytes, compact, malleated])
def test_cancel_by_sig(
    community: Community, proposal: ProposalDraft, encoding: Callable[[bytes], bytes]
) -> None:
    governor, proposer = community.dao.governor, community.wallets[0]
    args = (proposal.id, proposer, FOREVER, encoding(sign(community, proposal.id)))
    receipt = governor.send("cancelBySig", *args, sender=community.outsider.address)
    assert [(e.name, e.args) for e in receipt.events] == [
        ("ProposalCanceled", {"proposalId": proposal.id})
    ]
    assert state(community, proposal) == CANCELED
    with reverts("GovernorUnableToCancel", proposal.id, proposer):
        governor.send("cancelBySig", *args, sender=community.outsider.address)


def test_cancel_by_sig_of_a_contract_account(community: Community) -> None:
    governor, owner = community.dao.governor, person(50)
    account = contract_account(community, owner)
    admit(community, account.address)
    community.rpc.warp(1)
    governor.send("proposeAdvisory", "by a contract", sender=account.address)
    number = hash_proposal([], [], [], "by a contract")
    signature = governor_messages(community).sign(owner, "Cancel", number, account.address, FOREVER)
    args = (number, account.address, FOREVER, signature)
    governor.send("cancelBySig", *args, sender=community.outsider.address)
    assert governor.call("state", number) == CANCELED


def test_cancel_by_sig_reverts_for_another_member(
    community: Community, proposal: ProposalDraft
) -> None:
    for number, who in ((2, community.wallets[1]), (50, person(50).address)):
        args = (proposal.id, who, FOREVER, sign(community, proposal.id, number))
        with reverts("GovernorUnableToCancel", proposal.id, who):
            community.dao.governor.send("cancelBySig", *args, sender=community.outsider.address)
    assert state(community, proposal) == PENDING


def test_cancel_by_sig_reverts_when_signed_otherwise(
    community: Community, proposal: ProposalDraft
) -> None:
    governor, proposer = community.dao.governor, community.wallets[0]
    messages = governor_messages(community)
    ours = (proposal.id, proposer, FOREVER)
    other = found_beside(community)
    wrong = {
        "by another": messages.sign(person(2), "Cancel", *ours),
        "another kind": messages.sign(person(1), "Propose", *ours),
        "another proposal": sign(community, proposal.id + 1),
        "another deadline": sign(community, proposal.id, deadline=FOREVER - 1),
        "another chain": sign(community, proposal.id, chainId=1),
        "another DAO": sign(community, proposal.id, verifyingContract=other.dao.governor_address),
        "nothing": b"",
        "zeros": bytes(65),
    }
    for name, signature in wrong.items():
        with reverts("GovernorInvalidSignature", proposer):
            governor.send("cancelBySig", *ours, signature, sender=community.outsider.address)
        assert state(community, proposal) == PENDING, name
    with reverts("GovernorInvalidSignature", NOBODY):
        args = (proposal.id, NOBODY, FOREVER, bytes(65))
        governor.send("cancelBySig", *args, sender=community.outsider.address)


def test_cancel_by_sig_until_its_deadline(community: Community, proposal: ProposalDraft) -> None:
    governor, relayer = community.dao.governor, community.outsider.address
    deadline = community.rpc.timestamp() + 100
    signature = sign(community, proposal.id, deadline=deadline)
    args = (proposal.id, community.wallets[0], deadline, signature)
    with community.rpc.isolate(), reverts("GovernorExpiredSignature", deadline):
        send_at(governor, deadline + 1, "cancelBySig", *args, sender=relayer)
    send_at(governor, deadline, "cancelBySig", *args, sender=relayer)
    assert state(community, proposal) == CANCELED


def test_cancel_by_sig_until_voting_begins(community: Community, proposal: ProposalDraft) -> None:
    governor, proposer = community.dao.governor, community.wallets[0]
    args = (proposal.id, proposer, FOREVER, sign(community, proposal.id))
    snapshot = governor.call("proposalSnapshot", proposal.id)
    with community.rpc.isolate():
        send_at(governor, snapshot, "cancelBySig", *args, sender=community.outsider.address)
        assert state(community, proposal) == CANCELED
    ends = governor.call("proposalDeadline", proposal.id)
    for moment, standing in ((snapshot + 1, ACTIVE), (ends + 1, DEFEATED)):
        with reverts("GovernorUnableToCancel", proposal.id, proposer):
            send_at(governor, moment, "cancelBySig", *args, sender=community.outsider.address)
        assert state(community, proposal) == standing


def test_cancel_by_sig_reverts_when_there_is_no_such_proposal(community: Community) -> None:
    args = (7, community.wallets[0], FOREVER, sign(community, 7))
    with reverts("GovernorNonexistentProposal", 7):
        community.dao.governor.send("cancelBySig", *args, sender=community.outsider.address)
