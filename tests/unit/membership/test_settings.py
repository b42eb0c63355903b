"""The founding, the settings and the charter; see settings.tree."""

from __future__ import annotations

from typing import Any

import pytest

from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Contract
from mikoshi.chain.node import DevRpc
from mikoshi.core import artifacts
from mikoshi.core import dao as daos
from mikoshi.testing.community import Community, found, person
from mikoshi.testing.defaults import CHARTER, DAY, VOICE, ZERO, params
from tests.support import factory, grant, reverts
from tests.unit.membership.people import Standing, facts, member, seen

UINT = 2**256 - 1

LIMITS = [
    ("dormantAfter", 90 * DAY, 365 * DAY),
    ("season", 45 * DAY, 365 * DAY),
    ("stewardCap", 0, 10_000),
    ("meritCap", 0, 10**12),
    ("meritCapPerMember", 0, 10_000_000),  # the cap on all
]


def field(name: str) -> bytes:
    return name.encode().ljust(32, b"\0")


def outside(limits: list[tuple[str, int, int]]) -> list[Any]:
    return [
        pytest.param(name, value, low, high, id=f"{name}={value}")
        for name, low, high in limits
        for value in (low - 1, high + 1)
        if value >= 0
    ]


def inside(limits: list[tuple[str, int, int]]) -> list[Any]:
    return [
        pytest.param(name, value, id=f"{name}={value}") for name, *ends in limits for value in ends
    ]


# initialize


def initialize_args(community: Community) -> list[Any]:
    settings = community.dao.membership.call("settings")
    return [settings, CHARTER, "", [community.outsider.address]]


def test_initialize_reverts_given_the_clone_has_its_settings(
    community: Community, membership: Contract
) -> None:
    treasury = community.dao.treasury_address
    for caller in (community.outsider.address, treasury, factory(community.rpc).address):
        with reverts("MembershipAlreadyInitialized"):
            membership.call("initialize", *initialize_args(community), sender=caller)


def test_initialize_reverts_on_the_implementation(
    community: Community, membership: Contract
) -> None:
    implementation = factory(community.rpc).call("implementations")[1]
    part = Contract(community.rpc, implementation, membership.interface)
    with reverts("MembershipAlreadyInitialized"):
        part.call("initialize", *initialize_args(community), sender=community.outsider.address)


def create(rpc: DevRpc, **changes: Any) -> daos.Dao:
    members = changes.pop("members", [person(1).address])
    settings = params(rpc.timestamp(), members, **changes)
    return daos.create(factory(rpc), settings, rpc.call("eth_accounts")[0])


@pytest.mark.usefixtures("community")
@pytest.mark.parametrize(("name", "value", "low", "high"), outside(LIMITS))
def test_initialize_reverts_when_a_setting_is_outside_its_limits(
    rpc: DevRpc, name: str, value: int, low: int, high: int
) -> None:
    settings = params(0)["membership"] | {name: value}
    if name == "meritCapPerMember":
        high = settings["meritCap"]
    with reverts("MembershipInvalidSetting", field(name), value, low, high):
        create(rpc, membership=settings)


@pytest.mark.usefixtures("community")
def test_initialize_reverts_when_the_charter_is_zero(rpc: DevRpc) -> None:
    with reverts("MembershipInvalidSetting", field("charterHash"), 0, 1, UINT):
        create(rpc, charterHash=bytes(32))


@pytest.mark.usefixtures("community")
def test_initialize_reverts_when_a_first_member_cannot_be_one(rpc: DevRpc) -> None:
    with reverts("MembershipInvalidWallet", ZERO):
        create(rpc, members=[person(1).address, ZERO])


@pytest.mark.usefixtures("community")
def test_initialize_sets_everything(rpc: DevRpc) -> None:
    wallets = [person(number).address for number in (8, 7, 9)]
    settings = params(0)["membership"]
    details = params(rpc.timestamp(), wallets, charterURI="ipfs://ours")
    sender = rpc.call("eth_accounts")[0]
    receipt = factory(rpc).send("create", details, [], bytes(32), sender=sender)

    names = [name for name, _ in facts(receipt)]
    changed = [args for name, args in facts(receipt) if name == "CharterChanged"]
    assert changed == [(CHARTER, "ipfs://ours")]
    (announced,) = [
        (event.args["settings"], event.args["dormantFrom"])
        for event in receipt.events
        if event.name == "SettingsChanged" and "dormantAfter" in event.args["settings"]
    ]
    assert announced == (settings, 0)
    assert names.count("MemberAdmitted") == 3
    address = receipt.only("DAOCreated").args["membership"]
    abi = artifacts.load("Membership").abi
    membership = Contract(rpc, address, Interface(abi))
    assert membership.call("settings") == settings
    assert membership.call("charterHash") == CHARTER
    assert membership.call("census") == (3, 3, 3 * VOICE, 3)
    for number, wallet in enumerate(wallets, 1):
        found = member(membership, number)
        assert (found.wallet, found.standing) == (wallet, Standing.ACTIVE)


