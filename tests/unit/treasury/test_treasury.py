"""Vault, executor and role book: see treasury.tree."""

from __future__ import annotations

from typing import Any

import pytest
from eth_utils.crypto import keccak

from mikoshi.chain.contract import Contract, Receipt
from mikoshi.core import artifacts
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, ZERO
from tests.support import reverts
from tests.unit.governance.support import (
    GAS,
    WAITING,
    found_beside,
    helper,
    send_at,
)

ETHER = 10**18
ADMIN = bytes(32)
MINTER, ADMITTER = keccak(text="MINTER"), keccak(text="ADMITTER")
WAITING_ROLES = (ADMITTER, keccak(text="SUCCESSION"), keccak(text="REWARDER"))


@pytest.fixture
def sink(community: Community) -> Contract:
    return helper(community.rpc, "Sink")


def as_governor(
    community: Community, *calls: tuple[str, int, bytes], value: int = 0, gas: int | None = None
) -> Receipt:
    """Calls of the Treasury's, as if the Governor had asked for them."""
    community.rpc.fund(community.dao.governor_address)
    lists = [list(part) for part in zip(*calls, strict=True)] if calls else [[], [], []]
    return community.dao.treasury.send(
        "execute", *lists, sender=community.dao.governor_address, value=value, gas=gas
    )


def noted(sink: Contract, receipt: Receipt) -> list[dict[str, Any]]:
    return [event.args for event in sink.events(receipt.raw["logs"]) if event.name == "Noted"]


# execute


def test_execute_makes_the_calls_in_order(community: Community, sink: Contract) -> None:
    rpc, treasury, plain = community.rpc, community.dao.treasury_address, person(60).address
    before = rpc.balance(treasury)
    receipt = as_governor(
        community,
        (sink.address, 1, b"a"),
        (plain, ETHER, b""),
        (sink.address, 0, b"b" * 100),
        value=3,
    )
    assert noted(sink, receipt) == [
        {"from": treasury, "value": 1, "data": b"a"},
        {"from": treasury, "value": 0, "data": b"b" * 100},
    ]
    assert rpc.balance(plain) == ETHER
    assert rpc.balance(sink.address) == 1
    assert rpc.balance(treasury) == before - ETHER - 1 + 3


def test_execute_does_nothing_when_there_are_no_calls(community: Community) -> None:
    receipt = as_governor(community, value=5)
    assert receipt.events == []
    assert community.rpc.balance(community.dao.treasury_address) == 100 * ETHER + 5


def test_execute_reverts_for_all_but_the_governor(community: Community) -> None:
    treasury = community.dao.treasury
    senders = [*community.wallets[:2], community.outsider.address, treasury.address]
    for sender in [*senders, community.dao.membership_address, community.dao.token_address]:
        community.rpc.fund(sender)
        with reverts("TreasuryNotGovernor", sender):
            treasury.send("execute", [person(60).address], [1], [b""], sender=sender)


@pytest.mark.parametrize("lengths", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (2, 1, 2), (2, 2, 1)])
def test_execute_reverts_when_the_lists_differ_in_length(
    community: Community, lengths: tuple[int, int, int]
) -> None:
    targets, values, calldatas = lengths
    governor = community.dao.governor_address
    community.rpc.fund(governor)
    with reverts("TreasuryRaggedLists", *lengths):
        community.dao.treasury.send(
            "execute", [ZERO] * targets, [0] * values, [b""] * calldatas, sender=governor
        )


@pytest.mark.parametrize("target", [person(60).address, ZERO, f"0x{2:040x}", f"0x{4:040x}"])
def test_execute_reverts_when_calldata_goes_where_no_code_is(
    community: Community, sink: Contract, target: str
) -> None:
    before = community.rpc.balance(community.dao.treasury_address)
    with reverts("TreasuryTargetWithoutCode", 1, target):
        as_governor(community, (sink.address, 1, b""), (target, 0, b"\0"))
    assert community.rpc.balance(community.dao.treasury_address) == before
    assert community.rpc.balance(sink.address) == 0


def test_execute_pays_an_address_without_code(community: Community) -> None:
    plain = person(60).address
    as_governor(community, (plain, 5, b""), (plain, 0, b""))
    assert community.rpc.balance(plain) == 5


