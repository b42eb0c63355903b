"""Settings, their limits, when they take force, and whom a change concerns: see settings.tree."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.testing.community import FOR, Community
from mikoshi.testing.defaults import DAY, VOICE
from tests.support import reverts, slot_of
from tests.unit.governance.support import (
    ACTIVE,
    DEFEATED,
    EXECUTED,
    EXPIRED,
    NOBODY,
    QUEUED,
    STEWARD,
    WAITING,
    change_settings,
    field,
    governor_settings,
    send_at,
    state,
    with_steward,
)

HOUR = 3600
NOTHING = (dict.fromkeys(governor_settings(), 0), 0, 0)

LIMITS = {
    "votingDelay": (1 * DAY, 7 * DAY),
    "votingPeriod": (2 * DAY, 14 * DAY),
    "lateExtension": (1 * HOUR, 2 * DAY),
    "executionDelay": (1 * DAY, 14 * DAY),
    "expiry": (7 * DAY, 90 * DAY),
    "quorumBps": (500, 6_000),
    "floorBps": (100, 1_000),
    "voiceCapBps": (100, 5_000),
    "thresholdBps": (0, 10_000),
    "liveProposals": (1, 10),
}
MAXIMUM = {"votingDelay": 2**32 - 1, "quorumBps": 2**16 - 1, "liveProposals": 2**8 - 1}


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("end", [0, 1])
def test_set_settings_accepts_the_limits(community: Community, name: str, end: int) -> None:
    governor = community.dao.governor
    settings = governor_settings(**{name: LIMITS[name][end]})
    receipt = community.as_treasury(governor, "setSettings", settings)
    due = community.rpc.timestamp() + WAITING
    (event,) = receipt.events
    assert (event.name, event.address) == ("SettingsChanged", governor.address)
    assert event.args == {"version": 2, "settings": settings, "inForceAt": due}
    assert governor.call("settings") == (governor_settings(), 1)
    assert governor.call("waitingSettings") == (settings, 2, due)
    community.rpc.warp_to(due)
    assert governor.call("settings") == (settings, 2)
    assert governor.call("waitingSettings") == NOTHING


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
    with reverts("GovernorInvalidSetting", field(name), value, *LIMITS[name]):
        community.as_treasury(governor, "setSettings", governor_settings(**{name: value}))
    assert governor.call("settings") == (governor_settings(), 1)
    assert governor.call("waitingSettings") == NOTHING


@pytest.mark.parametrize("value", [HOUR + 1, 2 * HOUR - 1, DAY + 60])
def test_set_settings_reverts_when_the_late_extension_is_not_whole_hours(
    community: Community, value: int
) -> None:
    with reverts("GovernorInvalidSetting", field("lateExtensionRest"), value % HOUR, 0, 0):
        change_settings(community, lateExtension=value)


@pytest.mark.parametrize("name", ["setSettings", "withdrawSettings"])
def test_settings_are_changed_by_the_treasury_alone(community: Community, name: str) -> None:
    governor = community.dao.governor
    args = (governor_settings(),) if name == "setSettings" else ()
    for sender in (*community.wallets[:2], community.outsider.address, governor.address):
        community.rpc.fund(sender)
        with reverts("GovernorOnlyExecutor", sender):
            governor.send(name, *args, sender=sender)


def test_set_settings_by_vote(community: Community) -> None:
    governor = community.dao.governor
    settings = governor_settings(quorumBps=5_000, liveProposals=1)
    receipt = community.decide([(governor, 0, governor.data("setSettings", settings))])
    due = community.rpc.timestamp() + WAITING
    assert receipt.only("SettingsChanged").args == {
        "version": 2, "settings": settings, "inForceAt": due,
    }  # fmt: skip
    assert governor.call("settings") == (governor_settings(), 1)
    community.rpc.warp_to(due)
    assert governor.call("settings") == (settings, 2)


# When they take force


VIEWS = ("votingDelay", "votingPeriod", "proposalThreshold")


def test_settings_take_force_in_the_second_of_45_days(community: Community) -> None:
    """By time alone, for proposals made from then on, and for the views in the same second."""
    governor, sender = community.dao.governor, community.wallets[0]
    changes = {"votingDelay": 3 * DAY, "votingPeriod": 6 * DAY, "thresholdBps": 5_000}
    settings = governor_settings(**changes, liveProposals=10)
    community.as_treasury(governor, "setSettings", settings)
    due = community.rpc.timestamp() + WAITING

    def propose(at: int, text: str) -> int:
        args = ([NOBODY], [0], [b""], text)
        receipt = send_at(governor, at, "propose", *args, sender=sender)
        number: int = receipt.only("ProposalCreated").args["proposalId"]
        return number

    before = propose(due - 1, "before")
    assert [governor.call(name) for name in VIEWS] == [2 * DAY, 5 * DAY, VOICE]
    assert governor.call("liveProposalsOf", 1) == (1, 3)
    after = propose(due, "after")
    assert [governor.call(name) for name in VIEWS] == [3 * DAY, 6 * DAY, VOICE // 2]
    assert governor.call("liveProposalsOf", 1) == (2, 10)
    assert governor.call("proposalSettings", before) == governor_settings()
    assert governor.call("proposalSettings", after) == settings
    assert governor.call("proposalSnapshot", before) == due - 1 + 2 * DAY
    assert governor.call("proposalDeadline", after) == due + 9 * DAY
    assert governor.call("settings") == (settings, 2)
    assert governor.call("waitingSettings") == NOTHING


def test_settings_change_at_once_while_there_is_a_steward(community: Community) -> None:
    """The founding phase: a mistake is mended at once. In the second of the term's end it waits."""
    other = with_steward(community)
    governor, treasury = other.dao.governor, other.dao.treasury
    until = treasury.call("stewardOffice")["until"]
    assert treasury.call("steward") == STEWARD
    rules = [governor_settings(liveProposals=number) for number in (4, 5, 6)]
    for version, settings in enumerate(rules[:2], 2):
        receipt = other.as_treasury(governor, "setSettings", settings)
        now = other.rpc.timestamp()
        assert receipt.only("SettingsChanged").args == {
            "version": version, "settings": settings, "inForceAt": now,
        }  # fmt: skip
        assert governor.call("settings") == (settings, version)
        assert governor.call("waitingSettings") == NOTHING
    with other.rpc.isolate():
        send_at(governor, until - 1, "setSettings", rules[2], sender=treasury.address)
        assert governor.call("settings") == (rules[2], 4)
    send_at(governor, until, "setSettings", rules[2], sender=treasury.address)
    assert governor.call("settings") == (rules[1], 3)
    assert governor.call("waitingSettings") == (rules[2], 4, until + WAITING)


