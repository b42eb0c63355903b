"""One thing that is due: what it is, from when on, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Due(StrEnum):
    """What is due."""

    PROPOSED = "proposed"
    OPENED = "opened"
    CLOSING = "closing"
    READY = "ready"
    LAPSES = "lapses"
    SEAT = "seat"
    ALARM = "alarm"


@dataclass(frozen=True)
class Reminder:
    """Said once, from `at` on and before `until`, when it is over (both Unix seconds).

    `key` is that of this reminder and no other one of the DAO, for ever. `title` and `text` are in
    the language in which it was made and have no names of people in them; `link` leads to the page
    where there is one.
    """

    key: str
    kind: Due
    at: int
    until: int
    title: str
    text: str
    link: str = ""
    json: ClassVar[str] = "key kind at until title text link"

    def is_due(self, now: int) -> bool:
        """Whether it is to be said at `now`."""
        return self.at <= now < self.until
