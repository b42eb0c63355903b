"""A governor before, in and after its office: see office.tree."""

from __future__ import annotations

from typing import Any

from eth_utils.crypto import keccak

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.testing.community import FOR, Community, person
from mikoshi.testing.defaults import DAY, VOICE
from tests.support import FOREVER, next_block_at, reverts
from tests.unit.governance.support import (
    ACTIVE,
    CANCELED,
    COUNTED,
    DEFEATED,
    EXECUTED,
    EXPIRED,
    NOBODY,
    PENDING,
    QUEUED,
    SUCCEEDED,
    WAITING,
    ballot,
    change_settings,
    governor_messages,
    governor_settings,
    install_governor,
    only,
    send_at,
    state,
    tally,
    under_another_governor,
)

ONE_CALL = ([NOBODY], [0], [b""])


def replaced(community: Community, **changes: int) -> Community:
    """The community under another governor, which has just been installed."""
    other = under_another_governor(community, **changes)
    install_governor(community, other.dao.governor_address)
    return other


# retire


def test_retire_reverts_for_all_but_the_treasury(community: Community) -> None:
    governor = community.dao.governor
    for sender in (*community.wallets[:2], community.outsider.address, governor.address):
        community.rpc.fund(sender)
        with reverts("GovernorOnlyExecutor", sender):
            governor.send("retire", sender=sender)


def test_retire_reverts_in_office(community: Community) -> None:
    """A proposal cannot retire the governor that executes it: nothing would govern any more."""
    governor = community.dao.governor
    assert governor.call("retiredAt") == 0
    with reverts("GovernorNotReplaced"):
        community.as_treasury(governor, "retire")
    proposal = community.propose([(governor, 0, governor.data("retire"))])
    community.pass_vote(proposal)
    community.ripen(proposal)
    reason = keccak(text="GovernorNotReplaced()")[:4]
    with reverts("TreasuryCallFailed", 0, governor.address, reason):
        community.execute(proposal)
    assert governor.call("retiredAt") == 0


def test_retire_reverts_before_the_office(community: Community) -> None:
    """Nor can one be retired that waits, so that the DAO has none once it is installed."""
    other = under_another_governor(community)
    community.as_treasury(community.dao.treasury, "setGovernor", other.dao.governor_address)
    with reverts("GovernorNotReplaced"):
        community.as_treasury(other.dao.governor, "retire")
    community.rpc.warp(WAITING)
    community.dao.treasury.send("installGovernor", sender=community.outsider.address)
    with reverts("GovernorNotReplaced"):
        community.as_treasury(other.dao.governor, "retire")
    other.decide([(person(60).address, 1, b"")])
    assert community.rpc.balance(person(60).address) == 1


def test_retire_happens_once(community: Community) -> None:
    """What was judged as of its moment cannot be judged anew."""
    replaced(community)
    governor, retired = community.dao.governor, community.rpc.timestamp()
    assert governor.call("retiredAt") == retired
    community.rpc.warp(DAY)
    with reverts("GovernorRetired"):
        community.as_treasury(governor, "retire")
    assert governor.call("retiredAt") == retired


# propose


def signed_proposal(community: Community, targets: list[str], text: str) -> tuple[Any, ...]:
    draft = ProposalDraft.of([(NOBODY, 0, b"")] if targets else [], text)
    proposer = community.wallets[0]
    signature = governor_messages(community).sign(
        community.people[0], "Propose", draft.id, proposer, FOREVER
    )
    return ("proposeBySig", *draft.calls, text, proposer, FOREVER, signature)


def test_propose_reverts_after_the_office(community: Community) -> None:
    other = replaced(community)
    governor, sender = community.dao.governor, community.wallets[0]
    attempts: list[tuple[Any, ...]] = [
        ("propose", *ONE_CALL, "x"),
        ("proposeAdvisory", "x"),
        signed_proposal(community, [NOBODY], "x"),
        signed_proposal(community, [], "y"),
    ]
    for attempt in attempts:
        with reverts("GovernorRetired"):
            governor.send(*attempt, sender=sender)
    assert governor.call("liveProposalsOf", 1) == (0, 3)
    other.propose([(NOBODY, 0, b"")])


