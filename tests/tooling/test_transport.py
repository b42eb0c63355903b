"""Ways to a node: logins, proxies, and one that is asked again, each over a real socket."""

from __future__ import annotations

import http.server
import itertools
import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace

import pytest

from mikoshi.chain.rpc import Rpc
from mikoshi.chain.settings import NetworkSettings
from mikoshi.chain.transport import UnreachableError
from mikoshi.text.errors import BadInputError
from tests.support import refuses, told

ANSWER = b'{"jsonrpc":"2.0","id":0,"result":"0x1"}'
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class Listener(http.server.ThreadingHTTPServer):
    """Plays a node or a proxy, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lines: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.drips = False

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Listener
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.remember()
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.drips:
            self.drip()
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def do_CONNECT(self) -> None:
        self.remember()
        self.send_response(407)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def remember(self) -> None:
        self.server.lines.append(self.requestline)
        self.server.headers.append(dict(self.headers))

    def drip(self) -> None:
        self.close_connection = True
        with suppress(OSError):  # until the client has had enough
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
            for _ in range(9999):
                self.wfile.write(b" ")
                threading.Event().wait(0.01)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in PROXIES:
        monkeypatch.delenv(each, raising=False)
        monkeypatch.delenv(each.upper(), raising=False)


def basic(pair: str) -> str:
    return "Basic " + b64encode(pair.encode()).decode()


@pytest.fixture(params=["own", "pooled"])
def _line(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a node on this computer is reached, and as every other one."""
    if request.param == "pooled":
        monkeypatch.setattr("mikoshi.chain.transport._HERE", ())


@pytest.mark.usefixtures("_line")
@pytest.mark.parametrize(
    ("login", "pair"),
    [("dao:hunter2", "dao:hunter2"), ("dao:p%2F%40ss", "dao:p/@ss"), ("花:子@x", "花:子@x")],
)
def test_user_and_password_of_the_url_are_sent(listener: Listener, login: str, pair: str) -> None:
    with Rpc(f"http://{login}@{listener.place}/v3/鍵?a=b") as rpc:
        for _ in range(3):
            assert rpc.chain_id() == 1
    assert {each["Authorization"] for each in listener.headers} == {basic(pair)}
    assert {each["Host"] for each in listener.headers} == {listener.place}
    assert set(listener.lines) == {"POST /v3/%E9%8D%B5?a=b HTTP/1.1"}


@pytest.mark.usefixtures("_line")
def test_header_of_the_settings_is_sent_instead_of_the_urls_login(listener: Listener) -> None:
    settings = NetworkSettings({"Authorization": "Bearer key"})
    with Rpc(f"http://a:b@{listener.place}", settings=settings) as rpc:
        assert rpc.chain_id() == 1
    assert listener.headers[0]["Authorization"] == "Bearer key"


@pytest.mark.usefixtures("_line")
def test_header_that_cannot_be_sent_is_told(listener: Listener) -> None:
    settings = NetworkSettings({"X-Key": "hunter2\n"})
    address = f"http://{listener.place}"
    with Rpc(address, settings=settings) as rpc, pytest.raises(UnreachableError) as caught:
        rpc.chain_id()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("written", ["http://me:p%2Fw@{}", "me:p%2Fw@{}"])
def test_proxy_of_the_environment_is_asked(
    listener: Listener, variable: str, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, written.format(listener.place))
    with Rpc("http://dao:hunter2@node.invalid:8545/key") as rpc:
        assert rpc.chain_id() == 1
    assert listener.lines == ["POST http://node.invalid:8545/key HTTP/1.1"]
    (sent,) = listener.headers
    assert sent["Proxy-Authorization"] == basic("me:p/w")
    assert sent["Authorization"] == basic("dao:hunter2")
    assert sent["Host"] == "node.invalid:8545"


def test_https_goes_through_the_proxy_as_a_tunnel(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:hunter2@{listener.place}")
    with Rpc("https://node.invalid/key") as rpc, pytest.raises(UnreachableError) as caught:
        rpc.chain_id()
    assert [each.rpartition(" ")[0] for each in listener.lines] == ["CONNECT node.invalid:443"]
    assert listener.headers[0]["Proxy-Authorization"] == basic("me:hunter2")
    assert "407" in caught.value.reason
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("listed", ["127.0.0.1", "example.org, 127.0.0.1", "*"])
def test_no_proxy_names_nodes_that_are_asked_directly(
    listener: Listener, listed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with Rpc(f"http://{listener.place}") as rpc, refuses("node.unreachable"):
        rpc.chain_id()
    monkeypatch.setenv("NO_PROXY", listed)
    with Rpc(f"http://{listener.place}") as rpc:
        assert rpc.chain_id() == 1
    assert listener.lines == ["POST / HTTP/1.1"]


@pytest.mark.parametrize(
    ("proxy", "shown"),
    [
        ("socks5://me:hunter2@host:1", "socks5://host:1"),
        ("http://me:hunter2@host:abc", "http://host:abc"),
        ("http://me:hunter2/x@host", "http://…"),
    ],
)
def test_proxy_that_cannot_be_used_is_refused(
    proxy: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(BadInputError) as caught:
        Rpc("https://node.invalid")
    told(caught.value, "network.bad-proxy", url=shown)


def test_timeout_is_for_the_whole_answer_over_urllib3_too(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mikoshi.chain.transport._HERE", ())
    ticks = itertools.count(0.0, 10.0)
    clock = SimpleNamespace(monotonic=lambda: next(ticks))
    monkeypatch.setattr("mikoshi.chain.transport.time", clock)
    with Rpc(f"http://{listener.place}") as rpc:
        for _ in range(9):
            assert rpc.chain_id() == 1  # each has all the time again
        listener.drips = True
        with refuses("node.unreachable", reason="timed out"):
            rpc.chain_id()


def test_request_is_the_same_over_both_lines(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, str]] = []
    for here in (("127.0.0.1",), ()):
        monkeypatch.setattr("mikoshi.chain.transport._HERE", here)
        with Rpc(f"http://{listener.place}") as rpc:
            assert rpc.batch([("eth_chainId", ())]) == ["0x1"]
        sent.append({**listener.headers[-1], "User-Agent": ""})
    assert json.dumps(sent[0], sort_keys=True) == json.dumps(sent[1], sort_keys=True)
