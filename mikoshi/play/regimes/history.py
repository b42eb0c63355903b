"""One history of a regime: a DAO that lived for months on a node, its record and its events."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from mikoshi.chain.node import DevRpc
from mikoshi.core.dao import Dao
from mikoshi.core.manifest import Manifest
from mikoshi.play.regimes.acts import Acts
from mikoshi.play.regimes.regime import MONTH, MONTHS, ROUNDS_A_MONTH, Regime
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
    """What `seed` made of a DAO in `regime`; `logs` are all its events, in order."""

    regime: Regime
    seed: int
    dao: Dao
    manifest: Manifest
    logs: list[Log]
    months: list[PlayedMonth]

    def rebuilt(self) -> Iterator[tuple[PlayedMonth, RebuiltDao]]:
        """The DAO rebuilt from its events up to the end of each month: one object that grows."""
        rebuilt = RebuiltDao.empty(self.dao, Voice.of_params(self.manifest.params["voice"]), 0)
        taken = 0
        for month in self.months:
            end = bisect_right(self.logs, month.time, key=lambda log: log.time)
            rebuilt.take(self.logs[taken:end])
            rebuilt.block, taken = month.block, end
            yield month, rebuilt


def run(regime: Regime, seed: int, rpc: DevRpc, months: int = MONTHS) -> PlayedHistory:
    """Play one history on a development node; it stays there until the caller reverts it.

    It begins at the next midnight UTC of the node's time. The same on every node: who does what in
    which order. To the second and with the same addresses: from the same state of a node whose
    blocks have fixed times (`NodeOptions.timestamp` and `block_seconds`).
    """
    story = Story(regime, seed)
    acts = Acts(rpc, story.agents, seed)
    ends = []
    for number in range(1, months + 1):
        for _ in range(ROUNDS_A_MONTH):
            story.play(acts)
        ends.append(PlayedMonth(number, acts.start + number * MONTH, rpc.block_number()))
    rpc.warp_to(ends[-1].time)
    manifest = manifest_of(acts.community, acts.created)
    voice = Voice.of_params(manifest.params["voice"])
    rebuilt = replay(rpc, acts.dao, manifest.shared["DAOFactory"], voice, acts.created)
    return PlayedHistory(regime, seed, acts.dao, manifest, list(rebuilt.logs), ends)
