"""One history of a regime: a DAO that lived for months on a node, its record and its events."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from mikoshi.chain.node import DevRpc
from mikoshi.core.dao import Dao
from mikoshi.core.manifest import Manifest
from mikoshi.play.regimes.acts import Acts
from mikoshi.play.regimes.club import Club
from mikoshi.play.regimes.regime import Regime
from mikoshi.play.regimes.shape import Shape
from mikoshi.play.regimes.story import Story
from mikoshi.replay.dao import RebuiltDao, replay
from mikoshi.replay.logs import Log
from mikoshi.replay.voice import Voice
from mikoshi.testing.records import manifest_of


@dataclass(frozen=True)
class PlayedMonth:
    """The end of a month: its number from 1, the time in Unix seconds, the latest block then."""

    number: int
    time: int
    block: int


@dataclass(frozen=True)
class PlayedHistory:
    """What `seed` made of a DAO in `regime`; `logs` are all its events, in order.

    From `turn` on the regime decides; in the `pauses` everybody is known to rest. Unix seconds.
    """

    regime: Regime | Shape
    seed: int
    dao: Dao
    manifest: Manifest
    logs: list[Log]
    months: list[PlayedMonth]
    turn: int
    pauses: tuple[tuple[int, int], ...] = ()

    def rebuilt(self) -> Iterator[tuple[PlayedMonth, RebuiltDao]]:
        """The DAO rebuilt from its events up to the end of each month: one object that grows."""
        rebuilt = RebuiltDao.empty(self.dao, Voice.of_params(self.manifest.params["voice"]), 0)
        taken = 0
        for month in self.months:
            end = bisect_right(self.logs, month.time, key=lambda log: log.time)
            rebuilt.take(self.logs[taken:end])
            rebuilt.block, taken = month.block, end
            yield month, rebuilt


def run(regime: Regime | Shape, seed: int, rpc: DevRpc, months: int | None = None) -> PlayedHistory:
    """Play one history on a development node; it stays there until the caller reverts it.

    It begins at the next midnight UTC of the node's time. The same on every node: who does what in
    which order. To the second and with the same addresses: from the same state of a node whose
    blocks have fixed times (`NodeOptions.timestamp` and `block_seconds`).
    """
    story = Story(regime, seed) if isinstance(regime, Regime) else Club(regime, seed)
    acts = Acts(rpc, story.agents, seed, story.pace)
    count, month = months or regime.months, regime.month
    for _ in range(-(-count * month // story.pace)):  # the last may go on after the last month
        story.play(acts)
    ends = [acts.start + number * month for number in range(1, count + 1)]
    rpc.warp_to(max(ends[-1], rpc.timestamp()))
    manifest = manifest_of(acts.community, acts.created)
    voice = Voice.of_params(manifest.params["voice"])
    rebuilt = replay(rpc, acts.dao, manifest.shared["DAOFactory"], voice, acts.created)
    logs = list(rebuilt.logs)
    played = [PlayedMonth(n, end, _block(logs, end)) for n, end in enumerate(ends, 1)]
    turn, pauses = acts.start + story.turn * story.pace, story.pauses(acts.start, count * month)
    return PlayedHistory(regime, seed, acts.dao, manifest, logs, played, turn, pauses)


def _block(logs: list[Log], time: int) -> int:
    """That of the latest event."""
    return logs[bisect_right(logs, time, key=lambda log: log.time) - 1].block
