"""The zone in which times are told: this computer's, or a community's while something is for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_told: ContextVar[ZoneInfo | None] = ContextVar("zone", default=None)


@contextmanager
def in_zone(name: str) -> Iterator[None]:
    """Tell times in a zone such as `Asia/Tokyo` while inside. Raises ValueError for no zone."""
    token = _told.set(zone_of(name))
    try:
        yield
    finally:
        _told.reset(token)


def zone_of(name: str) -> ZoneInfo:
    """The zone of this name. Raises ValueError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:  # a folder of zones is none
        raise ValueError(name) from error


def here(timestamp: int) -> datetime:
    """A moment in the zone that is told: that of TZ, if it is set, unless one is asked for."""
    moment = datetime.fromtimestamp(timestamp, UTC)
    try:
        return moment.astimezone(_told.get())
    except OverflowError:  # the first days of the year 10,000 there
        return moment
