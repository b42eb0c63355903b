"""The founding, the settings and the charter; see settings.tree."""

from __future__ import annotations

from typing import Any

import pytest

from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Contract
from mikoshi.chain.node import DevRpc
from mikoshi.core import artifacts
from mikoshi.core import dao as daos
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, VOICE, ZERO, params
from tests.support import factory, grant, next_block_at, reverts
from tests.unit.membership.people import Standing, facts, member

UINT = 2**256 - 1
SEASON_MIN = 7 * DAY  # the default delay and period of a vote

LIMITS = [
    ("dormantAfter", 90 * DAY, 730 * DAY),
    ("season", SEASON_MIN, 365 * DAY),
    ("stewardCap", 0, 10_000),
    ("meritCap", 0, 10**12),
    ("meritCapPerMember", 0, 10_000_000),  # the cap on all
]
VOICE_LIMITS = [
    ("halfLife", 90 * DAY, 3650 * DAY),
    ("base", 10**9, 10**12),
    ("k", 0, 10 * 10**18),
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


def voice_params(rpc: DevRpc, **changes: int) -> dict[str, int]:
    standard = {"t0": rpc.timestamp(), "halfLife": 180 * DAY, "base": VOICE, "k": 10**17}
    return standard | changes


@pytest.mark.usefixtures("community")
@pytest.mark.parametrize(("name", "value", "low", "high"), outside(VOICE_LIMITS))
def test_initialize_reverts_when_voice_is_outside_its_limits(
    rpc: DevRpc, name: str, value: int, low: int, high: int
) -> None:
    with reverts("MembershipInvalidSetting", field(name), value, low, high):
        create(rpc, voice=voice_params(rpc, **{name: value}))


@pytest.mark.usefixtures("community")
@pytest.mark.parametrize(("name", "value"), inside(VOICE_LIMITS))
def test_initialize_takes_voice_at_its_limits(rpc: DevRpc, name: str, value: int) -> None:
    voice = voice_params(rpc, **{name: value})
    assert create(rpc, voice=voice).membership.call("voiceParams") == voice


@pytest.mark.usefixtures("community")
@pytest.mark.parametrize("offset", [-DAY, DAY])
def test_initialize_takes_t0_within_a_day(rpc: DevRpc, offset: int) -> None:
    now = rpc.timestamp() + 10
    for beyond in (0, 1 if offset > 0 else -1):
        voice = voice_params(rpc, t0=now + offset + beyond)
        state = rpc.snapshot()
        next_block_at(rpc, now)
        if beyond:
            limits = (now - DAY, now + DAY)
            with reverts("MembershipInvalidSetting", field("t0"), voice["t0"], *limits):
                create(rpc, voice=voice)
        else:
            dao = create(rpc, voice=voice)
            assert dao.membership.call("voiceParams")["t0"] == now + offset
        rpc.revert(state)


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
    first = person(1).address
    with reverts("MembershipInvalidWallet", ZERO):
        create(rpc, members=[first, ZERO])
    with reverts("MembershipWalletTaken", first, 1):
        create(rpc, members=[first, first])


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
        event.args["settings"]
        for event in receipt.events
        if event.name == "SettingsChanged" and "dormantAfter" in event.args["settings"]
    ]
    assert announced == settings
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
    settings = membership.call("settings") | {name: value}
    with reverts("MembershipInvalidSetting", field(name), value, low, high):
        membership.call("setSettings", settings, sender=community.dao.treasury_address)


@pytest.mark.parametrize(("name", "value"), inside(LIMITS))
def test_set_settings_takes_a_setting_at_its_limits(
    community: Community, membership: Contract, name: str, value: int
) -> None:
    settings = membership.call("settings") | {name: value}
    if name == "meritCap":
        settings["meritCapPerMember"] = value
    receipt = community.as_treasury(membership, "setSettings", settings)
    assert facts(receipt) == [("SettingsChanged", (settings,))]
    assert membership.call("settings") == settings


def test_set_settings_reverts_when_one_member_could_get_more_than_all(
    community: Community, membership: Contract
) -> None:
    settings = membership.call("settings") | {"meritCap": 5_000, "meritCapPerMember": 5_001}
    with reverts("MembershipInvalidSetting", field("meritCapPerMember"), 5_001, 0, 5_000):
        membership.call("setSettings", settings, sender=community.dao.treasury_address)


def test_set_settings_keeps_the_season_as_long_as_a_vote(
    community: Community, membership: Contract
) -> None:
    """Whichever of the two is changed: a seat bought when a proposal appears has no say in it."""
    governor = community.dao.governor
    rules = params(0)["governor"]
    longer = rules | {"votingDelay": 14 * DAY, "votingPeriod": 14 * DAY}
    community.as_treasury(governor, "setSettings", longer)
    settings = membership.call("settings")
    for season in (28 * DAY - 1, SEASON_MIN):
        with reverts("MembershipInvalidSetting", field("season"), season, 28 * DAY, 365 * DAY):
            changed = settings | {"season": season}
            membership.call("setSettings", changed, sender=community.dao.treasury_address)
    community.as_treasury(membership, "setSettings", settings | {"season": 28 * DAY})
    community.as_treasury(governor, "setSettings", rules)
    community.as_treasury(membership, "setSettings", settings | {"season": SEASON_MIN})
    with reverts("GovernorInvalidSetting", field("votingTime"), 28 * DAY, 0, SEASON_MIN):
        governor.call("setSettings", longer, sender=community.dao.treasury_address)


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
