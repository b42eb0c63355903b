"""The store of a server that has one computer to itself: a file of SQLite."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from mikoshi.serve.kept import StoreLostError
from mikoshi.serve.ledger import Execute, Row
from mikoshi.serve.store import TABLES, ActStore
from mikoshi.text.files import TakenError, alone

_PATIENCE = 10.0  # seconds for another process to finish writing


class SqliteStore(ActStore):
    """One file, written through to the disk; several processes on this computer may share it."""

    def __init__(self, path: Path, dao: str) -> None:
        super().__init__(dao)
        self._path = path
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
            )
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
        except (sqlite3.Error, OSError) as error:
            raise StoreLostError(str(error)) from error
        with self.transaction() as run:
            for statement in TABLES:
                run(statement, ())

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[Execute]:
        """All or nothing."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._run
                self._db.execute("COMMIT")
            except BaseException as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise StoreLostError(str(error)) from error
                raise

    def _run(self, statement: str, values: Sequence[Any]) -> list[Row]:
        return self._db.execute(statement, values).fetchall()

    @contextmanager
    def sponsor(self, key: str) -> Iterator[bool]:
        """A lock file beside the store, which ends with the process that has it."""
        place = self._path.with_name(f".{self._path.name}.{key.replace(':', '-')}.lock")
        with suppress(TakenError), alone(place, "serve"):
            yield True
            return
        yield False
