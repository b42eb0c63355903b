"""A DAO's life through a public node with ordinary faults; `make soak` plays it 20 times.

It runs the fuzzers as well, with 2,000 wrong files and answers of each kind.

One request in twenty fails in some way that passes, 25 calls a second are answered, and the node
is 1.5 seconds behind its own receipts. Time is a clock of its own that nobody waits for.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import Result

from mikoshi.ballots.file import to_json, write_new
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.node import DevRpc, Node
from mikoshi.testing.community import FOR, Community, person
from mikoshi.text.json import Json
from mikoshi.text.paths import ROOT
from tests.tooling.governed import PAY, Governed
from tests.tooling.live import ETHER, NODE, Place, deployer
from tests.tooling.proxy import CutError, FaultyRpc, HangUpError, HttpError, RefusalError

SHARE = 0.05
CALLS = 25
"""Calls that are answered in a second."""

LAG = 1.5  # seconds
ANSWER = 0.01
"""Seconds that an answer takes."""

BALLOTS = 200
STEWARD = """
[steward]
wallet = "{wallet}"
members_per_epoch = 100
"""
FUZZERS = sorted((ROOT / "tests" / "tooling").glob("test_fuzz*.py"))
RESULT = ROOT / "benchmarks" / "soak.json"

_OF_REQUESTS = (
    HttpError(429),
    HttpError(429, Retry_After="1"),
    HttpError(502, b"<html>bad gateway</html>"),
    HttpError(503, b"{}"),
    HttpError(504),
    HttpError(200),
    CutError(),
    HangUpError(),
)
_OF_CALLS = (
    RefusalError("Too Many Requests", 429),
    RefusalError("limit exceeded", -32005),
    RefusalError("header not found"),
    RefusalError("request timed out", -32002),
)
_AT = {
    "eth_call": 1,
    "eth_getBalance": 1,
    "eth_getCode": 1,
    "eth_getStorageAt": 2,
    "eth_getTransactionCount": 1,
}
"""Where a call names its block."""


class SlowClock:
    """Time that passes when somebody pauses, and a little with each answer."""

    def __init__(self) -> None:
        self.now = 1000.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def monotonic(self) -> float:
        return self.now


class PublicNode(FaultyRpc):
    """A node as there are many in front of a good one; `sent` are the transactions by number."""

    def __init__(self, rpc: DevRpc, seed: int) -> None:
        self.rpc = rpc
        self.clock = SlowClock()
        self.chance = random.Random(seed)
        self.faults: Counter[str] = Counter()
        self.sent: dict[int, set[str]] = {}
        self._answered: list[float] = []
        self._seen: list[tuple[float, int]] = []
        super().__init__(rpc.url)
        self.settle()

    def settle(self) -> None:
        """From now on everything is seen that has happened so far."""
        with self._lock:
            self._seen = [(0.0, self.rpc.block_number())]

    def answer(self, body: bytes) -> bytes:
        """What this node answers to a request."""
        with self._lock:
            self.clock.now += ANSWER
            fault = self._fault(_OF_REQUESTS)
            if fault is None:
                self._count(body.count(b'"method"'))
                return super().answer(body)
            if b"eth_sendRaw" in body and self.chance.random() < 0.5:
                super().answer(body)  # it comes through, and only its answer is lost
            raise fault

    def _fault(self, kinds: tuple[Exception, ...]) -> Exception | None:
        if self.chance.random() >= SHARE / 2:
            return None
        fault = self.chance.choice(kinds)
        self.faults[repr(fault)] += 1
        return fault

    def _count(self, calls: int) -> None:
        now = self.clock.now
        self._answered = [each for each in self._answered if each > now - 1]
        if len(self._answered) + calls > CALLS:
            self.faults["too many calls"] += 1
            raise HttpError(429)
        self._answered += [now] * calls

    @property
    def block(self) -> int:
        """The latest block that this node has seen itself."""
        seen = [number for since, number in self._seen if since <= self.clock.now - LAG]
        return max(seen, default=self._seen[0][1])

    def _answer_one(self, request: Json) -> Json:
        named = {"jsonrpc": "2.0", "id": request["id"]}
        fault = self._fault(_OF_CALLS)
        if isinstance(fault, RefusalError):
            return named | {"error": fault.error}
        try:
            return super()._answer_one(self._behind(request))
        except RefusalError as error:
            return named | {"error": error.error}

    def _behind(self, request: Json) -> Json:
        """The request as somebody answers who knows no later block than `block`."""
        method, params = request["method"], [*request.get("params", [])]
        if method in _AT:
            params[_AT[method]] = self._known(params[_AT[method]])
        elif method == "eth_estimateGas":
            params[1:] = [hex(self.block)]
        elif method == "eth_getBlockByNumber":
            params[0] = hex(self.block) if params[0] == "latest" else params[0]
        elif method == "eth_getLogs":
            last = min(self.block, int(params[0]["toBlock"], 16))
            params[0] = params[0] | {"toBlock": hex(last)}
        return request | {"params": params}

    def _known(self, block: str) -> str:
        if block in ("latest", "pending"):
            return hex(self.block)
        if int(block, 16) > self.block:
            raise RefusalError("header not found")
        return block

    def _forward(self, request: Json) -> Json:
        method, params = request["method"], request.get("params", [])
        if method == "eth_blockNumber":
            return hex(self.block)
        late = method == "eth_getBlockByNumber" and params[0] != "pending"
        if late and int(params[0], 16) > self.block:
            return None
        if method == "eth_getLogs" and int(params[0]["fromBlock"], 16) > self.block:
            return []
        if method != "eth_sendRawTransaction":
            return super()._forward(request)
        try:
            digest = super()._forward(request | {"method": "eth_sendRawTransactionSync"})
            self._seen.append((self.clock.now, self.rpc.block_number()))
        except RefusalError as error:
            raise RefusalError(self.chance.choice(["AlreadyKnown", "OldNonce"])) from error
        sent = self.rpc.call("eth_getTransactionByHash", digest["transactionHash"])
        self.sent.setdefault(int(sent["nonce"], 16), set()).add(params[0])
        return digest["transactionHash"]


@contextmanager
def timed(node: PublicNode) -> Iterator[None]:
    """Everybody who pauses goes by the node's clock."""
    clock = SimpleNamespace(
        sleep=node.clock.sleep, monotonic=node.clock.monotonic, time=node.clock.monotonic
    )
    with pytest.MonkeyPatch.context() as patch:
        for name in ("chain.rpc", "chain.sender", "replay.logs"):
            patch.setattr(f"mikoshi.{name}.time", clock)
        yield


