"""A node that fails on command."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import urlsplit

from tests.tooling.pauses import no_waiting

_SEND = b"eth_sendRawTransaction"


class FaultyNode:
    """A node in front of another that goes away around its n-th transaction, until revived.

    "before": the n-th transaction is lost. "after": it is mined, and the answer is lost.
    """

    def __init__(self, url: str) -> None:
        self.upstream = urlsplit(url)
        self.fatal: int | None = None
        self.when: Literal["before", "after"] = "after"
        self.seen = 0
        self.dead = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def die_at(self, number: int, when: Literal["before", "after"]) -> None:
        """Go away around the `number`-th transaction from now."""
        self.fatal, self.when, self.seen, self.dead = number, when, 0, False

    def revive(self) -> None:
        """Come back, and stay."""
        self.fatal, self.dead = None, False

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        node = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = 2**16  # head and body in one packet

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                fatal = node.counts(body)
                if node.dead or (fatal and node.when == "before"):
                    node.dead = True
                    self._hang_up()
                    return
                if fatal:  # its answer comes when it is mined, and not a moment before
                    body = body.replace(_SEND + b'"', _SEND + b'Sync"')
                answer = node.forward(body)
                if fatal:
                    node.dead = True
                    self._hang_up()
                    return
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def _hang_up(self) -> None:
                self.close_connection = True
                self.connection.close()

            def log_message(self, *_: object) -> None:
                """Nothing."""

        return Handler

    def counts(self, body: bytes) -> bool:
        """Whether this request is the fatal one."""
        if self.dead or _SEND not in body:
            return False
        self.seen += 1
        return self.seen == self.fatal

    def forward(self, body: bytes) -> bytes:
        """What the node behind answers."""
        connection = http.client.HTTPConnection(str(self.upstream.hostname), self.upstream.port)
        try:
            connection.request("POST", "/", body, {"Content-Type": "application/json"})
            return connection.getresponse().read()
        finally:
            connection.close()


@contextmanager
def faulty(url: str) -> Iterator[FaultyNode]:
    """A faulty node in front of the one at `url`; senders do not wait for it when it is dead."""
    node = FaultyNode(url)
    try:
        with no_waiting(node):
            yield node
    finally:
        node.close()
