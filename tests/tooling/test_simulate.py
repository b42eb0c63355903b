"""What is simulated is what executes, and nothing of it happens on the chain itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from web3 import HTTPProvider

from mikoshi.chain import node as nodes
from mikoshi.chain.abi import Revert
from mikoshi.chain.contract import ERC20, Contract, ContractRevertedError
from mikoshi.chain.networks import ProviderRpc
from mikoshi.chain.node import Node, NodeOptions
from mikoshi.chain.refusals import GAS_CAP
from mikoshi.chain.rpc import Rpc, RpcError
from mikoshi.chain.settings import NetworkSettings
from mikoshi.simulate.fork import ANYBODY, calldata_gas, forked
from mikoshi.simulate.simulation import Simulation
from mikoshi.testing.community import person
from mikoshi.text.errors import ChainError
from mikoshi.text.paths import ToolMissingError
from mikoshi.text.units import format_when
from tests.support import deploy, inner, refuses, told
from tests.tooling.governed import Governed
from tests.tooling.live import ETHER
from tests.tooling.proxy import FaultyRpc
from tests.tooling.simulated import PAY, SOMEBODY, SimulatedDao, call, finds, pay_coin

pytestmark = pytest.mark.slow

QUORUM = '[[actions]]\ndo = "set parameter"\ngovernance.quorum = "25%"\n'
KINDS: dict[str, Callable[[SimulatedDao], str]] = {
    "pay ether": lambda _: PAY,
    "pay a coin": lambda world: pay_coin(world.coin()),
    "reward": lambda _: (
        '[[actions]]\ndo = "reward"\nto = "#2"\ntokens = "100 PMC"\nmerit = "20 points"'
    ),
    "set parameter": lambda _: QUORUM,
    "grant role": lambda _: f'[[actions]]\ndo = "grant role"\nrole = "MINTER"\nto = "{SOMEBODY}"',
    "admit": lambda _: f'[[actions]]\ndo = "admit"\npeople = ["{SOMEBODY}"]',
    "bar": lambda _: '[[actions]]\ndo = "bar"\nwho = "#5"',
    "call another contract": lambda world: call(
        deploy(world.rpc, "Sink").address, "burn(uint256 amount)", "amount = 7", "1 ETH"
    ),
    "two actions": lambda _: PAY + f'[[actions]]\ndo = "admit"\npeople = ["{SOMEBODY}"]',
}


@pytest.fixture
def world(governed: Governed) -> SimulatedDao:
    return SimulatedDao(governed)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_simulated_is_what_executes(world: SimulatedDao, kind: str) -> None:
    """As a file, as a passed proposal, and for real: same events, same balances, same gas."""
    composed = world.compose(KINDS[kind](world))
    file = world.simulate(composed)
    draft = world.passed(composed)
    passed = world.simulate(draft)
    receipt = world.execute(draft, passed.outcome.time)
    assert not file.failed
    assert not passed.failed
    assert raw(passed.outcome.logs) == raw(receipt["logs"])
    assert passed.outcome.gas == int(receipt["gasUsed"], 16)
    names = [(log.event.address, log.event.name) for log in passed.events]
    assert names[0] == (world.governed.dao.governor_address, "ProposalExecuted")
    assert [(log.event.address, log.event.name) for log in file.events] == names[1:]
    assert moved(file) == moved(passed)  # Hana paid for proposing and voting meanwhile
    for each in passed.movements:
        assert balance(world, each.coin.address, each.account) == each.after
    assert (file.roles, file.changes) == (passed.roles, passed.changes)
    assert 0 < passed.outcome.gas - file.outcome.gas < 40_000  # what the Governor itself uses


def raw(logs: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(log["address"], log["topics"], log["data"]) for log in logs]


def moved(sim: Simulation) -> dict[tuple[str, str], int]:
    return {(each.coin.symbol, each.account): each.change for each in sim.movements if each.change}


def balance(world: SimulatedDao, coin: str | None, account: str) -> int:
    if coin is None:
        return world.rpc.balance(account)
    found: int = Contract(world.rpc, coin, ERC20).call("balanceOf", account)
    return found


def test_storage_is_what_the_chain_stores(world: SimulatedDao) -> None:
    draft = world.passed(KINDS["two actions"](world))
    sim = world.simulate(draft)
    before = [
        int.from_bytes(world.rpc.storage(each.address, each.slot)) for each in sim.outcome.storage
    ]
    world.execute(draft, sim.outcome.time)
    after = [
        int.from_bytes(world.rpc.storage(each.address, each.slot)) for each in sim.outcome.storage
    ]
    assert before == [each.before for each in sim.outcome.storage]
    assert after == [each.after for each in sim.outcome.storage]
    assert {each.address for each in sim.outcome.storage} == {
        world.governed.dao.governor_address,
        world.governed.dao.membership_address,
    }


def test_what_fails_when_simulated_fails_for_real(world: SimulatedDao) -> None:
    sink = deploy(world.rpc, "Sink")
    composed = world.compose(PAY + call(sink.address, "refuse(uint256 code)", "code = 7"))
    sim = world.simulate(composed)
    assert sim.failed
    assert sim.reason is not None
    assert sim.reason.call == 2
    assert sim.events == []
    assert sim.outcome.storage == ()
    draft = world.passed(composed)
    live = world.simulate(draft)
    assert live.reason is not None
    told(live.reason.problem, sim.reason.problem.kind, **sim.reason.problem.data)
    with pytest.raises(ContractRevertedError) as caught:
        world.execute(draft, live.outcome.time)
    said = sink.data("refuse", 7)[4:]  # Refused(7): its argument is the call's
    assert isinstance(caught.value.revert, Revert)
    name, (index, target, reason) = caught.value.revert.name, caught.value.revert.args
    assert (name, index, target) == ("TreasuryCallFailed", 1, sink.address)
    assert reason[4:] == said
    assert caught.value.data == live.outcome.revert


def test_the_chain_is_left_alone(world: SimulatedDao) -> None:
    world.passed(PAY)
    before = world.rpc.call("eth_getBlockByNumber", "latest", False)
    held = world.rpc.balance(world.treasury)
    world.simulate(PAY)
    assert world.rpc.call("eth_getBlockByNumber", "latest", False) == before
    assert world.rpc.balance(world.treasury) == held


# What comes first


def test_a_passed_proposal_that_empties_the_treasury_makes_the_next_fail(
    world: SimulatedDao,
) -> None:
    composed = world.compose(PAY)
    assert not world.simulate(composed).failed
    first = world.passed('[[actions]]\ndo = "pay"\nto = "Ken"\namount = "9 ETH"')
    sim = world.simulate(composed)
    assert [each.proposed.id for each, _ in sim.prior] == [first.id]
    finds(sim, "prior", "info", "prior.executed", title='1 "A title"')
    assert sim.of("failure")[0] == (
        "the treasury is 1.5 ETH short: it has 1 ETH, and the calls pay 2.5 ETH"
    )
    assert not world.simulate(composed, before=()).failed


def test_passed_proposals_are_executed_in_the_order_of_their_time(world: SimulatedDao) -> None:
    first, second = (world.propose(world.compose(PAY, title)) for title in ("First", "Second"))
    world.governed.open_voting(second.id)
    for each in (second, first):
        world.governed.vote(each.id, 1, 2, 3, 4, 5)
    world.governed.close_voting(second.id)
    assert [prior.proposed.title for prior, _ in world.simulate(PAY).prior] == ["First", "Second"]
    assert [prior.proposed.title for prior, _ in world.simulate(second).prior] == ["First"]
    assert world.simulate(first).prior == []


def test_what_is_still_voted_on_does_not_come_first(world: SimulatedDao) -> None:
    world.propose(world.compose(PAY, "Undecided"))
    assert world.simulate(PAY).prior == []


def test_one_that_comes_first_and_fails_is_told_and_left_out(world: SimulatedDao) -> None:
    world.passed('[[actions]]\ndo = "pay"\nto = "Ken"\namount = "11 ETH"')
    sim = world.simulate(PAY)
    assert not sim.failed
    first = finds(sim, "prior", "warning", "prior.fails", title='1 "A title"')
    told(inner(first, "why"), "execution.refused")


# Files, votes under way, and what is over


def test_a_file_is_executed_when_it_could_first_be(world: SimulatedDao) -> None:
    sim = world.simulate(PAY)
    now = world.rpc.timestamp()
    rules = world.manifest.params["governor"]
    delays = rules["votingDelay"] + rules["votingPeriod"] + rules["executionDelay"]
    assert (sim.outcome.time, sim.subject.now) == (now + delays, now)
    assert not sim.subject.passed
    note = finds(sim, "passing", "info", "passing.not-proposed")
    assert str(note.data["when"]).startswith("in 9 d")


def test_a_vote_under_way_is_taken_to_pass(world: SimulatedDao) -> None:
    draft = world.propose(PAY)
    for opened in (False, True):
        if opened:
            world.governed.open_voting(draft.id)
        sim = world.simulate(draft)
        assert not sim.failed
        assert not sim.subject.passed
        assert sim.outcome.time == world.governed.dao.governor.call("proposalEta", draft.id)
        when = format_when(sim.outcome.time, sim.subject.now)
        finds(sim, "passing", "info", "passing.not-over", when=when)


def test_a_ripe_proposal_is_executed_in_the_next_second(world: SimulatedDao) -> None:
    draft = world.passed(PAY)
    world.governed.ripen(draft.id)
    now = world.rpc.warp(3_600)
    sim = world.simulate(draft)
    assert sim.subject.passed
    assert sim.outcome.time == now + 1
    assert [name for name, _ in sim.findings] == ["runway"]


@pytest.mark.parametrize("end", ["executed", "cancelled", "defeated", "expired"])
def test_what_is_over_is_not_simulated(world: SimulatedDao, end: str) -> None:
    draft = world.propose(PAY)
    governor, dao = world.governed, world.governed.dao
    if end == "cancelled":
        dao.governor.send("cancel", *draft.actions, sender=person(1).address)
    elif end == "defeated":
        governor.open_voting(draft.id)
        governor.close_voting(draft.id)
    else:
        governor.pass_vote(draft.id)
        governor.ripen(draft.id)
        if end == "executed":
            dao.governor.send("execute", *draft.actions, sender=person(1).address)
        else:
            world.rpc.warp_to(dao.governor.call("proposalExpiry", draft.id) + 1)
    with refuses("proposal.no-longer-simulated", proposal='1 "A title"', standing=end):
        world.simulate(draft)


def test_an_advisory_proposal_executes_nothing(world: SimulatedDao) -> None:
    composed = world.compose("binding = false\n")
    for what in (composed, world.passed(composed)):
        sim = world.simulate(what)
        assert not sim.failed
        assert sim.calls == []
        assert sim.events == []
        assert [name for name, _ in sim.findings] == ["passing"]
        finds(sim, "passing", "info", "passing.only-asks")


# Gas


def test_more_than_a_transaction_may_have_is_refused_with_what_it_needs(
    world: SimulatedDao,
) -> None:
    people = ", ".join(f'"{0xABCDEF * number:#042x}"' for number in range(1, 321))
    sim = world.simulate(f'[[actions]]\ndo = "admit"\npeople = [{people}]')
    assert sim.outcome.out_of_gas
    assert sim.outcome.gas > GAS_CAP
    finds(sim, "gas", "failure", "gas.too-much", used=sim.outcome.gas, cap=GAS_CAP)
    assert sim.reason is not None
    told(sim.reason.problem, "execution.out-of-gas", least=sim.outcome.gas)


def test_calldata_alone_may_be_too_much(world: SimulatedDao) -> None:
    sink = deploy(world.rpc, "Sink").address
    sim = world.simulate(f'[[actions]]\ndo = "call"\nto = "{sink}"\ndata = "0x{"ff" * 450_000}"')
    assert sim.outcome.out_of_gas
    assert sim.outcome.gas > GAS_CAP


def test_the_least_gas_of_calldata_is_the_nodes(world: SimulatedDao) -> None:
    data = bytes(1_000) + b"\1" * 3_000
    wallet = person(1).address
    receipt = world.rpc.send(SOMEBODY, data, sender=wallet, gas=calldata_gas(data))
    assert int(receipt["gasUsed"], 16) == calldata_gas(data)


# Nodes


def test_a_node_that_is_down_is_told_without_its_secret() -> None:
    class Known(Rpc):
        def chain_id(self) -> int:
            return 11_155_111

    with pytest.raises(ChainError) as caught, forked(Known("http://127.0.0.1:9/v3/secret"), 7):
        pass
    told(caught.value, "fork.not-possible", host="http://127.0.0.1:9", block=7)
    assert caught.value.reasons == ["the node does not answer"]
    assert "secret" not in str(caught.value.as_json())


def test_a_copy_sends_the_headers_of_ape_config() -> None:
    settings = NetworkSettings({"X-Tea": "green: leaf"})
    with (
        Node(NodeOptions()) as node,
        FaultyRpc(node.url) as line,
        Rpc(line.url, settings=settings) as rpc,
        forked(rpc, 0) as fork,
    ):
        fork.rpc.balance(SOMEBODY)
    assert "eth_getBalance" in [method for method, _params in line.calls]
    assert {each.get("X-Tea") for each in line.headers} == {"green: leaf"}


def test_a_chain_that_is_reached_without_a_url_cannot_be_copied() -> None:
    with Node(NodeOptions()) as node:
        hidden = ProviderRpc("ape://ethereum:sepolia:vault", HTTPProvider(node.url))
        with pytest.raises(ChainError) as caught, forked(hidden, 0):
            pass
    host = "ape://ethereum:sepolia:vault"
    told(caught.value, "fork.not-possible", host=host, block=0)


def test_a_node_that_forgot_the_block_is_told() -> None:
    with Node(NodeOptions()) as node:
        for seconds in range(1, 6):
            node.rpc.send(SOMEBODY, sender=node.accounts[0], value=seconds)
        with pytest.raises(ChainError) as caught, forked(node.rpc, 1) as fork:
            fork.execute(SOMEBODY, b"", ANYBODY, 0)
    told(caught.value, "fork.not-possible", block=1)
    assert "BlockOutOfRangeError" in str(caught.value.data["reason"])


def test_a_node_that_goes_away_meanwhile_is_told() -> None:
    def interrupted() -> None:
        with Node(NodeOptions()) as node, forked(node.rpc, 0) as fork:
            node.stop()
            fork.execute(SOMEBODY, b"", ANYBODY, 0)

    with pytest.raises(ChainError) as caught:
        interrupted()
    assert caught.value.reasons == ["the node does not answer"]


def test_without_anvil_it_is_named(world: SimulatedDao, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(tool: str) -> Path:
        raise ToolMissingError(tool, Path("nowhere"))

    monkeypatch.setattr(nodes, "foundry_tool", missing)
    with refuses("tool.missing", tool="anvil"):
        world.simulate(PAY)


def test_the_copy_ends_with_the_simulation(
    world: SimulatedDao, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[Node] = []
    stop = Node.stop

    def recorded(node: Node) -> None:
        stop(node)
        stopped.append(node)

    monkeypatch.setattr(Node, "stop", recorded)
    world.simulate(PAY)
    assert [node.running for node in stopped] == [False]


def test_money_is_exact_to_the_wei(world: SimulatedDao) -> None:
    sim = world.simulate('[[actions]]\ndo = "pay"\nto = "Ken"\namount = "0.000000000000000001 ETH"')
    assert {each.account: each.change for each in sim.movements} == {
        world.treasury: -1,
        person(2).address: 1,
    }
    assert sim.movements[0].before == 10 * ETHER


def test_a_node_that_goes_away_while_its_copy_mines_is_told() -> None:
    """anvil says so after half a minute, where the node falls silent at one of some moments."""
    said = RpcError("eth_sendTransactionSync", -32603, "Transaction confirmation timeout")
    with Node(NodeOptions()) as node, pytest.raises(ChainError) as caught, forked(node.rpc, 0):
        raise said
    assert caught.value.reasons == ["the node does not answer"]
