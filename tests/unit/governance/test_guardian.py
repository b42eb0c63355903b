"""What the guardian may cancel, and what it may not: see guardian.tree."""

from __future__ import annotations

from collections.abc import Sequence

from mikoshi.ballots.proposal import Call, ProposalDraft
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY
from tests.support import grant, reverts, role
from tests.unit.governance.support import (
    CANCELED,
    GUARDIAN,
    NOBODY,
    governor_settings,
    state,
    with_guardian,
)
from tests.unit.invitations.inviting import with_door

Calls = dict[str, Call]


def takes_back(other: Community) -> Calls:
    """Calls that do nothing but take power back; each can be executed."""
    dao, later = other.dao, other.rpc.timestamp() + 30 * DAY
    treasury, membership, governor = dao.treasury, dao.membership, dao.governor
    grant(other, "REWARDER", person(80).address)
    grant(other, "MINTER", person(80).address)
    other.as_treasury(treasury, "setGovernor", membership.address)
    other.as_treasury(governor, "setSettings", governor_settings(quorumBps=500))
    settings = membership.call("settings")
    other.as_treasury(membership, "setSettings", {**settings, "dormantAfter": 90 * DAY})
    for member in (2, 3):  # one seat an epoch: the second bar waits
        other.as_treasury(membership, "bar", member)
    other.as_treasury(membership, "admit", person(81).address, bytes(32))
    newcomer = membership.call("memberIdOf", person(81).address)
    assert membership.call("neverSpoke", newcomer) is True
    return {
        "remove the guardian": (treasury, 0, treasury.data("setGuardian", NOBODY, 0)),
        "renew it": (treasury, 0, treasury.data("setGuardian", person(71).address, later)),
        "no other governor": (treasury, 0, treasury.data("withdrawGovernor")),
        "no merit by it": (
            treasury, 0, treasury.data("revokeRole", role("REWARDER"), person(80).address),
        ),
        "no coins by it": (
            treasury, 0, treasury.data("revokeRole", role("MINTER"), person(80).address),
        ),
        "no other votes": (governor, 0, governor.data("withdrawSettings")),
        "no shorter silence": (membership, 0, membership.data("withdrawSettings")),
        "no bar": (membership, 0, membership.data("withdrawBar", 3)),
        "bar who never spoke": (membership, 0, membership.data("bar", newcomer)),
    }  # fmt: skip


def something_else(other: Community) -> Calls:
    """Calls that look like those, or sit beside them."""
    dao = other.dao
    treasury, membership, governor = dao.treasury, dao.membership, dao.governor
    own = {"governor": governor, "membership": membership, "treasury": treasury}
    moved = {
        f"{name} at the {place}": (contract, 0, data)
        for name, data in {
            "withdrawSettings": governor.data("withdrawSettings"),
            "revokeRole": treasury.data("revokeRole", role("MINTER"), NOBODY),
            "setGuardian": treasury.data("setGuardian", NOBODY, 0),
            "withdrawBar": membership.data("withdrawBar", 3),
            "bar": membership.data("bar", 6),
        }.items()
        for place, contract in own.items()
        if (name, place) not in {
            ("withdrawSettings", "governor"), ("withdrawSettings", "membership"),
            ("revokeRole", "treasury"), ("setGuardian", "treasury"),
            ("withdrawBar", "membership"), ("bar", "membership"),
        }
    }  # fmt: skip
    remove = treasury.data("setGuardian", NOBODY, 0)
    return moved | {
        "another governor": (treasury, 0, treasury.data("setGovernor", membership.address)),
        "a role": (treasury, 0, treasury.data("grantRole", role("MINTER"), NOBODY)),
        "settings": (governor, 0, governor.data("setSettings", governor_settings())),
        "bar a member": (membership, 0, membership.data("bar", 4)),
        "bar nobody": (membership, 0, membership.data("bar", 99)),
        "bar without a number": (membership, 0, membership.data("bar", 6)[:35]),
        "elsewhere": (NOBODY, 0, remove),
        "short": (treasury, 0, remove[:3]),
        "nothing": (treasury, 0, b""),
        "pay": (person(60).address, 1, b""),
    }


