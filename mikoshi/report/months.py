"""The DAO's life in months of 30 days, for charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from mikoshi.replay.facts import MONTH, Facts

_SHOWN = 36


class Month(NamedTuple):
    """30 days from `start` (Unix seconds) on; the last one ends now."""

    start: int
    end: int

    @property
    def label(self) -> str:
        """The day on which it begins, `2026-11-24`."""
        return day(self.start)

    @property
    def last(self) -> str:
        """The day on which it ends."""
        return day(self.end - 1)


def months(facts: Facts) -> list[Month]:
    """From the creation to now, the last 36 at most."""
    starts = range(facts.created, facts.now + 1, MONTH)
    return [Month(start, min(start + MONTH, facts.now + 1)) for start in starts][-_SHOWN:]


def spread(calendar: Sequence[Month], times: Iterable[int]) -> list[int]:
    """How many of these moments lie in each month."""
    counts = [0] * len(calendar)
    for time in times:
        place = (time - calendar[0].start) // MONTH
        if 0 <= place < len(counts):
            counts[place] += 1
    return counts


def day(time: int) -> str:
    """`2026-11-24`, in UTC."""
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d}"