def test_execute_calls_what_an_earlier_call_deployed(community: Community, sink: Contract) -> None:
    """Code is looked for when the call is made, not before."""
    factory_code = artifacts.project()["Treasury"].bytecode
    proxy = "0x4e59b44847b379578588920cA78FbF26c0B4956C"
    address = (
        "0x"
        + keccak(b"\xff" + bytes.fromhex(proxy[2:]) + b"\7" * 32 + keccak(factory_code))[12:].hex()
    )
    ask = community.dao.treasury.data("governor")
    assert community.rpc.code(address) == b""
    as_governor(community, (proxy, 0, b"\7" * 32 + factory_code), (address, 0, ask))
    assert community.rpc.code(address) != b""
    assert sink.address


@pytest.mark.parametrize("index", [0, 1, 2])
def test_execute_reverts_when_a_call_reverts(
    community: Community, sink: Contract, index: int
) -> None:
    calls = [(sink.address, 1, b"ok")] * 3
    calls[index] = (sink.address, 0, sink.data("refuse", 99))
    reason = keccak(text="Refused(uint256)")[:4] + (99).to_bytes(32)
    with reverts("TreasuryCallFailed", index, sink.address, reason):
        as_governor(community, *calls)
    assert community.rpc.balance(sink.address) == 0


def test_execute_reverts_when_a_call_reverts_without_a_reason(
    community: Community, sink: Contract
) -> None:
    with reverts("TreasuryCallFailed", 0, sink.address, b""):
        as_governor(community, (sink.address, 0, sink.data("refuseSilently")))
    with reverts("TreasuryCallFailed", 0, sink.address, b""):
        as_governor(community, (sink.address, 0, sink.data("burnGas")), gas=GAS)


def test_execute_reverts_when_there_is_too_little_ether(community: Community) -> None:
    plain = person(60).address
    too_much = 100 * ETHER + 1
    with reverts("TreasuryCallFailed", 0, plain, b""):
        as_governor(community, (plain, too_much, b""))
    as_governor(community, (plain, too_much, b""), value=1)
    assert community.rpc.balance(plain) == too_much
    assert community.rpc.balance(community.dao.treasury_address) == 0


@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, 1023, 1024, 1025, 4096, 200_000])
def test_execute_keeps_1024_bytes_of_a_reason(
    community: Community, sink: Contract, size: int
) -> None:
    full = bytes(range(1, 65)) + bytes(1024)
    with reverts("TreasuryCallFailed", 0, sink.address, full[: min(size, 1024)]):
        as_governor(community, (sink.address, 0, sink.data("refuseLoudly", size)), gas=GAS)


@pytest.mark.parametrize("size", [0, 32, 100_000])
def test_execute_copies_nothing_of_what_a_call_returns(
    community: Community, sink: Contract, size: int
) -> None:
    """The gas for 100,000 bytes is the callee's; the Treasury pays for none of them."""
    flood = sink.data("flood", size)
    receipt = as_governor(community, (sink.address, 0, flood), (sink.address, 1, b""))
    with community.rpc.isolate():
        alone = int(
            community.rpc.send(sink.address, flood, sender=community.outsider.address)["gasUsed"],
            16,
        )
    assert receipt.gas - alone < 60_000
    assert community.rpc.balance(sink.address) == 1


# Roles


def has_role(community: Community, role: bytes, account: str) -> bool:
    held: bool = community.dao.treasury.call("hasRole", role, account)
    return held


def test_roles_begin_with_the_treasury_as_only_admin(community: Community) -> None:
    treasury = community.dao.treasury
    assert has_role(community, ADMIN, treasury.address)
    dao = community.dao
    for account in (dao.governor_address, dao.membership_address, dao.token_address, ZERO):
        assert not has_role(community, ADMIN, account)
    for account in (*community.wallets, community.outsider.address):
        assert not has_role(community, ADMIN, account)
    for role in (MINTER, ADMITTER, b"\xff" * 32):
        assert treasury.call("getRoleAdmin", role) == ADMIN
        assert not has_role(community, role, treasury.address)


def test_roles_are_granted_and_revoked_by_the_treasury(community: Community) -> None:
    treasury, holder = community.dao.treasury, person(60).address
    community.rpc.fund(holder)
    receipt = community.as_treasury(treasury, "grantRole", MINTER, holder)
    changed = {"role": MINTER, "account": holder, "sender": treasury.address}
    assert [(e.name, e.args) for e in receipt.events] == [("RoleGranted", changed)]
    assert has_role(community, MINTER, holder)
    assert not has_role(community, ADMITTER, holder)
    assert community.as_treasury(treasury, "grantRole", MINTER, holder).events == []
    receipt = community.as_treasury(treasury, "revokeRole", MINTER, holder)
    assert [(e.name, e.args) for e in receipt.events] == [("RoleRevoked", changed)]
    assert not has_role(community, MINTER, holder)
    assert community.as_treasury(treasury, "revokeRole", MINTER, holder).events == []


