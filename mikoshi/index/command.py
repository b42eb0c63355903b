"""An index as commands use it: opened, and brought up to date before their eyes."""

from __future__ import annotations

from pathlib import Path

from mikoshi.cli import Session
from mikoshi.index.index import Index, Updated
from mikoshi.language import pick
from mikoshi.manifest import Manifest


def indexed(session: Session, manifest: Manifest, path: Path | None = None) -> Index:
    """The index of a DAO up to the latest block; close it at the end.

    Raises BadInputError, ChainError, RpcError and UnreachableError.
    """
    index = Index.open(path, manifest, session.chain_id)
    try:
        follow(session, index)
    except BaseException:
        index.close()
        raise
    return index


def follow(session: Session, index: Index) -> Updated:
    """Bring an index up to the latest block, with a bar that shows how far it is."""
    title = pick("reading events", "イベントを読み込み中")
    blocks = max(0, session.rpc.block_number() - index.block)
    with session.out.progress(title, blocks) as advance:
        return index.update(session.rpc, advance)
