"""The record of the DAO that a command is about, which its chain must have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mikoshi.chain.rpc import Rpc
from mikoshi.core.manifest import DEPLOYMENTS, Manifest
from mikoshi.text.errors import ChainError
from mikoshi.text.language import N_
from mikoshi.text.paths import shown

if TYPE_CHECKING:
    from mikoshi.cli.session import Session


def open_record(session: Session, deployments: Path | None = None) -> Manifest:
    """The record of the DAO of dao.toml on the chain of a session.

    Raises BadInputError, ChainError where the chain does not have that DAO, RpcError and
    UnreachableError.
    """
    path = Manifest.path(session.chain_id, session.config.slug, deployments or DEPLOYMENTS)
    manifest = Manifest.load(path, session.command("deploy"))
    require_presence(session.rpc, manifest, path)
    return manifest


def require_presence(rpc: Rpc, manifest: Manifest, path: Path) -> None:
    """Refuse the record at `path` of a DAO that the node does not have, or not yet.

    Raises ChainError, RpcError and UnreachableError.
    """
    behind = rpc.block_number() < (manifest.block or 0)
    if behind or not rpc.code(manifest.addresses["treasury"]):
        raise vanished(manifest, path)


def vanished(record: Manifest, path: Path) -> ChainError:
    """The record speaks of a DAO that the chain does not have."""
    return ChainError(
        "record.vanished",
        N_("Chain {chain_id} has no {name} at {treasury}"),
        N_("{path} says that it was created in block {block}"),
        N_(
            "Name a node of the right chain, in step with it, with --network; if the "
            "test network was reset, as by a restart of anvil, move the record away; "
            "nothing was sent"
        ),
        chain_id=record.chain_id,
        name=record.name,
        treasury=record.addresses["treasury"],
        path=shown(path),
        block=record.block,
    )