def pass_all(other: Community, proposals: Sequence[ProposalDraft]) -> None:
    """Everybody who was not barred votes for all of them, in one week."""
    other.open_voting(proposals[-1])
    for proposal in proposals:
        other.vote(proposal, [0, 3, 4])
    other.close_voting(proposals[-1])


def test_cancel_reverts_when_every_call_takes_power_back(community: Community) -> None:
    """Each alone, and all in one, which is then executed."""
    other = with_guardian(community, liveProposals=10)
    calls = takes_back(other)
    proposals = [other.propose([call], name) for name, call in calls.items()]
    proposals.append(other.propose(list(calls.values()), "all", by=3))
    pass_all(other, proposals)
    for proposal in proposals:
        with reverts("GovernorUnableToCancel", proposal.id, GUARDIAN):
            other.dao.governor.send("cancel", *proposal.actions, sender=GUARDIAN)
    other.ripen(proposals[-1])
    receipt = other.execute(proposals[-1])
    assert [event.name for event in receipt.events if event.name != "MetadataUpdate"] == [
        "ProposalExecuted", "GuardianChanged", "GuardianChanged", "GovernorWithdrawn",
        "RoleRevoked", "RoleRevoked", "SettingsWithdrawn", "SettingsWithdrawn", "BarWithdrawn",
        "Transfer", "StandingChanged",
    ]  # fmt: skip
    assert other.dao.treasury.call("guardian") == person(71).address


def test_cancel_reverts_when_raised_numbers_of_an_admitter_are_taken_back(
    community: Community,
) -> None:
    """Whoever has the role; with money, or where the role is no more, it is something else."""
    other = with_guardian(community, liveProposals=10)
    door = with_door(community, dao=other)
    twin = with_door(community, dao=other, salt=1)
    call = door.contract.data("withdrawSettings")
    kept = other.propose([(door.contract, 0, call)], "no links for all")
    others = [
        other.propose([(door.contract, 1, call)], "with money"),
        other.propose([(twin.contract, 0, call)], "at one that admits nobody any more"),
        other.propose([(door.contract, 0, door.contract.data("setSettings", (1, 1, 1)))], "set"),
    ]
    pass_all(other, [kept, *others])
    other.as_treasury(other.dao.treasury, "revokeRole", role("ADMITTER"), twin.contract.address)
    with reverts("GovernorUnableToCancel", kept.id, GUARDIAN):
        other.dao.governor.send("cancel", *kept.actions, sender=GUARDIAN)
    for proposal in others:
        other.dao.governor.send("cancel", *proposal.actions, sender=GUARDIAN)
        assert state(other, proposal) == CANCELED
    door.set_settings(10_000, 20, 1)
    other.ripen(kept)
    assert door.contract.call("waitingSettings")[1]
    other.execute(kept)
    assert door.contract.call("waitingSettings")[1] == 0


def test_cancel_by_the_guardian_when_a_call_does_something_else(community: Community) -> None:
    """One call is enough, before those that take power back or after them."""
    other = with_guardian(community, liveProposals=10)
    back, others = takes_back(other), something_else(other)
    remove, proposals = back["remove the guardian"], {}
    for place, (name, call) in enumerate(others.items()):
        calls = [[call], [remove, call], [call, remove]][place % 3]
        proposals[name] = other.propose(calls, name, by=(0, 3, 4)[place // 10])
    pass_all(other, list(proposals.values()))
    for name, proposal in proposals.items():
        other.dao.governor.send("cancel", *proposal.actions, sender=GUARDIAN)
        assert state(other, proposal) == CANCELED, name


def test_cancel_by_the_guardian_of_a_bar_of_who_has_spoken_since(community: Community) -> None:
    """A Newcomer who woke is a member like any other."""
    other = with_guardian(community)
    calls, membership = takes_back(other), other.dao.membership
    newcomer = person(81).address
    other.rpc.fund(newcomer)
    other.rpc.warp(40 * DAY)
    proposal = other.propose([calls["bar who never spoke"]])
    pass_all(other, [proposal])
    with other.rpc.isolate(), reverts("GovernorUnableToCancel", proposal.id, GUARDIAN):
        other.dao.governor.send("cancel", *proposal.actions, sender=GUARDIAN)
    membership.send("wake", CHARTER, sender=newcomer)
    other.dao.governor.send("cancel", *proposal.actions, sender=GUARDIAN)
    assert state(other, proposal) == CANCELED
