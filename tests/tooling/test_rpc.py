"""The raw client reads, writes and fails as its docstrings say, on a real node."""

import http.server
import itertools
import json
import select
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import cast

import pytest

from mikoshi.chain import transport
from mikoshi.chain.networks import shown_choice
from mikoshi.chain.node import DevRpc, Node
from mikoshi.chain.rpc import RevertedError, Rpc, RpcError, UnreachableError, transaction
from mikoshi.chain.transport import OwnLine, host_of
from mikoshi.core.artifacts import Artifact, compile_sources
from mikoshi.replay.logs import suggested
from mikoshi.text.errors import BadInputError
from mikoshi.text.json import parsed
from mikoshi.text.language import speaking
from tests.support import refuses, told
from tests.tooling.proxy import FaultyRpc

COUNTER = """// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

contract Counter {
    error CounterTooHigh(uint256 actual, uint256 limit);

    address public last;
    uint256 public count;

    function add(uint256 amount) external payable {
        count += amount;
        last = msg.sender;
        if (count > 10) revert CounterTooHigh(count, 10);
    }
}
"""
STRANGER = "0x00000000000000000000000000000000deadbeef"


@pytest.fixture(scope="module")
def counter() -> Artifact:
    return compile_sources({"Counter.sol": COUNTER})["Counter"]


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node() as node:
        yield node


@pytest.fixture
def rpc(node: Node) -> Iterator[DevRpc]:
    with node.rpc.isolate():
        yield node.rpc


@pytest.fixture
def alice(node: Node) -> str:
    return node.accounts[0]


@pytest.fixture
def at(rpc: DevRpc, counter: Artifact, alice: str) -> str:
    return str(rpc.send(None, counter.bytecode, sender=alice)["contractAddress"])


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def add(counter: Artifact, amount: int) -> bytes:
    return counter.methods["add(uint256)"] + word(amount)


def too_high(counter: Artifact, actual: int) -> bytes:
    (error,) = [entry for entry in counter.abi if entry["type"] == "error"]
    assert error["name"] == "CounterTooHigh"
    # keccak256("CounterTooHigh(uint256,uint256)")[:4], from `cast sig`
    return bytes.fromhex("148ab237") + word(actual) + word(10)


def test_transaction_is_mined_when_send_returns(
    rpc: DevRpc, counter: Artifact, at: str, alice: str
) -> None:
    nonce, block = rpc.nonce(alice), rpc.block_number()
    receipt = rpc.send(at, add(counter, 3), sender=alice, value=5)
    assert int(receipt["blockNumber"], 16) == rpc.block_number() == block + 1
    assert rpc.nonce(alice) == nonce + 1
    assert rpc.balance(at) == 5
    assert rpc.read(at, counter.methods["count()"]) == word(3)
    assert rpc.storage(at, 1) == word(3)
    assert rpc.code(at) == counter.runtime


@pytest.mark.parametrize("gas", [None, 200_000])
def test_reverted_transaction_raises_with_its_data(
    rpc: DevRpc, counter: Artifact, at: str, alice: str, gas: int | None
) -> None:
    with pytest.raises(RevertedError) as caught:
        rpc.send(at, add(counter, 11), sender=alice, gas=gas)
    assert caught.value.data == too_high(counter, 11)
    assert int(caught.value.receipt["status"], 16) == 0
    assert rpc.read(at, counter.methods["count()"]) == word(0)


def test_reverted_read_raises_with_its_data(rpc: DevRpc, counter: Artifact, at: str) -> None:
    with pytest.raises(RpcError) as caught:
        rpc.read(at, add(counter, 12))
    assert caught.value.data == too_high(counter, 12)
    assert caught.value.method == "eth_call"
    assert str(caught.value).isprintable()


def test_batch_answers_in_order_and_keeps_errors_in_place(
    rpc: DevRpc, counter: Artifact, at: str
) -> None:
    good = ("eth_call", [transaction(at, counter.methods["count()"]), "latest"])
    bad = ("eth_call", [transaction(at, add(counter, 99)), "latest"])
    first, second, third = rpc.batch([good, bad, ("eth_chainId", [])])
    assert first == "0x" + word(0).hex()
    assert isinstance(second, RpcError)
    assert second.data == too_high(counter, 99)
    assert third == hex(rpc.chain_id())
    assert rpc.batch([]) == []


def test_unknown_method_raises_with_its_code(rpc: DevRpc) -> None:
    with pytest.raises(RpcError) as caught:
        rpc.call("eth_noSuchThing")
    assert (caught.value.method, caught.value.code) == ("eth_noSuchThing", -32601)
    assert caught.value.data == b""