def test_roles_are_renounced_by_their_holder_alone(community: Community) -> None:
    treasury, holder = community.dao.treasury, person(60).address
    community.rpc.fund(holder)
    community.as_treasury(treasury, "grantRole", MINTER, holder)
    with reverts("AccessControlBadConfirmation"):
        community.as_treasury(treasury, "renounceRole", MINTER, holder)
    receipt = treasury.send("renounceRole", MINTER, holder, sender=holder)
    assert receipt.only("RoleRevoked").args["account"] == holder
    assert not has_role(community, MINTER, holder)


def test_roles_revert_for_all_but_the_treasury(community: Community) -> None:
    treasury = community.dao.treasury
    dao = community.dao
    outsiders = (community.wallets[0], community.outsider.address, dao.governor_address)
    for sender in (*outsiders, dao.membership_address):
        community.rpc.fund(sender)
        for name in ("grantRole", "revokeRole"):
            for role in (MINTER, ADMIN):
                with reverts("AccessControlUnauthorizedAccount", sender, ADMIN):
                    treasury.send(name, role, sender, sender=sender)


def test_a_role_holder_cannot_grant_it(community: Community) -> None:
    treasury, holder = community.dao.treasury, person(60).address
    community.rpc.fund(holder)
    community.as_treasury(treasury, "grantRole", MINTER, holder)
    with reverts("AccessControlUnauthorizedAccount", holder, ADMIN):
        treasury.send("grantRole", MINTER, community.outsider.address, sender=holder)


def test_the_admin_is_fixed(community: Community) -> None:
    treasury, other = community.dao.treasury, person(60).address
    calls = [
        ("grantRole", ADMIN, other),
        ("grantRole", ADMIN, treasury.address),
        ("revokeRole", ADMIN, treasury.address),
        ("revokeRole", ADMIN, other),
        ("renounceRole", ADMIN, treasury.address),
    ]
    for call in calls:
        with reverts("TreasuryAdminIsFixed"):
            community.as_treasury(treasury, *call)
    community.rpc.fund(other)
    with reverts("TreasuryAdminIsFixed"):
        treasury.send("renounceRole", ADMIN, other, sender=other)
    assert has_role(community, ADMIN, treasury.address)
    assert not has_role(community, ADMIN, other)


def test_roles_by_vote(community: Community) -> None:
    treasury, holder = community.dao.treasury, person(60).address
    receipt = community.decide([(treasury, 0, treasury.data("grantRole", MINTER, holder))])
    assert receipt.only("RoleGranted").args["account"] == holder
    assert has_role(community, MINTER, holder)
    assert treasury.call("roleInForceAt", MINTER, holder) == community.rpc.timestamp()


# Roles that wait


@pytest.mark.parametrize("role", WAITING_ROLES)
def test_a_grant_waits_45_days_to_the_second(community: Community, role: bytes) -> None:
    treasury, holder = community.dao.treasury, person(60).address
    receipt = community.as_treasury(treasury, "grantRole", role, holder)
    due = community.rpc.timestamp() + WAITING
    named = {"role": role, "account": holder}
    assert [(e.name, e.args) for e in receipt.events] == [
        ("RoleGranted", {**named, "sender": treasury.address}),
        ("RoleScheduled", {**named, "from": due}),
    ]
    assert treasury.call("roleInForceAt", role, holder) == due
    assert not has_role(community, role, holder)
    community.rpc.warp_to(due - 1)
    assert not has_role(community, role, holder)
    community.rpc.warp_to(due)
    assert has_role(community, role, holder)
    # In force: asking again changes nothing.
    assert community.as_treasury(treasury, "grantRole", role, holder).events == []
    assert treasury.call("roleInForceAt", role, holder) == due


@pytest.mark.parametrize("role", [MINTER, keccak(text="PURSE"), b"\xff" * 32])
def test_other_grants_hold_at_once(community: Community, role: bytes) -> None:
    treasury, holder = community.dao.treasury, person(60).address
    receipt = community.as_treasury(treasury, "grantRole", role, holder)
    assert [event.name for event in receipt.events] == ["RoleGranted"]
    assert has_role(community, role, holder)
    assert treasury.call("roleInForceAt", role, holder) == community.rpc.timestamp()
    assert treasury.call("roleInForceAt", role, person(61).address) == 0


