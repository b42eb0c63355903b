"""What the kit signs is what the contracts take, and what they refuse has words."""

from __future__ import annotations

from typing import Any

import pytest

from mikoshi.ballots.batch import BallotResult, Batch, cast, preview
from mikoshi.ballots.messages import governor_message
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.ballots.signed import Signed, sign
from mikoshi.chain.contract import ContractRevertedError
from mikoshi.testing.community import ABSTAIN, AGAINST, FOR, Community, person
from mikoshi.testing.defaults import CHARTER
from mikoshi.text.errors import NotNowError
from mikoshi.text.language import speaking
from mikoshi.text.people import short
from mikoshi.text.units import HOUR, MINUTE, format_time
from mikoshi.words.refusals import find_vote, refusal
from tests.support import told
from tests.unit.governance.support import (
    NOBODY,
    STANDING_ACTIVE,
    STANDING_DORMANT,
    STANDING_EXITED,
    STANDING_NEWCOMER,
    admit,
    contract_account,
)


@pytest.fixture
def proposal(community: Community) -> ProposalDraft:
    opened = community.propose([(NOBODY, 0, b"")])
    community.open_voting(opened)
    return opened


def meant(caught: pytest.ExceptionInfo[ContractRevertedError], **known: Any) -> NotNowError:
    """What the refusal of a contract means."""
    now = known.pop("now", 0)
    error = refusal(caught.value, now, **known)
    assert error is not None
    return error


def test_every_act_is_taken_by_the_membership(community: Community) -> None:
    membership, account = community.dao.membership, person(2).address
    community.relay(community.sign(2, "Delegate", delegatee=person(3).address))
    assert membership.call("delegates", account) == person(3).address
    acts: list[tuple[str, dict[str, Any], int]] = [
        ("Rest", {}, STANDING_DORMANT),
        ("Wake", {"charterHash": bytes(32)}, STANDING_ACTIVE),
        ("Exit", {}, STANDING_EXITED),
        ("Rejoin", {"charterHash": CHARTER}, STANDING_NEWCOMER),
    ]
    for kind, values, standing in acts:
        community.relay(community.sign(2, kind, **values))
        lens = community.dao.lens
        assert lens.call("standingOf", membership.address, 2) == standing
    assert membership.call("nonces", account) == 5


def test_proposal_is_taken_by_the_governor(community: Community) -> None:
    proposer = person(4).address
    draft = ProposalDraft.of([(NOBODY, 1, b""), (NOBODY, 2, b"")], "# Two payments", proposer)
    signed = community.sign(4, "Propose", draft)
    created = community.relay(signed).only("ProposalCreated").args
    assert (created["proposalId"], created["proposer"]) == (draft.id, proposer)
    assert community.dao.governor.call("proposalProposer", draft.id) == proposer


def test_cancellation_is_taken_by_the_governor(community: Community) -> None:
    opened = community.propose([(NOBODY, 0, b"")])
    receipt = community.relay(community.sign(1, "Cancel", opened))
    assert receipt.only("ProposalCanceled").args["proposalId"] == opened.id


def test_openzeppelins_ballot_is_taken_by_the_governor(
    community: Community, proposal: ProposalDraft
) -> None:
    voter = person(2).address
    community.relay(community.sign(2, "Ballot", proposal, support=ABSTAIN))
    found = find_vote(community.rpc, community.dao.governor, proposal.id, voter)
    assert found is not None
    assert (found.support, found.time) == (ABSTAIN, community.rpc.timestamp())


