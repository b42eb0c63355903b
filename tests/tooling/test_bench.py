"""The benchmark: what it measures and how it is kept. Never the figures."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from mikoshi.chain.contract import Receipt
from mikoshi.chain.node import Node
from mikoshi.play.bench import aragon, commands
from mikoshi.play.bench.explain import explain_receipts
from mikoshi.play.bench.large import LargeDao
from mikoshi.play.bench.operations import OPERATIONS
from mikoshi.play.bench.report import PEERS, REPORT, GasReport, differences, published
from mikoshi.play.bench.run import measure
from mikoshi.play.bench.show import failure
from mikoshi.play.bench.wizard import CONTRACTS, SOURCES
from mikoshi.play.bench.world import BenchWorld, Measurement, options
from mikoshi.text.paths import ROOT
from tests.support import refuses, told

NAMES = {
    "create_dao",
    "create_dao_10_members",
    "admit_member",
    "admit_batch_100_per_member",
    "delegate_first",
    "propose",
    "vote_first",
    "vote_later",
    "vote_by_sig",
    "vote_batch_50_per_vote",
    "vote_batch_50_fresh_per_vote",
    "execute_eth_payment",
    "proposal_10_direct",
    "proposal_10_batch",
    "proposal_100_batch",
    "leave",
    "lapse_per_member",
    "wake",
    "ticket_sold",
    "reward_member_first",
    "reward_member",
    "token_transfer",
}
ONLY_MIKOSHI = {"leave", "lapse_per_member", "wake"}
OF_ARAGON = {
    "create_dao",
    "create_dao_10_members",
    "delegate_first",
    "propose",
    "vote_first",
    "vote_later",
    "execute_eth_payment",
    "proposal_10_direct",
}
SETTINGS = {"solc", "runs", "viaIR", "evm", "anvil", "openzeppelin", "aragon"}
SIDES = ("mikoshi", "oz_wizard", "aragon")


def assert_shape(report: dict[str, Any]) -> None:
    assert set(report) == {"settings", "code_size", "operations"}
    assert set(report["settings"]) == SETTINGS
    assert {"Treasury", "Membership", "DAOGovernor", "DAOFactory"} <= set(report["code_size"])
    assert all(0 < size <= 24_576 for size in report["code_size"].values())
    operations = report["operations"]
    assert set(operations) >= NAMES
    known = [name for name in OPERATIONS if name in operations or not OPERATIONS[name].scale]
    assert list(operations) == known
    for name, row in operations.items():
        assert set(row) == {*SIDES, "target"}
        assert type(row["mikoshi"]) is int
        assert row["target"] == OPERATIONS[name].target
        extra = name not in NAMES
        assert (row["oz_wizard"] is None) == (extra or name in ONLY_MIKOSHI), name
        assert (row["aragon"] is None) == (name not in OF_ARAGON), name


def test_kept_report_has_every_operation_of_every_side() -> None:
    assert_shape(json.loads(REPORT.read_text()))


IN_THE_GUIDE = {  # in the order of its table: Mikoshi's row, and the others'
    "create_dao": "create_dao",
    "admit_member": "admit_member",
    "vote_later_with_merit": "vote_later",
    "vote_batch_50_with_merit_per_vote": "vote_by_sig",
    "execute_eth_payment": "execute_eth_payment",
    "proposal_10_batch": "proposal_10_direct",
    "proposal_100_batch": "proposal_100_batch",
    "propose": "propose",
    "reward_member": "reward_member",
    "token_transfer": "token_transfer",
}


@pytest.mark.parametrize("guide", ["guide.md", "guide.ja.md"])
def test_table_of_the_guide_is_the_kept_report(guide: str) -> None:
    _, table = (ROOT / "docs" / guide).read_text("utf-8").split("| Mikoshi | OZ wizard | Aragon |")
    rows = [line.split("|")[2:5] for line in table.splitlines()[2:] if line.startswith("|")]
    operations = GasReport.load().operations
    for cells, (own, others) in zip(rows, IN_THE_GUIDE.items(), strict=True):
        expected = [operations[own]["mikoshi"], *(operations[others][each] for each in SIDES[1:])]
        assert [cell.strip() for cell in cells] == [
            "–" if gas is None else f"{round(gas / 1000):,}" for gas in expected
        ], own


@pytest.mark.slow
def test_measure_runs_every_side_on_one_node(monkeypatch: pytest.MonkeyPatch) -> None:
    worlds: list[BenchWorld] = []
    monkeypatch.setattr(BenchWorld, "__post_init__", _remembered(worlds))
    steps: list[float] = []
    report = measure(steps.append)
    assert_shape(json.loads(json.dumps(asdict(report))))

    (world,) = worlds
    assert set(world.measured) == set(SIDES)
    hashes = [
        receipt.raw["transactionHash"]
        for measured in world.measured.values()
        for each in measured.values()
        for receipt in each.receipts
    ]
    assert len(hashes) > 2 * len(NAMES)
    assert sum(steps) == sum(map(len, world.measured.values()))
    assert differences(report, report) == []


def _remembered(worlds: list[BenchWorld]) -> Callable[[BenchWorld], None]:
    begin = BenchWorld.__post_init__

    def wrapper(self: BenchWorld) -> None:
        worlds.append(self)
        begin(self)

    return wrapper


def test_report_survives_a_file_and_tells_what_changed(tmp_path: Path) -> None:
    gas = {side: dict.fromkeys(OPERATIONS, 1) for side in SIDES}
    report = GasReport.of({"runs": 200}, {"Treasury": 10}, gas)
    report.save(tmp_path / "gas.json")
    assert GasReport.load(tmp_path / "gas.json") == report

    gas["mikoshi"]["leave"] = 92_001
    changed = GasReport.of({"runs": 200}, {"Treasury": 10, "Membership": 20}, gas)
    leave, size = differences(report, changed)
    kind = "bench.figure-differs"
    told(leave, kind, figure="operations.leave.mikoshi", before="1", after="92,001")
    told(size, kind, figure="code_size.Membership", before="–", after="20")
    told(failure([leave, size]), "bench.differs", name=REPORT.name, count=2, changed=[leave, size])
    assert failure([leave, size]).reasons == [
        "operations.leave.mikoshi: 1 → 92,001",
        "code_size.Membership: – → 20",
    ]


def test_rows_of_scale_are_compared_where_they_were_measured() -> None:
    gas = {side: dict.fromkeys(OPERATIONS, 1) for side in SIDES}
    whole = GasReport.of({}, {}, gas)
    small = [name for name, each in OPERATIONS.items() if not each.scale]
    less = GasReport.of({}, {}, {side: dict.fromkeys(small, 1) for side in gas})
    assert list(less.operations) == small != list(whole.operations)
    assert differences(whole, less) == []
    assert differences(less, whole) != []


def test_aragon_is_asked_for_where_it_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(aragon, "PACKAGE", tmp_path / "osx-ethers")
    with refuses("tool.missing", tool="@aragon/osx-ethers", remedy="make bench"):
        measure()


def test_gas_of_a_shared_transaction_is_rounded_up() -> None:
    receipts = (Receipt({}, 100, []), Receipt({}, 1, []))
    assert Measurement(receipts).gas == 101
    assert Measurement(receipts, shared_by=50).gas == 3


def test_explanation_accounts_for_all_the_gas_of_a_call() -> None:
    # slot 0 = 1; read slot 5; an event of 32 bytes without topics
    code = "60015f556005545060205fa000"
    target = "0x" + "ab" * 20
    with Node(options(trace=True)) as node:
        world = BenchWorld(node)
        node.rpc.call("anvil_setCode", target, f"0x{code}")
        raw = node.rpc.send(target, b"\x00\x01", sender=world.sender)
        measured = Measurement((Receipt(raw, int(raw["gasUsed"], 16), []),))
        explained = explain_receipts(node.rpc, "a call", measured)
    parts = explained.parts
    assert parts["transaction"].gas == 21_000
    assert (parts["calldata, bytes"].times, parts["calldata, bytes"].gas) == (2, 4 + 16)
    assert (parts["slots written new"].times, parts["slots written new"].gas) == (1, 22_100)
    assert (parts["slots read cold"].times, parts["slots read cold"].gas) == (1, 2_100)
    assert parts["events"].times == 1
    assert parts["… their bytes of data"].times == 32
    assert parts["refunds and the rest"].gas == 0
    assert sum(part.gas for part in parts.values()) == explained.total == measured.gas


def test_published_figures_say_where_they_come_from() -> None:
    assert json.loads(PEERS.read_text())["source"]
    assert set(published()) <= set(OPERATIONS)
    assert published()["execute_eth_payment"].peer == "Aragon TokenVoting"


def test_peer_is_composed_from_the_package_and_copies_nothing() -> None:
    text = "\n".join(file.read_text() for file in SOURCES.glob("*.sol"))
    assert all(f"contract {name} " in text for name in CONTRACTS)
    imports = [line for line in text.splitlines() if " from " in line and '"' in line]
    assert all('from "@openzeppelin/contracts/' in line for line in imports)


def test_explain_of_an_unknown_operation_names_the_known_ones() -> None:
    command = [str(ROOT / "tools" / "run"), "ape", "run", "bench", "--explain", "nothing", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert error["kind"] == "bench.unknown-operation"
    assert error["data"] == {"name": "nothing", "known": list(OPERATIONS)}


@pytest.mark.slow
def test_commands_are_measured_in_a_grown_dao(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = iter([(300, 2_500, 20), (30, 250, 0)])

    def small(node: Node, folder: Path, *_: int) -> LargeDao:
        return LargeDao(node, folder, *next(sizes))

    monkeypatch.setattr(commands, "LargeDao", small)
    taken = commands.measure()
    names = "index index status power vote members report check relay status"
    assert [each.command.split()[0] for each in taken] == names.split()
    assert all(each.seconds > 0 and each.megabytes > 0 for each in taken)


def test_grown_dao_has_as_many_members_and_events_as_asked_for(tmp_path: Path) -> None:
    with Node(options()) as node:
        dao = LargeDao(node, tmp_path, 60, 500, 3)
        dao.grow()
        assert dao.community.dao.membership.call("census")[3] == 60
        first = hex(dao.manifest.block or 0)
        addresses = list(dao.manifest.addresses.values())
        asked = {"address": addresses, "fromBlock": first, "toBlock": "latest"}
        assert 500 <= len(node.rpc.call("eth_getLogs", asked)) < 500 + 60
        assert len(list(dao.ballots.glob("*.ballot"))) == 3


def test_more_than_may_be_taken_is_told() -> None:
    assert commands.Taken("status", 3.0, 250, 3, 250).kept
    assert commands.Taken("report", 3.0, 9_999, 3, None).kept
    assert not commands.Taken("status", 3.1, 100, 3, 250).kept
    assert not commands.Taken("status", 1.0, 251, 3, 250).kept
