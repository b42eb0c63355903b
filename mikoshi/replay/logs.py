"""The events of a few contracts, read in ranges that the node is willing to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from eth_utils.address import to_checksum_address

from mikoshi.chain.abi import Event, Interface
from mikoshi.chain.rpc import Rpc, RpcError
from mikoshi.chain.snapshot import batched
from mikoshi.replay.ranges import ranges
from mikoshi.text.json import Json


@dataclass(frozen=True, slots=True)
class Log:
    """An event with its place: block, its time (Unix seconds), index in it, and the transaction."""

    event: Event
    block: int
    index: int
    time: int
    transaction: str


def read_logs(
    rpc: Rpc,
    interfaces: Mapping[str, Interface],
    start: int,
    end: int,
    topics: Sequence[Json] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> list[Log]:
    """The events of the contracts in `interfaces` (by address) in blocks `start` … `end`, in order.

    A range that the node refuses is tried again in parts; `progress` is told each block reached.
    An event that its contract's ABI does not know is named "" and has no arguments.
    Raises RpcError when the node refuses even a single block, and UnreachableError.
    """
    by_address = {to_checksum_address(address): known for address, known in interfaces.items()}
    raw = list(_ranges(rpc, sorted(by_address), start, end, topics, progress))
    raw.sort(key=lambda log: (int(log["blockNumber"], 16), int(log["logIndex"], 16)))
    times = _times(rpc, raw)
    logs = []
    for each in raw:
        address = to_checksum_address(each["address"])
        event = by_address[address].decode_log(each) or Event("", {}, address)
        block, index = int(each["blockNumber"], 16), int(each["logIndex"], 16)
        logs.append(Log(event, block, index, times[block], each["transactionHash"]))
    return logs


def _ranges(
    rpc: Rpc,
    addresses: list[str],
    start: int,
    end: int,
    topics: Sequence[Json],
    progress: Callable[[int], None],
) -> Iterator[Json]:
    def ask(first: int, last: int) -> list[Json]:
        found: list[Json] = rpc.call(
            "eth_getLogs",
            {
                "address": addresses,
                "fromBlock": hex(first),
                "toBlock": hex(last),
                "topics": list(topics),
            },
        )
        return found

    for last, found in ranges(rpc, start, end, ask):
        yield from found
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
