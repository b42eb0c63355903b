"""Another governor: asked for, withdrawn, installed; and the former one. See governors.tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from eth_utils.crypto import keccak

from mikoshi.chain.abi import Revert
from mikoshi.chain.contract import Contract, ContractRevertedError, Receipt
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import DAY, ZERO
from tests.support import reverts
from tests.unit.governance.support import (
    GAS,
    WAITING,
    helper,
    install_governor,
    send_at,
    under_another_governor,
)

INSTALLATION = 30 * DAY
RETIREMENT = 200_000
NEEDED = RETIREMENT * 64 // 63 + 5_000
NONE = (ZERO, 0)
RETIRE = keccak(text="retire()")[:4]


@pytest.fixture
def sink(community: Community) -> Contract:
    return helper(community.rpc, "Sink")


def told(contract: Contract, receipt: Receipt, name: str) -> list[dict[str, Any]]:
    """What a contract of the tests noted in a transaction."""
    return [event.args for event in contract.events(receipt.raw["logs"]) if event.name == name]


# setGovernor


def test_set_governor_asks_for_another(community: Community, sink: Contract) -> None:
    treasury, old = community.dao.treasury, community.dao.governor_address
    assert treasury.call("waitingGovernor") == NONE
    receipt = community.as_treasury(treasury, "setGovernor", sink.address)
    due = community.rpc.timestamp() + WAITING
    assert [(e.name, e.args) for e in receipt.events] == [
        ("GovernorScheduled", {"governor": sink.address, "from": due})
    ]
    assert treasury.call("governor") == old
    assert treasury.call("waitingGovernor") == (sink.address, due)
    community.decide([(person(60).address, 1, b"")], "goes on under the old one")
    assert community.rpc.balance(person(60).address) == 1


def test_set_governor_by_vote(community: Community, sink: Contract) -> None:
    treasury = community.dao.treasury
    receipt = community.decide([(treasury, 0, treasury.data("setGovernor", sink.address))])
    due = community.rpc.timestamp() + WAITING
    assert receipt.only("GovernorScheduled").args == {"governor": sink.address, "from": due}


def test_set_governor_again_starts_anew(community: Community, sink: Contract) -> None:
    treasury, sender = community.dao.treasury, community.outsider.address
    other = helper(community.rpc, "Sink").address
    community.as_treasury(treasury, "setGovernor", sink.address)
    first = community.rpc.timestamp() + WAITING
    community.rpc.warp_to(first - 2)
    community.as_treasury(treasury, "setGovernor", other)
    due = community.rpc.timestamp() + WAITING
    assert treasury.call("waitingGovernor") == (other, due)
    with reverts("TreasuryNotDue", other, due, due + INSTALLATION):
        send_at(treasury, due - 1, "installGovernor", sender=sender)
    send_at(treasury, due, "installGovernor", sender=sender)
    assert treasury.call("governor") == other


def test_set_governor_reverts_for_what_is_no_governor(community: Community) -> None:
    """Nobody's code, its own, that of a wallet with a key, and the one in office."""
    treasury, rpc = community.dao.treasury, community.rpc
    wallet = person(61).address
    rpc.call("anvil_setCode", wallet, "0xef0100" + community.dao.governor_address[2:].lower())
    assert len(rpc.code(wallet)) == 23
    own, office = treasury.address, community.dao.governor_address
    for target in (ZERO, person(60).address, own, f"0x{1:040x}", wallet, office):
        with reverts("TreasuryInvalidGovernor", target):
            community.as_treasury(treasury, "setGovernor", target)
    assert treasury.call("governor") == office
    assert treasury.call("waitingGovernor") == NONE


def test_set_governor_reverts_for_a_former_one(community: Community, sink: Contract) -> None:
    """A governor that was replaced never comes back, not even by a vote under its successor."""
    treasury, founding = community.dao.treasury, community.dao.governor_address
    other = helper(community.rpc, "Sink").address
    install_governor(community, sink.address)
    install_governor(community, other)
    for former in (founding, sink.address):
        assert treasury.call("isFormerGovernor", former) is True
        with reverts("TreasuryInvalidGovernor", former):
            community.as_treasury(treasury, "setGovernor", former)
    assert treasury.call("isFormerGovernor", other) is False
    assert treasury.call("governor") == other


