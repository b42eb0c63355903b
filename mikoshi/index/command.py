"""An index as commands use it: opened, and brought up to date before their eyes."""

from __future__ import annotations

from pathlib import Path

from mikoshi.cli import Session
from mikoshi.index.index import Index
from mikoshi.language import pick
from mikoshi.manifest import Manifest


def indexed(session: Session, manifest: Manifest, path: Path | None = None) -> Index:
    """The index of a DAO up to the latest block; close it at the end.

    Raises BadInputError, ChainError, RpcError and UnreachableError.
    """
    index = Index.open(path, manifest, session.chain_id)
    try:
        total = max(0, session.rpc.block_number() - index.block)
        title = pick("reading events", "イベントを読み込み中")
        with session.out.progress(title, total) as advance:
            index.update(session.rpc, advance)
    except BaseException:
        index.close()
        raise
    return index
