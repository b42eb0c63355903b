"""What passes is asked again, as long and as gently as a node wants, and nothing happens twice."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import formatdate

import pytest

from mikoshi.chain.node import DevRpc
from mikoshi.chain.rpc import Rpc, RpcError, UnreachableError
from mikoshi.text.clock import at
from mikoshi.text.json import Json
from tests.support import refuses
from tests.tooling.pauses import Clock
from tests.tooling.proxy import (
    Call,
    CutError,
    FaultyRpc,
    HangUpError,
    HttpError,
    RefusalError,
)

PASSING = {
    "429": HttpError(429),
    "429 with JSON": HttpError(429, b'{"id":0,"error":{"code":-32005,"message":"daily limit"}}'),
    "429 in JSON-RPC": RefusalError("Too Many Requests", 429),
    "-32005 in a 200": RefusalError("limit exceeded", -32005),
    "rate limit": RefusalError("your app has exceeded its compute units per second capacity"),
    "500": HttpError(500, b"<html>"),
    "502": HttpError(502, b"<html>bad gateway"),
    "503": HttpError(503),
    "503 with JSON": HttpError(503, b'{"id":0,"error":{"code":-32000,"message":"starting"}}'),
    "504": HttpError(504, b"{}"),
    "524": HttpError(524),
    "hang-up": HangUpError(),
    "empty": HttpError(200),
    "cut": CutError(),
    "half a JSON": HttpError(200, b'{"jsonrpc":"2.0","id":0,"resu'),
    "no header": RefusalError("header not found"),
    "erigon": RefusalError("block not found: 1234"),
    "unknown block": RefusalError("Unknown block", -32001),
    "time-out": RefusalError("request timed out", -32002),
    "overloaded": RefusalError("server is temporarily unavailable, try again"),
    "internal": RefusalError("Internal error", -32603),
}
LOCKED = ": a user, password or key is missing or wrong"
FINAL = {
    "401": HttpError(401, b"wrong password"),
    "403": HttpError(403),
    "404": HttpError(404, b"<html>not here"),
    "another server": HttpError(200, b"<html>hello</html>"),
}
REFUSED = {
    "unknown method": RefusalError("the method does not exist", -32601),
    "invalid": RefusalError("invalid argument 0: hex string has length 3", -32602),
    "pruned": RefusalError("missing trie node 12ab (path ) state is not available, not found"),
    "historical": RefusalError("historical state 0x12 is not available, temporarily pruned"),
    "a contract says so": RefusalError("execution reverted: try again, rate limit", 3),
}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("mikoshi.chain.rpc.time", clock)
    return clock


@pytest.fixture
def faulty(rpc: DevRpc) -> Iterator[FaultyRpc]:
    with FaultyRpc(rpc.url) as proxy:
        yield proxy


def times(faulty: FaultyRpc, method: str, error: Exception, count: int = 10**9) -> None:
    """The next `count` calls of a method end so."""
    left = [count]

    def hook(call: Call) -> Json:
        left[0] -= 1
        if left[0] < 0:
            return call.forward()
        raise error

    faulty.on(method, hook)


@pytest.mark.parametrize("error", PASSING.values(), ids=PASSING)
def test_what_passes_is_asked_again(faulty: FaultyRpc, clock: Clock, error: Exception) -> None:
    times(faulty, "eth_chainId", error, 2)
    with Rpc(faulty.url) as rpc:
        assert rpc.chain_id() == 31337
    assert len(faulty.asked("eth_chainId")) == 3
    first, second = clock.pauses
    assert 0.125 <= first <= 0.25 <= second <= 0.5


@pytest.mark.parametrize("error", PASSING.values(), ids=PASSING)
def test_what_does_not_pass_ends_within_a_minute(
    faulty: FaultyRpc, clock: Clock, error: Exception
) -> None:
    times(faulty, "eth_chainId", error)
    notes: list[str] = []
    with Rpc(faulty.url) as rpc:
        rpc.tell = notes.append
        with pytest.raises((RpcError, UnreachableError)):
            rpc.chain_id()
    few = isinstance(error, RefusalError) and error.error["code"] == -32603
    assert clock.now < 1 if few else 45 < clock.now <= 60
    assert len(notes) == (0 if few else 1)
    assert len(faulty.asked("eth_chainId")) == len(clock.pauses) + 1 <= 34


@pytest.mark.parametrize("error", FINAL.values(), ids=FINAL)
def test_what_is_no_node_is_told_at_once(faulty: FaultyRpc, clock: Clock, error: HttpError) -> None:
    times(faulty, "eth_chainId", error)
    more = {200: ", no JSON", 401: LOCKED, 403: LOCKED}
    reason = f"HTTP {error.status}{more.get(error.status, '')}"
    with Rpc(faulty.url) as rpc, refuses("node.unreachable", reason=reason):
        rpc.chain_id()
    assert clock.pauses == []


@pytest.mark.parametrize("error", REFUSED.values(), ids=REFUSED)
def test_what_a_node_refuses_for_good_is_told_at_once(
    faulty: FaultyRpc, clock: Clock, error: RefusalError
) -> None:
    times(faulty, "eth_call", error)
    with Rpc(faulty.url) as rpc, pytest.raises(RpcError) as caught:
        rpc.call("eth_call", {}, "latest")
    assert caught.value.message == str(error)
    assert clock.pauses == []


def test_nobody_listening_is_told_at_once_unless_somebody_was(rpc: DevRpc, clock: Clock) -> None:
    with FaultyRpc(rpc.url) as gone, Rpc(gone.url) as known:
        assert known.chain_id() == 31337
    with Rpc(gone.url) as unknown, refuses("node.unreachable", reason="Connection refused"):
        unknown.chain_id()
    assert clock.pauses == []
    known._line.close()
    with refuses("node.unreachable", reason="Connection refused"):
        known.chain_id()
    assert 45 < clock.now <= 60


def test_a_node_says_how_long_it_wants_to_be_left_alone(faulty: FaultyRpc, clock: Clock) -> None:
    times(faulty, "eth_chainId", HttpError(429, Retry_After="17"), 2)
    with Rpc(faulty.url) as rpc:
        assert rpc.chain_id() == 31337
    assert clock.pauses == [17, 17]


def test_it_may_say_so_as_a_date(faulty: FaultyRpc, clock: Clock) -> None:
    later = formatdate(1_795_000_021, usegmt=True)
    times(faulty, "eth_chainId", HttpError(503, Retry_After=later), 1)
    with at(1_795_000_000), Rpc(faulty.url) as rpc:
        assert rpc.chain_id() == 31337
    assert clock.pauses == [21]


@pytest.mark.parametrize("wait", ["61", "999999999"])
def test_nobody_waits_longer_than_a_minute(faulty: FaultyRpc, clock: Clock, wait: str) -> None:
    times(faulty, "eth_chainId", HttpError(429, Retry_After=wait))
    with Rpc(faulty.url) as rpc, refuses("node.unreachable", reason="HTTP 429"):
        rpc.chain_id()
    assert clock.pauses == []


@pytest.mark.parametrize("wait", ["", "soon", "-5", "0", "Mon, 99 Nov 2026"])
def test_senseless_wait_is_none(faulty: FaultyRpc, clock: Clock, wait: str) -> None:
    times(faulty, "eth_chainId", HttpError(429, Retry_After=wait), 1)
    with Rpc(faulty.url) as rpc:
        assert rpc.chain_id() == 31337
    assert len(clock.pauses) == 1
    assert clock.now <= 0.25


@pytest.mark.parametrize("method", ["eth_sendTransaction", "evm_mine", "anvil_setBalance"])
@pytest.mark.parametrize("error", [HttpError(503), HangUpError(), RefusalError("busy", 429)])
def test_what_could_happen_twice_is_asked_once(
    faulty: FaultyRpc, clock: Clock, method: str, error: Exception
) -> None:
    times(faulty, method, error)
    with Rpc(faulty.url) as rpc, pytest.raises((RpcError, UnreachableError)):
        rpc.call(method)
    assert len(faulty.asked(method)) == 1
    assert clock.pauses == []


def test_only_what_failed_of_many_is_asked_again(faulty: FaultyRpc) -> None:
    times(faulty, "eth_chainId", RefusalError("slow down", 429), 1)
    with Rpc(faulty.url) as rpc:
        asked = [("eth_chainId", ()), ("eth_noSuchThing", ()), ("net_version", ())]
        chain, refused, version = rpc.batch(asked)
    assert (chain, version) == (hex(31337), "31337")
    assert isinstance(refused, RpcError)
    assert len(faulty.calls) == 4


def test_many_go_in_smaller_requests_where_a_node_wants_fewer(faulty: FaultyRpc) -> None:
    sizes: list[int] = []
    answer = faulty.answer

    def few(body: bytes) -> bytes:
        sizes.append(body.count(b"eth_getBalance"))
        if sizes[-1] > 25:
            raise HttpError(429)
        return answer(body)

    faulty.answer = few  # type: ignore[method-assign]
    asked = [("eth_getBalance", (f"0x{2**150 + number:040x}", "latest")) for number in range(100)]
    with Rpc(faulty.url) as rpc:
        assert rpc.batch(asked) == ["0x0"] * 100
        assert rpc.batch(asked) == ["0x0"] * 100
    assert [size for size in sizes if size <= 25] == [25] * 8
    assert sizes.index(25) <= 4


def test_no_block_below_the_floor_is_the_latest(faulty: FaultyRpc, clock: Clock) -> None:
    with Rpc(faulty.url) as rpc:
        for _ in range(3):
            rpc.call("evm_mine")
        rpc.floor = latest = rpc.block_number()
        behind = [hex(latest - 1)] * 2
        faulty.on("eth_blockNumber", lambda call: behind.pop() if behind else call.forward())
        assert rpc.block_number() == latest
        old = rpc.call("eth_getBlockByNumber", "0x1", False)
        stale = [old, old]
        faulty.on("eth_getBlockByNumber", lambda call: stale.pop() if stale else call.forward())
        assert int(rpc.call("eth_getBlockByNumber", "latest", False)["number"], 16) == latest
    assert len(clock.pauses) == 4
