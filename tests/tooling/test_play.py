"""A node of one's own: it stays, its time can be moved, and its people sign by name."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from mikoshi.chain.networks import connected
from mikoshi.chain.node import Node, NodeOptions
from mikoshi.chain.settings import own_node
from mikoshi.config.danger import NODE_WALLETS, public_among
from mikoshi.config.load import load_config
from mikoshi.play.own import node, record
from mikoshi.play.own.record import NodeRecord
from mikoshi.text.member_file import read_people
from mikoshi.text.units import DAY
from tests.support import failed, refuses, told
from tests.tooling.live import typed_here

Play = Callable[..., Result]
ETHER = 10**18


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """Type `play …` in a community's folder; the node ends with the test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("APE_DATA_FOLDER", str(tmp_path / "ape"))
    typed_here(["play", "people", "3"], {})
    typed_here(["init", "--name", "Tea DAO", "--yes"], {})
    yield lambda *words: typed_here(["play", *words], {})
    while (known := NodeRecord.read()) and record.is_ours(known.pid):
        os.kill(known.pid, signal.SIGKILL)


def told_json(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def alive(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is None


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process that is not ours."""
    with subprocess.Popen(["sleep", "600"]) as process:
        yield process
        process.kill()


def test_what_happened_is_there_after_a_stop(play: Play) -> None:
    first = told_json(play("start", "--json"))
    assert first["found"] is False
    told_json(play("faucet", "Ken", "5 ETH", "--json"))
    before = told_json(play("forward", "2d", "--json"))["time"]
    genesis = NodeRecord.read()
    assert genesis is not None
    assert genesis.ahead >= 2 * DAY
    assert told_json(play("stop", "--json")) == {"ran": True}
    assert node.running() is None
    again = told_json(play("start", "--json"))
    assert (again["url"], again["found"], again["lost"]) == (first["url"], False, False)
    assert again["time"] >= before
    people = told_json(play("status", "--json"))["people"]
    assert people[1] == {"name": "Ken", "wallet": NODE_WALLETS[1], "balance": 105 * ETHER}
    now = NodeRecord.read()
    assert now is not None
    assert now.genesis == genesis.genesis


def test_it_is_started_once(play: Play) -> None:
    first = told_json(play("start", "--json"))
    process = NodeRecord.read()
    second = told_json(play("start", "--json"))
    assert (second["url"], second["found"]) == (first["url"], True)
    assert NodeRecord.read() == process


def test_two_at_once_are_one_too_many(play: Play) -> None:
    with record.alone():
        assert play("start").exit_code == 4
        failed("play.under-way")
        assert play("stop").exit_code == 4
        failed("play.under-way")


def test_stopping_what_does_not_run_is_no_failure(play: Play) -> None:
    assert told_json(play("stop", "--json")) == {"ran": False}
    assert own_node() is None


def killed() -> NodeRecord:
    """The node's record, after its process was killed."""
    known = NodeRecord.read()
    assert known is not None
    os.kill(known.pid, signal.SIGKILL)
    while record.is_ours(known.pid):
        pass
    return known


def test_after_a_crash_it_goes_on_from_the_last_state(play: Play) -> None:
    play("start")
    play("faucet", "Ken", "5 ETH")
    play("stop")
    play("start")
    known = killed()
    with refuses("node.own-stopped"), connected():
        pass
    assert told_json(play("start", "--json"))["lost"] is False
    people = told_json(play("status", "--json"))["people"]
    assert people[1]["balance"] == 105 * ETHER
    now = NodeRecord.read()
    assert now is not None
    assert (now.genesis, now.port) == (known.genesis, known.port)


@pytest.mark.parametrize("left", [b"", b'{"block": {"num', b"[]"])
def test_a_state_that_was_cut_off_is_put_aside(play: Play, left: bytes) -> None:
    play("start")
    play("faucet", "Ken", "5 ETH")
    play("stop")
    whole = record.state().read_bytes()
    record.state().write_bytes(left)
    result = play("start", "--json")
    assert told_json(result)["lost"] is True
    assert record.state().with_suffix(".damaged").read_bytes() == left
    assert len(whole) > len(left)
    assert told_json(play("status", "--json"))["people"][1]["balance"] == 105 * ETHER


def test_of_a_state_that_was_cut_off_people_are_told(play: Play) -> None:
    play("start")
    play("stop")
    record.state().write_bytes(b"{")
    assert "⚠ its last state was damaged" in play("start").stdout


def test_another_process_is_never_ended(play: Play, stranger: subprocess.Popen[bytes]) -> None:
    NodeRecord(1, stranger.pid, "0x", 0).write()
    assert told_json(play("stop", "--json")) == {"ran": False}
    told_json(play("start", "--json"))
    assert alive(stranger)


def test_a_node_of_an_unknown_process_is_not_ended(
    play: Play, stranger: subprocess.Popen[bytes]
) -> None:
    play("start")
    known = NodeRecord.read()
    assert known is not None
    NodeRecord(known.port, stranger.pid, known.genesis, known.ahead).write()
    assert play("stop").exit_code == 3
    failed("play.unknown-process", url=f"http://127.0.0.1:{known.port}", folder=".mikoshi/play")
    assert alive(stranger)
    assert node.running() is not None
    known.write()


def test_a_port_that_another_program_took_is_left_to_it(play: Play) -> None:
    play("start")
    play("stop")
    known = NodeRecord.read()
    assert known is not None
    with Node(NodeOptions(chain_id=1)) as other:
        replace(known, port=other.port).write()
        result = play("start")
    assert "⚠ its old port is taken by another program; it has a new one" in result.stdout
    assert own_node() != other.url


def test_another_chain_is_not_taken_for_it(play: Play) -> None:
    play("start")
    known = NodeRecord.read()
    assert known is not None
    NodeRecord(known.port, known.pid, "0x" + "ab" * 32, 0).write()
    for words in (["status"], ["forward", "1d"], ["faucet", "Aoi"]):
        assert play(*words).exit_code == 4
        failed("play.not-running")
    known.write()


@pytest.mark.parametrize(
    ("words", "kind", "data"),
    [
        (["forward", "2"], "play.not-a-span", {"text": "2"}),
        (["forward", "0d"], "play.not-a-span", {"text": "0d"}),
        (["forward", "1 month"], "play.not-a-span", {"text": "1 month"}),
        (["faucet", "Aoi", "3"], "play.not-an-amount", {"text": "3"}),
        (["faucet", "Aoi", "0 ETH"], "play.not-an-amount", {"text": "0 ETH"}),
        (["faucet", "Aoi", "1000001 ETH"], "play.not-an-amount", {"text": "1000001 ETH"}),
    ],
)
def test_what_cannot_be_read_is_refused(
    play: Play, words: list[str], kind: str, data: dict[str, str]
) -> None:
    assert play(*words).exit_code == 2
    failed(kind, **data)


def test_zero_and_too_much_have_kinds(play: Play) -> None:
    play("forward", "0d")
    told(failed("play.not-a-span").data["problem"], "value.zero")  # type: ignore[arg-type]
    play("faucet", "Aoi", "2,000,000 ETH")
    problem: Any = failed("play.not-an-amount").data["problem"]
    told(problem, "amount.too-much", most="1,000,000 ETH")


def test_its_time_has_an_end(play: Play) -> None:
    play("start")
    assert play("forward", "19 years").exit_code == 0
    assert play("forward", "2 years").exit_code == 4
    failed("play.too-far", most="20 years")


def test_the_faucet_knows_whom_commands_know(play: Play) -> None:
    play("start")
    stranger = "0x" + "12" * 20
    assert told_json(play("faucet", stranger, "--json")) == {
        "wallet": stranger,
        "balance": 10 * ETHER,
    }
    assert play("faucet", "Nobody").exit_code == 2
    failed("account.unknown", choice="Nobody")
    assert play("faucet", "treasury").exit_code == 2
    failed("deployment.missing")


def test_people_are_those_whom_the_node_signs_for(play: Play, tmp_path: Path) -> None:
    made = told_json(play("people", "10", "-o", "ten.csv", "--json"))
    people = read_people(tmp_path / "ten.csv")
    assert [each.wallet for each in people] == list(NODE_WALLETS)
    assert [each["name"] for each in made["people"]] == [each.name for each in people]
    assert len({each.name for each in people}) == 10
    assert public_among(each.wallet for each in people) == list(NODE_WALLETS)  # elsewhere refused
    assert play("people", "3").exit_code == 0  # the same again
    assert play("people", "4").exit_code == 2
    failed("play.people-exist", path=Path("members.csv"))
    assert play("people", "11").exit_code == 2
    failed("usage.bad-value", name="COUNT")


CONFIG = """\
ethereum:
  default_network: {network}
  local: {{default_provider: foundry}}
  sepolia: {{default_provider: node}}
node:
  ethereum: {{sepolia: {{uri: "http://127.0.0.1:1"}}}}
"""


@pytest.mark.usefixtures("play")
def test_a_chain_that_would_end_with_the_command_is_refused(tmp_path: Path) -> None:
    assert own_node() is None
    (tmp_path / "ape-config.yaml").write_text(CONFIG.format(network="local"))
    with refuses("network.no-own-node"), connected():
        pass


@pytest.mark.parametrize("network", ["local", "sepolia"])
def test_a_dao_of_this_computer_is_on_it(play: Play, tmp_path: Path, network: str) -> None:
    (tmp_path / "ape-config.yaml").write_text(CONFIG.format(network=network))
    play("start")
    done = typed_here(["deploy", "--dry-run", "--json"], {})
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["sent"] is False


def test_waiting_is_seen(play: Play) -> None:
    play("start")
    mine = node.needed()
    before = mine.rpc.timestamp()
    mine.rpc.call("evm_increaseTime", 3600)  # as if an hour had passed
    with connected() as rpc:
        assert rpc.timestamp() >= before + 3600
    mine.rpc.close()


@pytest.mark.usefixtures("play")
def test_a_record_that_is_none_is_no_node() -> None:
    record.folder().mkdir(parents=True)
    rest = '"pid": 1, "genesis": "0x", "ahead": 0}'
    ports = [f'{{"port": {port}, {rest}' for port in ("Infinity", "0", "65536", "-1")]
    for text in ("", "[]", '{"port": "x"}', "null", *ports):
        (record.folder() / "node.json").write_text(text)
        assert (NodeRecord.read(), own_node()) == (None, None)


@pytest.mark.usefixtures("play")
def test_a_practice_has_the_shortest_periods() -> None:
    done = typed_here(["init", "--name", "Tea DAO", "--pace", "minutes", "--yes"], {})
    assert "⚠ to practise with: 1 day to read a proposal" in done.stdout
    assert Path("dao.toml").read_text("utf-8").startswith("# To practise with:")
    config = load_config("dao.toml")
    rules = config.governance
    assert (rules.voting_delay, rules.voting_period, rules.execution_delay) == (DAY, 2 * DAY, DAY)
    assert (config.membership.dormant_after, config.membership.season) == (90 * DAY, 45 * DAY)
    assert {"short-voting", "short-delay"} <= set(config.accepted)


def test_nothing_runs_on_that_was_started_here(play: Play) -> None:
    play("start")
    known = NodeRecord.read()
    assert known is not None
    with suppress(ProcessLookupError):
        os.kill(known.pid, 0)
    assert record.is_ours(known.pid)
    play("stop")
    assert not record.is_ours(known.pid)


def test_nothing_is_written_through_a_link_of_a_folder_from_somebody_else(play: Play) -> None:
    secret = Path("secret")
    secret.write_text("mine")
    record.folder().mkdir(parents=True)
    for name in ("anvil.log", "state.json", "state.kept.new", "state.kept.json"):
        (record.folder() / name).symlink_to(secret.resolve())
    assert play("start").exit_code == 0
    assert play("stop").exit_code == 0
    assert secret.read_text() == "mine"


@pytest.mark.usefixtures("play")
def test_a_process_that_names_our_state_is_not_ours_yet() -> None:
    record.folder().mkdir(parents=True)
    record.state().write_text("{}")
    with subprocess.Popen(["tail", "-f", str(record.state())]) as other:
        assert not record.is_ours(other.pid)
        other.kill()
