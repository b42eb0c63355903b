"""By which word the commands are opened: `ape run`, `ape mikoshi`, or `mikoshi` alone.

Texts say `ape run vote`; people read the word that they typed themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_WRITTEN = "ape run"

_current: ContextVar[str] = ContextVar("door", default=_WRITTEN)


@contextmanager
def through(door: str) -> Iterator[None]:
    """Speak of commands as opened by `door` while inside."""
    token = _current.set(door)
    try:
        yield
    finally:
        _current.reset(token)


def command(name: str) -> str:
    """A command as it is typed."""
    return f"{_current.get()} {name}"


def typed(text: str) -> str:
    """`text` with its commands as they are typed."""
    return re.sub(rf"\b{_WRITTEN}(?=\s)", _current.get(), text)
