"""The server as a process: where it listens, and what it does not wait for."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from mikoshi.serve.kept import StoreLostError
from mikoshi.serve.sqlite import SqliteStore
from mikoshi.text.errors import BadInputError
from mikoshi.text.files import reason_of
from mikoshi.text.language import N_
from mikoshi.text.paths import cache

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from mikoshi.serve.store import ActStore

_HEAD = 15
"""Seconds in which the head of a request has to be there."""

_IDLE = 10
"""Seconds for which a connection is kept without a request."""

_CONNECTIONS = 1_000
_HEAD_BYTES = 16_384


def open_store(url: str | None, chain_id: int, slug: str, treasury: str) -> ActStore:
    """The acts of a DAO: in a PostgreSQL, in the file that is named, or in the cache's folder.

    Raises StoreLostError and BadInputError.
    """
    dao = f"{chain_id}:{treasury}"
    if url and url.startswith(("postgresql://", "postgres://")):
        try:
            from mikoshi.serve.postgres import PostgresStore
        except ImportError as error:
            raise BadInputError(
                "serve.no-postgres",
                N_("What speaks to a PostgreSQL is not installed"),
                "{reason}",
                N_("Run `pip install mikoshi[postgres]`"),
                reason=error,
            ) from error
        return PostgresStore(url, dao)
    if url and "://" in url:
        raise StoreLostError(url.partition("://")[0] + "://…")
    usual = cache() / "serve" / str(chain_id) / f"{slug}-{treasury[2:10].lower()}.sqlite"
    return SqliteStore(Path(url) if url else usual, dao)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises BadInputError where the port is taken."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        found = socket.socket(family, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
    except OSError as error:
        raise BadInputError(
            "serve.no-port",
            N_("The server cannot listen on {host}, port {port}"),
            "{reason}",
            N_("Stop what listens there, or name another with --port"),
            host=host,
            port=port,
            reason=reason_of(error),
        ) from error
    return found


class Hasty(H11Protocol):
    """HTTP as uvicorn speaks it, for clients who say in time what they want."""

    _timer: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    @override
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        asking = self.cycle is not None and not self.cycle.response_complete
        if asking and self._timer is not None:
            self._timer.cancel()
            self._timer = None
        elif not asking and self._timer is None:
            self._wait()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._timer = self.loop.call_later(_HEAD, self.transport.close)


class PoliteServer(uvicorn.Server):
    """Ends when it is asked to, by Ctrl-C or politely, and does not pass that on."""

    @contextmanager
    @override
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is threading.main_thread():
            for each in (signal.SIGINT, signal.SIGTERM):
                signal.signal(each, self.handle_exit)
        yield


def server_of(app: Starlette) -> uvicorn.Server:
    """The server of an application, which waits for nobody."""
    settings: dict[str, Any] = {
        "http": Hasty,
        "ws": "none",
        "lifespan": "off",
        "access_log": False,
        "log_level": "warning",
        "server_header": False,
        "proxy_headers": False,
        "timeout_keep_alive": _IDLE,
        "timeout_graceful_shutdown": 5,
        "limit_concurrency": _CONNECTIONS,
        "h11_max_incomplete_event_size": _HEAD_BYTES,
    }
    return PoliteServer(uvicorn.Config(app, **settings))
