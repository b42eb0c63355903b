"""What of a charter is still to be written before it is hashed and everybody accepts it."""

from __future__ import annotations

from mikoshi.config.model import Config
from mikoshi.config.templates.template import unfilled
from mikoshi.text.language import _


def charter_to_fill_in(config: Config) -> str:
    """Which lines of its template the charter's file still has, in words; empty if none."""
    if not config.charter.file:
        return ""
    text = (config.source.parent / config.charter.file).read_bytes().decode(errors="replace")
    lines = " / ".join(line.strip() for line in unfilled(text))
    if not lines:
        return ""
    return _("{file} is still to be filled in: {lines}", file=config.charter.file, lines=lines)