def test_isolate_undoes_state_and_time(rpc: DevRpc, counter: Artifact, at: str, alice: str) -> None:
    before = rpc.timestamp()
    with rpc.isolate():
        rpc.send(at, add(counter, 4), sender=alice)
        rpc.warp(10_000)
        assert rpc.timestamp() >= before + 10_000
    assert rpc.timestamp() == before
    assert rpc.read(at, counter.methods["count()"]) == word(0)


def test_snapshot_can_be_used_once(rpc: DevRpc) -> None:
    snapshot = rpc.snapshot()
    rpc.revert(snapshot)
    with pytest.raises(RpcError, match=f"no snapshot {snapshot}"):
        rpc.revert(snapshot)


def test_warp_mines_one_block_at_the_time_asked_for(rpc: DevRpc) -> None:
    start, block = rpc.timestamp(), rpc.block_number()
    assert rpc.warp(365 * 86_400) == rpc.timestamp() == start + 365 * 86_400
    assert rpc.block_number() == block + 1
    with pytest.raises(RpcError, match="lower than previous"):
        rpc.warp_to(start)


def test_impersonated_account_can_send_only_inside(rpc: DevRpc, counter: Artifact, at: str) -> None:
    with rpc.impersonate(STRANGER, balance=10**18) as stranger:
        assert rpc.balance(stranger) == 10**18
        rpc.send(at, add(counter, 1), sender=stranger)
    assert rpc.read(at, counter.methods["last()"])[12:].hex() == STRANGER[2:]
    with pytest.raises(RpcError, match="No Signer"):
        rpc.send(at, add(counter, 1), sender=STRANGER)


def test_nobody_listening_is_unreachable() -> None:
    reason = "Connection refused"
    with refuses("node.unreachable", host="http://127.0.0.1:1", reason=reason):
        Rpc("http://127.0.0.1:1/").chain_id()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("ws://localhost:8545", "ws://localhost:8545"),
        ("localhost:8545", "…"),
        ("http://", "http://"),
        ("http://host:85450", "http://host:85450"),
        ("http://host:abc/key", "http://host:abc"),
        ("http://host:0", "http://host:0"),
        ("http://[::1", "http://[::1"),
        (f"http://{'a' * 64}.org", f"http://{'a' * 64}.org"),
        ("http://a..b", "http://a..b"),
        ("http://local host", "http://local host"),
        ("https://dao:hunter2/xyz@host", "https://…"),
        ("https://dao:hunt?er2@host", "https://…"),
        ("https://dao#hunter2@host", "https://…"),
        ("https://dao:hun ter2@host", "https://host"),
        ("https://dao:hunter2@host:abc", "https://host:abc"),
        ("https://dao:hun[ter2@host", "https://host"),
        ("https://a@hunter2:80/x@host", "https://…"),
        ("https://dao:hunter2\\x@host", "https://…"),
    ],
)
def test_address_that_cannot_be_used_is_refused_and_no_password_shown(url: str, shown: str) -> None:
    with pytest.raises(BadInputError) as caught:
        Rpc(url)
    told(caught.value, "network.bad-url", url=shown)
    assert "hunter2" not in f"{caught.value} {host_of(url)} {shown_choice(url)}"
    assert len(caught.value.lines) == 3


class _Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answer = b""
    hang_up = False
    drips = ""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.drips:
            self.drip()
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)
        self.close_connection = self.hang_up

    def drip(self) -> None:
        start = {
            "head": b"X: ",
            "body": b"Content-Length: 999\r\n\r\n",
            "chunks": b"Transfer-Encoding: chunked\r\n\r\n",
        }
        drop = {"head": b"x", "body": b" ", "chunks": b"1\r\n \r\n"}[self.drips]
        self.close_connection = True
        with suppress(OSError):  # until the client has had enough
            self.wfile.write(b"HTTP/1.1 200 OK\r\n" + start[self.drips])
            for _ in range(10_000):
                self.wfile.write(drop)
                time.sleep(0.05)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[str, type[_Server]]]:
    class Handler(_Server):
        pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", Handler
        server.shutdown()
        thread.join()


def test_server_that_is_no_node_is_unreachable(server: tuple[str, type[_Server]]) -> None:
    url, handler = server
    handler.answer = b"<html>hello</html>"
    with Rpc(url) as rpc, refuses("node.unreachable", reason="HTTP 200, no JSON"):
        rpc.chain_id()