def test_batch_reports_each_ballot(community: Community) -> None:
    owner = person(77)
    account = contract_account(community, owner)
    number = admit(community, account.address)
    community.rpc.warp(1)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    community.vote(proposal, [0])
    message = governor_message(
        "AccountBallot",
        community.chain_id,
        community.dao.governor_address,
        proposalId=proposal.id,
        voter=account.address,
        support=FOR,
        deadline=2**40 - 1,
    )
    by_owner = sign(message, owner).signature
    contracts = (
        Signed(message, account.address, by_owner, number),
        Signed(message, account.address, b"junk", number),
    )

    def ballot(member: int, support: int = FOR, **more: int) -> Signed:
        return community.sign(member, "MemberBallot", proposal, support=support, **more)

    wallets = (
        ballot(1, AGAINST),
        ballot(2, AGAINST),
        ballot(3, deadline=1),
        ballot(4, 3),
        Signed(ballot(4).message, person(4).address, bytes(64) + b"\x1b", 4),
        sign(ballot(5).message, person(99), 99),
    )
    expected = [
        BallotResult.ALREADY_CAST,
        BallotResult.COUNTED,
        BallotResult.EXPIRED,
        BallotResult.INVALID_SUPPORT,
        BallotResult.INVALID_SIGNATURE,
        BallotResult.NO_VOICE,
        BallotResult.COUNTED,
        BallotResult.INVALID_SIGNATURE,
    ]
    batch, governor = Batch(proposal.id, wallets, contracts), community.dao.governor
    looked = preview(governor, batch)
    outcomes, _ = cast(governor, batch, community.outsider.address)
    assert [each.result for each in looked] == [each.result for each in outcomes] == expected
    assert [each.ballot for each in outcomes] == list(batch.ballots)


# Refusals


def test_early_execution_is_refused_in_plain_words(
    community: Community, proposal: ProposalDraft
) -> None:
    community.vote(proposal, range(5))
    community.close_voting(proposal)
    eta = community.dao.governor.call("proposalEta", proposal.id)
    now = community.rpc.warp_to(eta - 41 * HOUR - 12 * MINUTE)
    with pytest.raises(ContractRevertedError) as caught:
        community.dao.governor.call("execute", *proposal.actions)
    error = meant(caught)
    told(error, "proposal.not-ready", eta=eta, span="41 h 12 m", moment=format_time(eta, now))
    assert error.what.endswith(" UTC). Nothing was sent.")
    assert error.exit_code == 4
    with speaking("ja"):
        assert "待機期間はあと41時間12分で終わります" in meant(caught).what


def test_second_vote_is_refused_with_the_first(
    community: Community, proposal: ProposalDraft
) -> None:
    voter, governor = person(2).address, community.dao.governor
    assert find_vote(community.rpc, governor, proposal.id, voter) is None
    community.vote(proposal, [1])
    with pytest.raises(ContractRevertedError) as caught:
        governor.call("castVote", proposal.id, AGAINST, sender=voter)
    first = find_vote(community.rpc, governor, proposal.id, voter)
    assert first is not None
    now = community.rpc.timestamp()
    error = meant(caught, now=now, who="Ken #2", vote=first)
    moment = format_time(first.time, now)
    told(error, "ballot.already-cast", who="Ken #2", side="For", moment=moment)
    assert error.what == f"Ken #2 already voted For on {moment}; a vote is final. Nothing was sent."
    assert meant(caught).data == {"who": short(voter)}


def test_vote_of_a_later_member_is_refused_with_the_reason(
    community: Community, proposal: ProposalDraft
) -> None:
    late = person(50).address
    admit(community, late)
    with pytest.raises(ContractRevertedError) as caught:
        community.dao.governor.call("castVote", proposal.id, FOR, sender=late)
    told(meant(caught, who="Rin #6"), "ballot.no-voice", who="Rin #6")


def test_vote_after_the_end_is_refused_with_the_state(
    community: Community, proposal: ProposalDraft
) -> None:
    community.pass_vote(proposal)
    with pytest.raises(ContractRevertedError) as caught:
        community.dao.governor.call("castVote", proposal.id, FOR, sender=person(2).address)
    state = "it passed and waits to be executed"
    told(meant(caught), "proposal.in-another-state", state=state)


def test_proposal_that_would_fail_is_refused_with_the_call(community: Community) -> None:
    token, governor = community.dao.token, community.dao.governor_address
    too_much = token.data("mint", person(2).address, 2**95, 0)
    calls = [NOBODY, token.address], [0, 0], [b"", too_much]
    with pytest.raises(ContractRevertedError) as caught:
        community.dao.treasury.call("execute", *calls, sender=governor)
    error = meant(caught)
    told(error, "proposal.action-fails", index=2, target=short(token.address))
    assert "ContributionTokenCapExceeded" in str(error.data["reason"])


def test_unknown_refusal_is_left_to_others() -> None:
    assert refusal(ContractRevertedError("x", None, b""), 0) is None
