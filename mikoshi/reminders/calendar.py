"""What is due and what will be, as a calendar that phones subscribe to (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from mikoshi.reminders.reminder import Due, Reminder

CALENDAR = "text/calendar; charset=utf-8"

_LONGEST = 75  # octets of a line, without its end
_SHOWN = (Due.OPENED, Due.READY, Due.LAPSES, Due.SEAT)
"""What has a day of its own; of the others the same proposal's vote says as much."""

_DAY_BEFORE = (
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    "TRIGGER;RELATED=END:-P1D",
)


def calendar(reminders: Sequence[Reminder], name: str, dao: str, now: int) -> str:
    """A calendar of the DAO called `name`; `dao` tells its entries from those of others.

    `now` is the chain's time, Unix seconds.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Mikoshi//Reminders//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    for each in reminders:
        if each.kind in _SHOWN:
            lines += _event(each, dao, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(reminder: Reminder, dao: str, now: int) -> Iterator[str]:
    begins = reminder.until if reminder.kind is Due.LAPSES else reminder.at
    yield "BEGIN:VEVENT"
    yield f"UID:{reminder.key}@{dao}"
    yield f"DTSTAMP:{_time(now)}"
    yield f"DTSTART:{_time(begins)}"
    yield f"DTEND:{_time(reminder.until)}" if begins < reminder.until else "DURATION:PT15M"
    yield f"SUMMARY:{_text(reminder.title)}"
    yield f"DESCRIPTION:{_text(reminder.text)}"
    if reminder.link:
        yield f"URL:{reminder.link}"
    yield "TRANSP:TRANSPARENT"  # nobody is busy by it
    if reminder.kind in (Due.OPENED, Due.READY):
        yield from _DAY_BEFORE
        yield f"DESCRIPTION:{_text(reminder.title)}"
        yield "END:VALARM"
    yield "END:VEVENT"


def _time(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    plain = re.sub("[\x00-\x08\x0b-\x1f\x7f]", "", words)
    return re.sub(r"([\\;,])", r"\\\1", plain).replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of 75 octets, each but the first behind a space; no character is cut."""
    piece, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > _LONGEST:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + width
    yield piece
