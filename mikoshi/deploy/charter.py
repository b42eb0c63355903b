"""What of a charter is still to be written before it is hashed and everybody accepts it."""

from __future__ import annotations

from mikoshi.config.model import Config
from mikoshi.config.templates.template import unfilled
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_, _


def charter_to_fill_in(config: Config) -> str:
    """Which lines of its template the charter's file still has, in words; empty if none."""
    if not config.charter.file:
        return ""
    text = (config.source.parent / config.charter.file).read_bytes().decode(errors="replace")
    lines = " / ".join(line.strip() for line in unfilled(text))
    if not lines:
        return ""
    return _("{file} is still to be filled in: {lines}", file=config.charter.file, lines=lines)


def require_written(config: Config) -> None:
    """Refuse to publish the lines of a template as the charter of a DAO. Raises BadInputError."""
    lines = charter_to_fill_in(config)
    if lines:
        raise BadInputError(
            "charter.unwritten",
            "{lines}",
            N_("whoever joins accepts this very text, and only a vote changes it"),
            N_("Write it, or take out what you do not want to say; nothing was sent"),
            lines=lines,
            file=config.charter.file,
        )
