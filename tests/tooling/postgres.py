"""A PostgreSQL of the tests' own, from the wheel `pgserver`, which carries its programs.

It refuses to run as root: there it runs as nobody, in a folder that nobody may enter.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg


@dataclass
class Postgres:
    """A running PostgreSQL, which speaks on a socket in `folder`."""

    folder: Path
    _count: int = 0

    def url(self, name: str) -> str:
        """The address of a database."""
        return f"postgresql://mikoshi@/{name}?host={quote(str(self.folder))}"

    def empty(self) -> str:
        """The address of one more database, with nothing in it."""
        self._count += 1
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE test{self._count}".encode())
        return self.url(f"test{self._count}")


_QUICK = ("fsync=off", "full_page_writes=off", "shared_buffers=16MB", "max_connections=40")


@contextmanager
def postgres() -> Iterator[Postgres]:
    """One of the tests' own, for as long as inside."""
    who = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=_enterable(who is not None)))
    programs = _programs(folder, copied=who is not None)
    data = folder / "data"
    data.mkdir()
    if who is not None:
        for each in (folder, data):
            os.chown(each, who.pw_uid, who.pw_gid)

    def started(program: str, *words: str) -> subprocess.Popen[bytes]:
        with (folder / "log").open("ab") as log:
            return subprocess.Popen(
                [programs / program, *words],
                stdout=log,
                stderr=log,
                cwd=folder,
                user=who.pw_uid if who else None,
                group=who.pw_gid if who else None,
                extra_groups=[] if who else None,
                env={"LC_ALL": "C", "TZ": "UTC"},
            )

    try:
        made = started(
            "initdb", "-D", str(data), "-U", "mikoshi", "-A", "trust", "-E", "UTF8", "-N"
        )
        assert made.wait() == 0, (folder / "log").read_text()
        settings = [word for each in _QUICK for word in ("-c", each)]
        running = started("postgres", "-D", str(data), "-k", str(folder), "-h", "", *settings)
        try:
            ready = ["-h", str(folder), "-U", "mikoshi", "-t", "1"]
            while started("pg_isready", *ready).wait() != 0:
                assert running.poll() is None, (folder / "log").read_text()
                time.sleep(0.05)
            yield Postgres(folder)
        finally:
            running.send_signal(signal.SIGQUIT)
            running.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _enterable(root: bool) -> Path:
    """Where a folder is short enough for a socket, and others may enter it."""
    usual = Path(tempfile.gettempdir())
    if not root:
        return usual
    ways = [usual, *usual.parents]
    return usual if all(each.stat().st_mode & 0o001 for each in ways) else Path("/tmp")


def _programs(folder: Path, *, copied: bool) -> Path:
    """The programs of the wheel; importing it would start things."""
    spec = importlib.util.find_spec("pgserver")
    assert spec is not None
    assert spec.origin is not None
    found = Path(spec.origin).parent / "pginstall"
    ways = [found, *found.parents]
    if not copied or all(each.stat().st_mode & 0o001 for each in ways):
        return found / "bin"
    shutil.copytree(found, folder / "own", symlinks=True)
    shutil.copytree(found.parent.parent / "pgserver.libs", folder / "pgserver.libs")
    return folder / "own" / "bin"
