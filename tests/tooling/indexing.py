"""What the tests of the index share: records of communities, files compared, reorganisations."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from mikoshi import artifacts
from mikoshi.dao import shared_deployments
from mikoshi.index import Index
from mikoshi.manifest import Manifest
from mikoshi.node import DevRpc
from mikoshi.rpc import Rpc
from mikoshi.testing.community import Community


def manifest_of(community: Community, block: int = 0) -> Manifest:
    """A record of a community, as far as reading its events needs one."""
    dao = community.dao
    factory = shared_deployments(dao.contracts or artifacts.project())[-1].address
    return Manifest(
        slug="pm-dao",
        chain_id=community.rpc.chain_id(),
        params={"voice": dao.membership.call("voiceParams")},
        salt=bytes(32),
        config_hash=bytes(32),
        addresses={
            "treasury": dao.treasury_address,
            "membership": dao.membership_address,
            "token": dao.token_address,
            "governor": dao.governor_address,
        },
        shared={"DAOFactory": factory},
        block=block,
        module_addresses=list(dao.modules),
    )


def open_index(path: Path, community: Community, block: int = 0) -> Index:
    """The index of a community in a file."""
    return Index.open(path, manifest_of(community, block), community.rpc.chain_id())


def built(path: Path, community: Community, rpc: Rpc | None = None, block: int = 0) -> list[str]:
    """The tables of a new index, read from the chain at once."""
    path.unlink(missing_ok=True)
    with open_index(path, community, block) as index:
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
    rpc.call("anvil_reorg", depth, [])
