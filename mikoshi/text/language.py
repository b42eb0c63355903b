"""The language that people read, the catalogs its words come from, and the word commands begin by.

A text stands in the code in English, as the key of the catalogs under `mikoshi/locale`, with named
placeholders: `_("{count} people", count=3)`. A third language is one more catalog.
"""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, reduce
from pathlib import Path

Language = str

LOCALE = Path(__file__).resolve().parent.parent / "locale"
"""A folder for each language but English."""

LANGUAGES = ("en", *sorted(each.name for each in LOCALE.iterdir() if each.is_dir()))
"""English, and every language that there is a catalog for."""

_current: ContextVar[Language] = ContextVar("language", default="en")

_WRITTEN = "ape run"
"""The door of the commands in texts; people read the one that they came through."""

_door: ContextVar[str] = ContextVar("door", default=_WRITTEN)


class BrokenCatalogError(Exception):
    """Thrown when a catalog is not compiled, or has a placeholder that the English does not have.

    `text` is what could not be said, in English; empty if nothing can.
    """

    def __init__(self, language: Language, text: str = "") -> None:
        self.language = language
        self.text = text
        super().__init__(f"{language}: {text}")


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
    """The language of the locale's messages where there is a catalog for it, otherwise English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            language = environment[name].lower()[:2]
            return language if language in LANGUAGES else "en"
    return "en"


def enter(door: str) -> None:
    """Speak of commands as opened by `door` from now on: `mikoshi`, `ape mikoshi`, `ape run`."""
    _door.set(door)


def command(name: str) -> str:
    """A command as it is typed."""
    return f"{_door.get()} {name}"


def as_typed(text: str) -> str:
    """`text` with its commands as they are typed."""
    return re.sub(rf"\b{_WRITTEN}(?=\s)", _door.get(), text)


def _(text: str, /, **values: object) -> str:
    """`text` in the language spoken now, with its placeholders filled in.

    This and the others raise BrokenCatalogError.
    """
    return filled(_catalog(_current.get()).gettext(text), values)


def N_(text: str, /) -> str:  # noqa: N802 (the name that gettext's tools know)
    """Marks a text for the catalogs that is put into words later, by `_(text)`."""
    return text


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """`one` for a number of 1, otherwise `many`, as the language spoken now has it."""
    return filled(_catalog(_current.get()).ngettext(one, many, number), values)


def pgettext(context: str, text: str, /, **values: object) -> str:
    """`text` where one English text has several translations, told apart by `context`."""
    return filled(_catalog(_current.get()).pgettext(context, text), values)


def filled(text: str, values: Mapping[str, object]) -> str:
    """`text` with its placeholders filled in; without values it is left as it is."""
    text = as_typed(text)
    try:
        return text.format_map(values) if values else text
    except (KeyError, ValueError) as error:
        raise BrokenCatalogError(_current.get(), text) from error


def listed(words: Iterable[str]) -> str:
    """`a, b, c`, with the comma of the language spoken now."""
    return pgettext("between the entries of a list", ", ").join(words)


def clauses(parts: Iterable[str]) -> str:
    """Several clauses as one: `it is late; nobody voted`."""
    return pgettext("between clauses", "; ").join(parts)


def run_on(parts: Iterable[str]) -> str:
    """Words or sentences one after the other: with a space between them, or as it is written."""
    return reduce(lambda one, next_: _("{one} {next}", one=one, next=next_), parts)


@cache
def typed(words: str) -> frozenset[str]:
    """What people may type for something: `words` with spaces between them, in every language."""
    return frozenset(
        word for language in LANGUAGES for word in _catalog(language).gettext(words).split()
    )


@cache
def _catalog(language: Language) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    try:
        return gettext.translation("mikoshi", LOCALE, [language])
    except OSError as error:
        raise BrokenCatalogError(language) from error
