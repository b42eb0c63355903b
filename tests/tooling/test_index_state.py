"""What an index keeps of a DAO is the DAO: at any block, after a reorganisation, with any code."""

from __future__ import annotations

import random
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from mikoshi.chain.node import Node
from mikoshi.index import index as indexes
from mikoshi.index.index import Index
from mikoshi.play.regimes.drill import OPTIONS
from mikoshi.play.regimes.history import PlayedHistory, run
from mikoshi.play.regimes.regime import COLLAPSE
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.logs import Logs
from mikoshi.replay.voice import Voice
from mikoshi.testing.community import Community
from mikoshi.testing.defaults import POINT
from mikoshi.text.paths import shown
from tests.support import refuses
from tests.tooling.history import History
from tests.tooling.indexing import dump, read, reorganise, truth


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index.sqlite"


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """States are kept from the first events on."""
    monkeypatch.setattr(Index, "often", 2)


def states(path: Path) -> list[int]:
    """The blocks whose states are kept."""
    with sqlite3.connect(path) as database:
        found = database.execute("SELECT block FROM states ORDER BY block").fetchall()
    database.close()
    return [block for (block,) in found]


def credit(community: Community, *members: int) -> None:
    for member in members:
        community.as_treasury(community.dao.membership, "credit", member, POINT, 0, bytes(32))


# A state is the DAO


def from_state(first: RebuiltDao, logs: Logs) -> RebuiltDao:
    dao, voice = first.dao, first.membership.voice
    return RebuiltDao.restored(dao, voice, first.state(), logs)


def cut(whole: RebuiltDao, place: int) -> RebuiltDao:
    """The DAO of the events up to a place, kept and taken up again, and of all events after it."""
    logs = list(whole.logs)
    first = RebuiltDao.empty(whole.dao, whole.membership.voice, whole.block)
    first.take(logs[:place])
    again = from_state(first, Logs(logs[:place]))
    assert again == first
    again.take(logs[place:])
    return again


@pytest.fixture(scope="module")
def played() -> Iterator[PlayedHistory]:
    with Node(OPTIONS) as node:
        yield run(COLLAPSE, 5, node.rpc, months=4)


@pytest.mark.slow
def test_state_and_what_is_new_make_the_dao_of_all_events(played: PlayedHistory) -> None:
    voice = Voice.of_params(played.manifest.params["voice"])
    whole = RebuiltDao.empty(played.dao, voice, played.months[-1].block)
    whole.take(played.logs)
    chance = random.Random(11)
    for place in [0, 1, len(played.logs), *(chance.randrange(len(played.logs)) for _ in range(25))]:
        assert cut(whole, place) == whole


def test_state_keeps_what_no_honest_contract_announces() -> None:
    history = History()
    nobody = history.wallet(77)
    vote = {"voter": nobody, "proposalId": 9, "support": 1, "weight": 1, "reason": "憲章"}
    moved = {"from": nobody, "to": history.wallet(1), "tokenId": 3}
    membership, governor = (
        history.rebuilt.dao.membership_address,
        history.rebuilt.dao.governor_address,
    )
    history.emit((governor, "VoteCast", vote), (membership, "Transfer", moved))
    again = from_state(history.rebuilt, Logs(history.logs))
    assert again == history.rebuilt
    assert [str(each) for each in again.oddities] == [str(e) for e in history.rebuilt.oddities]
    assert len(again.oddities) == 2


def test_what_is_not_compressed_is_refused() -> None:
    rebuilt = History().rebuilt
    with pytest.raises(ValueError, match="decompressing"):
        RebuiltDao.restored(rebuilt.dao, rebuilt.membership.voice, b"[]", Logs())


@pytest.mark.parametrize("state", ["", "[]", "{}", "null", "[[]]", "[1,2,3,4,5]", '["", 1]'])
def test_what_is_no_state_is_refused(state: str) -> None:
    rebuilt = History().rebuilt
    with pytest.raises(ValueError, match=r"\w"):
        RebuiltDao.restored(
            rebuilt.dao, rebuilt.membership.voice, zlib.compress(state.encode()), Logs()
        )