@pytest.mark.usefixtures("community")
def test_initialize_without_members(rpc: DevRpc) -> None:
    assert create(rpc, members=[]).membership.call("census") == (0, 0, 0, 0)


# setSettings


def test_set_settings_reverts_when_the_caller_is_not_the_treasury(
    community: Community, membership: Contract
) -> None:
    settings = membership.call("settings")
    outsider = community.outsider.address
    for name in ("ADMITTER", "REWARDER", "MINTER", "SUCCESSION", "PURSE"):
        grant(community, name, outsider)
    for caller in (outsider, community.wallets[0], community.dao.governor_address):
        with reverts("MembershipUnauthorized", caller, bytes(32)):
            membership.call("setSettings", settings, sender=caller)


@pytest.mark.parametrize(("name", "value", "low", "high"), outside(LIMITS))
def test_set_settings_reverts_when_a_setting_is_outside_its_limits(
    community: Community, membership: Contract, name: str, value: int, low: int, high: int
) -> None:
    if name == "stewardCap":
        high = 100  # the present one
    elif name == "meritCapPerMember":
        high = 10_000_000
    settings = membership.call("settings") | {name: value}
    with reverts("MembershipInvalidSetting", field(name), value, low, high):
        membership.call("setSettings", settings, sender=community.dao.treasury_address)


@pytest.mark.parametrize(
    ("name", "value"), [each for each in inside(LIMITS) if each.id != "stewardCap=10000"]
)
def test_set_settings_takes_a_setting_at_its_limits(
    community: Community, membership: Contract, name: str, value: int
) -> None:
    before = membership.call("settings")
    settings = before | {name: value}
    if name == "meritCap":
        settings["meritCapPerMember"] = value
    cut = name == "dormantAfter" and value < before[name]

    receipt = community.as_treasury(membership, "setSettings", settings)

    now = community.rpc.timestamp()
    force = now + 45 * DAY if cut else 0
    assert facts(receipt) == [("SettingsChanged", (settings, force))]
    raised = name.startswith("merit") and value > before[name]
    assert membership.call("settings") == (before if cut or raised else settings)
    assert seen(membership, "waitingSettings") == (settings, force, 2 if raised else 0)


def test_set_settings_never_raises_the_stewards_number(
    community: Community, membership: Contract
) -> None:
    settings = membership.call("settings")
    community.as_treasury(membership, "setSettings", settings | {"stewardCap": 40})
    for value in (41, 100, 10_000):
        with reverts("MembershipInvalidSetting", field("stewardCap"), value, 0, 40):
            membership.call(
                "setSettings",
                settings | {"stewardCap": value},
                sender=community.dao.treasury_address,
            )


# A cut of dormantAfter, which would send people to sleep before they can answer


def cut(community: Community, days: int, **changes: int) -> int:
    """Ask for another dormantAfter; when it takes force, as announced."""
    membership = community.dao.membership
    asked = seen(membership, "waitingSettings")[0]
    settings = asked | {"dormantAfter": days * DAY} | changes
    receipt = community.as_treasury(membership, "setSettings", settings)
    return int(receipt.only("SettingsChanged").args["dormantFrom"])


def dormant_after(membership: Contract) -> int:
    return int(membership.call("settings")["dormantAfter"]) // DAY


def test_set_settings_cuts_dormant_after_in_45_days(
    community: Community, membership: Contract
) -> None:
    force = cut(community, 90)
    assert force == community.rpc.timestamp() + 45 * DAY
    community.rpc.warp_to(force - 1)
    assert dormant_after(membership) == 180
    assert seen(membership, "waitingSettings")[1] == force
    community.rpc.warp_to(force)
    assert dormant_after(membership) == 90
    assert seen(membership, "waitingSettings")[1] == 0
    assert cut(community, 90, season=50 * DAY) == 0
    assert dormant_after(membership) == 90


def test_set_settings_again_leaves_a_waiting_cut_or_starts_anew(
    community: Community, membership: Contract
) -> None:
    force = cut(community, 90)
    community.rpc.warp(10 * DAY)
    assert cut(community, 90, season=60 * DAY) == force  # something else was asked for
    assert membership.call("settings")["season"] == 60 * DAY
    other = cut(community, 120)
    assert other == community.rpc.timestamp() + 45 * DAY
    community.rpc.warp_to(other - 1)
    assert dormant_after(membership) == 180
    community.rpc.warp_to(other)
    assert dormant_after(membership) == 120
    cut(community, 100)
    assert cut(community, 120) == 0  # as it is in force
    assert cut(community, 100) != 0
    assert cut(community, 365) == 0
    assert dormant_after(membership) == 365


