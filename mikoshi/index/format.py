"""The format of an index's file, and what is said of a file that is none."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from mikoshi.text.errors import BadInputError, Words
from mikoshi.text.files import reason_of
from mikoshi.text.language import N_
from mikoshi.text.paths import shown

APPLICATION = 0x6D696B6F  # "miko"
"""What SQLite keeps in the head of an index."""

FORMAT = "2"

_OF_THE_PLACE = re.compile("locked|full|disk I/O|readonly|unable to open|authoriz", re.IGNORECASE)
"""What SQLite says when it is not the file that is wrong, but where it is."""

TABLES = {
    "facts": "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "blocks": "CREATE TABLE blocks"
    " (number INTEGER PRIMARY KEY, hash TEXT NOT NULL, time INTEGER NOT NULL)",
    "logs": "CREATE TABLE logs"
    " (block INTEGER NOT NULL, log_index INTEGER NOT NULL, tx TEXT NOT NULL, address TEXT NOT NULL,"
    " topics TEXT NOT NULL, data TEXT NOT NULL, name TEXT NOT NULL, args TEXT NOT NULL,"
    " checksum INTEGER NOT NULL, PRIMARY KEY (block, log_index)) WITHOUT ROWID",
    "states": "CREATE TABLE states (block INTEGER PRIMARY KEY, hash TEXT NOT NULL,"
    " code TEXT NOT NULL, digest TEXT NOT NULL, state BLOB NOT NULL)",
}
PLACES = "CREATE INDEX places ON logs (address, name, block, log_index, checksum)"


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


class StoredState(NamedTuple):
    """What the DAO was at the end of `block` (`RebuiltDao.state`)."""

    block: int
    state: bytes


class Count(NamedTuple):
    """How many `events` of a name an address wrote, between two times (Unix seconds)."""

    address: str
    name: str
    events: int
    first: int
    last: int


def checksum_of(row: Sequence[object], time: int | None) -> int:
    """The checksum of an event of a block at `time`."""
    return zlib.crc32("\0".join(map(str, (*row, time))).encode("utf-8", "surrogatepass"))


def digest_of(number: int, hash_: str, code: str, state: bytes) -> str:
    """The checksum of a state at the block `number`, which some `code` made."""
    return hashlib.sha256(f"{number} {hash_} {code} ".encode() + state).hexdigest()


class Keeping(Enum):
    """Where an index is kept: in its file, or in memory, beginning with what a file has or not."""

    FILE = "file"
    COPY = "copy"
    MEMORY = "memory"


class DamagedError(BadInputError):
    """Thrown when a file holds no index, or not a whole one: reading anew would help."""


class NoRoomError(BadInputError):
    """Thrown when a file cannot be read or written where it is, as on a full disk."""


def unusable(path: Path, error: Exception) -> BadInputError:
    """The file cannot be read or written, as `error` says."""
    reason = reason_of(error) if isinstance(error, OSError) else str(error)
    if "not a database" in reason:
        return no_index(path)
    if isinstance(error, sqlite3.Error) and not _OF_THE_PLACE.search(reason):
        return damaged(path, reason)
    if "locked" in reason:
        return BadInputError(
            "index.in-use",
            N_("The index {path} is in use"),
            N_("another process holds it: {reason}"),
            N_("Let it finish, then run the command again"),
            path=shown(path),
            reason=reason,
        )
    return NoRoomError(
        "index.unusable",
        N_("The index {path} cannot be used"),
        "{reason}",
        N_(
            "Make room or allow writing there, or set MIKOSHI_INDEX to another folder; "
            "then run the command again: it continues"
        ),
        path=shown(path),
        reason=reason,
    )


def damaged(path: Path, reason: str = "database disk image is malformed") -> DamagedError:
    """The file is not what was written."""
    return DamagedError(
        "index.damaged",
        N_("The index {path} is damaged"),
        "{reason}",
        N_("Run `ape run index --rebuild`: everything is read from the chain again"),
        path=shown(path),
        reason=reason,
    )


def untrue(path: Path) -> DamagedError:
    """What the events make is not what the chain says."""
    return DamagedError(
        "index.untrue",
        N_("The index {path} is not true"),
        N_("its events do not make as many members, or as much voice, as the DAO counts"),
        N_("Run `ape run index --rebuild`: everything is read from the chain again"),
        path=shown(path),
    )


def no_index(path: Path) -> DamagedError:
    """The file is something else."""
    return DamagedError(
        "index.not-an-index",
        N_("{path} is not an index"),
        N_("it holds something else, or is damaged"),
        N_("Name another file with --index, or delete this one if it is of no use"),
        path=shown(path),
    )


def of_another(path: Path, known: Mapping[str, str], wanted: Mapping[str, str]) -> BadInputError:
    """The file is the index of another DAO or chain."""
    differing = [
        {"name": name, "known": known.get(name), "wanted": wanted[name]}
        for name in sorted(wanted)
        if known.get(name) != wanted[name]
    ]
    return BadInputError(
        "index.of-another",
        N_("The index {path} is of another DAO"),
        [Words(N_("{name}: {known} there, {wanted} wanted"), **each) for each in differing],
        N_("Name another file with --index"),
        path=shown(path),
        differing=differing,
    )


def discard(path: Path) -> None:
    """Delete an index, whatever state it is in. Raises BadInputError for any other file."""
    with telling(path):
        if not path.exists():
            return
        with path.open("rb") as file:
            head = file.read(72)
        if head and (head[:15], head[68:]) != (b"SQLite format 3", APPLICATION.to_bytes(4)):
            raise no_index(path)
    remove(path)


def remove(path: Path) -> None:
    """Delete a file and what SQLite keeps beside it. Raises BadInputError if it cannot be."""
    with telling(path):
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
        path.unlink(missing_ok=True)


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Inside, whatever goes wrong with the file is a BadInputError."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except (OSError, sqlite3.Error) as error:
        raise unusable(path, error) from error
    except UnicodeDecodeError as error:  # a text of it is none any more
        raise damaged(path) from error
