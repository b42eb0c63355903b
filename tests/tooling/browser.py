"""The page as its readers have it: served from this computer, and driven in a phone's browser."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Self
from urllib.request import Request, urlopen

from mikoshi.text.json import Json
from mikoshi.text.paths import ROOT

SHOTS = ROOT / ".cache" / "page" / "shots"
CHROMIUM = ROOT / ".cache" / "chromium"

Api = Callable[[str, Json], tuple[int, Json]]
"""Answers a path and what was posted: a status, and what is told."""


class Phone:
    """A browser of 390 pixels; each call is a command of `web/browser.mjs`, and its answer."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["node", ROOT / "web" / "browser.mjs", CHROMIUM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.version: str = self._answer()

    def __call__(self, command: str, **given: Any) -> Any:
        """Raises AssertionError with what the browser says against it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": command, **given}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        answer = json.loads(self._process.stdout.readline() or '{"failed": "the browser ended"}')
        assert "failed" not in answer, answer["failed"]
        return answer["said"]

    def shot(self, name: str, whole: bool = True) -> Path:
        """A picture of the whole page, or of what the screen shows of it."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        return Path(self("shot", path=str(SHOTS / f"{name}.png"), whole=whole))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)


@contextmanager
def served(html: str, node: str, api: Api | None = None) -> Iterator[str]:
    """The page's address while inside: `http://localhost:…/`, where browsers give passkeys.

    What is sent to `/rpc` goes to the `node`, which itself answers no page; `api` answers `/api/…`.
    """
    with ThreadingHTTPServer(("localhost", 0), _handler(html.encode(), node, api)) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def _handler(page: bytes, node: str, api: Api | None) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if api and self.path.startswith("/api/"):
                self._tell(*api(self.path, None))
            else:
                self._send(page, "text/html; charset=utf-8")

        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            if api and self.path.startswith("/api/"):
                self._tell(*api(self.path, json.loads(asked)))
                return
            headers = {"Content-Type": "application/json"}
            try:
                with urlopen(Request(node, asked, headers)) as answer:
                    self._send(answer.read(), "application/json")
            except (OSError, HTTPException):
                self.send_error(502)

        def do_OPTIONS(self) -> None:
            self._send(b"", "text/plain")

        def _tell(self, status: int, told: Json) -> None:
            self._send(json.dumps(told).encode(), "application/json", status)

        def _send(self, body: bytes, kind: str, status: int = 200) -> None:
            self.send_response(status)
            headers = {
                "Content-Type": kind,
                "Content-Length": str(len(body)),
                "Access-Control-Allow-Origin": "*",
                "Access-Control-Allow-Headers": "content-type",
            }
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    return Handler
