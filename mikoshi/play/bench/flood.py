"""What a server takes when it is flooded: many readers, and signed ballots without a pause."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from mikoshi.ballots.file import read
from mikoshi.ballots.line import to_line
from mikoshi.chain.node import Node
from mikoshi.play.bench.large import LargeDao
from mikoshi.play.bench.world import options
from mikoshi.text.console import Console
from mikoshi.text.json import Json
from mikoshi.text.language import _

CLIENTS, ACTS_A_SECOND, SECONDS = 200, 50, 60

_ACTS = ACTS_A_SECOND * SECONDS
_MEMBERS, _EVENTS = _ACTS + 600, 12_000
_READS = ("/api/dao", "/api/proposals", "/api/members?limit=20", "/health")
_PAUSE = 1.0  # seconds between the reads of a client
_PROGRAM = "from mikoshi.commands.main import main; main()"


@dataclass
class Flood:
    """What became of the acts, and how long answers took. Times in seconds."""

    reads: list[float] = field(default_factory=list, repr=False)
    gives: list[float] = field(default_factory=list, repr=False)
    statuses: Counter[str] = field(default_factory=Counter)
    kept: set[int] = field(default_factory=set, repr=False)
    counted: int = 0
    lost: int = 0
    twice: int = 0
    transactions: int = 0
    megabytes: float = 0
    json: ClassVar[str] = (
        "acts=gives:len reads=reads:len kept:len statuses counted lost twice transactions "
        "megabytes reads_p95 gives_p95"
    )

    @property
    def reads_p95(self) -> float:
        """What 19 of 20 reads took at most."""
        return _p95(self.reads)

    @property
    def gives_p95(self) -> float:
        """What 19 of 20 acts took until they were kept, at most."""
        return _p95(self.gives)


def flood() -> Flood:
    """A server with SQLite in front of a local node, flooded."""
    with tempfile.TemporaryDirectory() as folder, Node(options()) as node:
        dao = LargeDao(node, Path(folder), _MEMBERS, _EVENTS, _ACTS)
        dao.grow()
        ballots = sorted(dao.ballots.glob("*.ballot"))
        lines = [to_line(read(each)) for each in ballots]
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        own = {"MIKOSHI_INDEX": f"{folder}/index", "MIKOSHI_DEPLOYMENTS": str(dao.deployments)}
        words = ["--network", node.url, "--config", str(dao.config), "--port", str(port), "--proxy"]
        words += ["--store", f"{folder}/acts.sqlite", "--budget", "1000", "--member-budget", "10"]
        words += ["--batch-seconds", "5", "--batch", "250"]
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, "serve", *words],
            env=os.environ | own,
            stdout=subprocess.DEVNULL,
        )
        try:
            found = asyncio.run(_flooded(port, lines))
            found.megabytes = _peak(process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()
        governor = dao.community.dao.governor
        logs = dao.rpc.call(
            "eth_getLogs", {"address": governor.address, "fromBlock": "0x0", "toBlock": "latest"}
        )
        names = Counter(event.name for event in governor.events(logs))
        found.twice = names["BallotRejected"]
        voters = {*dao.community.wallets}
        cast = [
            (event.args["voter"], log["transactionHash"])
            for log in logs
            for event in governor.events([log])
            if event.name == "VoteCast" and event.args["voter"] in voters
        ]
        signers = [each.signer for each in map(read, ballots)]
        found.counted = len(cast)
        found.lost = len({signers[each] for each in found.kept} - {voter for voter, _ in cast})
        found.transactions = len({digest for _, digest in cast})
        return found


async def _flooded(port: int, lines: Sequence[str]) -> Flood:
    found = Flood()
    while await _status(port, "GET", "/health", found.reads) != 200:
        await asyncio.sleep(0.2)
    found.reads.clear()
    until = time.monotonic() + SECONDS
    async with asyncio.TaskGroup() as group:
        for number in range(CLIENTS):
            group.create_task(_client(port, number, until, found))
        for number, line in enumerate(lines):
            group.create_task(_give(port, number, line, found))
    for _again in range(600):  # what waits still
        if await _waiting(port) == 0:
            break
        await asyncio.sleep(0.2)
    return found


async def _client(port: int, number: int, until: float, found: Flood) -> None:
    await asyncio.sleep(number / CLIENTS)
    while time.monotonic() < until:
        status = await _status(port, "GET", _READS[number % len(_READS)], found.reads, number)
        found.statuses[f"GET {status}"] += 1
        await asyncio.sleep(_PAUSE)


async def _give(port: int, number: int, line: str, found: Flood) -> None:
    await asyncio.sleep(number / ACTS_A_SECOND)
    body = json.dumps({"line": line}).encode()
    status = await _status(port, "POST", "/api/acts", found.gives, number % CLIENTS, body)
    found.statuses[f"POST {status}"] += 1
    if status == 202:
        found.kept.add(number)


async def _waiting(port: int) -> int:
    _, body = await _asked(port, "GET", "/health", 0, b"")
    told: Json = json.loads(body)
    return int(told.get("waiting", 1))


async def _status(
    port: int, method: str, at: str, took: list[float], number: int = 0, body: bytes = b""
) -> int:
    began = time.monotonic()
    try:
        status, _ = await _asked(port, method, at, number, body)
    except OSError:
        return 0
    took.append(time.monotonic() - began)
    return status


async def _asked(port: int, method: str, at: str, number: int, body: bytes) -> tuple[int, bytes]:
    """One request of a client, who has an address of their own behind the proxy."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = f"{method} {at} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        head += f"X-Forwarded-For: 10.0.{number // 256}.{number % 256}\r\n"
        head += f"Content-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = await reader.read()
    finally:
        writer.close()
    status, _, rest = answer.partition(b"\r\n")
    return int(status.split()[1]) if status else 0, rest.partition(b"\r\n\r\n")[2]


def _peak(pid: int) -> float:
    """The most memory that a process had, in megabytes; 0 where the system does not tell."""
    try:
        told = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    lines = (line.split() for line in told.splitlines())
    return next((int(line[1]) / 1_024 for line in lines if line[:1] == ["VmHWM:"]), 0)


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else 0


def show_flood(out: Console, found: Flood) -> None:
    """What came of it, in words."""
    out.say(
        _(
            "{clients} readers and {acts:,} signed ballots in {seconds} s",
            clients=CLIENTS,
            acts=len(found.gives),
            seconds=SECONDS,
        )
    )
    rows = [
        (_("reads, 95 % within"), f"{found.reads_p95 * 1_000:.0f} ms"),
        (_("acts kept, 95 % within"), f"{found.gives_p95 * 1_000:.0f} ms"),
        (_("counted"), f"{found.counted:,}"),
        (_("lost"), f"{found.lost:,}"),
        (_("paid for twice"), f"{found.twice:,}"),
        (_("transactions"), f"{found.transactions:,}"),
        (_("memory at most"), f"{found.megabytes:.0f} MB"),
    ]
    out.table(("", ">"), rows)
    out.note(", ".join(f"{name}: {count}" for name, count in sorted(found.statuses.items())))
