"""How fast an index reads: `python -m mikoshi.play.bench.events [COUNT]`.

A node announces what happened in a small community again and again, from the same addresses, and an
index reads it all: seconds to read, to read again from the file, and the file's size.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from mikoshi.chain.node import DevRpc, Node, NodeOptions
from mikoshi.index.index import Index
from mikoshi.testing.community import Community, found
from mikoshi.testing.defaults import POINT
from mikoshi.testing.records import manifest_of
from mikoshi.text.console import Console
from mikoshi.text.json import Json

Result = TypeVar("Result")

_COUNT = 100_000
_IN_A_BLOCK = 50


def measure(count: int, out: Console) -> None:
    """Make `count` events on a local node, index them, and say how long it took."""
    with Node(NodeOptions(history=True)) as node, tempfile.TemporaryDirectory() as folder:
        community = found(node.rpc)
        manifest = manifest_of(community)
        _live(community)
        with out.progress(f"announcing {count:,} events", count) as advance:
            _repeat(node.rpc, community.outsider.address, count, advance)
        path = Path(folder) / "index.sqlite"
        with Index.open(path, manifest, manifest.chain_id) as index:
            updated, reading = _timed(lambda: index.update(node.rpc))
            logs, again = _timed(lambda: sum(1 for _ in index.logs()))
        size = path.stat().st_size / 1_000_000
    out.say(
        f"{updated.added:,} events in {updated.block:,} blocks: indexed in {reading:.1f} s,"
        f" {logs:,} read from the file in {again:.1f} s, {size:.0f} MB"
    )


def _live(community: Community) -> None:
    """A little of everything that members do every day."""
    membership, wallets = community.dao.membership, community.wallets
    for number in (1, 2, 3):
        community.as_treasury(membership, "credit", number, POINT, 0, bytes(32))
        community.as_treasury(community.dao.token, "mint", wallets[number], POINT, 0)
    call = membership.data("setCharter", bytes(range(32)), "ipfs://another")
    community.decide([(membership, 0, call)], "# A charter\n\n新しい憲章です。")
    membership.send("delegate", wallets[1], sender=wallets[0])


def _repeat(rpc: DevRpc, sender: str, count: int, progress: Callable[[float], None]) -> None:
    """Every event so far, from its own address, until there are `count` more."""
    question = {"fromBlock": "0x0", "toBlock": "latest"}
    patterns = [log for log in rpc.call("eth_getLogs", question) if len(log["topics"]) > 0]
    for start in range(0, count, _IN_A_BLOCK):
        log = patterns[start // _IN_A_BLOCK % len(patterns)]
        number = min(_IN_A_BLOCK, count - start)
        rpc.call("anvil_setCode", log["address"], "0x" + _announcer(log).hex())
        rpc.send(log["address"], number.to_bytes(32), sender=sender)
        progress(number)


def _announcer(log: Json) -> bytes:
    """Code that announces `log` as often as its calldata says."""
    data = bytes.fromhex(log["data"][2:])
    topics = [bytes.fromhex(topic[2:]) for topic in reversed(log["topics"])]
    length = b"\x61" + len(data).to_bytes(2)  # push2
    loop = 10  # where the loop begins
    body = b"\x5b" + b"".join(b"\x7f" + topic for topic in topics) + length
    body += b"\x5f" + bytes([0xA0 + len(topics)])  # log
    body += bytes.fromhex("6001900380") + b"\x60" + bytes([loop]) + b"\x57\x00"  # again
    begin = length + b"\x61" + (loop + len(body)).to_bytes(2) + b"\x5f\x39"  # codecopy
    return begin + bytes.fromhex("5f35") + body + data


def _timed(action: Callable[[], Result]) -> tuple[Result, float]:
    start = time.perf_counter()
    return action(), time.perf_counter() - start


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else _COUNT, Console())