@pytest.mark.parametrize("name", ["setGovernor", "withdrawGovernor"])
def test_the_next_governor_is_the_treasurys_matter(
    community: Community, sink: Contract, name: str
) -> None:
    community.rpc.fund(community.dao.governor_address)
    args = (sink.address,) if name == "setGovernor" else ()
    for sender in (community.wallets[0], community.dao.governor_address):
        with reverts("TreasuryNotSelf", sender):
            community.dao.treasury.send(name, *args, sender=sender)


# withdrawGovernor


@pytest.mark.parametrize("due", [False, True])
def test_withdraw_governor(community: Community, sink: Contract, due: bool) -> None:
    treasury = community.dao.treasury
    community.as_treasury(treasury, "setGovernor", sink.address)
    if due:
        community.rpc.warp(WAITING)
    receipt = community.as_treasury(treasury, "withdrawGovernor")
    assert [(e.name, e.args) for e in receipt.events] == [
        ("GovernorWithdrawn", {"governor": sink.address})
    ]
    assert treasury.call("waitingGovernor") == NONE
    community.rpc.warp(WAITING)
    with reverts("TreasuryNothingWaits"):
        treasury.send("installGovernor", sender=community.outsider.address)
    with reverts("TreasuryNothingWaits"):
        community.as_treasury(treasury, "withdrawGovernor")
    assert treasury.call("governor") == community.dao.governor_address
    install_governor(community, sink.address)  # it was never in office
    assert treasury.call("governor") == sink.address


# installGovernor


def test_install_governor_hands_over(community: Community, sink: Contract) -> None:
    """By anybody, to the second; the former one is told."""
    treasury, dao, plain = community.dao.treasury, community.dao, person(60).address
    sender, old = community.outsider.address, community.dao.governor_address
    community.as_treasury(treasury, "setGovernor", sink.address)
    due = community.rpc.timestamp() + WAITING
    with reverts("TreasuryNotDue", sink.address, due, due + INSTALLATION):
        send_at(treasury, due - 1, "installGovernor", sender=sender)
    receipt = send_at(treasury, due, "installGovernor", sender=sender)
    assert [(e.name, e.args) for e in receipt.events] == [
        ("GovernorChanged", {"from": old, "to": sink.address})
    ]
    assert treasury.call("governor") == sink.address
    assert treasury.call("waitingGovernor") == NONE
    assert treasury.call("isFormerGovernor", old) is True
    assert dao.governor.call("retiredAt") == due
    community.rpc.fund(old)
    with reverts("TreasuryNotGovernor", old):
        treasury.send("execute", [plain], [1], [b""], sender=old)
    community.rpc.fund(sink.address)
    treasury.send("execute", [plain], [1], [b""], sender=sink.address)
    assert community.rpc.balance(plain) == 1
    with reverts("TreasuryNothingWaits"):
        treasury.send("installGovernor", sender=sender)


def test_install_governor_for_30_days(community: Community, sink: Contract) -> None:
    treasury, sender = community.dao.treasury, community.outsider.address
    community.as_treasury(treasury, "setGovernor", sink.address)
    last = community.rpc.timestamp() + WAITING + INSTALLATION
    with community.rpc.isolate():
        send_at(treasury, last, "installGovernor", sender=sender)
        assert treasury.call("governor") == sink.address
    with reverts("TreasuryNothingWaits"):
        send_at(treasury, last + 1, "installGovernor", sender=sender)
    assert treasury.call("waitingGovernor") == NONE
    with reverts("TreasuryNothingWaits"):
        community.as_treasury(treasury, "withdrawGovernor")
    assert treasury.call("governor") == community.dao.governor_address


@pytest.mark.parametrize("code", ["0x", "0xef0100" + "11" * 20])
def test_install_governor_looks_at_the_code_again(
    community: Community, sink: Contract, code: str
) -> None:
    """What had code when it was asked for may be a wallet by now, or nothing."""
    treasury, sender = community.dao.treasury, community.outsider.address
    community.as_treasury(treasury, "setGovernor", sink.address)
    community.rpc.call("anvil_setCode", sink.address, code)
    community.rpc.warp(WAITING)
    with reverts("TreasuryInvalidGovernor", sink.address):
        treasury.send("installGovernor", sender=sender)
    assert treasury.call("governor") == community.dao.governor_address


