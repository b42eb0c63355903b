"""Voices and people as numbers to be read."""

from __future__ import annotations

from mikoshi.text.language import pick
from mikoshi.text.units import format_voice


def voices(raw: int) -> str:
    """`1.71 voices`: a number to be read."""
    number = format_voice(raw)
    return pick(f"{number} voice{'' if number == '1' else 's'}", f"声 {number}")


def heads(count: int) -> str:
    """`1 person`, `3 people`."""
    return pick("1 person" if count == 1 else f"{count} people", f"{count}人")