def test_settings_asked_for_again_wait_anew(community: Community) -> None:
    """Each request has its own number; the one that it replaces never takes force."""
    governor = community.dao.governor
    first, second = (governor_settings(liveProposals=number) for number in (4, 5))
    community.as_treasury(governor, "setSettings", first)
    due = community.rpc.timestamp() + WAITING
    community.rpc.warp_to(due - 2)
    community.as_treasury(governor, "setSettings", second)
    later = community.rpc.timestamp() + WAITING
    assert governor.call("waitingSettings") == (second, 3, later)
    community.rpc.warp_to(due)
    assert governor.call("settings") == (governor_settings(), 1)
    community.rpc.warp_to(later - 1)
    assert governor.call("settings") == (governor_settings(), 1)
    community.rpc.warp_to(later)
    assert governor.call("settings") == (second, 3)


@pytest.mark.parametrize("used", [False, True])
def test_settings_in_force_are_replaced_like_the_first(community: Community, used: bool) -> None:
    """Whether or not a proposal was made under them."""
    governor = community.dao.governor
    first, second = (governor_settings(liveProposals=number) for number in (4, 5))
    community.as_treasury(governor, "setSettings", first)
    community.rpc.warp(WAITING)
    under = [community.propose([(NOBODY, 0, b"")])] if used else []
    community.as_treasury(governor, "setSettings", second)
    due = community.rpc.timestamp() + WAITING
    assert governor.call("settings") == (first, 2)
    assert governor.call("waitingSettings") == (second, 3, due)
    community.rpc.warp_to(due)
    assert governor.call("settings") == (second, 3)
    assert [governor.call("proposalSettings", each.id) for each in under] == [first] * len(under)


