"""What the tests of the index share: files compared, reorganisations."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from mikoshi.chain.node import DevRpc
from mikoshi.chain.rpc import Rpc
from mikoshi.index.index import Index
from mikoshi.testing.community import Community
from mikoshi.testing.records import manifest_of


def open_index(path: Path, community: Community) -> Index:
    """The index of a community in a file."""
    return Index.open(path, manifest_of(community), community.rpc.chain_id())


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
