"""An index as commands use it: opened, and brought up to date before their eyes."""

from __future__ import annotations

from pathlib import Path

from mikoshi.cli.session import Session
from mikoshi.core.manifest import Manifest
from mikoshi.index.index import Index, Updated
from mikoshi.index.refusals import DamagedError
from mikoshi.index.store import discard, remove
from mikoshi.text.language import _
from mikoshi.text.paths import shown


def indexed(session: Session, manifest: Manifest) -> Index:
    """The index of a DAO at its usual place, up to the latest block; close it at the end.

    Raises BadInputError, ChainError, RpcError and UnreachableError.
    """
    index, __ = updated(session, manifest)
    return index


def updated(
    session: Session, manifest: Manifest, path: Path | None = None, rebuild: bool = False
) -> tuple[Index, Updated]:
    """The index of a DAO, and what brought it up to the latest block; close it at the end.

    With `rebuild` all is read anew, and so it is where the file at the usual place is damaged. A
    `path` that was named is left alone then. Raises as `indexed` does.
    """
    place = path or Index.usual_path(manifest, session.chain_id)
    try:
        if rebuild:
            discard(place)
        return _followed(session, manifest, place)
    except DamagedError:
        if path is not None:
            raise
    session.out.warn(
        _("{place} was damaged: it is replaced, and all events are read anew", place=shown(place))
    )
    remove(place)
    return _followed(session, manifest, place)


def _followed(session: Session, manifest: Manifest, path: Path) -> tuple[Index, Updated]:
    index = Index.open(path, manifest, session.chain_id)
    try:
        title = _("reading events")
        blocks = max(0, session.rpc.block_number() - index.block)
        with session.out.progress(title, blocks) as advance:
            return index, index.update(session.rpc, advance)
    except BaseException:
        index.close()
        raise