def test_propose_reverts_before_the_office_and_after_a_later_one(community: Community) -> None:
    first, second = (
        under_another_governor(community),
        under_another_governor(community, expiry=8 * DAY),
    )
    for each in (first, second):
        with reverts("VoiceNotGovernor", each.dao.governor_address):
            each.propose([(NOBODY, 0, b"")])
    install_governor(community, first.dao.governor_address)
    with reverts("VoiceNotGovernor", second.dao.governor_address):
        second.propose([(NOBODY, 0, b"")])
    first.propose([(NOBODY, 0, b"")], "in office")
    install_governor(community, second.dao.governor_address)
    with reverts("GovernorRetired"):
        first.propose([(NOBODY, 0, b"")], "after it")
    second.propose([(NOBODY, 0, b"")], "in office")


def test_settings_of_a_retired_governor_go_on(community: Community) -> None:
    """They concern nothing any more, and their numbers stay what they were."""
    governor = community.dao.governor
    community.as_treasury(governor, "setSettings", governor_settings(quorumBps=4_000))
    community.rpc.warp(DAY)
    replaced(community)
    assert governor.call("settings") == (governor_settings(quorumBps=4_000), 2)
    settings = change_settings(community, quorumBps=5_000)
    assert governor.call("settings") == (settings, 3)
    assert governor.call("retiredAt") != 0
    with reverts("GovernorRetired"):
        community.propose([(NOBODY, 0, b"")])


# What it had taken


def test_state_of_what_a_retired_governor_had_taken(community: Community) -> None:
    """As of the second in which its office ended, and so for good.

    From a proposal to its snapshot are 2 days, to its deadline 7, to its eta 9, to its end 23.
    """
    rpc, governor, treasury = community.rpc, community.dao.governor, community.dao.treasury
    other = under_another_governor(community)
    community.as_treasury(treasury, "setGovernor", other.dao.governor_address)
    due = rpc.timestamp() + WAITING
    put: dict[str, ProposalDraft] = {}

    def propose(name: str, days: int, seconds: int, by: int, calls: int = 1) -> None:
        next_block_at(rpc, due - days * DAY + seconds)
        put[name] = community.propose([(NOBODY, 0, b"")] * calls, name, by)

    def vote(days: int, *voted: str) -> None:
        rpc.warp_to(due - days * DAY + 60)
        for name in voted:
            community.vote(put[name], range(5))

    propose("expired the second before", 23, -1, by=0)
    propose("in its last second", 23, 0, by=1)
    vote(21, "expired the second before", "in its last second")
    propose("defeated", 20, 0, by=2)
    propose("canceled", 20, 1, by=3)
    governor.send("cancel", *put["canceled"].actions, sender=community.wallets[3])
    propose("executed", 19, 0, by=4)
    vote(17, "executed")
    rpc.warp_to(due - 10 * DAY)
    community.execute(put["executed"])
    propose("queued", 9, 0, by=0)
    propose("an opinion that passed", 9, 1, by=1, calls=0)
    propose("closed the second before", 7, -1, by=2)
    propose("closing", 7, 0, by=3)
    vote(7, "queued", "an opinion that passed")
    propose("active", 4, 0, by=4)
    propose("an opinion", 4, 1, by=0, calls=0)
    propose("opening", 2, 0, by=1)
    vote(2, "active")
    propose("pending", 1, 0, by=2)
    expected = {
        "expired the second before": QUEUED, "in its last second": QUEUED, "defeated": DEFEATED,
        "canceled": CANCELED, "executed": EXECUTED, "queued": QUEUED,
        "an opinion that passed": SUCCEEDED, "closed the second before": ACTIVE, "closing": ACTIVE,
        "active": ACTIVE, "an opinion": ACTIVE, "opening": PENDING, "pending": PENDING,
    }  # fmt: skip
    rpc.warp_to(due - 1)
    assert {name: state(community, put[name]) for name in put} == expected
    send_at(treasury, due, "installGovernor", sender=community.outsider.address)
    assert governor.call("retiredAt") == due
    ended = ("in its last second", "queued", "closing", "active", "opening", "pending")
    expected |= dict.fromkeys(ended, CANCELED)
    expected["expired the second before"] = EXPIRED
    expected["closed the second before"] = DEFEATED
    for days in (0, 1, 5, 30, 400):
        rpc.warp(days * DAY + 1)
        if days == 5:
            expected["an opinion"] = DEFEATED
        assert {name: state(community, put[name]) for name in put} == expected, days
    for name in ended:
        with reverts("GovernorUnexpectedProposalState", put[name].id, CANCELED, only(QUEUED)):
            community.execute(put[name])


