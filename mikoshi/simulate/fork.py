"""A copy of a chain at one block, on a node of its own, where what would happen is tried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.chain.node import DevRpc, Node, NodeOptions
from mikoshi.chain.processes import NodeError
from mikoshi.chain.refusals import GAS_CAP
from mikoshi.chain.rpc import Rpc, RpcError, transaction
from mikoshi.chain.transport import host_of
from mikoshi.simulate.upstream import upstream
from mikoshi.text.errors import ChainError
from mikoshi.text.json import Json
from mikoshi.text.language import N_, _

ANYBODY = to_checksum_address(keccak(text="mikoshi simulation")[12:])
"""Who executes: an account that has nothing and is nobody."""

_SILENT = re.compile(r"error sending request|tcp connect|timed out|confirmation timeout", re.I)
_BEHIND = re.compile(r"failed to get|confirmation timeout|error sending request")
"""What a copy says when the node behind it fails: while it reads, and while it mines."""

_URL = re.compile(r"\bhttps?://[^\s)\"']+")
_PLENTY = 12 * GAS_CAP
_ARGS = ("--auto-impersonate", "--base-fee", "0", "--no-storage-caching", "--no-rate-limit")
_DIFF = {"tracer": "prestateTracer", "tracerConfig": {"diffMode": True}}
_TOP = {"tracer": "callTracer", "tracerConfig": {"onlyTopCall": True}}


@dataclass(frozen=True, slots=True)
class Slot:
    """A storage word that changed."""

    address: str
    slot: int
    before: int
    after: int


@dataclass(frozen=True)
class ForkOutcome:
    """What a transaction did at `time` (Unix seconds); nothing but costing gas if it failed.

    `gas` is what it used, and after a failure for want of gas what it would have needed;
    `revert` is what the contract said; `ether` has each balance that changed, before and after.
    """

    success: bool
    time: int
    gas: int
    logs: list[Json]
    revert: bytes = b""
    out_of_gas: bool = False
    ether: dict[str, tuple[int, int]] | None = None
    storage: tuple[Slot, ...] = ()


class Fork:
    """The copy. Gas is free in it, so that no balance changes but by what a call does."""

    def __init__(self, rpc: DevRpc) -> None:
        self.rpc = rpc

    def execute(self, to: str, data: bytes, sender: str, at: int) -> ForkOutcome:
        """Mine a call at the second `at`, or as soon after the latest block as can be.

        It gets the gas that a transaction may have. Raises RpcError and UnreachableError.
        """
        rpc = self.rpc
        latest = rpc.call("eth_getBlockByNumber", "latest", False)
        time = max(at, int(latest["timestamp"], 16) + 1)
        limit = min(GAS_CAP, int(latest["gasLimit"], 16))
        if calldata_gas(data) > limit:
            return ForkOutcome(False, time, calldata_gas(data), [], out_of_gas=True)
        request = transaction(to, data, sender, 0, limit)
        free = {"gasPrice": "0x0"}
        rpc.call("evm_setNextBlockTimestamp", time)
        receipt = rpc.call("eth_sendTransactionSync", request | free)
        gas, logs = int(receipt["gasUsed"], 16), receipt["logs"]
        if int(receipt["status"], 16) != 1:
            return self._failure(receipt, transaction(to, data, sender, 0, _PLENTY) | free, time)
        diff = rpc.call("debug_traceTransaction", receipt["transactionHash"], _DIFF)
        return ForkOutcome(
            True, time, gas, logs, ether=_ether(diff), storage=tuple(sorted(_slots(diff), key=_key))
        )

    def _failure(self, receipt: Json, richer: Json, time: int) -> ForkOutcome:
        """Why it failed, which more gas than a transaction may have would tell."""
        top = self.rpc.call("debug_traceTransaction", receipt["transactionHash"], _TOP)
        tried = self.rpc.call("debug_traceCall", richer, "latest", _TOP)
        hungry = "error" not in tried
        gas = int((tried if hungry else receipt)["gasUsed"], 16)
        revert = bytes.fromhex(top.get("output", "0x")[2:])
        return ForkOutcome(False, time, gas, [], revert, hungry)


def calldata_gas(data: bytes) -> int:
    """The least gas of a transaction with this calldata (EIP-7623): no node takes one with less."""
    zeros = data.count(0)
    return 21_000 + 10 * zeros + 40 * (len(data) - zeros)


@contextmanager
def forked(rpc: Rpc, block: int) -> Iterator[Fork]:
    """A copy of the chain behind `rpc` at `block`, for as long as the context is open.

    Raises ChainError when the chain cannot be copied, UnreachableError, and ToolMissingError when
    there is no anvil.
    """
    if not rpc.url.startswith(("http", "ws")):
        raise _unforkable(rpc, block, _("a copy is read from a URL, and it has none"))
    with upstream(rpc) as url:
        args = ("--fork-url", url, "--fork-block-number", str(block), *_ARGS)
        options = NodeOptions(chain_id=rpc.chain_id(), accounts=0, history=True, args=args)
        try:
            node = Node(options)
        except NodeError as error:
            raise _unforkable(rpc, block, error.reason) from error
        with node:
            try:
                yield Fork(node.rpc)
            except RpcError as error:
                if not _BEHIND.search(error.message) and url not in error.message:
                    raise
                raise _unforkable(rpc, block, error.message) from error


def _unforkable(rpc: Rpc, block: int, reason: str) -> ChainError:
    """Of what the copy's node says no URL is shown."""
    return ChainError(
        "fork.not-possible",
        N_("The chain of {host} could not be copied at block {block:,}"),
        N_("the node does not answer") if _SILENT.search(reason) else "{reason}",
        N_("Check the connection, or name a node that answers about recent blocks with --network"),
        host=host_of(rpc.url),
        block=block,
        reason=_URL.sub("…", " ".join(reason.split())),
    )


def _ether(diff: Json) -> dict[str, tuple[int, int]]:
    changed: dict[str, tuple[int, int]] = {}
    for address, after in diff["post"].items():
        before = int(diff["pre"].get(address, {}).get("balance", "0x0"), 16)
        balance = int(after["balance"], 16) if "balance" in after else before
        if balance != before:
            changed[to_checksum_address(address)] = (before, balance)
    return changed


def _slots(diff: Json) -> Iterator[Slot]:
    """A word that was or became zero is on one side only."""
    for address in diff["pre"].keys() | diff["post"].keys():
        before, after = (diff[side].get(address, {}).get("storage", {}) for side in ("pre", "post"))
        for slot in before.keys() | after.keys():
            words = int(before.get(slot, "0x0"), 16), int(after.get(slot, "0x0"), 16)
            yield Slot(to_checksum_address(address), int(slot, 16), *words)


def _key(slot: Slot) -> tuple[str, int]:
    return slot.address, slot.slot
