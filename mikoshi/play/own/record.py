"""What a community's folder keeps of its node: where it listens, and its chain."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from mikoshi.chain.settings import OWN
from mikoshi.text.errors import NotNowError
from mikoshi.text.files import UnwrittenError, write_atomically
from mikoshi.text.language import N_
from mikoshi.text.paths import community


def folder() -> Path:
    """Where everything of the node lies."""
    return community() / OWN


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """A node on `port`. `genesis` is the hash of its first block: another chain has another one.

    `ahead` is how many seconds its time is before this computer's. `pid` may be that of a process
    which ended long ago, or of another one.
    """

    port: int
    pid: int
    genesis: str
    ahead: int

    @classmethod
    def read(cls) -> NodeRecord | None:
        """The record of this folder; None if there is none, or what is there is none."""
        try:
            fields = json.loads((folder() / "node.json").read_text("utf-8"))
            found = cls(*(kind(fields[name]) for name, kind in _FIELDS.items()))
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            return None
        return found if 0 < found.port < 2**16 else None

    def write(self) -> None:
        """Keep it. Raises UnwrittenError."""
        write_atomically(folder() / "node.json", json.dumps(asdict(self)) + "\n")


_FIELDS = {"port": int, "pid": int, "genesis": str, "ahead": int}


@contextmanager
def alone() -> Iterator[None]:
    """Refuse every other start, stop and move of this node while inside.

    Raises NotNowError, and UnwrittenError where nothing can be kept.
    """
    place = folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
        handle = os.open(place, os.O_RDONLY)
    except OSError as error:
        raise UnwrittenError(error, str(place)) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for each in place.iterdir():
            if each.is_symlink():  # in a folder from somebody else: what is written goes elsewhere
                each.unlink()
        yield
    except BlockingIOError as error:
        raise NotNowError(
            "play.under-way",
            N_("Another command is starting or stopping the node right now"),
            N_("two nodes of one chain would overwrite each other's state"),
            N_("Wait until it ends, then run the command again"),
        ) from error
    finally:
        os.close(handle)


# The state, which anvil writes in place: a crash while it does so leaves a part of it


def state() -> Path:
    """The chain's state, as anvil reads and writes it."""
    return folder() / "state.json"


def keep_state() -> bool:
    """Keep a copy of the state if it is whole; whether it is, or there is none yet."""
    if not state().exists():
        return True
    if not _whole(state()):
        return False
    fresh = _kept().with_suffix(".new")
    try:
        shutil.copyfile(state(), fresh)
        fresh.replace(_kept())
    except OSError as error:
        raise UnwrittenError(error, str(_kept())) from error
    return True


def restore_state() -> None:
    """Go back to the copy, or to the beginning if there is none; what is damaged is put aside."""
    state().replace(state().with_suffix(".damaged"))
    if _kept().exists() and _whole(_kept()):
        shutil.copyfile(_kept(), state())


def _kept() -> Path:
    return folder() / "state.kept.json"


def _whole(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_bytes()), dict)
    except (OSError, ValueError):
        return False


# Its process


def is_ours(pid: int) -> bool:
    """Whether a process is the anvil of this folder: numbers of processes are used again."""
    command = f" {_command_of(pid)} "
    return f" --state {state()} " in command and "anvil --quiet " in command


def _command_of(pid: int) -> str:
    """The command line of a process; empty if it has ended, or nobody can tell."""
    if pid <= 0:
        return ""
    listed = Path(f"/proc/{pid}/cmdline")
    try:
        if listed.exists():
            return listed.read_bytes().decode(errors="replace").replace("\0", " ").strip()
        done = subprocess.run(
            ["ps", "-ww", "-o", "command=", "-p", str(pid)],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout.strip()