def test_values_of_other_types_are_refused() -> None:
    rebuilt = History().rebuilt
    wallet = rebuilt.membership.members[1].wallet
    told = zlib.decompress(rebuilt.state()).decode().replace(f'"{wallet}"', "7")
    state = zlib.compress(told.encode())
    with pytest.raises(ValueError, match="int among"):
        RebuiltDao.restored(rebuilt.dao, rebuilt.membership.voice, state, Logs())


# In the file


def test_command_reads_what_is_new(
    community: Community, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(path, community) == truth(community)
    kept = community.rpc.block_number()
    assert states(path) == [kept]
    credit(community, 1)
    taken: list[int] = []
    take = RebuiltDao.take

    def counted(self: RebuiltDao, logs: Logs) -> None:
        logs = Logs(logs)
        taken.append(min((log.block for log in logs), default=0))
        take(self, logs)

    monkeypatch.setattr(RebuiltDao, "take", counted)
    rebuilt = read(path, community)
    assert taken == [community.rpc.block_number()]
    monkeypatch.undo()
    assert rebuilt == truth(community)
    assert [log.event.name for log in rebuilt.logs.named("MeritCredited")] == ["MeritCredited"]
    assert rebuilt.logs.of(rebuilt.logs.named("MeritCredited")[0])
    assert rebuilt.founders() == truth(community).founders() == community.wallets


def test_reorganisation_takes_a_state_back(community: Community, path: Path) -> None:
    read(path, community)
    first = states(path)
    community.rpc.call("anvil_mine", hex(70))
    credit(community, 1, 2)
    assert read(path, community) == truth(community)
    second = states(path)
    assert second[:-1] == first
    credit(community, 3)
    credit(community, 4)
    reorganise(community.rpc, 3)
    assert read(path, community) == truth(community)
    assert states(path)[0] == first[0]
    reorganise(community.rpc, 5)
    assert read(path, community) == truth(community)
    assert states(path) == first


def test_other_code_throws_a_state_away(
    community: Community, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(path, community)
    before = dump(path)
    monkeypatch.setattr(indexes, "code", lambda: "another")
    assert read(path, community) == truth(community)
    assert dump(path) != before
    assert len(states(path)) == 1


# Damage


LIES = {
    "a member is left out": "DELETE FROM logs WHERE name = 'MemberAdmitted' AND log_index ="
    " (SELECT max(log_index) FROM logs WHERE name = 'MemberAdmitted')",
    "two members are exchanged": "UPDATE logs SET args = (SELECT args FROM logs WHERE"
    " name = 'MemberAdmitted' ORDER BY log_index LIMIT 1) WHERE name = 'MemberAdmitted'",
    "a time is another": "UPDATE blocks SET time = time - 1",
    "a block is left out": "DELETE FROM blocks WHERE number = (SELECT min(block) FROM logs)",
    "an event is twice": "INSERT INTO logs SELECT block, log_index + 1000, tx, address, topics,"
    " data, name, args, checksum FROM logs WHERE name = 'MemberAdmitted'",
    "a state is another": "UPDATE states SET state = x'00'",
    "a state is another block's": "UPDATE states SET block = block - 1",
    "there is no count": "DELETE FROM facts WHERE name = 'whole'",
    "there is no list of places": "DROP INDEX places",
}


@pytest.mark.parametrize("lie", LIES)
def test_lie_is_noticed(community: Community, path: Path, lie: str) -> None:
    read(path, community)
    with sqlite3.connect(path) as database:
        database.execute(LIES[lie])
        if "state" not in lie:
            database.execute("DELETE FROM states")
    database.close()
    with refuses("index.damaged", path=shown(path), reason="database disk image is malformed"):
        read(path, community)
