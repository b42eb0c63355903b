"""Voices, points and people as numbers to be read."""

from __future__ import annotations

from mikoshi.text.language import ngettext
from mikoshi.text.units import format_merit, format_voice


def voices(raw: int) -> str:
    """`1.71 voices`: a number to be read."""
    number = format_voice(raw)
    return ngettext("{number} voice", "{number} voices", _number(number), number=number)


def points(raw: int) -> str:
    """`99.5 points` of merit: a number to be read."""
    number = format_merit(raw)
    return ngettext("{number} point", "{number} points", _number(number), number=number)


def heads(count: int) -> str:
    """`1 person`, `3 people`."""
    return ngettext("{count:,} person", "{count:,} people", count, count=count)


def _number(shown: str) -> int:
    """What decides between one and many for a number with decimals."""
    return 1 if shown == "1" else 2
