"""A damaged index at its usual place is replaced; one that was named is left alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from eth_utils.crypto import keccak

from mikoshi.chain.node import DevRpc
from mikoshi.core.manifest import Manifest
from mikoshi.index.index import Index
from mikoshi.testing.community import person
from mikoshi.text.json import Json
from mikoshi.text.paths import shown
from tests.support import failed
from tests.tooling.indexing import dump
from tests.tooling.live import SEPOLIA, Place, script
from tests.tooling.proxy import Call, FaultyRpc

ADMITTED = "0x" + keccak(text="MemberAdmitted(uint256,address,uint8,bytes32)").hex()

pytestmark = pytest.mark.slow


@pytest.fixture
def manifest(place: Place, sepolia: DevRpc, monkeypatch: pytest.MonkeyPatch) -> Manifest:
    """The record of a DAO that has just been created."""
    monkeypatch.setenv("MIKOSHI_INDEX", str(place.folder / "index"))
    monkeypatch.setenv("MIKOSHI_DEPLOYMENTS", str(place.records))
    return place.deploy(sepolia)


def run(name: str, place: Place, rpc: DevRpc | FaultyRpc, *args: str) -> Result:
    options = [*args, "--network", rpc.url, "--config", str(place.toml), "--lang", "en"]
    return CliRunner(mix_stderr=False).invoke(script(name), options)


JUNK = b"junk" * 100
LIE = "a member less, and sums that fit"


def spoil(path: Path, way: str) -> None:
    """Damage an index."""
    if way == LIE:
        with sqlite3.connect(path) as database:
            database.execute('DELETE FROM logs WHERE args LIKE \'%"id":"5"%\'')
            database.execute("DELETE FROM states")
            count = "SELECT count(*) || ' ' || sum(checksum) FROM logs"
            database.execute(f"UPDATE facts SET value = ({count}) WHERE name = 'whole'")
        database.close()
        return
    content = path.read_bytes()
    last = content[: -len(content) // 4] + b"\xff" * (len(content) // 4)
    ways = {"junk": JUNK, "cut short": content[: len(content) // 2], "noise at its end": last}
    path.write_bytes(ways[way])


@pytest.mark.parametrize("way", ["junk", "cut short", "noise at its end", LIE])
@pytest.mark.parametrize("command", ["index", "members list", "index --rebuild"])
def test_damaged_file_at_the_usual_place_is_replaced(
    place: Place, sepolia: DevRpc, manifest: Manifest, way: str, command: str
) -> None:
    assert run("index", place, sepolia).exit_code == 0
    path = Index.usual_path(manifest, SEPOLIA)
    before = dump(path)
    spoil(path, way)
    name, *more = command.split()
    done = run(name, place, sepolia, *more)
    assert done.exit_code == 0, done.stderr
    told = f"⚠ {shown(path)} was damaged: it is replaced, and all events are read anew"
    deleted = "--rebuild" in more and way != "junk"  # as any other index is
    assert done.stdout.splitlines().count(told) == (0 if deleted else 1)
    assert dump(path) == before


@pytest.mark.usefixtures("manifest")
@pytest.mark.parametrize("way", ["junk", "cut short", "noise at its end", LIE])
def test_damaged_file_that_was_named_is_left_alone(place: Place, sepolia: DevRpc, way: str) -> None:
    file = place.folder / "mine.sqlite"
    assert run("index", place, sepolia, "--index", str(file)).exit_code == 0
    spoil(file, way)
    content = file.read_bytes()
    refused = run("index", place, sepolia, "--index", str(file))
    assert refused.exit_code == 2
    kinds = {"junk": "index.not-an-index", LIE: "index.untrue"}
    failed(kinds.get(way, "index.damaged"), path=shown(file))
    assert file.read_bytes() == content


LOST = {
    "an admission": "name = 'MemberAdmitted' AND log_index = (SELECT min(log_index) FROM logs"
    " WHERE name = 'MemberAdmitted')",
    "all admissions": "name = 'MemberAdmitted'",
    "every event": "1",
}


@pytest.mark.parametrize("lost", ["an admission", "all admissions", "every event"])
@pytest.mark.parametrize("command", ["index", "members list", "report"])
def test_index_that_lacks_people_is_replaced(
    place: Place, sepolia: DevRpc, manifest: Manifest, lost: str, command: str
) -> None:
    assert run("index", place, sepolia).exit_code == 0
    path = Index.usual_path(manifest, SEPOLIA)
    before = dump(path)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"DELETE FROM logs WHERE {LOST[lost]}")
    name, *more = command.split()
    done = run(name, place, sepolia, *more)
    assert done.exit_code == 0, done.stderr
    told = f"⚠ {shown(path)} was damaged: it is replaced, and all events are read anew"
    assert done.stdout.splitlines().count(told) == 1
    assert dump(path) == before


@pytest.mark.parametrize("command", ["members list", "report"])
def test_index_whose_events_give_another_census_is_replaced(
    place: Place, sepolia: DevRpc, manifest: Manifest, command: str
) -> None:
    dao = manifest.dao(sepolia)
    sepolia.call("anvil_autoImpersonateAccount", True)
    sepolia.fund(person(2).address)
    dao.membership.send("exit", sender=person(2).address)
    assert run("index", place, sepolia).exit_code == 0
    path = Index.usual_path(manifest, SEPOLIA)
    before = dump(path)
    with closing(sqlite3.connect(path)) as database, database:
        last = "(SELECT max(block) FROM logs)"
        assert database.execute(f"DELETE FROM logs WHERE block = {last}").rowcount > 0
    name, *more = command.split()
    done = run(name, place, sepolia, *more)
    assert done.exit_code == 0, done.stderr
    assert f"⚠ {shown(path)} was damaged" in done.stdout
    assert dump(path) == before


@pytest.mark.usefixtures("manifest")
@pytest.mark.parametrize("command", ["index", "members list"])
def test_node_whose_events_and_census_do_not_fit_is_told(
    place: Place, sepolia: DevRpc, command: str
) -> None:
    def forgetful(call: Call) -> Json:
        return [log for log in call.forward() if log["topics"][0] != ADMITTED][:40]

    with FaultyRpc(sepolia.url) as node:
        node.on("eth_getLogs", forgetful)
        name, *more = command.split()
        told = run(name, place, node, *more)
    assert told.exit_code == 3, told.stderr
    failed("node.contradicts-itself")


@pytest.mark.usefixtures("manifest")
@pytest.mark.parametrize("command", ["index", "members list", "report"])
def test_latest_block_before_the_first_of_the_dao_is_no_empty_dao(
    place: Place, sepolia: DevRpc, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mikoshi.replay.logs._PAUSE", 0)

    def early(call: Call) -> Json:
        return call.forward() | ({"number": "0x1"} if call.params[0] == "latest" else {})

    with FaultyRpc(sepolia.url) as node:
        node.on("eth_getBlockByNumber", early)
        name, *more = command.split()
        told = run(name, place, node, *more)
    assert told.exit_code == 3, told.stderr
    failed("node.contradicts-itself", reason="its latest block is 1, before the DAO's first")
    assert run(name, place, sepolia, *more).exit_code == 0


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW more AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n)"
        " SELECT i FROM n",
        "CREATE TRIGGER later AFTER DELETE ON facts BEGIN DELETE FROM logs; END",
        "ALTER TABLE facts ADD COLUMN more AS (zeroblob(1000000000))",
        "CREATE TABLE more (one)",
        "DROP INDEX places",
    ],
)
def test_file_with_other_tables_is_no_index_of_ours(
    place: Place, sepolia: DevRpc, manifest: Manifest, statement: str
) -> None:
    assert run("index", place, sepolia).exit_code == 0
    path = Index.usual_path(manifest, SEPOLIA)
    before = dump(path)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(statement)
    done = run("index", place, sepolia)
    assert done.exit_code == 0, done.stderr
    assert f"⚠ {shown(path)} was damaged" in done.stdout
    assert dump(path) == before
