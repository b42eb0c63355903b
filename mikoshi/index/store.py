"""The file of an index: events, block hashes and states in SQLite.

What the tables hold depends on the chain alone: every event up to the latest block, the hash of
each block with events, and the hashes of the last `RING` blocks; `states` aside, which are what the
DAO was at some of them. Each event has a checksum, and so have all together: a file that was
changed in any way is told from one that was written here. That it is the chain's own is for
`mikoshi.index.index` to ask the chain.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from mikoshi.index.format import (
    APPLICATION,
    FORMAT,
    PLACES,
    TABLES,
    Count,
    Keeping,
    StoredEvent,
    StoredState,
    checksum_of,
    digest_of,
    no_index,
    of_another,
    telling,
    unusable,
)
from mikoshi.index.format import discard as discard
from mikoshi.replay.logs import Block

RING = 64
"""How many of the latest blocks' hashes are kept, so that usual reorganisations cost little."""

_PATIENCE = 5.0  # seconds for another process to finish writing

StoredFacts = dict[str, str]

_LOG = "block, log_index, tx, address, topics, data, name, args"
_PAGE = 2_000  # events
_SMALL = 4_096
"""Pages of a file that SQLite looks through as a whole; a larger one as it is read."""


class Store:
    """An open file. What goes wrong with it is a BadInputError."""

    def __init__(
        self,
        path: Path,
        of: StoredFacts | None = None,
        reading: StoredFacts | None = None,
        keeping: Keeping = Keeping.FILE,
    ) -> None:
        """Open or create the index `of` a DAO on a chain; whatever is there if none is named.

        One that was read in another way than `reading` is emptied. Raises BadInputError for an
        index of something else, and for any other file.
        """
        self.path = path
        self._in_memory = keeping is not Keeping.FILE
        with telling(path):
            if not self._in_memory:
                path.parent.mkdir(parents=True, exist_ok=True)
            place = ":memory:" if self._in_memory else path
            self._db = sqlite3.connect(place, timeout=_PATIENCE, isolation_level=None)
        if keeping is Keeping.COPY:
            self._copy()
        if of is None:
            return
        try:
            with telling(path), self._transaction():
                self._prepare(of, of | (reading or {}) | {"format": FORMAT})
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file. What is in memory stays as long as somebody has it."""
        if not self._in_memory:
            self._db.close()

    def again(self) -> Store:
        """The same index, opened once more."""
        return self if self._in_memory else Store(self.path)

    def _copy(self) -> None:
        """Take what the file has, if it can be read."""
        with suppress(sqlite3.Error, OSError):
            place = f"{self.path.absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(place, timeout=_PATIENCE, uri=True)) as file:
                file.backup(self._db)

    def _prepare(self, of: StoredFacts, facts: StoredFacts) -> None:
        self._db.execute("PRAGMA trusted_schema = OFF")
        there = self._db.execute("SELECT type, sql FROM sqlite_master").fetchall()
        if there:
            if self._db.execute("PRAGMA application_id").fetchone() != (APPLICATION,):
                raise no_index(self.path)
            if not {kind for kind, _ in there} <= {"table", "index"}:
                raise _malformed()  # what else there may be computes, without end perhaps
            known = dict(self._db.execute("SELECT name, value FROM facts"))
            told = known.pop("whole", "")
            if known == facts:
                if {sql for _, sql in there} - {None} != {*TABLES.values(), PLACES}:
                    raise _malformed()
                self._require_whole(told)
                return
            if any(known.get(name) != value for name, value in of.items()):
                raise of_another(self.path, known, of)
            for table in TABLES:
                self._db.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in (*TABLES.values(), PLACES):
            self._db.execute(statement)
        self._db.execute(f"PRAGMA application_id = {APPLICATION}")
        self._db.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
        self._count()

    def _require_whole(self, told: str) -> None:
        """Refuse a file that lost events or got others. Raises sqlite3.DatabaseError."""
        (pages,) = self._db.execute("PRAGMA page_count").fetchone()
        small = pages <= _SMALL
        if small and self._db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise _malformed()
        if told != self._sum():
            raise _malformed()

    def _sum(self) -> str:
        """How many events there are, and their checksums together."""
        counted = self._db.execute("SELECT count(*), total(checksum) FROM logs INDEXED BY places")
        number, checksums = counted.fetchone()
        return f"{number} {checksums:.0f}"

    def _count(self) -> None:
        self._db.execute("INSERT OR REPLACE INTO facts VALUES ('whole', ?)", (self._sum(),))

    # Reading

    @property
    def size(self) -> int:
        """How many events there are."""
        with telling(self.path):
            found = self._db.execute("SELECT value FROM facts WHERE name = 'whole'").fetchone()
        return int(found[0].split()[0])

    @property
    def tip(self) -> Block | None:
        """The latest block read."""
        with telling(self.path):
            found = self._db.execute("SELECT * FROM blocks ORDER BY number DESC LIMIT 1").fetchone()
        return Block(*found) if found else None

    def blocks(self, first: int = 0) -> dict[int, Block]:
        """The blocks known from `first` on, in order."""
        with telling(self.path):
            found = self._db.execute("SELECT * FROM blocks WHERE number >= ? ORDER BY 1", (first,))
            return {number: Block(number, *rest) for number, *rest in found}

    def logs(
        self,
        addresses: Collection[str],
        names: Collection[str],
        upto: int,
        after: int = -1,
        transaction: str = "",
    ) -> Iterator[tuple[StoredEvent, int]]:
        """Events in order with their times, of blocks behind `after` up to `upto`.

        Of these addresses and names and of this transaction; all where none is given. They are
        read a page at a time, and the file is not held while the caller does something with them.
        Raises BadInputError for what is damaged, and where the chain is read anew meanwhile.
        """
        conditions, values = ["(block, log_index) > (?, ?)", "block <= ?"], [*addresses, *names]
        by_place = "" if names else "+"  # all names: in the order of the chain, not of the index
        for column, wanted in ((f"{by_place}address", addresses), ("name", names)):
            if wanted:
                conditions.append(f"{column} IN ({', '.join('?' * len(wanted))})")
        if transaction:
            conditions.append("tx = ?")
            values.append(transaction)
        query = (
            f"SELECT {_LOG}, time, checksum FROM logs LEFT JOIN blocks ON number = block"  # noqa: S608 (columns)
            f" WHERE {' AND '.join(conditions)} ORDER BY block, log_index LIMIT {_PAGE}"
        )
        place, last = (after, 2**62), self._hash(upto)
        while True:
            with telling(self.path):
                found = self._db.execute(query, [*place, upto, *values]).fetchall()
                if any(checksum_of(row, time) != sum_ for *row, time, sum_ in found):
                    raise _malformed()
            yield from ((StoredEvent(*row), time) for *row, time, _ in found)
            if len(found) < _PAGE:
                return
            if self._hash(upto) != last:
                raise unusable(self.path, sqlite3.OperationalError("database is locked"))
            place = found[-1][:2]

    def _hash(self, number: int) -> str | None:
        with telling(self.path):
            found = self._db.execute("SELECT hash FROM blocks WHERE number = ?", (number,))
            return next((hash_ for (hash_,) in found), None)

    def news(self, code: str) -> int | None:
        """How many events are behind the latest state that this `code` made; None without one."""
        with telling(self.path):
            found = self._db.execute("SELECT max(block) FROM states WHERE code = ?", (code,))
            (block,) = found.fetchone()
            if block is None:
                return None
            found = self._db.execute("SELECT count(*) FROM logs WHERE block > ?", (block,))
            return int(found.fetchone()[0])

    def state(self, code: str, upto: int) -> StoredState | None:
        """The latest state up to block `upto` that this `code` made.

        Raises BadInputError for one that is damaged.
        """
        query = "SELECT block, hash, digest, state FROM states WHERE code = ? AND block <= ?"
        with telling(self.path):
            row = self._db.execute(f"{query} ORDER BY block DESC LIMIT 1", (code, upto)).fetchone()
            if row is None:
                return None
            number, hash_, digest, state = row
            if digest != digest_of(number, hash_, code, state):
                raise _malformed()
            return StoredState(number, state)

    def counts(self, upto: int) -> list[Count]:
        """How many events there are of each address and name, up to block `upto`."""
        with telling(self.path):
            found = self._db.execute(
                "SELECT address, name, events, (SELECT time FROM blocks WHERE number = first),"
                " (SELECT time FROM blocks WHERE number = last)"
                " FROM (SELECT address, name, count(*) AS events, min(block) AS first,"
                " max(block) AS last FROM logs WHERE block <= ?"
                " GROUP BY address, name ORDER BY address, name)",
                [upto],
            )
            return [Count(*row) for row in found]

    # Writing

    def add(
        self, tip: Block | None, blocks: Iterable[Block], rows: Iterable[StoredEvent]
    ) -> int | None:
        """Add what was read after `tip`, all or nothing; how many events were not there yet.

        None if another process has changed the tip meanwhile: then nothing is added.
        """
        with telling(self.path), self._transaction():
            if self.tip != tip:
                return None
            known = list(blocks)
            self._db.executemany("INSERT OR IGNORE INTO blocks VALUES (?, ?, ?)", known)
            times = {each.number: each.time for each in known}
            added = self._db.executemany(
                f"INSERT OR IGNORE INTO logs ({_LOG}, checksum)"  # noqa: S608
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                ((*row, checksum_of(row, times[row.block])) for row in rows),
            ).rowcount
            if added:
                self._count()
            self._forget_old_blocks(tip)
            return added

    def keep(self, code: str, block: Block, state: bytes) -> None:
        """Keep what the DAO was at `block`; of older ones the latest out of the ring's reach."""
        with telling(self.path), self._transaction():
            if self._hash(block.number) != block.hash:
                return
            digest = digest_of(block.number, block.hash, code, state)
            row = (block.number, block.hash, code, digest, state)
            self._db.execute("INSERT OR REPLACE INTO states VALUES (?, ?, ?, ?, ?)", row)
            self._db.execute(
                "DELETE FROM states WHERE block < ? AND block IS NOT"
                " (SELECT max(block) FROM states WHERE code = ? AND block <= ?)",
                (block.number, code, block.number - RING),
            )

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
        with telling(self.path), self._transaction():
            if self.tip != tip:
                return False
            self._db.execute("DELETE FROM logs WHERE block > ?", (number,))
            self._db.execute("DELETE FROM blocks WHERE number > ?", (number,))
            self._db.execute("DELETE FROM states WHERE block > ?", (number,))
            self._count()
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


def _malformed() -> sqlite3.DatabaseError:
    return sqlite3.DatabaseError("database disk image is malformed")
