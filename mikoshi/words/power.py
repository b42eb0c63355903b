"""Who could hold power for ever, and who could come back, in a DAO as it is now."""

from __future__ import annotations

from dataclasses import dataclass

from mikoshi.config.danger import Lasting, lasting
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.member import Standing
from mikoshi.text.language import _
from mikoshi.text.units import DAY
from mikoshi.words import heads


def lasting_now(rebuilt: RebuiltDao, now: int) -> Lasting:
    """How many of those awake could hold power for ever, by the settings in force."""
    total, voice = rebuilt.membership.total.latest, rebuilt.membership.voice
    rules = rebuilt.governor.settings_at(now)
    quorum, floor = rules["quorumBps"], rules["floorBps"]
    return lasting(total.members, total.counted, voice.most, quorum, floor)


@dataclass(frozen=True)
class Returning:
    """Members who are not counted, by standing; how many of them may wake now; who left."""

    newcomers: int
    absent: int
    ready: int
    left: int

    @property
    def text(self) -> str:
        """The numbers in words."""
        return _(
            "{uncounted} not counted, of whom {ready} could wake now; {left} left and could come "
            "back as newcomers",
            uncounted=heads(self.newcomers + self.absent),
            ready=self.ready,
            left=self.left,
        )


def returning(rebuilt: RebuiltDao, now: int) -> Returning:
    """Who is not counted and could come back. `now` in Unix seconds."""
    people = rebuilt.membership.members.values()
    newcomers = [each for each in people if each.standing == Standing.NEWCOMER]
    absent = sum(each.standing == Standing.ABSENT for each in people)
    ready = absent + sum(each.stamp * DAY <= now for each in newcomers)
    left = sum(each.standing == Standing.EXITED for each in people)
    return Returning(len(newcomers), absent, ready, left)
