"""What may be wrong with an index's file is said in words, and running again completes."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from mikoshi.core import artifacts
from mikoshi.index import store as stores
from mikoshi.index.index import Index
from mikoshi.index.store import discard
from mikoshi.testing.community import Community
from mikoshi.testing.defaults import POINT
from mikoshi.testing.records import manifest_of
from mikoshi.text.errors import BadInputError
from mikoshi.text.paths import ROOT, shown
from tests.support import refuses, told
from tests.tooling.indexing import built, dump, open_index


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index.sqlite"


def built_on(path: Path, community: Community) -> None:
    with open_index(path, community) as index:
        index.update(community.rpc)
        list(index.logs())


def refused(path: Path, community: Community, kind: str, **data: object) -> None:
    """What bringing an index up to date ends with."""
    with refuses(kind, path=shown(path), **data):
        built_on(path, community)


def test_index_of_another_dao_is_refused(community: Community, path: Path) -> None:
    before = built(path, community)
    manifest = manifest_of(community)
    other = replace(manifest, addresses=manifest.addresses | {"treasury": community.wallets[0]})
    ours, theirs = community.dao.treasury_address, community.wallets[0]
    differing = [{"name": "treasury", "known": ours, "wanted": theirs}]
    with refuses("index.of-another", path=shown(path), differing=differing):
        Index.open(path, other, 31337)
    differing = [{"name": "chain id", "known": "31337", "wanted": "1"}]
    with pytest.raises(BadInputError) as caught:
        Index.open(path, manifest, 1)
    told(caught.value, "index.of-another", path=shown(path), differing=differing)
    assert caught.value.reasons == ["chain id: 31337 there, 1 wanted"]
    assert dump(path) == before


def test_database_of_something_else_is_left_alone(community: Community, path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE savings (yen)")
    database.commit()
    database.close()
    before = path.read_bytes()
    refused(path, community, "index.not-an-index")
    with refuses("index.not-an-index"):
        discard(path)
    assert path.read_bytes() == before


def test_index_that_another_version_decoded_is_read_anew(community: Community, path: Path) -> None:
    before = built(path, community)
    manifest = manifest_of(community)
    known = dict(artifacts.project())
    unknown = replace(known["Membership"], abi=[])
    with Index.open(path, manifest, 31337, {**known, "Membership": unknown}) as index:
        assert index.block == -1
        index.update(community.rpc)
        assert list(index.logs(names=["MemberAdmitted"])) == []
    with open_index(path, community) as index:
        assert index.block == -1
        index.update(community.rpc)
        assert len(list(index.logs(names=["MemberAdmitted"]))) == 5
    assert dump(path) == before


def test_index_from_another_first_block_is_read_anew(community: Community, path: Path) -> None:
    before = built(path, community)
    manifest = manifest_of(community)
    with Index.open(path, replace(manifest, block=community.rpc.block_number()), 31337) as index:
        assert index.update(community.rpc).added == 0
        assert list(index.logs()) == []
    assert dump(path) != before
    with open_index(path, community) as index:
        index.update(community.rpc)
    assert dump(path) == before


def test_file_that_is_no_database_is_left_alone(community: Community, path: Path) -> None:
    path.write_text("dear diary\n" * 100)
    refused(path, community, "index.not-an-index")
    with refuses("index.not-an-index", path=shown(path)):
        discard(path)
    assert path.read_text() == "dear diary\n" * 100


@pytest.mark.parametrize("left", [0.5, 0.9])
def test_index_cut_short_is_refused(community: Community, path: Path, left: float) -> None:
    built(path, community)
    os.truncate(path, int(path.stat().st_size * left))
    refused(path, community, "index.damaged", reason="database disk image is malformed")
    discard(path)
    with open_index(path, community) as index:
        assert index.update(community.rpc).added > 0


def test_index_full_of_noise_is_refused(community: Community, path: Path) -> None:
    built(path, community)
    content = bytearray(path.read_bytes())
    content[4096 : len(content)] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    refused(path, community, "index.damaged", reason="database disk image is malformed")


@contextmanager
def file_limit(size: int) -> Iterator[None]:
    """Let no file of this process grow over `size` bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("size", [0, 8_192, 20_480])
def test_update_on_a_full_disk_is_gone_on_with(community: Community, path: Path, size: int) -> None:
    with file_limit(size), pytest.raises(BadInputError) as caught:
        built_on(path, community)
    told(caught.value, "index.unusable", path=shown(path))
    assert caught.value.data["reason"] in ("disk I/O error", "database or disk is full")
    with open_index(path, community) as index:
        index.update(community.rpc)
    assert dump(path) == built(path, community)


def test_database_that_is_full_keeps_what_was_whole(community: Community, path: Path) -> None:
    before = built(path, community)
    community.as_treasury(community.dao.membership, "credit", 1, POINT, 0, bytes(32))
    with open_index(path, community) as index:
        for number in range(1, 6):
            community.as_treasury(community.dao.membership, "credit", number, POINT, 0, bytes(32))
        index._store._db.execute("PRAGMA max_page_count = 1")  # as many as there are
        with refuses("index.unusable", reason="database or disk is full"):
            index.update(community.rpc)
        assert dump(path) == before
        index._store._db.execute("PRAGMA max_page_count = 10000")
        index.update(community.rpc)
    assert dump(path) == built(path, community)


def test_index_that_another_process_holds_is_told(
    community: Community, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "_PATIENCE", 0.1)
    before = built(path, community)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    refused(path, community, "index.in-use", reason="database is locked")
    other.execute("ROLLBACK")
    other.close()
    assert dump(path) == before


def test_reader_of_the_file_does_not_stop_an_update(community: Community, path: Path) -> None:
    with open_index(path, community) as first, open_index(path, community) as second:
        first.update(community.rpc)
        logs = first.logs()
        next(logs)
        community.as_treasury(community.dao.membership, "credit", 1, POINT, 0, bytes(32))
        assert second.update(community.rpc).added == 3
        assert "MeritCredited" not in [log.event.name for log in logs]
        assert "MeritCredited" not in [log.event.name for log in first.logs()]
        first.update(community.rpc)
        assert "MeritCredited" in [log.event.name for log in first.logs()]


def test_place_that_is_no_folder_is_told(community: Community, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused(tmp_path / "file" / "index.sqlite", community, "index.unusable", reason="File exists")
    (tmp_path / "folder.sqlite").mkdir()
    reason = "unable to open database file"
    refused(tmp_path / "folder.sqlite", community, "index.unusable", reason=reason)


def test_usual_place_is_in_the_cache(
    community: Community, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = manifest_of(community)
    name = f"pm-dao-{manifest.addresses['membership'][2:10].lower()}.sqlite"
    monkeypatch.delenv("MIKOSHI_INDEX", raising=False)
    assert Index.usual_path(manifest, 5) == ROOT / ".cache" / "index" / "5" / name
    monkeypatch.setenv("MIKOSHI_INDEX", str(tmp_path))
    assert Index.usual_path(manifest, 5) == tmp_path / "5" / name
    with Index.open(None, manifest, 31337) as index:
        assert index.path == tmp_path / "31337" / name
