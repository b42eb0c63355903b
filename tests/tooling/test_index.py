"""An index holds every event of a DAO, once, and follows its chain."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_utils.crypto import keccak

from mikoshi.chain.abi import Interface
from mikoshi.core import artifacts
from mikoshi.index.index import Index, Updated
from mikoshi.index.store import RING
from mikoshi.replay.dao import replay
from mikoshi.replay.logs import stream_logs
from mikoshi.replay.voice import Voice
from mikoshi.testing.community import Community
from mikoshi.testing.defaults import POINT
from mikoshi.text.units import DAY
from tests.support import deploy, factory, role
from tests.tooling.indexing import built, dump, open_index

NO_REF = bytes(32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "index.sqlite"


def credit(community: Community, *numbers: int) -> None:
    for number in numbers:
        community.as_treasury(community.dao.membership, "credit", number, POINT, 0, NO_REF)


def names(index: Index, **wanted: Any) -> list[str]:
    return [log.event.name for log in index.logs(**wanted)]


# What is in it


def test_index_rebuilds_the_dao_that_the_chain_does(community: Community, path: Path) -> None:
    dao, rpc = community.dao, community.rpc
    credit(community, 1, 2)
    dao.membership.send("exit", sender=community.wallets[4])
    proposal = community.propose([(dao.treasury, 0, b"")])
    community.open_voting(proposal)
    community.vote(proposal, [0, 1, 2])
    voice = Voice.of_params(community.params["voice"])
    with open_index(path, community) as index:
        updated = index.update(rpc)
        rebuilt = index.rebuilt(dao, voice)
        expected = replay(rpc, dao, factory(rpc).address, voice)
        assert rebuilt == expected
        assert rebuilt.created is not None
        assert updated == Updated(len(expected.logs), 0, rpc.block_number())
        assert (index.block, index.time) == (rpc.block_number(), rpc.timestamp())


def test_logs_are_those_of_the_reader(community: Community, path: Path) -> None:
    rpc, membership = community.rpc, community.dao.membership_address
    credit(community, 1, 2)
    middle = rpc.block_number()
    credit(community, 3)
    known = {membership: Interface(artifacts.load("Membership").abi)}
    with open_index(path, community) as index:
        index.update(rpc)
        logs = list(index.logs(address=membership))
        assert logs == [*stream_logs(rpc, known, 0, rpc.block_number())]
        given = [log for log in logs if log.event.name == "MeritCredited"]
        assert len(given) == 3
        assert list(index.logs(names=["MeritCredited"])) == given
        assert list(index.logs(names=["MeritCredited"], upto=middle)) == given[:2]
        assert list(index.logs(address=membership, upto=0)) == []


def test_each_event_is_stored_as_the_node_gave_it(community: Community, path: Path) -> None:
    credit(community, 1)
    built(path, community)
    receipt = community.rpc.call("eth_getBlockByNumber", "latest", False)
    raw = community.rpc.call("eth_getLogs", {"blockHash": receipt["hash"]})
    database = sqlite3.connect(path)
    rows = database.execute(
        "SELECT number, hash, time, log_index, tx, lower(address), topics, data, name, args"
        " FROM logs JOIN blocks ON number = block WHERE number = ? ORDER BY log_index",
        [community.rpc.block_number()],
    ).fetchall()
    database.close()
    assert [row[:8] for row in rows] == [
        (
            int(log["blockNumber"], 16),
            log["blockHash"],
            int(receipt["timestamp"], 16),
            int(log["logIndex"], 16),
            log["transactionHash"],
            log["address"],
            " ".join(log["topics"]),
            log["data"],
        )
        for log in raw
    ]
    args = {name: text for *_, name, text in rows}
    since = int(receipt["timestamp"], 16) - community.params["voice"]["t0"]
    growth = 2 ** (since / (180 * DAY))
    told = json.loads(args["MeritCredited"])
    assert int(told.pop("raw")) == pytest.approx(POINT * growth, rel=1e-3)
    assert told == {"id": "1", "kind": "0", "points": str(POINT), "ref": f"0x{'00' * 32}"}


def test_money_in_and_out_of_the_treasury_is_seen(community: Community, path: Path) -> None:
    dao, rpc, ours = community.dao, community.rpc, community.dao.treasury_address
    before, giver, payee = deploy(rpc, "OddCoin", 0), community.wallets[0], community.wallets[1]
    before.send("mint", ours, 100, sender=giver)
    before.send("mint", giver, 100, sender=giver)
    before.send("transfer", payee, 5, sender=giver)
    before.send("transfer", payee, 7, sender=ours)
    before.send("transfer", ours, 9, sender=giver)
    dao.token.send("mint", ours, 11, 0, sender=ours)
    with open_index(path, community) as index:
        index.update(rpc)
        foreign = list(index.logs(address=before.address))
        assert [(log.event.name, *log.event.args.values()) for log in foreign] == [
            ("Transfer", "0x" + "00" * 20, ours, 100),
            ("Transfer", ours, payee, 7),
            ("Transfer", giver, ours, 9),
        ]
        own = list(index.logs(address=dao.token_address, names=["Transfer"]))
        assert [log.event.args["amount"] for log in own] == [11]


def log_code(*topics: int) -> bytes:
    """Code that announces its calldata with these topics, from an assembler's table."""
    pushed = b"".join(b"\x7f" + topic.to_bytes(32, "big") for topic in reversed(topics))
    copy = bytes.fromhex("365f5f37")  # calldatacopy(0, 0, calldatasize)
    return copy + pushed + bytes.fromhex("365f") + bytes([0xA0 + len(topics)])


