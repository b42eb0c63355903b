"""A local anvil node, started for as long as it is needed."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from mikoshi.chain.processes import NodeError, claim_port, remove_orphans
from mikoshi.chain.refusals import GAS_CAP
from mikoshi.chain.rpc import Rpc, RpcError, UnreachableError
from mikoshi.chain.transport import Line, OwnLine
from mikoshi.text import clock
from mikoshi.text.json import Json
from mikoshi.text.language import _
from mikoshi.text.paths import cache, foundry_tool

MNEMONIC = "test test test test test test test test test test test junk"
"""The words every development node uses: their keys are public."""

_START_SECONDS = 20.0
_POLL_SECONDS = 0.0005
_START_ATTEMPTS = 3  # a free port may be taken before anvil gets it


class DevRpc(Rpc):
    """A connection to a development node, whose time and state can be set.

    It is asked once: a node that this process has started answers or is gone.
    """

    patient = False

    def _line_to(self, url: str, timeout: float) -> Line:
        return OwnLine(url, timeout)

    def send(
        self,
        to: str | None,
        data: bytes = b"",
        *,
        sender: str,
        value: int = 0,
        gas: int | None = None,
    ) -> dict[str, Json]:
        """As `Rpc.send`, with all the gas a transaction may have unless told otherwise.

        An estimate is made in the latest block's second; in the next one the same call may cost
        more, and one that reverts has no estimate at all.
        """
        return super().send(to, data, sender=sender, value=value, gas=gas or GAS_CAP)

    def snapshot(self) -> str:
        """Remember the state; give the result to `revert`, once."""
        return str(self.call("evm_snapshot"))

    def revert(self, snapshot: str) -> None:
        """Go back to a snapshot, its time included; what waits in the pool is dropped.

        Raises RpcError if it was used before.
        """
        self.settle_pool()
        if not self.call("evm_revert", snapshot):
            raise RpcError("evm_revert", -32000, f"no snapshot {snapshot}")
        self.call("anvil_dropAllTransactions")

    def settle_pool(self) -> None:
        """Wait until anvil's pool has nothing that is mined, before blocks are taken back.

        It takes mined transactions out a moment after it has told their receipts. Those that it
        still has when it goes back it mines again with the next one, or it forgets the next one.
        """
        while self._still_has_mined():
            time.sleep(_POLL_SECONDS)

    def _still_has_mined(self) -> bool:
        pending = self.call("txpool_content")["pending"].values()
        digests = [each["hash"] for of_one in pending for each in of_one.values()]
        asked = [("eth_getTransactionReceipt", (digest,)) for digest in digests]
        return any(isinstance(receipt, dict) for receipt in self.batch(asked))

    @contextmanager
    def isolate(self) -> Iterator[None]:
        """Undo at the end whatever happens inside."""
        snapshot = self.snapshot()
        try:
            yield
        finally:
            self.revert(snapshot)

    def warp(self, seconds: int) -> int:
        """Mine one block `seconds` after the latest; its time."""
        return self.warp_to(self.timestamp() + seconds)

    def warp_to(self, timestamp: int) -> int:
        """Mine one block at `timestamp`, later than the latest; its time. Raises RpcError."""
        self.call("evm_setNextBlockTimestamp", timestamp)
        self.call("evm_mine")
        return timestamp

    def fund(self, *addresses: str, wei: int = 10**20) -> None:
        """Let each of `addresses` own exactly so much, 100 ether if nothing is said."""
        self.batch([("anvil_setBalance", (address, hex(wei))) for address in addresses])

    @contextmanager
    def impersonate(self, address: str, balance: int = 10**20) -> Iterator[str]:
        """Let `send` act as `address`, with `balance` wei, while inside."""
        self.fund(address, wei=balance)
        self.call("anvil_impersonateAccount", address)
        try:
            yield address
        finally:
            self.call("anvil_stopImpersonatingAccount", address)


@dataclass(frozen=True, slots=True)
class NodeOptions:
    """How a node is started.

    `port` 0 takes a free one. `timestamp` is the time of the first block in Unix seconds, now if
    None; a copy of a chain has the time of what it copies. With a `block_seconds` each block is
    exactly that much later than the one before, and never two at the same time; without one, blocks
    follow the clock. `balance` is each account's, in ether. Without `history` only the latest state
    is kept: twice as fast on long runs.
    """

    port: int = 0
    chain_id: int = 31337
    mnemonic: str = MNEMONIC
    accounts: int = 10
    balance: int = 10_000
    timestamp: int | None = None
    block_seconds: int | None = None
    history: bool = False
    args: Sequence[str] = ()

    def command(self, port: int, states: Path) -> list[str]:
        """The command line; `states` is where anvil keeps old states, with `history`."""
        named = {
            "--port": port,
            "--chain-id": self.chain_id,
            "--mnemonic": self.mnemonic,
            "--accounts": self.accounts,
            "--balance": self.balance,
            "--timestamp": self._beginning(),
            "--cache-path": states,  # anvil's own default is in the home folder
        }
        # For this computer alone, and no page that a browser shows may ask it.
        command = [str(foundry_tool("anvil")), "--quiet", "--no-cors", "--host", "127.0.0.1"]
        for name, value in named.items():
            if value is not None:
                command += [name, str(value)]
        if not self.history:
            command.append("--prune-history")
        return [*command, *self.args]

    def _beginning(self) -> int | None:
        if self.timestamp is None and "--fork-url" not in self.args:
            return clock.now()
        return self.timestamp


class Node:
    """A running anvil. `rpc` is connected to it; `accounts` are the addresses it signs for.

    Use it as a context manager, or call `stop`. It also stops when this process ends, however it
    does. Raises NodeError and ToolMissingError when it cannot be started.
    """

    def __init__(self, options: NodeOptions | None = None) -> None:
        self.options = options or NodeOptions()
        for attempt in range(_START_ATTEMPTS):
            self.port = claim_port(self.options.port)
            self.url = f"http://127.0.0.1:{self.port}"
            self.rpc = DevRpc(self.url)
            try:
                self._start()
                break
            except NodeError:
                if self.options.port or attempt == _START_ATTEMPTS - 1:
                    raise
        self.accounts: list[str] = self.rpc.call("eth_accounts")
        if self.options.block_seconds is not None:
            self.rpc.call("anvil_setBlockTimestampInterval", self.options.block_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Whether anvil is alive."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End anvil and wait for it. Calling it twice is harmless."""
        atexit.unregister(self.stop)
        self.rpc.close()
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._watchdog.kill()
        self._watchdog.communicate()
        self._output.close()
        shutil.rmtree(self._states, ignore_errors=True)  # anvil itself never does

    def _start(self) -> None:
        folder = cache() / "anvil"
        remove_orphans(folder)
        self._states = folder / f"{os.getpid()}-{self.port}"
        self._output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by stop)
        self._process = subprocess.Popen(
            self.options.command(self.port, self._states),
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._output,
        )
        # Waits for the end of its input, which comes when this process is gone, killed or not.
        self._watchdog = subprocess.Popen(
            ["/bin/sh", "-c", 'read -r _; kill "$0"', str(self._process.pid)],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        atexit.register(self.stop)
        deadline = time.monotonic() + _START_SECONDS
        while self.running and time.monotonic() < deadline:
            with suppress(UnreachableError):
                if self.rpc.chain_id() == self.options.chain_id and self.running:
                    return
            time.sleep(0.01)
        self._output.seek(0)
        said = self._output.read().decode(errors="replace").strip()
        self.stop()
        raise NodeError(said or _("anvil did not answer"))
