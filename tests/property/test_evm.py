"""The EVM in process behaves as the node does, where tests depend on it."""

from __future__ import annotations

import pytest

from mikoshi.chain.contract import ContractRevertedError
from mikoshi.chain.node import DevRpc
from mikoshi.chain.rpc import RevertedError, RpcError
from mikoshi.testing.community import FOR, Community, found
from mikoshi.testing.defaults import DAY
from mikoshi.testing.evm import Evm
from mikoshi.testing.machine_setups import START

ECHO_TIME = "4260005260206000f3"
FAIL = "602a60005260206000fd"
BURN = "fe"
TARGET = "0x" + "22" * 20


@pytest.fixture(params=["evm", "anvil"])
def chain(request: pytest.FixtureRequest) -> Evm | DevRpc:
    if request.param == "evm":
        return Evm(START)
    rpc: DevRpc = request.getfixturevalue("rpc")
    return rpc


def _put(chain: Evm | DevRpc, code: str) -> None:
    chain.call("anvil_setCode", TARGET, "0x" + code)


def test_read_sees_time_of_latest_block(chain: Evm | DevRpc) -> None:
    _put(chain, ECHO_TIME)
    for seconds in (1, DAY):
        now = chain.warp(seconds)
        assert chain.timestamp() == now
        assert int.from_bytes(chain.read(TARGET, b""), "big") == now


def test_warp_to_past_is_refused(chain: Evm | DevRpc) -> None:
    with pytest.raises(RpcError):
        chain.warp_to(chain.timestamp() - 1)


def test_read_raises_with_revert_data(chain: Evm | DevRpc) -> None:
    _put(chain, FAIL)
    with pytest.raises(RpcError) as caught:
        chain.read(TARGET, b"")
    assert caught.value.data == (42).to_bytes(32, "big")


@pytest.mark.parametrize("gas", [None, 100_000])
def test_send_raises_with_revert_data(chain: Evm | DevRpc, gas: int | None) -> None:
    _put(chain, FAIL)
    with pytest.raises(RevertedError) as caught:
        chain.send(TARGET, sender=chain.call("eth_accounts")[0], gas=gas)
    assert caught.value.data == (42).to_bytes(32, "big")
    assert caught.value.receipt["status"] == "0x0"


def test_send_is_refused_when_value_is_not_there(chain: Evm | DevRpc) -> None:
    with pytest.raises(RpcError):
        chain.send(TARGET, sender=chain.call("eth_accounts")[0], value=2**100)


def test_send_raises_without_data_when_gas_runs_out(chain: Evm | DevRpc) -> None:
    _put(chain, BURN)
    with pytest.raises(RevertedError) as caught:
        chain.send(TARGET, sender=chain.call("eth_accounts")[0])
    assert caught.value.data == b""


def test_read_raises_without_data_when_code_is_invalid(chain: Evm | DevRpc) -> None:
    _put(chain, BURN)
    with pytest.raises(RpcError) as caught:
        chain.read(TARGET, b"")
    assert caught.value.data == b""


def test_revert_restores_state_and_time(chain: Evm | DevRpc) -> None:
    chain.call("anvil_setBalance", TARGET, hex(7))
    now, snapshot = chain.timestamp(), chain.snapshot()
    chain.warp(DAY)
    sender = chain.call("eth_accounts")[0]
    chain.call("anvil_setBalance", sender, hex(10**20))
    receipt = chain.send("0x" + "33" * 20, sender=sender, value=5)
    assert receipt["status"] == "0x1"
    assert chain.balance("0x" + "33" * 20) == 5
    chain.revert(snapshot)
    assert (chain.timestamp(), chain.balance("0x" + "33" * 20)) == (now, 0)
    assert chain.balance(TARGET) == 7
    with pytest.raises(RpcError):
        chain.revert(snapshot)


def test_contracts_can_send(chain: Evm | DevRpc) -> None:
    community = found(chain)  # type: ignore[arg-type]  # the same methods
    dao, newcomer = community.dao, community.outsider.address
    receipt = community.as_treasury(
        dao.membership, "admit", newcomer, dao.membership.call("charterHash")
    )
    assert receipt.only("MemberAdmitted").args["wallet"] == newcomer
    held = chain.balance(dao.treasury_address)
    chain.send(TARGET, sender=dao.treasury_address, value=3, gas=100_000)
    assert chain.balance(TARGET) == 3
    assert held - chain.balance(dao.treasury_address) >= 3
    assert dao.treasury.call("governor") == dao.governor_address
    with pytest.raises(ContractRevertedError) as caught:
        dao.treasury.send("setGovernor", dao.governor_address, sender=newcomer)
    assert caught.value.revert is not None
    assert caught.value.revert.name == "TreasuryNotSelf"


def test_decision_leaves_the_same_on_both(rpc: DevRpc) -> None:
    def decide(chain: Evm | DevRpc) -> tuple[object, ...]:
        community: Community = found(chain)  # type: ignore[arg-type]
        payee = "0x" + "77" * 20
        proposal = community.propose([(payee, 5, b"")])
        community.open_voting(proposal)
        community.vote(proposal, range(5), FOR)
        community.close_voting(proposal)
        community.ripen(proposal)
        receipt = community.execute(proposal)
        governor = community.dao.governor
        names = [event.name for event in receipt.events]
        return names, governor.call("state", proposal.id), chain.balance(payee)

    assert decide(Evm(START)) == decide(rpc)
