"""What time it is on this computer. Nothing else reads its clock; a DAO goes by its chain's."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_
from mikoshi.text.units import DAY

VARIABLE = "MIKOSHI_DATE"
"""Another date for a rehearsal, in every process it reaches: `+500d` from now, or `@1795510800`."""

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
