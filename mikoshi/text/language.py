"""The language that people read: Japanese or English."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

Language = Literal["en", "ja"]

_current: ContextVar[Language] = ContextVar("language", default="en")


def use(language: Language) -> None:
    """Speak `language` from now on."""
    _current.set(language)


def current() -> Language:
    """The language spoken now; English if nothing else was asked for."""
    return _current.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak `language` while inside."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def from_locale(environment: Mapping[str, str] = os.environ) -> Language:
    """Japanese where the locale's messages are Japanese, English everywhere else."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "ja" if environment[name].lower().startswith("ja") else "en"
    return "en"


def listed(words: Iterable[str]) -> str:
    """`a, b, c`, with the comma of the language spoken now."""
    return pick(", ", "、").join(words)


def pick(english: str, japanese: str) -> str:
    """The one of the two that is spoken now."""
    return japanese if _current.get() == "ja" else english