def test_withdraw_settings(community: Community) -> None:
    governor = community.dao.governor
    first, second = (governor_settings(liveProposals=number) for number in (4, 5))
    community.as_treasury(governor, "setSettings", first)
    due = community.rpc.timestamp() + WAITING
    community.rpc.warp_to(due - 2)
    receipt = community.as_treasury(governor, "withdrawSettings")
    assert [(e.name, e.args) for e in receipt.events] == [("SettingsWithdrawn", {"version": 2})]
    assert governor.call("waitingSettings") == NOTHING
    community.rpc.warp_to(due + DAY)
    assert governor.call("settings") == (governor_settings(), 1)
    proposal = community.propose([(NOBODY, 0, b"")])
    assert governor.call("proposalSettings", proposal.id) == governor_settings()
    # Its number is not given again.
    receipt = community.as_treasury(governor, "setSettings", second)
    assert receipt.only("SettingsChanged").args["version"] == 3
    community.rpc.warp(WAITING)
    assert governor.call("settings") == (second, 3)


def test_withdraw_settings_reverts_when_nothing_waits(community: Community) -> None:
    governor = community.dao.governor
    with reverts("GovernorNothingWaits"):
        community.as_treasury(governor, "withdrawSettings")
    community.as_treasury(governor, "setSettings", governor_settings(liveProposals=4))
    community.as_treasury(governor, "withdrawSettings")
    with reverts("GovernorNothingWaits"):
        community.as_treasury(governor, "withdrawSettings")
    settings = change_settings(community, liveProposals=5)  # in force, though nothing moved it yet
    with reverts("GovernorNothingWaits"):
        community.as_treasury(governor, "withdrawSettings")
    assert governor.call("settings") == (settings, 3)


def test_quorum_is_of_the_settings_in_force_then(community: Community) -> None:
    """At every second of a history with settings that waited, were replaced and were withdrawn."""
    governor, rpc = community.dao.governor, community.rpc
    start = rpc.timestamp()
    expected = {0: 0, start: 2, start + 10: 2}
    community.as_treasury(governor, "setSettings", governor_settings(quorumBps=6_000))
    dropped = rpc.timestamp() + WAITING
    rpc.warp(DAY)
    community.as_treasury(governor, "setSettings", governor_settings(quorumBps=5_000))
    first = rpc.timestamp() + WAITING
    expected |= {dropped - 1: 2, dropped: 2, first - 1: 2, first: 3, first + 1: 3}
    rpc.warp_to(first + DAY)
    community.as_treasury(governor, "setSettings", governor_settings(quorumBps=500))
    withdrawn = rpc.timestamp() + WAITING
    rpc.warp_to(withdrawn - 10)
    community.as_treasury(governor, "withdrawSettings")
    expected |= {withdrawn - 1: 3, withdrawn: 3, withdrawn + 1: 3}
    rpc.warp_to(withdrawn + DAY)
    community.as_treasury(governor, "setSettings", governor_settings(quorumBps=6_000 - 1))
    second = rpc.timestamp() + WAITING
    again = ("setSettings", governor_settings(quorumBps=4_001))
    send_at(governor, second - WAITING + 1, *again, sender=community.dao.treasury_address)
    expected |= {second: 3, second + 1: 3, second + 2: 3}
    rpc.warp_to(second + DAY)
    change_settings(community, quorumBps=6_000)
    third = rpc.timestamp()
    expected |= {third - 1: 3, third: 3, third + 1: 3}
    change_settings(community, quorumBps=500)
    last = rpc.timestamp()
    expected |= {last - 1: 3, last: 2}
    rpc.warp(1)
    for moment, people in expected.items():
        assert governor.call("quorum", moment) == people * VOICE, moment
    for ahead in (1, 2, 10**9):
        with reverts("ERC5805FutureLookup", rpc.timestamp() + ahead - 1, rpc.timestamp()):
            governor.call("quorum", rpc.timestamp() + ahead - 1)


# What a change leaves alone


def test_a_change_applies_to_later_proposals(community: Community) -> None:
    community = with_steward(community)
    governor = community.dao.governor
    before = community.propose([(NOBODY, 0, b"")], "before")
    settings = governor_settings(
        votingDelay=3 * DAY,
        votingPeriod=7 * DAY,
        lateExtension=2 * DAY,
        executionDelay=5 * DAY,
        expiry=30 * DAY,
        quorumBps=6_000,
        floorBps=1_000,
        voiceCapBps=5_000,
        thresholdBps=5_000,
        liveProposals=4,
    )
    change_settings(community, **settings)
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
    assert governor.call("quorum", now - 2) == 2 * VOICE
    assert governor.call("proposalWeight", before.id, 10 * VOICE) == VOICE
    assert governor.call("proposalWeight", after.id, 10 * VOICE) == 5 * VOICE // 2


