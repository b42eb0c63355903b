"""Putting an export where it was asked for: into a file, or onto the screen."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.core.manifest import write_atomically
from mikoshi.status.export.exported_call import ExportedCall
from mikoshi.text.console import Console
from mikoshi.text.errors import BadInputError
from mikoshi.text.files import reason_of
from mikoshi.text.language import pick


def write(out: Console, exported: ExportedCall, text: str, format_: str, path: Path | None) -> None:
    """Write `text` to `path`, or to the screen. Raises BadInputError if that is not possible."""
    if path is not None:
        try:
            write_atomically(path, text)
        except OSError as error:
            raise _unwritable(path, error) from error
        out.say(exported.title, style="bold")
        for line in exported.details:
            out.say(f"  {line}")
        out.good(pick(f"wrote {path}", f"{path} を作成しました"))
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
        words = pick(
            "load it in the Transaction Builder of the Safe",
            "Safe の Transaction Builder で読み込んでください",
        )
        return (words,)
    if format_ == "cast":
        words = pick(
            "read it, then run its lines in a shell", "内容を確かめて、シェルで実行してください"
        )
        return (words,)
    words = pick("sign it offline, then send it", "オフラインで署名してから送ります")
    return words, "cast publish 0x…"


def _unwritable(path: Path, error: OSError) -> BadInputError:
    return BadInputError(
        pick(f"{path} cannot be written", f"{path} に書けません"),
        reason_of(error),
        pick(
            "Make room or name another file with -o, and run the command again",
            "空きを作るか -o で別のファイルを指定し、もう一度実行してください",
        ),
    )
