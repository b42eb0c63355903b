"""A node starts as asked, undoes what it is told to, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from mikoshi.chain.node import DevRpc, Node, NodeOptions
from mikoshi.chain.processes import NodeError
from mikoshi.chain.rpc import RpcError, UnreachableError
from mikoshi.text import paths
from mikoshi.text.json import Json
from mikoshi.text.paths import ROOT, cache, foundry_tool
from tests.support import refuses

ORPHAN = """
import os, signal
from mikoshi.chain.node import Node
node = Node()
print(node.url, flush=True)
if {kill}:
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_node_runs_inside_the_context_only() -> None:
    with Node(NodeOptions(chain_id=11_155_111, accounts=3, balance=7)) as node:
        assert node.running
        assert node.rpc.chain_id() == 11_155_111
        assert len(node.accounts) == 3
        assert node.rpc.balance(node.accounts[2]) == 7 * 10**18
    assert not node.running
    with pytest.raises(UnreachableError):
        node.rpc.chain_id()
    node.stop()


def test_accounts_come_from_the_mnemonic() -> None:
    with (
        Node() as first,
        Node() as second,
        Node(NodeOptions(mnemonic="zoo " * 11 + "wrong")) as other,
    ):
        assert first.port != second.port
        assert first.accounts == second.accounts
        assert set(first.accounts).isdisjoint(other.accounts)
        assert first.accounts[0].lower() == "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"


def test_blocks_are_at_fixed_times_when_given_seconds() -> None:
    with Node(NodeOptions(timestamp=1_800_000_000, block_seconds=12)) as node:
        alice, bob = node.accounts[:2]
        for time_ in (1_800_000_012, 1_800_000_024, 1_800_000_036):
            node.rpc.send(bob, sender=alice)
            assert node.rpc.timestamp() == time_


def test_history_can_be_kept() -> None:
    with Node(NodeOptions(history=True)) as node:
        alice, bob = node.accounts[:2]
        before = node.rpc.balance(bob)
        node.rpc.send(bob, sender=alice, value=1)
        assert int(node.rpc.call("eth_getBalance", bob, hex(0)), 16) == before
        assert node.rpc.balance(bob) == before + 1


# What is undone


class SlowPool(DevRpc):
    """A node whose pool has a mined transaction twice when asked, and another that waits."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:1")
        self.pools = [["0x1", "0x2"], ["0x1", "0x2"], ["0x2"]]
        self.asked: list[str] = []

    def call(self, method: str, *_: Json) -> Json:
        self.asked.append(method)
        if method != "txpool_content":
            return True
        return {"pending": {"0xa": {str(n): {"hash": h} for n, h in enumerate(self.pools.pop(0))}}}

    def batch(self, calls: Iterable[tuple[str, Sequence[Json]]]) -> list[Json | RpcError]:
        return [{"status": "0x1"} if params == ("0x1",) else None for _, params in calls]


def test_revert_waits_until_the_pool_has_forgotten_what_was_mined() -> None:
    rpc = SlowPool()
    rpc.revert("0x0")
    assert rpc.asked == ["txpool_content"] * 3 + ["evm_revert", "anvil_dropAllTransactions"]


def test_what_waited_inside_is_not_mined_later() -> None:
    with Node() as node:
        alice, bob = node.accounts[:2]
        with node.rpc.isolate():
            second = {"from": alice, "to": bob, "value": "0x1", "nonce": "0x1"}
            node.rpc.call("eth_sendTransaction", second)
        node.rpc.send(bob, sender=alice)
        node.rpc.send(alice, sender=bob)
        assert node.rpc.nonce(alice) == 1


# Old states, which anvil writes to disk


def old_states() -> set[str]:
    return {each.name for each in (cache() / "anvil").glob(f"{os.getpid()}-*")}


def test_old_states_can_be_read_and_are_gone_with_the_node() -> None:
    before = old_states()
    with Node(NodeOptions(history=True)) as node:
        alice, bob = node.accounts[:2]
        node.rpc.send(bob, sender=alice, value=1)
        node.rpc.call("anvil_mine", hex(1100))
        assert old_states() - before == {f"{os.getpid()}-{node.port}"}
        assert int(node.rpc.call("eth_getBalance", bob, "0x0"), 16) == 10_000 * 10**18
        assert int(node.rpc.call("eth_getBalance", bob, "0x1"), 16) == 10_000 * 10**18 + 1
    assert old_states() == before


def folders(states: Path) -> tuple[Path, list[Path]]:
    """What a living process keeps, and what was left behind."""
    dead = subprocess.Popen(["true"])
    dead.wait()
    alive, left = states / f"{os.getpid()}-1", [states / f"{dead.pid}-1", states / "anvil-state-1"]
    for each in (alive, *left):
        (each / "deep").mkdir(parents=True)
    return alive, left


def test_next_node_removes_what_killed_ones_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anvil = foundry_tool("anvil")
    monkeypatch.setenv("PATH", str(anvil.parent), prepend=os.pathsep)
    (tmp_path / "dao.toml").touch()
    monkeypatch.chdir(tmp_path)
    alive, left = folders(cache() / "anvil")
    with Node():
        assert alive.exists()
        assert not any(each.exists() for each in left)


def test_next_anvil_of_ape_removes_what_killed_ones_left(tmp_path: Path) -> None:
    tool, real = tmp_path / "tools/bin/anvil", tmp_path / "node_modules/@foundry-rs/anvil-x/bin"
    for folder in (tool.parent, real):
        folder.mkdir(parents=True)
    shutil.copy(ROOT / "tools/bin/anvil", tool)
    (real / "anvil").write_text('#!/bin/sh\necho $$ "$@"\n')
    (real / "anvil").chmod(0o755)
    alive, left = folders(tmp_path / ".cache/anvil")
    said = subprocess.run([tool, "--port", "1"], capture_output=True, text=True, check=True).stdout
    pid, *words = said.split()
    assert words == ["--cache-path", f"{tmp_path}/.cache/anvil/{pid}", "--port", "1"]
    assert alive.exists()
    assert not any(each.exists() for each in left)


def test_extra_arguments_reach_anvil() -> None:
    with Node(NodeOptions(args=["--enable-tx-gas-limit"])) as node:
        alice, bob = node.accounts[:2]
        node.rpc.send(bob, sender=alice, gas=16_777_216)
        with pytest.raises(RpcError, match="gas"):
            node.rpc.send(bob, sender=alice, gas=16_777_217)


def test_taken_port_is_an_error_with_anvils_words() -> None:
    with Node() as node, pytest.raises(NodeError, match=f"port {node.port}: .* in use"):
        Node(NodeOptions(port=node.port))


def test_wrong_argument_is_an_error_with_anvils_words() -> None:
    with pytest.raises(NodeError, match="--no-such-option"):
        Node(NodeOptions(args=["--no-such-option"]))


@pytest.mark.parametrize("kill", [True, False], ids=["killed", "ended"])
def test_node_ends_with_the_process_that_started_it(kill: bool) -> None:
    code = ORPHAN.format(kill=kill)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == (-signal.SIGKILL if kill else 0), run.stderr
    port = int(run.stdout.rsplit(":", 1)[1])
    deadline = time.monotonic() + 600
    while _listening(port):
        assert time.monotonic() < deadline, "anvil is still there"
        time.sleep(0.02)


def _listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def test_missing_tool_is_named_with_the_command_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir("/")
    with refuses("tool.missing", tool="anvil"):
        foundry_tool("anvil")