Moment = Callable[[Community, ProposalDraft], None]


def at_once(_: Community, __: ProposalDraft) -> None: ...


def while_voting(community: Community, proposal: ProposalDraft) -> None:
    community.open_voting(proposal)


def after_voting(community: Community, proposal: ProposalDraft) -> None:
    community.close_voting(proposal)


STRICTER = {
    "quorumBps": 6_000, "floorBps": 1_000, "voiceCapBps": 100, "executionDelay": 14 * DAY,
    "expiry": 7 * DAY, "votingDelay": 7 * DAY, "votingPeriod": 14 * DAY, "lateExtension": 2 * DAY,
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
    community = with_steward(community)
    governor = community.dao.governor
    proposal = community.propose([(NOBODY, 0, b"")])
    names = ("proposalSnapshot", "proposalDeadline", "proposalEta", "proposalExpiry")
    before = [governor.call(name, proposal.id) for name in names]
    if moment is at_once:
        change_settings(community, **changes)
    community.open_voting(proposal)
    if moment is while_voting:
        change_settings(community, **changes)
    community.vote(proposal, [0, 1])
    community.close_voting(proposal)
    if moment is after_voting:
        change_settings(community, **changes)
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
    big = with_steward(community, 20)
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
    change_settings(big, **LAXER)
    assert [state(big, each) for each in (few, capped, late)] == [DEFEATED, DEFEATED, QUEUED]
    big.rpc.warp_to(big.dao.governor.call("proposalExpiry", late.id) + 1)
    assert [state(big, each) for each in (few, capped, late)] == [DEFEATED, DEFEATED, EXPIRED]
    change_settings(big, **STRICTER)
    assert [state(big, each) for each in (few, capped, late)] == [DEFEATED, DEFEATED, EXPIRED]


def pass_vote_of(community: Community, proposal: ProposalDraft) -> None:
    community.vote(proposal, range(6, len(community.people)))


def test_a_change_does_not_touch_a_live_late_extension(community: Community) -> None:
    community = with_steward(community)
    governor = community.dao.governor
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    community.vote(proposal, [0])
    change_settings(community, lateExtension=2 * DAY, votingPeriod=14 * DAY)
    deadline = governor.call("proposalDeadline", proposal.id)
    send_at(governor, deadline, "castVote", proposal.id, FOR, sender=community.wallets[1])
    assert governor.call("proposalDeadline", proposal.id) == deadline + DAY


def test_a_proposal_keeps_its_settings_through_many_changes(community: Community) -> None:
    community = with_steward(community)
    governor = community.dao.governor
    proposals = []
    for version in range(1, 6):
        settings = governor_settings(quorumBps=1_000 * version, liveProposals=10)
        change_settings(community, **settings)
        proposal = community.propose([(NOBODY, 0, b"")], f"under {version + 1}")
        proposals.append((proposal, settings, version))
        assert governor.call("settings") == (settings, version + 1)
    community.open_voting(proposals[-1][0])
    for proposal, settings, version in proposals:
        assert governor.call("proposalSettings", proposal.id) == settings
        needed = max(2, -(-5 * 1_000 * version // 10_000))
        assert governor.call("proposalQuorum", proposal.id) == needed
        assert state(community, proposal) == ACTIVE


def test_set_settings_reverts_given_all_versions_are_used(community: Community) -> None:
    """The number has 15 bits in a proposal's record; the last one can still be used."""
    community = with_steward(community)
    governor, rpc = community.dao.governor, community.rpc
    slot = slot_of("DAOGovernor", "_requests")
    word = int.from_bytes(rpc.storage(governor.address, slot))
    assert word >> 40 == 0  # beside `retiredAt`
    most = 2**15 - 1
    nearly = ((most - 2) << 40).to_bytes(32)
    rpc.call("anvil_setStorageAt", governor.address, hex(slot), f"0x{nearly.hex()}")
    settings = change_settings(community, quorumBps=4_000)
    assert governor.call("settings") == (settings, most)
    proposal = community.propose([(NOBODY, 0, b"")])
    assert governor.call("proposalSettings", proposal.id) == settings
    with reverts("GovernorTooManyVersions"):
        change_settings(community, quorumBps=3_000)
    community.pass_vote(proposal)
    assert state(community, proposal) == QUEUED