def test_a_grant_asked_for_again_waits_anew(community: Community) -> None:
    treasury, holder = community.dao.treasury, person(60).address
    community.as_treasury(treasury, "grantRole", ADMITTER, holder)
    due = community.rpc.timestamp() + WAITING
    community.rpc.warp_to(due - 2)
    receipt = community.as_treasury(treasury, "grantRole", ADMITTER, holder)
    later = community.rpc.timestamp() + WAITING
    assert [e.args["from"] for e in receipt.events if e.name == "RoleScheduled"] == [later]
    community.rpc.warp_to(later - 1)
    assert not has_role(community, ADMITTER, holder)
    community.rpc.warp_to(later)
    assert has_role(community, ADMITTER, holder)


@pytest.mark.parametrize("due", [False, True])
def test_a_revocation_works_at_once(community: Community, due: bool) -> None:
    """Of a grant in force, and of one that waits."""
    treasury, holder = community.dao.treasury, person(60).address
    community.as_treasury(treasury, "grantRole", ADMITTER, holder)
    if due:
        community.rpc.warp(WAITING)
    receipt = community.as_treasury(treasury, "revokeRole", ADMITTER, holder)
    revoked = {"role": ADMITTER, "account": holder, "sender": treasury.address}
    assert [(e.name, e.args) for e in receipt.events] == [("RoleRevoked", revoked)]
    assert treasury.call("roleInForceAt", ADMITTER, holder) == 0
    community.rpc.warp(2 * WAITING)
    assert not has_role(community, ADMITTER, holder)
    assert community.as_treasury(treasury, "revokeRole", ADMITTER, holder).events == []


def test_a_grant_that_waits_can_be_renounced(community: Community) -> None:
    treasury, holder = community.dao.treasury, person(60).address
    community.rpc.fund(holder)
    community.as_treasury(treasury, "grantRole", ADMITTER, holder)
    treasury.send("renounceRole", ADMITTER, holder, sender=holder)
    community.rpc.warp(2 * WAITING)
    assert not has_role(community, ADMITTER, holder)


def test_roles_of_the_creation_hold_at_once(community: Community) -> None:
    probe = helper(community.rpc, "Probe").address
    modules = [{"implementation": probe, "args": b"", "roles": list(WAITING_ROLES)}]
    other = found_beside(community, modules=modules)
    (part,) = other.dao.modules
    founded = community.rpc.timestamp() - DAY
    for role in WAITING_ROLES:
        assert has_role(other, role, part)
        assert 0 <= founded - other.dao.treasury.call("roleInForceAt", role, part) < 60


# Offices


def test_set_guardian_appoints_renews_and_removes(community: Community) -> None:
    treasury, holder = community.dao.treasury, person(70).address
    assert treasury.call("guardian") == ZERO
    assert treasury.call("guardianOffice") == {"holder": ZERO, "until": 0}
    until = community.rpc.timestamp() + 10 * DAY
    for office in ((holder, until), (holder, until + DAY), (person(71).address, until), (ZERO, 0)):
        receipt = community.as_treasury(treasury, "setGuardian", *office)
        expected = {"guardian": office[0], "until": office[1]}
        assert [(e.name, e.args) for e in receipt.events] == [("GuardianChanged", expected)]
        assert treasury.call("guardian") == office[0]
        assert treasury.call("guardianOffice") == {"holder": office[0], "until": office[1]}


def test_set_guardian_accepts_365_days(community: Community) -> None:
    treasury, holder = community.dao.treasury, person(70).address
    now = community.rpc.timestamp() + 100
    self_ = treasury.address
    longest = now + 365 * DAY
    with community.rpc.isolate(), reverts("TreasuryTermTooLong", longest + 1, longest):
        send_at(treasury, now, "setGuardian", holder, longest + 1, sender=self_)
    send_at(treasury, now, "setGuardian", holder, longest, sender=self_)
    assert treasury.call("guardianOffice") == {"holder": holder, "until": longest}


def test_set_guardian_reverts_with_the_longest_number(community: Community) -> None:
    treasury = community.dao.treasury
    now = community.rpc.timestamp() + 100
    with reverts("TreasuryTermTooLong", 2**40 - 1, now + 365 * DAY):
        send_at(treasury, now, "setGuardian", ZERO, 2**40 - 1, sender=treasury.address)


