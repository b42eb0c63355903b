"""What the tests of the index share: files compared, reorganisations."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from mikoshi.chain.node import DevRpc
from mikoshi.chain.rpc import Rpc
from mikoshi.index.index import Index
from mikoshi.replay.dao import RebuiltDao, replay
from mikoshi.replay.voice import Voice
from mikoshi.testing.community import Community
from mikoshi.testing.records import manifest_of
from tests.support import factory


def open_index(path: Path, community: Community) -> Index:
    """The index of a community in a file."""
    return Index.open(path, manifest_of(community), community.rpc.chain_id())


def read(path: Path, community: Community) -> RebuiltDao:
    """The DAO by way of the file."""
    with open_index(path, community) as index:
        index.update(community.rpc)
        return index.rebuilt(community.dao, Voice.of_params(community.params["voice"]))


def truth(community: Community) -> RebuiltDao:
    """The DAO by way of the chain alone."""
    voice = Voice.of_params(community.params["voice"])
    return replay(community.rpc, community.dao, factory(community.rpc).address, voice)


def built(path: Path, community: Community, rpc: Rpc | None = None) -> list[str]:
    """The tables of a new index, read from the chain at once."""
    path.unlink(missing_ok=True)
    with open_index(path, community) as index:
        index.update(rpc or community.rpc)
    return dump(path)


def dump(path: Path) -> list[str]:
    """Everything in a database, byte for byte."""
    with sqlite3.connect(path) as database:
        lines = list(database.iterdump())
    database.close()
    return lines


def reorganise(rpc: DevRpc, depth: int) -> None:
    """Replace the latest `depth` blocks by as many empty ones."""
    rpc.settle_pool()
    rpc.call("anvil_reorg", depth, [])


def roll_back(rpc: DevRpc, depth: int) -> None:
    """Take the latest `depth` blocks away."""
    rpc.settle_pool()
    rpc.call("anvil_rollback", depth)
