"""A node in front of a real one, which fails as nodes do.

with FaultyRpc(node.url) as faulty, Rpc(faulty.url) as rpc:
    faulty.limit_logs(10)  # at most 10 blocks an eth_getLogs
    faulty.refuse("eth_call", "busy", times=2)  # the first two are refused
    faulty.die(after=3, method="eth_getLogs")  # gone from the fourth on, until revive()
    faulty.on("eth_blockNumber", lambda call: "0x1")  # anything else
"""

from __future__ import annotations

import functools
import http.client
import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit

from mikoshi.text.json import Json


class RefusalError(Exception):
    """Raised by a hook: the node answers this call with an error."""

    def __init__(self, message: str, code: int = -32000, data: Json = None) -> None:
        self.error = {"code": code, "message": message} | ({"data": data} if data else {})
        super().__init__(message)


class HangUpError(Exception):
    """Raised by a hook: the node hangs up without an answer to the whole request."""


class HttpError(Exception):
    """Raised by a hook: the whole request is answered in HTTP alone."""

    def __init__(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.status, self.body = status, body
        self.headers = {name.replace("_", "-"): text for name, text in headers.items()}
        super().__init__(status)


class CutError(Exception):
    """Raised by a hook: half of the answer to the whole request comes, then the node hangs up."""


class Call:
    """One call on its way to the node behind."""

    def __init__(self, method: str, params: Json, forward: Callable[[], Json]) -> None:
        self.method, self.params, self._forward = method, params, forward

    def forward(self) -> Json:
        """What the node behind answers. Raises RefusalError."""
        return self._forward()

    @property
    def span(self) -> tuple[int, int]:
        """First and last block of an eth_getLogs."""
        question = self.params[0]
        return int(question["fromBlock"], 16), int(question["toBlock"], 16)


Hook = Callable[[Call], Json]
"""Gives back the result of a call, or raises one of the errors above."""


class FaultyRpc:
    """A proxy with a hook for each method; `calls` are those that came, answered or not."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = str(parts.hostname), parts.port
        self._hooks: dict[str, Hook] = {}
        self._death: tuple[str | None, int] | None = None
        self._lock = threading.RLock()
        self.dead = False
        self.calls: list[tuple[str, Json]] = []
        self.headers: list[dict[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    # Faults

    def on(self, method: str, hook: Hook) -> None:
        """Let `hook` answer every call of `method`, instead of what did before."""
        self._hooks[method] = hook

    def hook(self, method: str) -> Hook:
        """What answers calls of `method` now, for a hook that goes on to it."""
        return self._hooks.get(method, Call.forward)

    def heal(self) -> None:
        """Answer as the node behind does, from now on."""
        self._hooks.clear()
        self._death = None
        self.dead = False

    def refuse(
        self, method: str, message: str = "busy", code: int = -32000, times: int | None = None
    ) -> None:
        """Refuse calls of `method`: all, or the next `times`."""
        left = [times]

        def hook(call: Call) -> Json:
            if left[0] == 0:
                return call.forward()
            left[0] = None if left[0] is None else left[0] - 1
            raise RefusalError(message, code)

        self.on(method, hook)

    def limit_logs(self, blocks: int, message: str = "block range is too wide") -> None:
        """Refuse an eth_getLogs over more than `blocks` blocks.

        `message` may name {first}, {last} (of what would be answered) and {blocks}.
        """

        def hook(call: Call) -> Json:
            first, last = call.span
            if last - first + 1 <= blocks:
                return call.forward()
            fitting = {"first": hex(first), "last": hex(first + blocks - 1), "blocks": blocks}
            raise RefusalError(message.format(**fitting), -32005)

        self.on("eth_getLogs", hook)

    def limit_results(self, most: int, *, blocks: int = 2) -> None:
        """Refuse an eth_getLogs that would find more than `most` events in `blocks` or more."""

        def hook(call: Call) -> Json:
            found = call.forward()
            first, last = call.span
            if len(found) > most and last - first + 1 >= blocks:
                raise RefusalError(f"query returned more than {most} results", -32005)
            return found

        self.on("eth_getLogs", hook)

    def die(self, after: int = 0, method: str | None = None) -> None:
        """Hang up for good after `after` more calls, of `method` if one is named."""
        self._death = method, after

    def revive(self) -> None:
        """Come back; hooks stay."""
        self._death = None
        self.dead = False

    # Traffic

    def asked(self, method: str) -> list[Json]:
        """The parameters of the calls of `method` so far."""
        return [params for name, params in self.calls if name == method]

    def answer(self, body: bytes) -> bytes:
        """What this node answers to a request. Raises HangUpError."""
        request = json.loads(body)
        calls = request if isinstance(request, list) else [request]
        answers = [self._answer_one(each) for each in calls]
        return json.dumps(answers if isinstance(request, list) else answers[0]).encode()

    def _answer_one(self, request: Json) -> Json:
        method, params = request["method"], request.get("params", [])
        with self._lock:
            self._count_down(method)
            if self.dead:
                raise HangUpError
            self.calls.append((method, params))
        call = Call(method, params, functools.partial(self._forward, request))
        named = {"jsonrpc": "2.0", "id": request["id"]}
        try:
            return named | {"result": self.hook(method)(call)}
        except RefusalError as refusal:
            return named | {"error": refusal.error}

    def _count_down(self, method: str) -> None:
        if self._death is not None and self._death[0] in (None, method):
            wanted, left = self._death
            self._death = wanted, left - 1
            self.dead = self.dead or left == 0

    def _forward(self, request: Json) -> Json:
        connection = http.client.HTTPConnection(self._host, self._port)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request("POST", "/", json.dumps(request), headers)
            answer = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        if "error" in answer:
            raise RefusalError(**answer["error"])
        return answer["result"]


def _handler(node: FaultyRpc) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = 2**16  # head and body in one packet

        def do_POST(self) -> None:
            node.headers.append(dict(self.headers))
            try:
                answer = node.answer(self.rfile.read(int(self.headers["Content-Length"])))
            except HttpError as error:
                self.send(error.status, error.body, error.headers)
            except CutError:
                self.send(200, b'{"jsonrpc":"2.0","id":0,"resu', {"Content-Length": "99"})
                self.hang_up()
            except (HangUpError, OSError):
                self.hang_up()
            else:
                self.send(200, answer, {"Content-Type": "application/json"})

        def send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, text in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def hang_up(self) -> None:
            self.close_connection = True
            self.connection.close()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler
