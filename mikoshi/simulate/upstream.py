"""The chain behind a copy, as the copy asks for it: with our patience, login, proxy and headers.

So no secret stands on a command line, and a passing fault of the node does not end the copy.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from mikoshi.chain.rpc import Rpc, RpcError, UnreachableError
from mikoshi.text.json import Json

_MOST = 2**20  # bytes of a question
_READS = re.compile(
    r"eth_(get\w+|call|chainId|blockNumber|gasPrice|maxPriorityFeePerGas|feeHistory|blobBaseFee)"
    r"|net_version|web3_clientVersion"
)
"""What a copy asks for; nothing that an account of the node would sign."""


@contextmanager
def upstream(rpc: Rpc) -> Iterator[str]:
    """A URL that nobody can guess, on this computer, where the chain behind `rpc` answers."""
    path = f"/{secrets.token_urlsafe()}"
    with (
        Rpc(rpc.url, settings=rpc.settings) as own,
        ThreadingHTTPServer(("127.0.0.1", 0), _handler(own, path)) as server,
    ):
        own.floor, own.tell = rpc.floor, rpc.tell
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{path}"
        finally:
            server.shutdown()
            thread.join()


def _handler(rpc: Rpc, path: str) -> type[BaseHTTPRequestHandler]:
    one_at_a_time = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = 2**16  # head and body in one packet

        def do_POST(self) -> None:
            length = self.headers["Content-Length"] or ""
            host = self.headers["Host"] or ""
            if self.path != path or not host.startswith("127.0.0.1:") or not _fits(length):
                self.close_connection = True
                self.send_error(404)
                return
            asked = json.loads(self.rfile.read(int(length)))
            with one_at_a_time:
                told = _answers(rpc, asked if isinstance(asked, list) else [asked])
            body = json.dumps(told if isinstance(asked, list) else told[0]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler


def _answers(rpc: Rpc, asked: list[Json]) -> list[Json]:
    allowed = [each for each in asked if _READS.fullmatch(each["method"])]
    try:
        answers = rpc.batch([(each["method"], each.get("params") or []) for each in allowed])
    except UnreachableError as error:
        answers = [RpcError("", -32000, f"error sending request: {error.reason}")] * len(allowed)
    told = iter(answers)
    refused = RpcError("", -32601, "a copy only reads")
    found = [next(told) if each in allowed else refused for each in asked]
    return [
        {"jsonrpc": "2.0", "id": each["id"]}
        | ({"error": _told(answer)} if isinstance(answer, RpcError) else {"result": answer})
        for each, answer in zip(asked, found, strict=True)
    ]


def _fits(length: str) -> bool:
    return length.isdecimal() and len(length) < 9 and int(length) <= _MOST


def _told(error: RpcError) -> dict[str, Json]:
    data = {"data": f"0x{error.data.hex()}"} if error.data else {}
    return {"code": error.code, "message": error.message} | data
