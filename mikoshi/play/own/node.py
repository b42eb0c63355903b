"""Starting and stopping the node of one's own, and moving its time.

anvil keeps its state in a file, which it writes every few seconds and at its end. What it does not
keep is its time: after a start it would go back to this computer's, so it is moved forward again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from mikoshi.chain.node import DevRpc, NodeOptions
from mikoshi.chain.processes import NodeError, claim_port
from mikoshi.chain.rpc import RpcError, UnreachableError
from mikoshi.config.danger import NODE_WALLETS
from mikoshi.play.own.record import (
    NodeRecord,
    alone,
    folder,
    is_ours,
    keep_state,
    restore_state,
    state,
)
from mikoshi.text import clock
from mikoshi.text.errors import ChainError, NotNowError
from mikoshi.text.language import N_, _
from mikoshi.text.paths import shown
from mikoshi.text.units import YEAR, format_duration

CHAIN_ID = 31_337
"""The chain of every node of one's own."""

FARTHEST = 20 * YEAR
"""How far its time may be before this computer's, in seconds."""

_PATIENCE = 20.0  # seconds to start, and to stop
_POLL = 0.01
_PROBE = 5.0  # seconds for an answer: somebody else may listen there, and never speak
_BLOCK_SECONDS = 300  # at least so often there is a block, so that waiting is seen
_KEPT_SECONDS = 5  # between two writings of the state
_KEPT_STATES = 256  # that can be asked for at their own blocks


@dataclass(frozen=True)
class OwnNode:
    """The node, running. Close `rpc` at the end.

    `found` says that it ran already; `lost` that its last state was damaged, and an earlier one was
    taken; `moved` that its port is another one than before.
    """

    record: NodeRecord
    rpc: DevRpc
    found: bool = False
    lost: bool = False
    moved: bool = False

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.rpc.url


def running() -> OwnNode | None:
    """The node of this folder; None if it does not run."""
    record = NodeRecord.read()
    if record is None:
        return None
    with DevRpc(_url(record.port), _PROBE) as rpc, suppress(UnreachableError, RpcError):
        if _genesis(rpc) == record.genesis:
            return OwnNode(record, DevRpc(_url(record.port)), found=True)
    return None


def needed() -> OwnNode:
    """The node of this folder. Raises NotNowError if it does not run."""
    node = running()
    if node is None:
        raise NotNowError(
            "play.not-running",
            N_("No node of your own runs here"),
            N_("time, test ETH and test wallets are for it, and for no other chain"),
            N_("Start it with `ape run play start`"),
        )
    return node


def start() -> OwnNode:
    """Start the node of this folder where it stopped, or a new one.

    Raises NodeError, NotNowError, ToolMissingError and UnwrittenError.
    """
    with alone():
        if node := running():
            return node
        record = NodeRecord.read()
        if record:
            _end(record.pid)  # it does not answer any more
        lost = not keep_state()
        if lost:
            restore_state()
        before, ahead = (record.port, record.ahead) if record else (0, 0)
        port = _port(before)
        process = _launched(port, ahead)
        rpc = _answering(process, port)
        catch_up(rpc, ahead)
        made = NodeRecord(port, process.pid, _genesis(rpc), ahead)
        made.write()
        return OwnNode(made, rpc, lost=lost, moved=before not in (0, port))


def stop() -> bool:
    """Stop the node of this folder, which keeps its state; whether it ran. Raises ChainError."""
    with alone():
        record, node = NodeRecord.read(), running()
        if node:
            node.rpc.close()
        if record is None or not _end(record.pid):
            if node:
                raise _unknown_process(node)
            return False
        keep_state()
        return True


def forward(node: OwnNode, seconds: int) -> int:
    """Let so much time pass on the node; its time then, Unix seconds. Raises NotNowError."""
    with alone():
        moment = node.rpc.next_timestamp() + seconds + 1  # what begins after that has begun
        ahead = moment - clock.now()
        if ahead > FARTHEST:
            raise NotNowError(
                "play.too-far",
                N_("The node would be {span} before this computer"),
                N_("it may be {most} at most"),
                N_("Let less time pass"),
                span=format_duration(ahead),
                most=format_duration(FARTHEST),
            )
        node.rpc.warp_to(moment)
        replace(node.record, ahead=ahead).write()
        keep_state()
        return moment


def catch_up(rpc: DevRpc, ahead: int) -> None:
    """Make a block of now, `ahead` seconds before this computer, later than what was."""
    rpc.warp_to(max(clock.now() + ahead, rpc.timestamp() + 1))


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _genesis(rpc: DevRpc) -> str:
    """The hash of the first block of a chain of our id; empty for another chain."""
    if rpc.chain_id() != CHAIN_ID:
        return ""
    return str(rpc.call("eth_getBlockByNumber", "0x0", False)["hash"])


def _port(wanted: int) -> int:
    try:
        return claim_port(wanted)
    except NodeError:  # somebody else's by now
        return claim_port(0)


def _launched(port: int, ahead: int) -> subprocess.Popen[bytes]:
    """anvil, which goes on when this process and its terminal have ended."""
    options = NodeOptions(
        port=port,
        accounts=len(NODE_WALLETS),
        balance=100,
        timestamp=clock.now() + ahead,
        history=True,
        args=(
            *("--state", str(state()), "--state-interval", str(_KEPT_SECONDS)),
            *("--block-time", str(_BLOCK_SECONDS), "--mixed-mining"),
            *("--prune-history", str(_KEPT_STATES)),
        ),
    )
    with (folder() / "anvil.log").open("wb") as log:
        return subprocess.Popen(
            options.command(port, folder() / "states"),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _answering(process: subprocess.Popen[bytes], port: int) -> DevRpc:
    """A connection to the node as soon as it answers. Raises NodeError."""
    rpc = DevRpc(_url(port))
    if _waited(lambda: process.poll() is not None or _speaks(rpc)) and process.poll() is None:
        return rpc
    rpc.close()
    process.kill()
    process.wait()
    said = (folder() / "anvil.log").read_text("utf-8", "replace").strip()
    raise NodeError(said or _("anvil did not answer"))


def _speaks(rpc: DevRpc) -> bool:
    try:
        return rpc.chain_id() == CHAIN_ID
    except UnreachableError:
        return False


def _end(pid: int) -> bool:
    """End the anvil of this folder and wait for it; whether `pid` is its process."""
    if not is_ours(pid):
        return False
    for each in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, each)
        if _waited(lambda: not is_ours(pid)):
            break
    return True


def _waited(done: Callable[[], bool]) -> bool:
    """Whether something comes true in time."""
    deadline = time.monotonic() + _PATIENCE
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True


def _unknown_process(node: OwnNode) -> ChainError:
    return ChainError(
        "play.unknown-process",
        N_("The node at {url} could not be stopped"),
        N_("{folder} does not say which process it is, and no other is ended by mistake"),
        N_("End the program anvil yourself; its state is kept"),
        url=node.url,
        folder=shown(folder()),
    )
