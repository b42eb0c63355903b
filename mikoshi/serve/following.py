"""A DAO in memory that is renewed by the new events of each block."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING

from mikoshi.context.context import Context, Reading, counts, in_office, read

if TYPE_CHECKING:
    from mikoshi.cli.session import Session
    from mikoshi.core.manifest import Manifest


@dataclass
class Followed(Context):
    """A DAO as of a block, made of what is in memory. People's names stay out of it."""

    follower: Follower | None = field(default=None, repr=False)

    def anew(self) -> Context:
        """The same DAO as of the latest block."""
        return self if self.follower is None else self.follower.renew()


class Follower:
    """Follows a DAO; of one thread, but for what is read under `lock`.

    While `lock` is held nothing is applied to what `context` has.
    """

    def __init__(self, session: Session, manifest: Manifest) -> None:
        self._session = session
        self._manifest = manifest
        self._reading: Reading | None = None
        self._whole = 0  # events when it was last read as a whole
        self.lock = RLock()
        self.context: Followed | None = None

    @property
    def now(self) -> Followed:
        """The DAO as of the block that was looked at last."""
        return self.context or self.renew()

    def close(self) -> None:
        """Close the index."""
        if self._reading is not None:
            self._reading.index.close()
            self._reading = None

    def renew(self) -> Followed:
        """The DAO as of the latest block. Raises what reading raises."""
        reading = self._reading
        if reading is None or not self._grown(reading):
            self._read()
        assert self._reading is not None
        made = Followed(self._session, self._manifest, {}, follower=self)
        vars(made)["reading"] = self._reading
        made.now  # noqa: B018 (asked of the chain here, and not by who reads)
        self.context = made
        return made

    def _grown(self, reading: Reading) -> bool:
        """Whether new events could be applied to what is in memory."""
        index, rebuilt = reading.index, reading.rebuilt
        known, governors = index.tip, index.governors
        news = index.update(self._session.rpc)
        many = rebuilt.events - self._whole + news.added > index.often
        if news.rolled_back or many or index.governors != governors or not index.has(known):
            return False
        if news.block == rebuilt.block:
            return True
        with self.lock:
            index.bring(rebuilt)
        return counts(self._session.rpc, rebuilt, index.time)

    def _read(self) -> None:
        self.close()
        self._manifest = in_office(self._session.rpc, self._manifest)
        found = read(self._session, self._manifest, spare=True)
        self._whole = found.rebuilt.events
        self._reading = found
