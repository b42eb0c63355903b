"""What a chain says at one block: many calls at once, all answered from the same state."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from eth_abi.exceptions import DecodingError

from mikoshi.chain.contract import Contract
from mikoshi.chain.rpc import Rpc, RpcError
from mikoshi.text.json import Json

ViewCall = tuple[Contract, str, Sequence[Any]]
"""A contract, a function of it, and its arguments."""

Request = tuple[str, Sequence[Json]]
"""A JSON-RPC method and its parameters."""

_BATCH = 100
_FAILED = re.compile(r"revert|execution|evm error|opcode|out of gas|invalid jump|stack", re.I)
"""What nodes say when the code that was called fails, and not the node."""


class Snapshot:
    """A chain at block `number`, the latest one if None; `time` is the block's, in Unix seconds."""

    def __init__(self, rpc: Rpc, number: int | None = None) -> None:
        """Raises RpcError and UnreachableError."""
        self.rpc = rpc
        self.number = rpc.block_number() if number is None else number
        self._tag = hex(self.number)
        block = rpc.call("eth_getBlockByNumber", self._tag, False)
        if block is None:
            raise RpcError("eth_getBlockByNumber", -32001, f"no block {self.number}")
        self.time = int(block["timestamp"], 16)

    def ask(self, questions: Iterable[ViewCall]) -> list[Any]:
        """What the contracts answer, in order; None where a call fails or the answer is senseless.

        Raises RpcError when the node itself refuses, and UnreachableError.
        """
        asked = list(questions)
        calls = [
            ("eth_call", ({"to": at.address, "data": _hex(at.data(name, *args))}, self._tag))
            for at, name, args in asked
        ]
        answers: list[Any] = []
        for (at, name, _), result in zip(asked, self._batches(calls), strict=True):
            if isinstance(result, RpcError):
                if not _failed(result):
                    raise result
                answers.append(None)
            else:
                answers.append(_decoded(at, name, bytes.fromhex(result[2:])))
        return answers

    def codes(self, addresses: Iterable[str]) -> list[bytes]:
        """The deployed code at each address. Raises RpcError and UnreachableError."""
        calls = [("eth_getCode", (address, self._tag)) for address in addresses]
        return [bytes.fromhex(result[2:]) for result in self._results(calls)]

    def words(self, slots: Iterable[tuple[str, int]]) -> list[int]:
        """The storage words at (address, slot). Raises RpcError and UnreachableError."""
        calls = [("eth_getStorageAt", (at, hex(slot), self._tag)) for at, slot in slots]
        return [int(result, 16) for result in self._results(calls)]

    def _results(self, calls: Sequence[Request]) -> Iterator[Json]:
        for result in self._batches(calls):
            if isinstance(result, RpcError):
                raise result
            yield result

    def _batches(self, calls: Sequence[Request]) -> Iterator[Json | RpcError]:
        return batched(self.rpc, calls)


def batched(rpc: Rpc, calls: Sequence[Request]) -> Iterator[Json | RpcError]:
    """The results of many calls, in as many requests as the node likes; a failed one's RpcError.

    A node that refuses a batch, or some of it, is asked again for half as much at a time.
    """
    size, start = _BATCH, 0
    while start < len(calls):
        results = rpc.batch(calls[start : start + size])
        if size > 1 and any(isinstance(each, RpcError) and not _failed(each) for each in results):
            size //= 2
            continue
        yield from results
        start += size


def _failed(error: RpcError) -> bool:
    """Whether the code that was called failed, and not the node."""
    return bool(error.data or _FAILED.search(error.message))


def _decoded(contract: Contract, name: str, data: bytes) -> Any:
    try:
        return contract.interface.decode_output(name, data)
    except (DecodingError, OverflowError):  # some other contract's answer, or no code at all
        return None


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
