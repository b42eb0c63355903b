"""Where nothing can be written: what reads works, and what was sent is said."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mikoshi.scripting.dao import DAO
from mikoshi.testing.community import person
from tests.support import failed
from tests.tooling.deploying import Disk
from tests.tooling.governed import PAY, Governed
from tests.tooling.indexing import dump
from tests.tooling.test_index_file import file_limit

pytestmark = pytest.mark.slow

READING = (
    ["status"],
    ["report"],
    ["members", "list"],
    ["proposal", "list"],
    ["power", "1"],
    ["proposal", "show", "1"],
)


@contextmanager
def read_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a file system that was mounted so: nothing is opened for writing inside."""
    opened, connect = os.open, sqlite3.connect

    def refuse(path: object) -> None:
        raise OSError(30, "Read-only file system", str(path))

    def open_(path: Any, flags: int, *args: Any, **options: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            refuse(path)
        return opened(path, flags, *args, **options)

    def connected(place: Any, **options: Any) -> sqlite3.Connection:
        if isinstance(place, Path):
            place, options = f"{place.absolute().as_uri()}?mode=ro", options | {"uri": True}
        connection: sqlite3.Connection = connect(place, **options)
        return connection

    def mkdir(path: Path, mode: int = 0, parents: bool = False, exist_ok: bool = False) -> None:
        assert parents, mode
        if not (exist_ok and path.is_dir()):
            refuse(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", open_)
        patch.setattr(sqlite3, "connect", connected)
        patch.setattr(Path, "mkdir", mkdir)
        yield


@pytest.fixture
def index(governed: Governed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the index of a DAO with a proposal will be."""
    monkeypatch.setenv("MIKOSHI_INDEX", str(tmp_path / "index"))
    governed.open_voting(governed.propose().id)
    return tmp_path / "index"


def file_of(index: Path) -> Path:
    (path,) = index.rglob("*.sqlite")
    return path


@pytest.mark.parametrize("words", READING, ids=" ".join)
@pytest.mark.parametrize("kept", ["current", "old", "none", "damaged"])
def test_reading_commands_need_not_write(
    governed: Governed, index: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], kept: str
) -> None:
    if kept != "none":
        governed.told("index")
    if kept == "old":
        governed.propose("Tea")
    if kept == "damaged":
        path = file_of(index)
        path.write_bytes(path.read_bytes()[:5_000])
    command = " ".join(words)
    with read_only(monkeypatch):
        without = governed.run(command, json=True)
        people = governed.run(command)
    assert without.exit_code in (0, 1), without.stderr
    told = "events are kept in memory for this run" in people.stdout
    assert told == (kept != "current")
    assert without.stdout == governed.run(command, json=True).stdout


def test_an_index_is_left_as_it_was_where_nothing_can_be_written(
    governed: Governed, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    governed.told("index")
    before = dump(file_of(index))
    governed.propose("Tea")
    with read_only(monkeypatch):
        assert len(governed.told("proposal list")["proposals"]) == 2
        assert governed.run("index").exit_code == 2
        reason = "attempt to write a readonly database"
        failed("index.unusable", reason=reason)
    assert dump(file_of(index)) == before


@pytest.mark.usefixtures("index")
def test_a_vote_needs_no_room(governed: Governed, monkeypatch: pytest.MonkeyPatch) -> None:
    with read_only(monkeypatch):
        done = governed.run("vote", "1", "--for", account="p3", yes=True)
    assert done.exit_code == 0, done.stderr
    (listed,) = governed.told("proposal list")["proposals"]
    assert governed.dao.governor.call("proposalTurnout", int(listed["id"])) == 1


@pytest.mark.usefixtures("index")
def test_a_relay_needs_no_room(governed: Governed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its two locks are then one, of the folder."""
    signed = governed.folder / "p3.ballot"
    governed.told("vote 1 --for", account="p3", sign_only=True, output=signed)
    with read_only(monkeypatch):
        done = governed.run("relay", str(signed), account="p4", yes=True)
    assert done.exit_code == 0, done.stderr
    (listed,) = governed.told("proposal list")["proposals"]
    assert governed.dao.governor.call("proposalTurnout", int(listed["id"])) == 1


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("size", [0, 8_192, 60_000])
def test_a_full_disk_stops_no_reading_command(governed: Governed, size: int) -> None:
    with file_limit(size):
        told = governed.told("status", "1")
    assert told == governed.told("status", "1")


@pytest.mark.usefixtures("index")
def test_a_script_reads_where_nothing_can_be_written(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mikoshi.scripting.dao.connected", lambda: governed.rpc)
    dao = DAO.__new__(DAO)
    dao.record, dao.names = governed.place.manifest, {}
    with read_only(monkeypatch):
        events = dao.events()
    assert [each.event.name for each in events].count("ProposalCreated") == 1
    assert events == dao.events()


# What was sent is said


def test_a_proposal_on_a_full_disk_is_said_and_its_record_completed(governed: Governed) -> None:
    file = str(governed.write(PAY))
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(patch, 1)
        result = governed.run("proposal submit", file, account="p1", yes=True)
    assert result.exit_code == 2
    assert failed("file.unwritable").sent == disk.sent
    assert f"1 transaction was sent before: {disk.sent[0]}" in result.stderr
    nonce = governed.nonce(person(1))
    again = governed.told("proposal submit", file, account="p1", yes=True)
    assert (again["sent"], again["transaction"]) == (False, disk.sent[0])
    assert json.loads(Path(again["record"]).read_text())["transaction"] == disk.sent[0]
    assert governed.nonce(person(1)) == nonce


def test_what_was_not_sent_is_not_said(governed: Governed) -> None:
    file = str(governed.write(PAY))
    with pytest.MonkeyPatch.context() as patch:
        Disk(patch, 0)
        result = governed.run("proposal submit", file, account="p1", yes=True, json=True)
    assert result.exit_code == 2
    assert "sent" not in json.loads(result.stdout)["error"]
    assert governed.run("proposal submit", file, account="p1", yes=True).exit_code == 0
