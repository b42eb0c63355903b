"""Settings, their limits, and whom a change concerns: see settings.tree."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.testing.community import FOR, Community
from mikoshi.testing.defaults import DAY, VOICE, params
from tests.support import reverts, slot_of
from tests.unit.governance.support import (
    ACTIVE,
    DEFEATED,
    EXECUTED,
    EXPIRED,
    NOBODY,
    QUEUED,
    field,
    found_beside,
    governor_settings,
    send_at,
    state,
)

HOUR = 3600

LIMITS = {
    "votingDelay": (1 * DAY, 14 * DAY),
    "votingPeriod": (2 * DAY, 14 * DAY),
    "lateExtension": (1 * HOUR, 7 * DAY),
    "executionDelay": (1 * DAY, 30 * DAY),
    "expiry": (7 * DAY, 90 * DAY),
    "quorumBps": (500, 6_000),
    "floorBps": (100, 2_500),
    "voiceCapBps": (100, 5_000),
    "thresholdBps": (0, 10_000),
    "liveProposals": (1, 10),
}
MAXIMUM = {"votingDelay": 2**32 - 1, "quorumBps": 2**16 - 1, "liveProposals": 2**8 - 1}


def change(community: Community, **changes: int) -> None:
    settings = governor_settings(**changes)
    community.as_treasury(community.dao.governor, "setSettings", settings)


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("end", [0, 1])
def test_set_settings_accepts_the_limits(community: Community, name: str, end: int) -> None:
    governor = community.dao.governor
    settings = governor_settings(**{name: LIMITS[name][end]})
    receipt = community.as_treasury(governor, "setSettings", settings)
    (event,) = receipt.events
    assert (event.name, event.address) == ("SettingsChanged", governor.address)
    assert event.args == {"version": 2, "settings": settings}
    assert governor.call("settings") == (settings, 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, high + 1) for name, (_, high) in LIMITS.items()),
        *((name, low - 1) for name, (low, _) in LIMITS.items() if low),
        *((name, 0) for name, (low, _) in LIMITS.items() if low > 1),
        *MAXIMUM.items(),
    ],
)
def test_set_settings_reverts_outside_the_limits(
    community: Community, name: str, value: int
) -> None:
    governor = community.dao.governor
    if name == "votingDelay" and value == 2**32 - 1:
        expected = (field("votingTime"), value + 5 * DAY, 0, 30 * DAY)
    else:
        expected = (field(name), value, *LIMITS[name])
    with reverts("GovernorInvalidSetting", *expected):
        change(community, **{name: value})
    assert governor.call("settings") == (governor_settings(), 1)


@pytest.mark.parametrize("value", [HOUR + 1, 2 * HOUR - 1, DAY + 60])
def test_set_settings_reverts_when_the_late_extension_is_not_whole_hours(
    community: Community, value: int
) -> None:
    with reverts("GovernorInvalidSetting", field("lateExtensionRest"), value % HOUR, 0, 0):
        change(community, lateExtension=value)


def test_set_settings_reverts_for_all_but_the_treasury(community: Community) -> None:
    governor = community.dao.governor
    for sender in (*community.wallets[:2], community.outsider.address, governor.address):
        community.rpc.fund(sender)
        with reverts("GovernorOnlyExecutor", sender):
            governor.send("setSettings", governor_settings(), sender=sender)


def test_set_settings_by_vote(community: Community) -> None:
    governor = community.dao.governor
    settings = governor_settings(quorumBps=5_000, liveProposals=1)
    receipt = community.decide([(governor, 0, governor.data("setSettings", settings))])
    assert receipt.only("SettingsChanged").args == {"version": 2, "settings": settings}
    assert governor.call("settings") == (settings, 2)


# Across contracts


def season(community: Community, seconds: int) -> None:
    membership = community.dao.membership
    settings = {**params(0)["membership"], "season": seconds}
    community.as_treasury(membership, "setSettings", settings)


def test_voting_never_takes_longer_than_the_season(community: Community) -> None:
    """Nobody can buy a seat when a proposal appears and vote on it, whatever is changed first."""
    with reverts("MembershipInvalidSetting", field("season"), 7 * DAY - 1, 7 * DAY, 365 * DAY):
        season(community, 7 * DAY - 1)
    season(community, 7 * DAY)
    for changes in ({"votingDelay": 2 * DAY + 1}, {"votingPeriod": 5 * DAY + 1}):
        with reverts("GovernorInvalidSetting", field("votingTime"), 7 * DAY + 1, 0, 7 * DAY):
            change(community, **changes)
    change(community, votingDelay=DAY, votingPeriod=6 * DAY)
    with reverts("MembershipInvalidSetting", field("season"), 7 * DAY - 1, 7 * DAY, 365 * DAY):
        season(community, 7 * DAY - 1)
    season(community, 28 * DAY)
    change(community, votingDelay=14 * DAY, votingPeriod=14 * DAY)
    with reverts("MembershipInvalidSetting", field("season"), 28 * DAY - 1, 28 * DAY, 365 * DAY):
        season(community, 28 * DAY - 1)


# What a change leaves alone


def test_a_change_applies_to_later_proposals(community: Community) -> None:
    governor = community.dao.governor
    before = community.propose([(NOBODY, 0, b"")], "before")
    settings = governor_settings(
        votingDelay=3 * DAY,
        votingPeriod=7 * DAY,
        lateExtension=2 * DAY,
        executionDelay=5 * DAY,
        expiry=30 * DAY,
        quorumBps=6_000,
        floorBps=2_000,
        voiceCapBps=5_000,
        thresholdBps=5_000,
        liveProposals=4,
    )
    change(community, **settings)
    after = community.propose([(NOBODY, 0, b"")], "after")
    now = community.rpc.timestamp()
    assert governor.call("proposalSettings", before.id) == governor_settings()
    assert governor.call("proposalSettings", after.id) == settings
    assert governor.call("proposalSnapshot", after.id) == now + 3 * DAY
    assert governor.call("proposalDeadline", after.id) == now + 10 * DAY
    assert governor.call("proposalEta", after.id) == now + 15 * DAY
    assert governor.call("proposalExpiry", after.id) == now + 45 * DAY
    assert governor.call("votingDelay") == 3 * DAY
    assert governor.call("votingPeriod") == 7 * DAY
    assert governor.call("proposalThreshold") == VOICE // 2
    deadline = governor.call("proposalDeadline", before.id)
    assert governor.call("proposalEta", before.id) == deadline + 2 * DAY
    assert governor.call("proposalExpiry", before.id) == deadline + 16 * DAY
    community.open_voting(after)
    assert governor.call("proposalQuorum", before.id) == 2
    assert governor.call("proposalQuorum", after.id) == 3
    # `quorum` is of the settings in force.
    assert governor.call("quorum", community.rpc.timestamp() - 1) == 3 * VOICE
    assert governor.call("proposalWeight", before.id, 10 * VOICE) == VOICE
    assert governor.call("proposalWeight", after.id, 10 * VOICE) == 5 * VOICE // 2


Moment = Callable[[Community, ProposalDraft], None]


def at_once(_: Community, __: ProposalDraft) -> None: ...


def while_voting(community: Community, proposal: ProposalDraft) -> None:
    community.open_voting(proposal)


def after_voting(community: Community, proposal: ProposalDraft) -> None:
    community.close_voting(proposal)


STRICTER = {
    "quorumBps": 6_000, "floorBps": 2_500, "voiceCapBps": 100, "executionDelay": 30 * DAY,
    "expiry": 7 * DAY, "votingDelay": 14 * DAY, "votingPeriod": 14 * DAY, "lateExtension": 7 * DAY,
    "liveProposals": 1,
}  # fmt: skip
LAXER = {
    "quorumBps": 500, "floorBps": 100, "voiceCapBps": 5_000, "executionDelay": DAY,
    "expiry": 90 * DAY, "votingDelay": DAY, "votingPeriod": 2 * DAY, "lateExtension": HOUR,
    "thresholdBps": 0, "liveProposals": 10,
}  # fmt: skip


@pytest.mark.parametrize("moment", [at_once, while_voting, after_voting])
@pytest.mark.parametrize("changes", [STRICTER, LAXER])
def test_a_change_neither_kills_nor_delays_a_proposal(
    community: Community, moment: Moment, changes: dict[str, int]
) -> None:
    governor = community.dao.governor
    proposal = community.propose([(NOBODY, 0, b"")])
    names = ("proposalSnapshot", "proposalDeadline", "proposalEta", "proposalExpiry")
    before = [governor.call(name, proposal.id) for name in names]
    if moment is at_once:
        change(community, **changes)
    community.open_voting(proposal)
    if moment is while_voting:
        change(community, **changes)
    community.vote(proposal, [0, 1])
    community.close_voting(proposal)
    if moment is after_voting:
        change(community, **changes)
    assert state(community, proposal) == QUEUED
    assert [governor.call(name, proposal.id) for name in names] == before
    eta, expiry = before[2:]
    call = ("execute", *proposal.actions)
    with reverts("GovernorNotReady", proposal.id, eta, eta - 1):
        send_at(governor, eta - 1, *call, sender=community.outsider.address)
    with community.rpc.isolate():
        community.rpc.warp_to(expiry + 1)
        assert state(community, proposal) == EXPIRED
    send_at(governor, expiry, *call, sender=community.outsider.address)
    assert state(community, proposal) == EXECUTED


def test_a_change_does_not_revive_a_proposal(community: Community) -> None:
    """Neither one without quorum, nor one that the cap defeated, nor an expired one."""
    big = found_beside(community, 20)
    for delegator in range(5):
        big.dao.membership.send("delegate", big.wallets[5], sender=big.wallets[delegator])
    few, capped, late = (
        big.propose([(NOBODY, 0, b"")], text, by=by) for text, by in (("few", 6), ("capped", 7),
                                                                      ("late", 8))
    )  # fmt: skip
    big.open_voting(late)
    big.vote(few, [6, 7])
    big.vote(capped, [5, 6])  # six people with the weight of two, and one: three For
    big.vote(capped, [10, 11, 12], support=0)
    pass_vote_of(big, late)
    big.close_voting(late)
    assert [state(big, each) for each in (few, capped, late)] == [DEFEATED, DEFEATED, QUEUED]
    change(big, **LAXER)
    assert [state(big, each) for each in (few, capped, late)] == [DEFEATED, DEFEATED, QUEUED]
    big.rpc.warp_to(big.dao.governor.call("proposalExpiry", late.id) + 1)
    assert [state(big, each) for each in (few, capped, late)] == [DEFEATED, DEFEATED, EXPIRED]
    change(big, **STRICTER)
    assert [state(big, each) for each in (few, capped, late)] == [DEFEATED, DEFEATED, EXPIRED]


def pass_vote_of(community: Community, proposal: ProposalDraft) -> None:
    community.vote(proposal, range(6, len(community.people)))


def test_a_change_does_not_touch_a_live_late_extension(community: Community) -> None:
    governor = community.dao.governor
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    community.vote(proposal, [0])
    change(community, lateExtension=7 * DAY)
    deadline = governor.call("proposalDeadline", proposal.id)
    send_at(governor, deadline, "castVote", proposal.id, FOR, sender=community.wallets[1])
    assert governor.call("proposalDeadline", proposal.id) == deadline + DAY


def test_a_proposal_keeps_its_settings_through_many_changes(community: Community) -> None:
    governor = community.dao.governor
    proposals = []
    for version in range(1, 6):
        settings = governor_settings(quorumBps=1_000 * version, liveProposals=10)
        change(community, **settings)
        proposal = community.propose([(NOBODY, 0, b"")], f"under {version + 1}")
        proposals.append((proposal, settings, version))
        assert governor.call("settings") == (settings, version + 1)
    community.open_voting(proposals[-1][0])
    for proposal, settings, version in proposals:
        assert governor.call("proposalSettings", proposal.id) == settings
        needed = -(-5 * 1_000 * version // 10_000)
        assert governor.call("proposalQuorum", proposal.id) == needed
        assert state(community, proposal) == ACTIVE


def test_set_settings_reverts_given_all_versions_are_used(community: Community) -> None:
    """The number has 15 bits in a proposal's record; the last one can still be used."""
    governor = community.dao.governor
    slot = slot_of("DAOGovernor", "_current")
    word = int.from_bytes(community.rpc.storage(governor.address, slot))
    assert word >> 232 == 1
    most = 2**15 - 1
    nearly = (word & (2**232 - 1)) | (most - 1) << 232
    community.rpc.call("anvil_setStorageAt", governor.address, hex(slot), nearly.to_bytes(32))
    assert governor.call("settings") == (governor_settings(), most - 1)
    change(community, quorumBps=4_000)
    settings = governor_settings(quorumBps=4_000)
    assert governor.call("settings") == (settings, most)
    proposal = community.propose([(NOBODY, 0, b"")])
    assert governor.call("proposalSettings", proposal.id) == settings
    with reverts("GovernorTooManyVersions"):
        change(community, quorumBps=3_000)
    community.pass_vote(proposal)
    assert state(community, proposal) == QUEUED