class SoakedDao:
    """A DAO of many members from its creation to its report, command by command."""

    def __init__(self, rpc: DevRpc, folder: Path, seed: int) -> None:
        self.rpc, self.folder = rpc, folder
        self.place = Place(
            folder,
            members=BALLOTS,
            more=STEWARD.format(wallet=deployer().address),
        )
        self.people = [person(number) for number in range(1, BALLOTS + 1)]
        self.seed = seed

    def play(self) -> dict[str, Any]:
        """Each command once; what it took. Raises AssertionError where one does not succeed."""
        self.rpc.fund(deployer().address, wei=10 * ETHER)
        self.place.add_account("p1", self.people[0])
        calls: dict[str, int] = {}
        with PublicNode(self.rpc, self.seed) as node, timed(node):
            self.node = node
            self.run(calls, "deploy", account="alice")
            self.gather()
            path = self.governed.write(PAY)
            self.run(calls, "proposal submit", str(path), account="p1")
            draft = self.draft()
            self.world.open_voting(draft.id)
            self.run(calls, "relay", str(self.sign(draft)), account="alice")
            votes = self.world.dao.governor.call("proposalVotes", draft.id)
            assert self.world.dao.governor.call("proposalTurnout", draft.id) == BALLOTS, votes
            self.world.close_voting(draft.id)
            self.world.ripen(draft.id)
            self.run(calls, "execute", "1", account="alice")
            self.run(calls, "check")
            self.run(calls, "index")
            self.run(calls, "report")
            wallets = (deployer().address, self.people[0].address)
            mined = sum(self.rpc.nonce(each) for each in wallets)
            assert sum(map(len, node.sent.values())) == mined
            faults = sum(node.faults.values())
        return {"calls": calls, "faults": faults, "transactions": mined}

    def run(self, calls: dict[str, int], command: str, *args: str, **options: Any) -> None:
        """A command through the public node, which succeeds."""
        self.node.settle()
        before = len(self.node.calls)
        sends = {"yes": True} if "account" in options else {}
        governed = Governed.__new__(Governed)
        governed.place, governed.folder = self.place, self.folder
        result: Result = governed.run(command, *args, url=self.node.url, **options, **sends)
        assert result.exit_code == 0, (self.seed, command, result.stdout, result.stderr)
        calls[command] = len(self.node.calls) - before

    def gather(self) -> None:
        """Everybody is there, and their voice counts."""
        dao = self.place.manifest.dao(self.rpc)
        assert dao.membership.call("census")[:2] == (BALLOTS, BALLOTS)
        self.world = Community(self.rpc, dao, self.people)
        self.governed = Governed(self.place, self.world, self.folder)
        self.rpc.call("anvil_autoImpersonateAccount", True)
        self.rpc.fund(dao.treasury_address, self.people[0].address, wei=10 * ETHER)
        self.rpc.warp(60)

    def draft(self) -> ProposalDraft:
        """The proposal that was submitted."""
        (record,) = (self.folder / "proposals").rglob("*.json")
        told = json.loads(record.read_text())
        return SimpleNamespace(id=int(told["id"]))  # type: ignore[return-value]

    def sign(self, draft: ProposalDraft) -> Path:
        """Everybody's ballot, in a folder."""
        folder = self.folder / "ballots"
        folder.mkdir()
        for number in range(1, BALLOTS + 1):
            signed = self.world.sign(
                number, "MemberBallot", proposalId=draft.id, support=FOR, deadline=2**40 - 1
            )
            write_new(folder / f"{number}.ballot", to_json(signed))
        return folder