def test_install_governor_within_a_proposal(community: Community, sink: Contract) -> None:
    """The calls behind it belong to the same executed proposal, and are made."""
    treasury, plain = community.dao.treasury, person(60).address
    community.as_treasury(treasury, "setGovernor", sink.address)
    community.rpc.warp(WAITING)
    receipt = community.decide([(treasury, 0, treasury.data("installGovernor")), (plain, 1, b"")])
    assert [event.name for event in receipt.events] == ["ProposalExecuted", "GovernorChanged"]
    assert treasury.call("governor") == sink.address
    assert community.rpc.balance(plain) == 1
    assert community.dao.governor.call("retiredAt") == community.rpc.timestamp()


def installs(treasury: Contract, sender: str, gas: int) -> bool:
    """Whether so much gas is enough. If not, all of it is gone, or the error says so."""
    try:
        treasury.send("installGovernor", sender=sender, gas=gas)
    except ContractRevertedError as error:
        if error.revert in (None, Revert("TreasuryTooLittleGas", (NEEDED,))):
            return False
        raise
    return True


def test_install_governor_cannot_be_starved(community: Community) -> None:
    """With whatever gas: either the former governor has retired, or nothing happened."""
    other = under_another_governor(community)
    treasury, governor = community.dao.treasury, community.dao.governor
    community.as_treasury(treasury, "setGovernor", other.dao.governor_address)
    community.rpc.warp(WAITING)
    refused = installed = 0
    for gas in [*range(60_000, 270_000, 10_000), *range(270_000, 350_000, 5_000), GAS]:
        with community.rpc.isolate():
            if installs(treasury, community.wallets[0], gas):
                assert treasury.call("governor") == other.dao.governor_address
                assert governor.call("retiredAt") == community.rpc.timestamp()
                installed += 1
            else:
                assert treasury.call("governor") == governor.address
                assert governor.call("retiredAt") == 0
                refused += 1
    assert refused > 10
    assert installed > 5


OBEY, REFUSE, BURN, FLOOD, GO_ON = range(5)


@pytest.mark.parametrize("mode", [OBEY, REFUSE, BURN, FLOOD])
def test_install_governor_is_stopped_by_no_former_one(community: Community, mode: int) -> None:
    """One that refuses, burns what it gets or answers too much costs its own gas, once."""
    treasury = community.dao.treasury
    stubborn = helper(community.rpc, "StubbornGovernor")
    install_governor(community, stubborn.address)
    stubborn.send("prepare", mode, [], sender=community.outsider.address)
    next_one = under_another_governor(community)
    receipt = install_governor(community, next_one.dao.governor_address)
    assert treasury.call("governor") == next_one.dao.governor_address
    assert receipt.only("GovernorChanged").args["from"] == stubborn.address
    assert receipt.gas < RETIREMENT + 120_000
    if mode in (OBEY, FLOOD):
        (heard,) = told(stubborn, receipt, "Told")
        assert RETIREMENT - 5_000 < heard["gas"] <= RETIREMENT
    next_one.decide([(person(60).address, 1, b"")])
    assert community.rpc.balance(person(60).address) == 1


def test_install_governor_tells_a_former_one_when_it_has_no_office_any_more(
    community: Community,
) -> None:
    """What it tries on the way out is refused, as it is to anybody."""
    treasury, rpc = community.dao.treasury, community.rpc
    stubborn = helper(rpc, "StubbornGovernor")
    install_governor(community, stubborn.address)
    tries: dict[str, Callable[[], bytes]] = {
        "TreasuryNothingWaits()": lambda: treasury.data("installGovernor"),
        "TreasuryNotGovernor(address)": lambda: treasury.data(
            "execute", [person(60).address], [1], [b""]
        ),
        "TreasuryNotSelf(address)": lambda: treasury.data("withdrawGovernor"),
    }
    calls = [make() for make in tries.values()]
    stubborn.send("prepare", GO_ON, calls, sender=community.outsider.address)
    next_one = under_another_governor(community).dao.governor_address
    receipt = install_governor(community, next_one)
    tried = told(stubborn, receipt, "Tried")
    assert [each["success"] for each in tried] == [False] * 3
    assert [each["output"][:4] for each in tried] == [keccak(text=text)[:4] for text in tries]
    assert treasury.call("governor") == next_one
    assert rpc.balance(person(60).address) == 0


def test_install_governor_tells_whoever_was_in_office(community: Community, sink: Contract) -> None:
    """Four bytes, from the Treasury, without ether."""
    install_governor(community, sink.address)
    receipt = install_governor(community, under_another_governor(community).dao.governor_address)
    told_of = {"from": community.dao.treasury_address, "value": 0, "data": RETIRE}
    assert told(sink, receipt, "Noted") == [told_of]