@pytest.mark.parametrize("data", [b"", b"\x01", b"\xff" * 64], ids=["none", "short", "long"])
def test_senseless_event_that_names_the_treasury_is_kept_as_it_is(
    community: Community, path: Path, data: bytes
) -> None:
    transfer = int.from_bytes(keccak(text="Transfer(address,address,uint256)"))
    ours = int(community.dao.treasury_address, 16)
    at = "0x" + "ba" * 20
    community.rpc.call("anvil_setCode", at, "0x" + log_code(transfer, ours, 2**256 - 1).hex())
    community.rpc.send(at, data, sender=community.wallets[0])
    built(path, community)
    row = sqlite3.connect(path).execute(
        "SELECT data, name, args FROM logs WHERE lower(address) = ?", [at]
    )
    assert row.fetchall() == [(f"0x{data.hex()}", "", "{}")]
    with open_index(path, community) as index:
        voice = Voice.of_params(community.params["voice"])
        assert index.rebuilt(community.dao, voice).unknown == 0
        assert "" in names(index)


def test_reason_that_is_no_text_stops_nobody(community: Community, path: Path) -> None:
    dao = community.dao
    proposal = community.propose([(dao.treasury, 0, b"")])
    community.open_voting(proposal)
    data = dao.governor.data("castVoteWithReason", proposal.id, 1, "??")
    community.rpc.send(
        dao.governor_address, data.replace(b"??", b"\xff\xfe"), sender=community.wallets[0]
    )
    with open_index(path, community) as index:
        index.update(community.rpc)
        (vote,) = index.logs(names=["VoteCast"])
        assert vote.event.args["reason"] == r"\xff\xfe"
        voice = Voice.of_params(community.params["voice"])
        rebuilt = index.rebuilt(dao, voice)
        assert rebuilt == replay(community.rpc, dao, factory(community.rpc).address, voice)


# Modules


def test_who_gets_a_role_is_followed_from_the_first(community: Community, path: Path) -> None:
    dao, rpc = community.dao, community.rpc
    module = deploy(rpc, "OddCoin", 0)
    module.send("mint", community.wallets[0], 1, sender=community.wallets[0])
    with open_index(path, community) as index:
        index.update(rpc)
        assert names(index, address=module.address) == []
        community.as_treasury(dao.treasury, "grantRole", role("MINTER"), module.address)
        index.update(rpc)
        assert names(index, address=module.address) == ["Transfer"]
        module.send("mint", community.wallets[0], 2, sender=community.wallets[0])
        community.as_treasury(dao.treasury, "revokeRole", role("MINTER"), module.address)
        module.send("mint", community.wallets[0], 3, sender=community.wallets[0])
        index.update(rpc)
        assert names(index, address=module.address) == ["Transfer"] * 3
    assert dump(path) == built(path, community)


def test_modules_of_the_record_are_followed(community: Community, path: Path) -> None:
    module = deploy(community.rpc, "OddCoin", 0)
    module.send("mint", community.wallets[0], 1, sender=community.wallets[0])
    following = replace(community, dao=replace(community.dao, modules=(module.address,)))
    with open_index(path, following) as index:
        index.update(community.rpc)
        assert names(index, address=module.address) == ["Transfer"]


def test_next_governor_is_followed(community: Community, path: Path) -> None:
    dao, rpc = community.dao, community.rpc
    heir = deploy(rpc, "OddCoin", 0)
    community.as_treasury(dao.treasury, "setGovernor", heir.address)
    rpc.warp(45 * DAY)
    dao.treasury.send("installGovernor", sender=community.outsider.address)
    heir.send("mint", community.wallets[0], 1, sender=community.wallets[0])
    with open_index(path, community) as index:
        index.update(rpc)
        assert names(index, address=heir.address) == ["Transfer"]


# Once, and always the same


def test_index_in_steps_is_the_index_at_once(community: Community, path: Path) -> None:
    rpc = community.rpc
    with open_index(path, community) as index:
        index.update(rpc)
        for step in range(4):
            rpc.call("anvil_mine", hex(30))
            credit(community, 1 + step)
            assert index.update(rpc).added == 3
            assert index.update(rpc) == Updated(0, 0, rpc.block_number())
    followed = dump(path)
    assert built(path, community) == followed
    assert built(path, community) == followed
    assert sum("MeritCredited" in line for line in followed) == 4


def test_hashes_are_kept_of_blocks_with_events_and_of_the_latest(
    community: Community, path: Path
) -> None:
    credit(community, 1)
    event = community.rpc.block_number()
    community.rpc.call("anvil_mine", hex(3 * RING))
    built(path, community)
    numbers = [row[0] for row in sqlite3.connect(path).execute("SELECT number FROM blocks")]
    latest = community.rpc.block_number()
    assert numbers[-RING:] == list(range(latest - RING + 1, latest + 1))
    assert numbers[-RING - 1] == event