def test_refusal_of_the_whole_request_is_every_calls_error(
    server: tuple[str, type[_Server]],
) -> None:
    url, handler = server
    handler.answer = b'{"jsonrpc":"2.0","id":null,"error":{"code":-32005,"message":"slow down"}}'
    with Rpc(url) as rpc:
        results = rpc.batch([("eth_chainId", []), ("eth_blockNumber", [])])
    assert [str(result) for result in results] == [
        "eth_chainId: slow down (code -32005)",
        "eth_blockNumber: slow down (code -32005)",
    ]


@pytest.mark.parametrize(
    ("pending", "time"),
    [
        ('"result":null', 5),
        ('"error":{"code":-32000,"message":"no pending block"}', 5),
        ('"result":{"number":"0x2","hash":null,"timestamp":"0x9"}', 9),
        ('"result":{"number":"0x1","hash":"0x12","timestamp":"0x4"}', 5),
        ('"result":{"timestamp":null}', 5),
    ],
    ids=["none", "refused", "not made yet", "older", "senseless"],
)
def test_time_of_the_next_block_is_that_of_the_latest_where_a_node_does_not_say(
    server: tuple[str, type[_Server]], pending: str, time: int
) -> None:
    url, handler = server
    answers = f'{{"id":0,"result":{BLOCK}}}', f'{{"id":1,{pending}}}'
    handler.answer = f"[{','.join(answers)}]".encode()
    with Rpc(url) as rpc:
        assert rpc.next_timestamp() == time


def test_time_of_the_next_block_is_later_on_an_idle_chain(rpc: DevRpc) -> None:
    latest = rpc.timestamp()
    rpc.call("evm_increaseTime", 86_400)
    assert rpc.timestamp() == latest
    assert rpc.next_timestamp() >= latest + 86_400


LONG = f'"0x{"f" * 65}"'
LOG = {
    **dict.fromkeys(("blockHash", "transactionHash"), f"0x{'ab' * 32}"),
    "address": f"0x{'cd' * 20}",
    "data": "0x",
    "topics": [],
    "blockNumber": "0x1",
    "logIndex": "0x0",
}
STATED = {"transactionIndex": "0x0", "blockTimestamp": "0x5"}
_ODD: tuple[dict[str, object], ...] = (
    {"logIndex": "q"},
    {"address": "zz"},
    {"blockTimestamp": [1]},
    {"blockTimestamp": 5},
    {"transactionIndex": {}},
    {"blockNumber": f"0x{'1' * 65}"},
)
ODD = tuple(json.dumps([LOG | STATED | odd]) for odd in _ODD)
BLOCK = '{"number":"0x1","hash":"0x12","timestamp":"0x5"}'


@pytest.mark.parametrize(
    ("method", "params", "senseless", "sensible"),
    [
        ("eth_blockNumber", [], ("null", "7", '"7"', '"0x"', "{}", LONG), ('"0x7"',)),
        ("eth_call", [{}, "latest"], ("null", '"0x1"', '"0xzz"', "[]"), ('"0x"', '"0x12"')),
        ("eth_getBlockByNumber", ["latest", False], ("null", "{}", '"0x1"'), (BLOCK,)),
        ("eth_getBlockByNumber", ["0x9", False], ('{"number":7}',), (BLOCK, "null")),
        ("eth_getLogs", [{}], ("null", "{}", "[null]", '[{"address":"0x1"}]'), ("[]",)),
        ("eth_getLogs", [{}], ODD, (json.dumps([LOG]), json.dumps([LOG | STATED]))),
        ("eth_getTransactionReceipt", ["0x1"], ("[]", '{"status":1}'), ("null",)),
        ("web3_clientVersion", [], (), ("null", "7")),
    ],
)
def test_senseless_answer_is_an_error_of_its_call(
    server: tuple[str, type[_Server]],
    method: str,
    params: list[object],
    senseless: tuple[str, ...],
    sensible: tuple[str, ...],
) -> None:
    url, handler = server
    with Rpc(url) as rpc:
        for result in senseless:
            handler.answer = f'{{"jsonrpc":"2.0","id":0,"result":{result}}}'.encode()
            with pytest.raises(RpcError, match=f"{method}: its answer makes no sense: "):
                rpc.call(method, *params)
        for result in sensible:
            handler.answer = f'{{"jsonrpc":"2.0","id":0,"result":{result}}}'.encode()
            assert rpc.call(method, *params) == json.loads(result)


def test_endless_refusal_is_told_in_short(server: tuple[str, type[_Server]]) -> None:
    url, handler = server
    error = {"code": 3, "message": "1" * 1_000_000 + " blocks", "data": f"0x{'ab' * 4}"}
    handler.answer = json.dumps({"jsonrpc": "2.0", "id": 0, "error": error}).encode()
    with Rpc(url) as rpc, pytest.raises(RpcError) as caught:
        rpc.call("eth_call", {}, "latest")
    assert caught.value.message == "1" * 2_000
    assert caught.value.data == b"\xab" * 4
    assert suggested(0, 10, caught.value.message) is None


