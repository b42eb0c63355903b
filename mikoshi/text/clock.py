"""What time it is on this computer, and times as people type them.

Nothing else reads this computer's clock; a DAO goes by its chain's.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal

from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_, _, typed
from mikoshi.text.units import (
    DAY,
    HOUR,
    MINUTE,
    NUMBER,
    WEEK,
    YEAR,
    UnitError,
    format_time,
    normalize,
    parse_number,
)

VARIABLE = "MIKOSHI_DATE"
"""Another date for a rehearsal, in every process it reaches: `+500d` from now, or `@1795510800`."""

_ZONE = N_("times are in the zone of this computer unless they say otherwise (Z, +09:00)")

_SHAPE = re.compile(r"(?P<days>[+-]\d{1,5})d|@(?P<moment>\d{1,11})")
_told: ContextVar[int | None] = ContextVar("told", default=None)


def now() -> int:
    """The time in Unix seconds. Raises BadInputError for a MIKOSHI_DATE that is no date."""
    told, text = _told.get(), os.environ.get(VARIABLE)
    if told is not None:
        return told
    if not text:
        return int(time.time())
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise BadInputError(
            "clock.no-date",
            N_("{variable}={text} is no date"),
            N_("it moves the clock for a rehearsal"),
            N_("Unset it, or give days from now as in +500d, or Unix seconds as in @1795510800"),
            variable=VARIABLE,
            text=text,
        )
    if shape["moment"]:
        return int(shape["moment"])
    return int(time.time()) + int(shape["days"]) * DAY


@contextmanager
def at(moment: int) -> Iterator[None]:
    """Let it be `moment` (Unix seconds) inside: what is told there is seen from a chain's time."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)


_AGO = N_("ago")
"""What stands behind a duration that is over."""

_TYPED = {
    1: N_("second seconds s"),
    MINUTE: N_("minute minutes min m"),
    HOUR: N_("hour hours h"),
    DAY: N_("day days d"),
    WEEK: N_("week weeks w"),
    YEAR: N_("year years"),
}
"""What people may type for each unit, by its seconds, in any language."""

_MONTHS = N_("month months")
_DURATION_PART = re.compile(NUMBER + r"\s*([^\d\s.,]+)[\s,]*")


def parse_duration(text: str) -> int:
    """Seconds in `5 days`, `1 day 12 hours`, `36h`, `5日`. Whole seconds only."""
    plain = normalize(text)
    total = Decimal(0)
    position = 0
    while match := _DURATION_PART.match(plain, position):
        total += parse_number(match[1]) * _seconds(match[2])
        position = match.end()
    if not plain or position != len(plain) or total != int(total):
        raise UnitError("value.not-a-duration", N_('must be a duration such as "5 days"'))
    return int(total)


def _seconds(word: str) -> int:
    plain = word.lower()
    if plain in typed(_MONTHS):
        raise UnitError(
            "value.in-months", N_('must be in days, weeks or years, since months differ: "30 days"')
        )
    for seconds, words in _TYPED.items():
        if plain in typed(words):
            return seconds
    raise UnitError(
        "value.not-a-unit-of-time",
        N_('must be a duration such as "5 days"; "{word}" is not a unit of time'),
        word=word,
    )


def parse_moment(text: str, now: int, option: str) -> int:
    """Unix seconds of `2026-11-24 14:00`, `3 days`, `3 days ago`.

    A date without a zone is in that of this computer, as times are told (`format_time`). A duration
    counts from `now`. Raises BadInputError, which names the `option`.
    """
    plain = normalize(text)
    for ending in typed(_AGO):
        if plain.endswith(ending):
            return now - _duration(plain.removesuffix(ending), text, option)
    try:
        return int(datetime.fromisoformat(plain).timestamp())
    except (ValueError, OverflowError):  # no date, or one that no zone has
        return now + _duration(plain, text, option)


def understood(option: str, time: int, now: int) -> str:
    """How a time that was typed was read, in words."""
    return _("{option} is read as {moment}", option=option, moment=format_time(time, now))


def moment_text(time: int) -> str:
    """`2026-11-24T14:00:00Z`: a moment as `parse_moment` reads it back."""
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%SZ}"


def parse_past(text: str | None, now: int) -> int:
    """A moment that is not to come, Unix seconds: `now` if none is named. Raises BadInputError."""
    if text is None:
        return now
    time = parse_moment(text, now, "--at")
    if time > now:
        raise BadInputError(
            "time.ahead",
            N_("{option} must not lie ahead: {moment}, and it is {present}"),
            _ZONE,
            N_("Correct it and run the command again"),
            option="--at",
            moment=format_time(time, now),
            present=format_time(now, now),
        )
    return time


def parse_end(text: str | None, now: int, usual: int) -> int:
    """When a signature ends, Unix seconds: `usual` unless said otherwise. Raises BadInputError."""
    if text is None:
        return usual
    end = parse_moment(text, now, "--until")
    if end <= now:
        raise BadInputError(
            "time.over",
            N_("{option} must lie ahead: {moment} is over, it is {present}"),
            _ZONE,
            N_("Correct it and run the command again"),
            option="--until",
            moment=format_time(end, now),
            present=format_time(now, now),
        )
    return end


def _duration(plain: str, text: str, option: str) -> int:
    try:
        return parse_duration(plain)
    except UnitError:
        raise BadInputError(
            "time.not-a-time",
            N_('{option} must be a time such as "2026-11-24 14:00" or "3 days", got {text}'),
            _ZONE,
            N_("Correct it and run the command again"),
            option=option,
            text=text,
        ) from None
