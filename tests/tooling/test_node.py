"""A node starts as asked and never outlives the process that started it."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mikoshi.chain.node import Node, NodeError, NodeOptions
from mikoshi.chain.rpc import RpcError, UnreachableError
from mikoshi.text import paths
from mikoshi.text.paths import foundry_tool
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
    deadline = time.monotonic() + 10
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