def test_long_answers_are_taken_where_they_may_be_long(
    server: tuple[str, type[_Server]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, handler = server
    handler.answer = b'{"jsonrpc":"2.0","id":0,"result":[]}'
    monkeypatch.setattr(transport, "SHORT", 5)
    with Rpc(url) as rpc:
        assert rpc.call("eth_getLogs", {}) == []
        with refuses("node.unreachable", reason="an answer of more than 5 bytes"):
            rpc.chain_id()


def test_answer_that_would_fill_the_memory_is_not_read(
    server: tuple[str, type[_Server]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, handler = server
    handler.answer = b'{"jsonrpc":"2.0","id":0,"result":"0x1"}'
    monkeypatch.setattr(transport, "SHORT", len(handler.answer))
    with Rpc(url) as rpc:
        assert rpc.chain_id() == 1
        handler.answer += b" "
        with refuses("node.unreachable", reason="an answer of more than 39 bytes"):
            rpc.chain_id()
        handler.answer = handler.answer[:-1]
        assert rpc.chain_id() == 1


@pytest.fixture
def _ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part of an answer takes ten seconds of the time that the whole has."""
    ticks = itertools.count(0.0, 10.0)
    monkeypatch.setattr(
        "mikoshi.chain.transport.time", SimpleNamespace(monotonic=lambda: next(ticks))
    )


@pytest.mark.slow
@pytest.mark.usefixtures("_ticking")
@pytest.mark.parametrize("drips", ["head", "body", "chunks"])
def test_timeout_is_for_the_whole_answer_however_slowly_it_drips(
    server: tuple[str, type[_Server]], drips: str
) -> None:
    url, handler = server
    handler.answer = b'{"jsonrpc":"2.0","id":0,"result":"0x1"}'
    with Rpc(url) as rpc:
        assert rpc.chain_id() == 1
        handler.drips = drips
        with pytest.raises(UnreachableError) as caught:
            rpc.chain_id()
        assert caught.value.reason == "timed out"
        handler.drips = ""
        for _ in range(7):  # each has all the time again
            assert rpc.chain_id() == 1


@pytest.mark.usefixtures("_ticking")
def test_why_a_node_is_not_reached_is_told_in_japanese(
    server: tuple[str, type[_Server]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, handler = server

    def reason(address: str = url) -> str:
        with pytest.raises(UnreachableError) as caught, Rpc(address) as rpc:
            rpc.chain_id()
        return caught.value.reason

    with speaking("ja"):
        assert reason("http://127.0.0.1:1/") == "接続が拒否されました"
        handler.answer = b"<html>"
        assert reason() == "HTTP 200、JSON ではありません"
        monkeypatch.setattr(transport, "SHORT", 5)
        assert reason() == "応答が 5 バイトを超えています"
        handler.drips = "body"
        assert reason() == "時間内に応答がありません"


def test_connection_closed_between_calls_is_opened_again(
    server: tuple[str, type[_Server]],
) -> None:
    url, handler = server
    handler.answer, handler.hang_up = b'{"jsonrpc":"2.0","id":0,"result":"0x1"}', True
    with Rpc(url) as rpc:
        for _ in range(3):
            assert rpc.chain_id() == 1
            line = cast("OwnLine", rpc._line)
            ended, _, _ = select.select([line._connection.sock], [], [], 60)
            assert ended


def test_two_different_answers_to_one_call_are_none(rpc: DevRpc) -> None:
    class Twice(FaultyRpc):
        def answer(self, body: bytes) -> bytes:
            (first, second) = json.loads(super().answer(body))
            return json.dumps([first, second | {"id": 0}, second]).encode()

    with Twice(rpc.url) as node, Rpc(node.url) as line:
        line.patient = False
        one, two = line.batch([("eth_chainId", ()), ("eth_blockNumber", ())])
    assert isinstance(one, RpcError)
    assert two == hex(rpc.block_number())


def test_brackets_without_end_are_no_answer() -> None:
    allowed = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)  # as libraries of Ape do
    try:
        with pytest.raises(ValueError, match="nested too deep"):
            parsed(b"[" * 1_000_000)
        assert sys.getrecursionlimit() == 100_000
    finally:
        sys.setrecursionlimit(allowed)
    assert parsed('{"a": [1]}') == {"a": [1]}