def test_set_guardian_reverts_for_all_but_the_treasury(community: Community) -> None:
    community.rpc.fund(community.dao.governor_address)
    for sender in (community.wallets[0], community.dao.governor_address):
        with reverts("TreasuryNotSelf", sender):
            community.dao.treasury.send("setGuardian", sender, 0, sender=sender)


@pytest.mark.parametrize("office", ["guardian", "steward"])
def test_an_office_ends_at_its_second(community: Community, office: str) -> None:
    holder = person(70).address
    until = community.rpc.timestamp() + 100 * DAY
    other = found_beside(community, **dict[str, Any]({office: {"holder": holder, "until": until}}))
    treasury = other.dao.treasury
    other.rpc.warp_to(until - 1)
    assert treasury.call(office) == holder
    other.rpc.warp_to(until)
    assert treasury.call(office) == ZERO
    assert treasury.call(f"{office}Office") == {"holder": holder, "until": until}


def test_the_steward_admits_until_the_term_is_over(community: Community) -> None:
    """By nothing but admissions, and nothing renews it."""
    steward = person(70).address
    until = community.rpc.timestamp() + 100 * DAY
    other = found_beside(community, steward={"holder": steward, "until": until})
    other.rpc.fund(steward)
    membership = other.dao.membership
    send_at(membership, until - 1, "admit", person(100).address, CHARTER, sender=steward)
    assert membership.call("memberIdOf", person(100).address) == 6
    with reverts("MembershipUnauthorized", steward, ADMITTER):
        send_at(membership, until, "admit", person(101).address, CHARTER, sender=steward)
    setters = [name for name in other.dao.treasury.interface.functions if "steward" in name.lower()]
    assert sorted(set(setters)) == ["steward", "steward()", "stewardOffice", "stewardOffice()"]


# Receiving


def test_takes_ether(community: Community) -> None:
    rpc, treasury = community.rpc, community.dao.treasury_address
    rpc.send(treasury, value=7, sender=community.outsider.address)
    assert rpc.balance(treasury) == 100 * ETHER + 7


def test_takes_forced_ether(community: Community) -> None:
    rpc, treasury = community.rpc, community.dao.treasury_address
    helper(rpc, "ForcedEther", treasury, value=9)
    assert rpc.balance(treasury) == 100 * ETHER + 9
    as_governor(community, (person(60).address, 100 * ETHER + 9, b""))
    assert rpc.balance(treasury) == 0


def test_takes_and_pays_unique_tokens(community: Community) -> None:
    unique, treasury = helper(community.rpc, "Unique"), community.dao.treasury_address
    holder = person(60).address
    unique.send("mint", treasury, 5, sender=community.outsider.address)
    assert unique.call("ownerOf", 5) == treasury
    move = unique.data("transferFrom", treasury, holder, 5)
    as_governor(community, (unique.address, 0, move))
    assert unique.call("ownerOf", 5) == holder
    community.rpc.fund(holder)
    unique.send("safeTransferFrom(address,address,uint256)", holder, treasury, 5, sender=holder)
    assert unique.call("ownerOf", 5) == treasury


def test_takes_and_pays_multi_tokens(community: Community) -> None:
    multi, treasury = helper(community.rpc, "Multi"), community.dao.treasury_address
    sender = community.outsider.address
    multi.send("mint", treasury, 5, 3, sender=sender)
    multi.send("mintBatch", treasury, [5, 6], [1, 2], sender=sender)
    assert multi.call("balanceOf", treasury, 5) == 4
    holder = person(60).address
    move = multi.data("safeBatchTransferFrom", treasury, holder, [5, 6], [4, 1], b"")
    as_governor(community, (multi.address, 0, move))
    assert [multi.call("balanceOf", holder, i) for i in (5, 6)] == [4, 1]
    assert [multi.call("balanceOf", treasury, i) for i in (5, 6)] == [0, 1]


def test_refuses_unknown_calls(community: Community) -> None:
    """No fallback: a call that means something else is not swallowed."""
    rpc, treasury = community.rpc, community.dao.treasury_address
    before = rpc.balance(treasury)
    data = keccak(text="deposit()")[:4]
    with pytest.raises(Exception, match=r"reverted with 0x$"):
        rpc.send(treasury, data, value=1, sender=community.outsider.address, gas=100_000)
    assert rpc.balance(treasury) == before
