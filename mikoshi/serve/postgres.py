"""The store of several servers that share the work: a PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, ClassVar

import psycopg
from psycopg import Connection

from mikoshi.serve.kept import StoreLostError
from mikoshi.serve.ledger import Execute, Row
from mikoshi.serve.store import TABLES, ActStore

_PATIENCE = 10  # seconds to connect


class PostgresStore(ActStore):
    """Tables in a database. What another server has in hand is passed over."""

    alone: ClassVar[str] = "SELECT pg_advisory_xact_lock(hashtextextended('mikoshi ' || ?, 0))"
    skipping: ClassVar[str] = " FOR UPDATE SKIP LOCKED"

    def __init__(self, url: str, dao: str) -> None:
        super().__init__(dao)
        self._url = url
        self._lock = threading.Lock()
        self._connection: Connection[Row] | None = None
        self._holding: Connection[Row] | None = None
        with self.transaction() as run:
            run("SELECT pg_advisory_xact_lock(?)", (_number("tables"),))
            for statement in TABLES:
                run(statement, ())

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[Execute]:
        """All or nothing; a connection that was lost is opened anew."""
        with self._lock:
            if self._connection is None or self._connection.closed:
                self._connection = self._opened()
            with _told(), self._connection.transaction():
                yield _running(self._connection)

    @contextmanager
    def under_lock(self) -> Iterator[Execute]:
        """On the very connection that has the sponsor's lock."""
        if self._holding is None:
            raise AssertionError("the sponsor's lock is not held")
        with _told(), self._holding.transaction():
            yield _running(self._holding)

    @contextmanager
    def sponsor(self, key: str) -> Iterator[bool]:
        """An advisory lock, which ends with its connection."""
        connection = self._opened()
        try:
            with _told():
                (row,) = _running(connection)(
                    "SELECT pg_try_advisory_lock(?)", (_number(f"sponsor {key}"),)
                )
            self._holding = connection if row[0] else None
            yield bool(row[0])
        finally:
            self._holding = None
            connection.close()

    def _opened(self) -> Connection[Row]:
        with _told():
            return psycopg.connect(self._url, autocommit=True, connect_timeout=_PATIENCE)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise StoreLostError(" ".join(str(error).split())) from error


def _running(connection: Connection[Row]) -> Execute:
    def run(statement: str, values: Sequence[Any]) -> list[Row]:
        cursor = connection.execute(statement.replace("?", "%s").encode(), values)
        return cursor.fetchall() if cursor.description else []

    return run


def _number(name: str) -> int:
    """The number of a lock."""
    return int.from_bytes(sha256(f"mikoshi {name}".encode()).digest()[:8], signed=True)