def soak(first: int, count: int = 20) -> dict[str, Any]:
    """What became of so many seeds."""
    lives: dict[str, Any] = {}
    with Node(NODE) as node:
        for seed in range(first, first + count):
            with node.rpc.isolate(), tempfile.TemporaryDirectory() as folder:
                try:
                    lives[str(seed)] = SoakedDao(node.rpc, Path(folder), seed).play()
                except AssertionError as error:
                    lives[str(seed)] = {"failed": str(error)}
                print(seed, lives[str(seed)], flush=True)
    passed = sum("failed" not in each for each in lives.values())
    return {"seeds": count, "passed": passed, "lives": lives}


def fuzz(count: int = 2_000) -> dict[str, Any]:
    """What became of so many wrong files and answers of each kind."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "told.xml"
        words = ["-q", f"--junitxml={path}", *map(str, FUZZERS)]
        environment = os.environ | {"FUZZ": str(count)}
        subprocess.run(["pytest", *words], cwd=ROOT, env=environment, check=False)
        cases = [*ElementTree.parse(path).iter("testcase")]
    kinds = {str(case.get("name")).removeprefix("test_"): not len(case) for case in cases}
    return {
        "of_each": count,
        "passed": sum(kinds.values()),
        "kinds": {name: count if passed else "failed" for name, passed in kinds.items()},
    }


if __name__ == "__main__":
    fuzzed = fuzz()
    told = soak(int(sys.argv[1]) if len(sys.argv) > 1 else 1) | {"fuzz": fuzzed}
    RESULT.write_text(json.dumps(told, indent=2) + "\n")
    sound = told["passed"] == told["seeds"] and fuzzed["passed"] == len(fuzzed["kinds"]) > 0
    sys.exit(not sound)
