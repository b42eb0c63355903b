"""What has been said, kept so that nothing is said twice, in the community's own folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from mikoshi.core.manifest import Manifest
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_
from mikoshi.text.paths import shown

_PATIENCE = 10.0  # seconds for another process to finish writing

_TABLES = (
    "CREATE TABLE IF NOT EXISTS said (key TEXT, hook TEXT, at INTEGER, PRIMARY KEY (key, hook))",
    "CREATE TABLE IF NOT EXISTS failed (hook TEXT PRIMARY KEY, tries INTEGER, due INTEGER)",
)


class Memory:
    """What the hooks of one DAO were told, and which of them is to be left alone until when."""

    def __init__(self, path: Path) -> None:
        """Raises BadInputError where the file cannot be written."""
        self.path = path
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
            )
            for statement in _TABLES:
                self._db.execute(statement)

    @classmethod
    def usual(cls, config: Path, manifest: Manifest) -> Self:
        """That of a DAO, in `.mikoshi` beside the dao.toml at `config`. Raises BadInputError."""
        treasury = manifest.addresses["treasury"][2:10].lower()
        name = f"reminders-{manifest.chain_id}-{manifest.slug}-{treasury}.sqlite"
        return cls(config.parent / ".mikoshi" / name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def said(self, hook: str) -> set[str]:
        """The keys of what a hook was told."""
        with self._told():
            found = self._db.execute("SELECT key FROM said WHERE hook = ?", (hook,))
            return {key for (key,) in found}

    def say(self, keys: Iterable[str], hook: str, now: int) -> None:
        """Keep that a hook has taken these, and that it is well."""
        with self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                rows = [(key, hook, now) for key in keys]
                self._db.executemany("INSERT OR IGNORE INTO said VALUES (?, ?, ?)", rows)
                self._db.execute("DELETE FROM failed WHERE hook = ?", (hook,))
                self._db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise

    def failed(self, hook: str) -> tuple[int, int]:
        """How often in a row a hook failed, and until when it is left alone (Unix seconds)."""
        with self._told():
            found = self._db.execute("SELECT tries, due FROM failed WHERE hook = ?", (hook,))
            tries, due = found.fetchone() or (0, 0)
            return int(tries), int(due)

    def fail(self, hook: str, tries: int, due: int) -> None:
        """Keep that a hook failed once more, and is left alone until `due`."""
        with self._told():
            self._db.execute("INSERT OR REPLACE INTO failed VALUES (?, ?, ?)", (hook, tries, due))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise BadInputError(
                "reminders.no-memory",
                N_("{path}, where it is kept what was said, cannot be used"),
                "{reason}",
                N_("Make room, or delete the file: what is due then is said once more"),
                path=shown(self.path),
                reason=str(error),
            ) from error
