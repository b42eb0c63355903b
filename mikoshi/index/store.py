"""The file of an index: events and block hashes in SQLite.

What the tables hold depends on the chain alone: every event up to the latest block, the hash of
each block with events, and the hashes of the last `RING` blocks.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from mikoshi.index.refusals import no_index, of_another, unusable
from mikoshi.replay.logs import Block

RING = 64
"""How many of the latest blocks' hashes are kept, so that usual reorganisations cost little."""

_APPLICATION = 0x6D696B6F  # "miko"
_FORMAT = "1"
_PATIENCE = 5.0  # seconds for another process to finish writing

_TABLES = {
    "facts": "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "blocks": "CREATE TABLE blocks"
    " (number INTEGER PRIMARY KEY, hash TEXT NOT NULL, time INTEGER NOT NULL)",
    "logs": "CREATE TABLE logs"
    " (block INTEGER NOT NULL, log_index INTEGER NOT NULL, tx TEXT NOT NULL, address TEXT NOT NULL,"
    " topics TEXT NOT NULL, data TEXT NOT NULL, name TEXT NOT NULL, args TEXT NOT NULL,"
    " PRIMARY KEY (block, log_index)) WITHOUT ROWID",
}
StoredFacts = dict[str, str]

_LOG = "block, log_index, tx, address, topics, data, name, args"


class StoredEvent(NamedTuple):
    """An event as it is stored: `topics` and `data` in hex, `args` as canonical JSON."""

    block: int
    log_index: int
    transaction: str
    address: str
    topics: str
    data: str
    name: str
    args: str


class Count(NamedTuple):
    """How many `events` of a name an address wrote, between two times (Unix seconds)."""

    address: str
    name: str
    events: int
    first: int
    last: int


class Store:
    """An open file. What goes wrong with it is a BadInputError."""

    def __init__(self, path: Path, of: StoredFacts, reading: StoredFacts) -> None:
        """Open or create the index `of` a DAO on a chain.

        One that was read in another way than `reading` is emptied. Raises BadInputError for an
        index of something else, and for any other file.
        """
        self.path = path
        with _telling(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        try:
            with _telling(path), self._transaction():
                self._prepare(of, of | reading | {"format": _FORMAT})
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _prepare(self, of: StoredFacts, facts: StoredFacts) -> None:
        if self._db.execute("SELECT 1 FROM sqlite_master").fetchone():
            if self._db.execute("PRAGMA application_id").fetchone() != (_APPLICATION,):
                raise no_index(self.path)
            known = dict(self._db.execute("SELECT name, value FROM facts"))
            if known == facts:
                self._require_whole()
                return
            if any(known.get(name) != value for name, value in of.items()):
                raise of_another(self.path, known, of)
            for table in _TABLES:
                self._db.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in _TABLES.values():
            self._db.execute(statement)
        self._db.execute(f"PRAGMA application_id = {_APPLICATION}")
        self._db.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())

    def _require_whole(self) -> None:
        if self._db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("database disk image is malformed")

    # Reading

    @property
    def tip(self) -> Block | None:
        """The latest block read."""
        with _telling(self.path):
            found = self._db.execute("SELECT * FROM blocks ORDER BY number DESC LIMIT 1").fetchone()
        return Block(*found) if found else None

    def blocks(self, first: int = 0) -> dict[int, Block]:
        """The blocks known from `first` on, in order."""
        with _telling(self.path):
            found = self._db.execute("SELECT * FROM blocks WHERE number >= ? ORDER BY 1", (first,))
            return {number: Block(number, *rest) for number, *rest in found}

    def logs(
        self, addresses: Collection[str], names: Collection[str], upto: int
    ) -> Iterator[tuple[StoredEvent, int]]:
        """Events in order with their times, of these addresses and names; all where none is given.

        All are read at once: the file is not held while the caller does something with them.
        """
        conditions, values = ["block <= ?"], [upto, *addresses, *names]
        for column, wanted in (("address", addresses), ("name", names)):
            if wanted:
                conditions.append(f"{column} IN ({', '.join('?' * len(wanted))})")
        query = (
            f"SELECT {_LOG}, time FROM logs JOIN blocks ON number = block"  # noqa: S608 (columns)
            f" WHERE {' AND '.join(conditions)} ORDER BY block, log_index"
        )
        with _telling(self.path):
            found = self._db.execute(query, values).fetchall()
        return ((StoredEvent(*row), time) for *row, time in found)

    def counts(self, upto: int) -> list[Count]:
        """How many events there are of each address and name, up to block `upto`."""
        with _telling(self.path):
            found = self._db.execute(
                "SELECT address, name, count(*), min(time), max(time)"
                " FROM logs JOIN blocks ON number = block WHERE block <= ?"
                " GROUP BY address, name ORDER BY address, name",
                [upto],
            )
            return [Count(*row) for row in found]

    def subjects(self, address: str, name: str) -> int:
        """How many different first topics an address's events of a name have."""
        with _telling(self.path):
            (found,) = self._db.execute(
                "SELECT count(DISTINCT substr(topics, 68, 66)) FROM logs"
                " WHERE address = ? AND name = ?",
                (address, name),
            ).fetchone()
        return int(found)

    # Writing

    def add(
        self, tip: Block | None, blocks: Iterable[Block], rows: Iterable[StoredEvent]
    ) -> int | None:
        """Add what was read after `tip`, all or nothing; how many events were not there yet.

        None if another process has changed the tip meanwhile: then nothing is added.
        """
        with _telling(self.path), self._transaction():
            if self.tip != tip:
                return None
            self._db.executemany("INSERT OR IGNORE INTO blocks VALUES (?, ?, ?)", blocks)
            added = self._db.executemany(
                f"INSERT OR IGNORE INTO logs ({_LOG}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                rows,
            ).rowcount
            self._forget_old_blocks(tip)
            return added

    def _forget_old_blocks(self, after: Block | None) -> None:
        """Blocks that have no events and have left the ring since the tip was `after`."""
        tip = self.tip
        if tip is not None:
            self._db.execute(
                "DELETE FROM blocks WHERE number BETWEEN ? AND ?"
                " AND NOT EXISTS (SELECT 1 FROM logs WHERE block = number)",
                ((after.number if after else 0) - RING, tip.number - RING),
            )

    def roll_back(self, tip: Block, number: int) -> bool:
        """Forget everything behind block `number`, all or nothing.

        False if another process has changed the tip meanwhile: then nothing is forgotten.
        """
        with _telling(self.path), self._transaction():
            if self.tip != tip:
                return False
            self._db.execute("DELETE FROM logs WHERE block > ?", (number,))
            self._db.execute("DELETE FROM blocks WHERE number > ?", (number,))
            return True

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # SQLite itself ends one that does not fit on the disk
                self._db.execute("ROLLBACK")
            raise


def discard(path: Path) -> None:
    """Delete an index, whatever state it is in. Raises BadInputError for any other file."""
    with _telling(path):
        if not path.exists():
            return
        with path.open("rb") as file:
            head = file.read(72)
        if head and (head[:15], head[68:]) != (b"SQLite format 3", _APPLICATION.to_bytes(4)):
            raise no_index(path)
    remove(path)


def remove(path: Path) -> None:
    """Delete a file and what SQLite keeps beside it. Raises BadInputError if it cannot be."""
    with _telling(path):
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
        path.unlink(missing_ok=True)


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except (OSError, sqlite3.Error) as error:
        raise unusable(path, error) from error