def test_nothing_of_a_retired_governor_can_be_canceled(community: Community) -> None:
    """But a question that is not open yet, by whoever asked it."""
    governor, (first, second, *_) = community.dao.governor, community.wallets
    other = under_another_governor(community)
    community.as_treasury(community.dao.treasury, "setGovernor", other.dao.governor_address)
    community.rpc.warp(WAITING - 10)
    proposal = community.propose([(NOBODY, 0, b"")], "a proposal", 0)
    question = community.propose([], "a question", 1)
    community.rpc.warp(10)
    community.dao.treasury.send("installGovernor", sender=community.outsider.address)
    assert [state(community, each) for each in (proposal, question)] == [CANCELED, PENDING]
    with reverts("GovernorUnableToCancel", proposal.id, first):
        governor.send("cancel", *proposal.actions, sender=first)
    governor.send("cancel", *question.actions, sender=second)
    assert state(community, question) == CANCELED


def test_ballots_on_what_a_retired_governor_had_taken(community: Community) -> None:
    """They are taken until the deadline, and are acts; they decide nothing."""
    membership, governor, rpc = community.dao.membership, community.dao.governor, community.rpc
    other = under_another_governor(community)
    community.as_treasury(community.dao.treasury, "setGovernor", other.dao.governor_address)
    rpc.warp(WAITING - 3 * DAY)
    proposal = community.propose([(person(60).address, 1, b"")])
    community.open_voting(proposal)
    membership.send("rest", sender=community.wallets[3])
    rpc.warp(DAY)
    community.dao.treasury.send("installGovernor", sender=community.outsider.address)
    assert state(community, proposal) == CANCELED
    before = [membership.call("stampOf", member) for member in (1, 2)]
    community.vote(proposal, [0, 3])
    relayer, ballots = community.outsider.address, [ballot(community, proposal, 2)]
    results = governor.call("castVotesBySig", proposal.id, ballots, [], sender=relayer)
    assert list(results) == [COUNTED]
    governor.send("castVotesBySig", proposal.id, ballots, [], sender=relayer)
    today = rpc.timestamp() // DAY
    assert [membership.call("stampOf", member) for member in (1, 2)] == [today, today]
    assert max(before) < today - 30
    assert membership.call("statusOf", 4) == 1  # woken, as by any ballot
    assert tally(community, proposal) == (0, 3 * VOICE, 0, 3)
    assert state(community, proposal) == CANCELED
    community.close_voting(proposal)
    assert state(community, proposal) == CANCELED
    with reverts("GovernorUnexpectedProposalState", proposal.id, CANCELED, only(ACTIVE)):
        community.vote(proposal, [4], FOR)


def test_ballots_at_a_later_governor_end_with_its_office(community: Community) -> None:
    """The Membership trusts the founding one alone without asking who governs."""
    first, second = (
        under_another_governor(community),
        under_another_governor(community, expiry=8 * DAY),
    )
    install_governor(community, first.dao.governor_address)
    community.as_treasury(community.dao.treasury, "setGovernor", second.dao.governor_address)
    community.rpc.warp(WAITING - 3 * DAY)
    proposal, question = first.propose([(NOBODY, 0, b"")]), first.propose([], "a question", 1)
    first.open_voting(question)
    first.vote(question, range(3))
    community.rpc.warp(DAY)
    community.dao.treasury.send("installGovernor", sender=community.outsider.address)
    for each in (proposal, question):
        with reverts("VoiceNotGovernor", first.dao.governor_address):
            first.vote(each, [4])
    assert [state(first, each) for each in (proposal, question)] == [CANCELED, ACTIVE]
    first.close_voting(question)
    assert state(first, question) == SUCCEEDED
