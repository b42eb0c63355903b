"""All events of a DAO in a file that follows its chain."""

from __future__ import annotations

import bisect
import hashlib
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Self

import mikoshi
from mikoshi import replay
from mikoshi.chain.refusals import wrong_chain
from mikoshi.chain.rpc import Rpc
from mikoshi.core.artifacts import Artifact
from mikoshi.core.dao import Dao
from mikoshi.core.manifest import Manifest
from mikoshi.index.format import Count, Keeping, StoredEvent, damaged
from mikoshi.index.store import RING, Store
from mikoshi.index.watch import Reader, StoredLogs, Watch, told
from mikoshi.replay.dao import RebuiltDao, governors_in
from mikoshi.replay.logs import Block, ContradictionError, Log, ReorganisedError, steadily
from mikoshi.replay.voice import Voice
from mikoshi.text.json import Json
from mikoshi.text.language import _
from mikoshi.text.paths import cache


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update did: events `added`, blocks `rolled_back`, and the latest `block` now."""

    added: int
    rolled_back: int
    block: int


class Index:
    """The events of one DAO: its contracts, modules and role holders, and money in and out.

    Read from the DAO's first block on. `logs` answers from the file, up to `block`, which is as
    far as this object has read or found it.
    """

    often = 5_000
    """After so many events the state is kept, and its events stay in the file."""

    def __init__(self, store: Store, watch: Watch, manifest: Manifest, chain_id: int) -> None:
        self._store = store
        self._watch = watch
        self._manifest = manifest
        self._chain_id = chain_id
        self._start = manifest.block or 0
        self._tip = store.tip

    @classmethod
    def open(
        cls,
        path: Path | None,
        manifest: Manifest,
        chain_id: int,
        contracts: Mapping[str, Artifact] | None = None,
        keeping: Keeping = Keeping.FILE,
    ) -> Self:
        """Open or create the index of a DAO; at its usual place if `path` is None.

        Raises BadInputError when the file cannot be used, or is another DAO's or chain's.
        """
        watch, start = Watch(manifest, contracts), manifest.block or 0
        of = {
            "chain id": str(chain_id),
            "treasury": manifest.addresses["treasury"],
            "membership": manifest.addresses["membership"],
        }
        reading = {
            "first block": str(start),
            "modules": " ".join(watch.modules),
            "events": watch.known,
        }
        store = Store(path or cls.usual_path(manifest, chain_id), of, reading, keeping)
        return cls(store, watch, manifest, chain_id)

    @staticmethod
    def usual_path(manifest: Manifest, chain_id: int) -> Path:
        """Where the index of a DAO is: index/<chain id>/<slug>-<membership>.sqlite in the cache.

        The environment's MIKOSHI_INDEX names another folder than the cache's.
        """
        folder = Path(os.environ.get("MIKOSHI_INDEX") or cache() / "index")
        short = manifest.addresses["membership"][2:10].lower()
        return folder / str(chain_id) / f"{manifest.slug}-{short}.sqlite"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    @property
    def path(self) -> Path:
        """The file."""
        return self._store.path

    @property
    def block(self) -> int:
        """The latest block read; the one before the DAO's first if none was."""
        return self._tip.number if self._tip else self._start - 1

    @property
    def tip(self) -> Block | None:
        """The latest block read."""
        return self._tip

    @property
    def time(self) -> int:
        """The time of the latest block read, Unix seconds; 0 if none was."""
        return self._tip.time if self._tip else 0

    # Reading

    def logs(
        self, *, address: str | None = None, names: Collection[str] = (), upto: int | None = None
    ) -> Iterator[Log]:
        """The events up to block `upto` in the order of the chain, of one address, of some names.

        Anybody may write an event that names the Treasury: look at `event.address` before you
        believe a Transfer. Raises BadInputError for what is damaged.
        """
        last = self.block if upto is None else min(upto, self.block)
        found = self._store.logs([address] if address else [], names, last)
        return told(found, self._watch, self.path)

    def rebuilt(self, dao: Dao, voice: Voice) -> RebuiltDao:
        """The DAO rebuilt from its events, as `mikoshi.replay.replay` does from the chain's.

        It is followed to the governors that the latest update found. Of what is not new since, the
        state that is kept of a DAO with these governors is taken instead. Where there is much new,
        the state is kept. Raises BadInputError for what is damaged.
        """
        followed = replace(dao, governor_address=self.governors[-1], former=self.governors[:-1])
        rebuilt, since = RebuiltDao.empty(followed, voice, self.block), -1
        kept, logs = self._store.state(self._made_by, self.block), self._stored
        if kept is not None:
            try:
                rebuilt = RebuiltDao.restored(followed, voice, kept.state, logs)
            except ValueError as error:
                raise damaged(self.path) from error
            since, rebuilt.block = kept.block, self.block
        elif self._store.size > self.often:
            rebuilt.logs = logs
        known = rebuilt.events
        found = self._store.logs(self.core, (), self.block, since)
        rebuilt.take(told(found, self._watch, self.path))
        if self._tip and rebuilt.events - known > self.often:
            self._store.keep(self._made_by, self._tip, rebuilt.state())
        return rebuilt

    def bring(self, rebuilt: RebuiltDao) -> None:
        """Take what is new since a DAO was rebuilt, of blocks that this index still `has`."""
        found = self._store.logs(self.core, (), self.block, rebuilt.block)
        rebuilt.take(told(found, self._watch, self.path))
        rebuilt.block = self.block

    def has(self, block: Block | None) -> bool:
        """Whether this very block was read, and nothing has taken its place."""
        return block is not None and self._store.blocks(block.number).get(block.number) == block

    @property
    def keeps(self) -> bool:
        """Whether a state is kept, and not much is new since."""
        news = self._store.news(self._made_by)
        return news is not None and news <= self.often

    @property
    def governors(self) -> tuple[str, ...]:
        """Whoever governs the DAO or did, in order, as far as their code is known."""
        return self._manifest.addresses["governor"], *self._manifest.governors

    @property
    def core(self) -> list[str]:
        """The contracts whose events rebuild the DAO."""
        return [*self._watch.core, *self._manifest.governors]

    @property
    def _stored(self) -> StoredLogs:
        return StoredLogs(self._store, self._watch, self.core, self.block)

    @property
    def _made_by(self) -> str:
        """What makes states: another text where a state could be another."""
        return " ".join([code(), *self.governors, self._watch.succession])

    def counts(self) -> list[Count]:
        """How many events there are of each contract and name."""
        return self._store.counts(self.block)

    @property
    def contracts(self) -> dict[str, str]:
        """What each contract is that belongs to the DAO, by address; tokens of others are not."""
        holders = dict.fromkeys(sorted(self._named(self.block)), "role holder")
        governors = dict.fromkeys(self.governors, "DAOGovernor")
        return self._watch.contracts | holders | governors

    # Following the chain

    def update(self, rpc: Rpc, progress: Callable[[int], None] = lambda _: None) -> Updated:
        """Read up to the latest block; `progress` is told how many more blocks have been read.

        What the chain no longer has is forgotten and read again. Each range is kept at once: after
        an interruption the next update goes on. Raises BadInputError for another chain's node and
        for trouble with the file, ChainError, RpcError and UnreachableError.
        """
        actual = rpc.chain_id()
        if actual != self._chain_id:
            raise wrong_chain(self._chain_id, actual, self.path.name)
        reader = Reader(rpc, self._watch, self._start)
        added = rolled_back = 0

        def follow() -> Updated:
            nonlocal added, rolled_back
            rolled_back += self._settle(reader)
            for count in self._follow(reader, progress):
                added += count
            changed = governors_in(self.logs(names=["GovernorChanged"]), self._watch.treasury)
            self._manifest = self._manifest.following(rpc, changed)
            return Updated(added, rolled_back, self.block)

        return steadily(follow)

    def _follow(self, reader: Reader, progress: Callable[[int], None]) -> Iterator[int]:
        """Add what lies between the tip and the chain's head; the number of events each time."""
        head = reader.head()
        if head.number < self._start:
            told = _("its latest block is {block:,}, before the DAO's first", block=head.number)
            raise ContradictionError(told)
        known = self._store.blocks(self.block - RING)
        for piece in reader.pieces(self._tip, head, known, self._named(self.block)):
            added = self._store.add(self._tip, piece.blocks, piece.rows)
            if added is None:
                raise ReorganisedError
            before, self._tip = self.block, piece.blocks[-1]
            progress(self.block - before)
            yield added

    def _settle(self, reader: Reader) -> int:
        """Forget the blocks that the chain no longer has; how many that were."""
        self._tip = tip = self._store.tip
        if tip is None or reader.blocks([tip.number]) == [tip]:
            return 0
        known = list(self._store.blocks().values())
        gone = bisect.bisect_left(known, 1, key=lambda each: reader.blocks([each.number]) != [each])
        last = known[gone - 1].number if gone else self._start - 1
        if self._named(last) != self._named(tip.number):
            last = self._start - 1  # who no longer holds a role is no longer read, from the first
        if not self._store.roll_back(tip, last):
            raise ReorganisedError
        self._tip = self._store.tip
        return tip.number - last

    def _named(self, upto: int) -> set[str]:
        events = ("RoleGranted", "GovernorChanged")
        found = self._store.logs([self._watch.treasury], events, upto)
        return self._watch.named(_raw(row) for row, _ in found)


@lru_cache
def code() -> str:
    """Which code makes states: another text where a state could be another."""
    folder = Path(replay.__file__).parent
    sources = (each.read_bytes() for each in sorted(folder.glob("*.py")))
    return hashlib.sha256(b"\0".join([mikoshi.__version__.encode(), *sources])).hexdigest()


def _raw(row: StoredEvent) -> dict[str, Json]:
    return {"address": row.address, "topics": row.topics.split(), "data": row.data}
