"""The events of a few contracts, read in ranges that the node is willing to answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from eth_utils.address import to_checksum_address

from mikoshi.chain.abi import Event, Interface
from mikoshi.chain.contract import batched
from mikoshi.chain.rpc import Rpc, RpcError, UnreachableError
from mikoshi.text.json import Json

Found = TypeVar("Found")

_MOST = 100_000  # blocks
_PATIENCE = 64  # ranges

_ENOUGH = 10_000  # events of a range
_BYTES = 24 * 2**20
"""Of one answer with events: about twice as many, which is what may be in memory at a time."""

_EXACT_RANGE = re.compile(r"\[\s*0x([0-9a-f]+)\s*,\s*0x([0-9a-f]+)\s*\]", re.I)
_LIMIT = re.compile(r"(\d[\d,]*)(k?)[ -](?:block|range)|range\D{1,12}(\d[\d,]*)(k?)", re.I)


class Stride:
    """As many blocks as a node answers for: fewer once it refuses, more again after a while.

    A node that names a range or a limit is taken at its word. When it refuses more again and
    again, it is asked for more less and less often. Where much happened, fewer are asked for.
    """

    def __init__(self) -> None:
        self.size = _MOST
        self._patience = 1
        self._taken = 0
        self._grown = False

    def taken(self, asked: int = 0, events: int = 0) -> None:
        """The node answered for so many blocks, with so many events."""
        if self._grown:
            self._patience, self._grown = 1, False
        self._taken += 1
        if self._taken >= self._patience and self.size < _MOST:
            self.size, self._grown, self._taken = min(2 * self.size, _MOST), True, 0
        if events:
            self.size = max(1, min(self.size, asked * _ENOUGH // events))

    def refused(self, first: int, last: int, message: str) -> None:
        """The node refused the blocks `first` … `last` and said why."""
        if self._grown:
            self._patience, self._grown = min(2 * self._patience, _PATIENCE), False
        asked = last - first + 1
        self.size, self._taken = suggested(first, asked, message) or max(1, asked // 2), 0


def suggested(first: int, asked: int, message: str) -> int | None:
    """How many blocks from `first`, fewer than `asked`, a refusal says it would answer for."""
    exact = _EXACT_RANGE.search(message)
    if exact and int(exact[1], 16) == first:
        sizes = [int(exact[2], 16) - first + 1]
    else:
        found = (match.groups() for match in _LIMIT.finditer(message))
        sizes = [_number(a or c, b or d) for a, b, c, d in found]
    return max((size for size in sizes if 0 < size < asked), default=None)


def _number(digits: str, thousands: str | None) -> int:
    return int(digits.replace(",", "")) * (1_000 if thousands else 1)


def ranges(
    rpc: Rpc,
    first: int,
    last: int,
    ask: Callable[[int, int], Found],
    weigh: Callable[[Found], int] = len,  # type: ignore[assignment]  # of a list
) -> Iterator[tuple[int, Found]]:
    """What `ask` finds in blocks `first` … `last`, in order, with the last block of each range.

    A range that the node refuses, or does not answer although it answers other questions, is
    shortened, and so is one with more events than memory shall hold (`weigh` counts them). Raises
    RpcError when the node refuses even a single block, and UnreachableError.
    """
    stride = Stride()
    while first <= last:
        end = min(first + stride.size - 1, last)
        try:
            with rpc.at_most(_BYTES if end > first else None):
                found = ask(first, end)
        except (RpcError, UnreachableError) as error:
            if end == first:
                raise
            if isinstance(error, RpcError):
                stride.refused(first, end, error.message)
            else:
                rpc.block_number()  # raises where the node answers nothing at all
                stride.refused(first, end, error.reason)
            continue
        stride.taken(end - first + 1, weigh(found))
        yield end, found
        del found
        first = end + 1


@dataclass(frozen=True, slots=True)
class Log:
    """An event with its place: block, its time (Unix seconds), index in it, and the transaction."""

    event: Event
    block: int
    index: int
    time: int
    transaction: str


class Logs(list[Log]):
    """Events in their order, in memory."""

    def named(self, *names: str) -> list[Log]:
        """Those of these names."""
        return [log for log in self if log.event.name in names]

    def of(self, log: Log) -> list[Log]:
        """Those of the transaction of `log`."""
        return [each for each in self if each.transaction == log.transaction]


class FewLogs(Logs):
    """Those of the first transaction, and what governs: all but what people do every day."""

    def __init__(self, names: Collection[str]) -> None:
        """Keep events of these names."""
        super().__init__()
        self._names, self._first = names, ""

    def append(self, log: Log) -> None:
        """Keep an event, or not."""
        self._first = self._first or log.transaction
        if log.event.name in self._names or log.transaction == self._first:
            super().append(log)


class Heard(Protocol):  # noqa: PLW1641 (a list has no hash)
    """The events that a DAO was rebuilt from, in their order, wherever they are."""

    def __iter__(self) -> Iterator[Log]: ...

    def __len__(self) -> int: ...

    def __eq__(self, other: object, /) -> bool: ...

    def append(self, log: Log, /) -> None:
        """One more."""

    def named(self, *names: str) -> list[Log]:
        """Those of these names."""

    def of(self, log: Log, /) -> list[Log]:
        """Those of the transaction of `log`."""


def read_logs(
    rpc: Rpc,
    interfaces: Mapping[str, Interface],
    start: int,
    end: int,
    topics: Sequence[Json] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> list[Log]:
    """All that `stream_logs` finds."""
    return list(stream_logs(rpc, interfaces, start, end, topics, progress))


def stream_logs(
    rpc: Rpc,
    interfaces: Mapping[str, Interface],
    start: int,
    end: int,
    topics: Sequence[Json] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[Log]:
    """The events of the contracts in `interfaces` (by address) in blocks `start` … `end`, in order.

    A range that the node refuses is tried again in parts; `progress` is told each block reached.
    An event that its contract's ABI does not know is named "" and has no arguments.
    Raises RpcError when the node refuses even a single block, and UnreachableError.
    """
    by_address = {address.lower(): known for address, known in interfaces.items()}
    addresses = sorted(map(to_checksum_address, interfaces))

    def ask(first: int, last: int) -> list[Json]:
        span = {"fromBlock": hex(first), "toBlock": hex(last)}
        asked = {"address": addresses, **span, "topics": list(topics)}
        found: list[Json] = rpc.call("eth_getLogs", asked)
        return found

    for last, raw in ranges(rpc, start, end, ask):
        raw.sort(key=lambda log: (int(log["blockNumber"], 16), int(log["logIndex"], 16)))
        times = _times(rpc, raw)
        for each in raw:
            event = by_address[each["address"].lower()].decode_log(each)
            if event is None:
                event = Event("", {}, to_checksum_address(each["address"]))
            block, index = int(each["blockNumber"], 16), int(each["logIndex"], 16)
            yield Log(event, block, index, times[block], each["transactionHash"])
        progress(last)


def _times(rpc: Rpc, logs: Sequence[Json]) -> dict[int, int]:
    """The time of each block; asked for only where the node does not put it into the log."""
    times: dict[int, int] = {}
    unknown: list[int] = []
    for number, stated in {int(log["blockNumber"], 16): log for log in logs}.items():
        if stated.get("blockTimestamp"):
            times[number] = int(stated["blockTimestamp"], 16)
        else:
            unknown.append(number)
    asked = [("eth_getBlockByNumber", (hex(number), False)) for number in unknown]
    for number, block in zip(unknown, batched(rpc, asked), strict=True):
        if isinstance(block, RpcError):
            raise block
        times[number] = int(block["timestamp"], 16)
    return times
