"""Putting an export where it was asked for: into a file, or onto the screen."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.status.export.exported_call import ExportedCall
from mikoshi.text.console import Console
from mikoshi.text.files import write_atomically
from mikoshi.text.language import _


def write(out: Console, exported: ExportedCall, text: str, format_: str, path: Path | None) -> None:
    """Write `text` to `path`, or to the screen. Raises UnwrittenError."""
    if path is not None:
        write_atomically(path, text)
        out.say(exported.title, style="bold")
        for line in exported.details:
            out.say(f"  {line}")
        out.good(_("wrote {path}", path=path))
        out.next_step(*_next(format_))
    elif not out.as_json:
        click.echo(text, nl=False)
    out.emit(
        {
            "format": format_,
            "title": exported.title,
            "details": list(exported.details),
            "sender": exported.sender,
            "to": exported.to,
            "data": exported.data,
            "file": str(path) if path else None,
            "text": text,
        }
    )


def _next(format_: str) -> tuple[str, ...]:
    """What to do with the file, and the command for it if there is one."""
    if format_ == "safe":
        words = _("load it in the Transaction Builder of the Safe")
        return (words,)
    if format_ == "cast":
        words = _("read it, then run its lines in a shell")
        return (words,)
    words = _("sign it offline, then send it")
    return words, "cast publish 0x…"