@pytest.mark.usefixtures("community")
def test_set_settings_cuts_dormant_after_at_once_while_there_is_a_steward(rpc: DevRpc) -> None:
    until = rpc.timestamp() + 100 * DAY
    steward = {"holder": person(1).address, "until": until}
    dao = found(rpc, factory=factory(rpc), steward=steward)
    assert cut(dao, 150) == 0
    assert dormant_after(dao.dao.membership) == 150
    rpc.warp_to(until)
    assert cut(dao, 120) == rpc.timestamp() + 45 * DAY
    assert dormant_after(dao.dao.membership) == 150


# withdrawSettings


def test_withdraw_settings_reverts_when_the_caller_is_not_the_treasury(
    community: Community, membership: Contract
) -> None:
    cut(community, 90)
    for caller in (community.wallets[0], community.dao.governor_address):
        with reverts("MembershipUnauthorized", caller, bytes(32)):
            membership.call("withdrawSettings", sender=caller)


def test_withdraw_settings_reverts_given_nothing_waits(
    community: Community, membership: Contract
) -> None:
    treasury = community.dao.treasury_address
    with reverts("MembershipNothingWaits", 0):
        membership.call("withdrawSettings", sender=treasury)
    force = cut(community, 90)
    community.rpc.warp_to(force - 1)
    membership.call("withdrawSettings", sender=treasury)
    community.rpc.warp_to(force)
    with reverts("MembershipNothingWaits", 0):
        membership.call("withdrawSettings", sender=treasury)


def test_withdraw_settings_takes_back_what_waits(
    community: Community, membership: Contract
) -> None:
    before = membership.call("settings")
    cut(community, 90, season=70 * DAY, meritCap=20_000_000, meritCapPerMember=2_000_000)
    kept = before | {"season": 70 * DAY}

    receipt = community.as_treasury(membership, "withdrawSettings")

    assert facts(receipt) == [("SettingsWithdrawn", (kept,))]
    assert seen(membership, "waitingSettings") == (kept, 0, 0)
    community.rpc.warp(100 * DAY)
    assert membership.call("settings") == kept
    with reverts("MembershipNothingWaits", 0):
        membership.call("withdrawSettings", sender=community.dao.treasury_address)


def test_withdraw_settings_takes_back_a_raise_until_its_epoch(
    community: Community, membership: Contract
) -> None:
    before = membership.call("settings")
    t0 = membership.call("voiceParams")["t0"]
    raised = before | {"meritCapPerMember": 2_000_000}
    community.as_treasury(membership, "setSettings", raised)
    community.rpc.warp_to(t0 + 60 * DAY - 1)
    assert membership.call("settings") == before
    state = community.rpc.snapshot()
    community.as_treasury(membership, "withdrawSettings")
    community.rpc.warp(DAY)
    assert membership.call("settings") == before
    community.rpc.revert(state)
    community.rpc.warp_to(t0 + 60 * DAY)
    assert membership.call("settings") == raised
    with reverts("MembershipNothingWaits", 0):
        membership.call("withdrawSettings", sender=community.dao.treasury_address)


def test_set_settings_reverts_when_one_member_could_get_more_than_all(
    community: Community, membership: Contract
) -> None:
    settings = membership.call("settings") | {"meritCap": 5_000, "meritCapPerMember": 5_001}
    with reverts("MembershipInvalidSetting", field("meritCapPerMember"), 5_001, 0, 5_000):
        membership.call("setSettings", settings, sender=community.dao.treasury_address)


def test_set_settings_by_a_proposal(community: Community, membership: Contract) -> None:
    settings = membership.call("settings") | {"stewardCap": 7}
    community.decide([(membership, 0, membership.data("setSettings", settings))])
    assert membership.call("settings") == settings


# setCharter


def test_set_charter_reverts_when_the_caller_is_not_the_treasury(
    community: Community, membership: Contract
) -> None:
    for caller in (community.wallets[0], community.dao.governor_address):
        with reverts("MembershipUnauthorized", caller, bytes(32)):
            membership.call("setCharter", b"\x01" * 32, "", sender=caller)


def test_set_charter_reverts_when_the_hash_is_zero(
    community: Community, membership: Contract
) -> None:
    with reverts("MembershipInvalidSetting", field("charterHash"), 0, 1, UINT):
        treasury = community.dao.treasury_address
        membership.call("setCharter", bytes(32), "ipfs://x", sender=treasury)


def test_set_charter_replaces_the_charter(community: Community, membership: Contract) -> None:
    before = member(membership, 1)
    receipt = community.as_treasury(membership, "setCharter", b"\x01" * 32, "ipfs://新しい")
    assert facts(receipt) == [("CharterChanged", (b"\x01" * 32, "ipfs://新しい"))]
    assert membership.call("charterHash") == b"\x01" * 32
    assert member(membership, 1) == before  # members need not accept it again
