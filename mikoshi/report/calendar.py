"""How far back "lately" goes: days in which a community is known to rest are not counted."""

from __future__ import annotations

from dataclasses import dataclass

from mikoshi.config.governance import AlarmsSection
from mikoshi.replay.facts import MONTH, Facts, Human


@dataclass(frozen=True)
class Calendar:
    """Time before `now`, without the `pauses`: from and until when, in Unix seconds, ascending.

    "Lately" are its last `window` seconds.
    """

    now: int
    window: int = MONTH
    pauses: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, facts: Facts, limits: AlarmsSection | None = None) -> Calendar:
        """At the time of the facts, by the settings of dao.toml."""
        return cls(facts.now, limits.window, limits.pause) if limits else cls(facts.now)

    def before(self, seconds: int) -> int:
        """The moment since which so many seconds have been lived."""
        time = self.now
        for start, end in reversed(self.pauses):
            if start < time:
                lived = max(0, time - end)
                if lived >= seconds:
                    break
                seconds, time = seconds - lived, start
        return time - seconds

    @property
    def start(self) -> int:
        """When "lately" begins."""
        return self.before(self.window)

    def since(self, start: int) -> int:
        """Seconds lived from `start` on."""
        rested = sum(max(0, min(end, self.now) - max(begin, start)) for begin, end in self.pauses)
        return self.now - start - rested

    def acted(self, human: Human) -> bool:
        """Whether somebody did something by their own hand lately."""
        return human.acted(self.start + 1, self.now + 1)
