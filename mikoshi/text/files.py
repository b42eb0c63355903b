"""Reading and writing files, and why that fails, in words."""

from __future__ import annotations

import errno
import os
import re
import tempfile
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from mikoshi.text.errors import BadInputError, ProblemError, Words
from mikoshi.text.language import N_, _

_REASONS: tuple[tuple[type[OSError], str], ...] = (
    (FileNotFoundError, N_("No such file or directory")),
    (IsADirectoryError, N_("Is a directory")),
    (NotADirectoryError, N_("Not a directory")),
    (PermissionError, N_("Permission denied")),
    (TimeoutError, N_("timed out")),
    (ConnectionRefusedError, N_("Connection refused")),
    (ConnectionError, N_("Connection closed")),
)
_CODES = {
    errno.ENOSPC: N_("No space left on device"),
    errno.EDQUOT: N_("No space left on device"),
    errno.EROFS: N_("Read-only file system"),
}
_TOML = (
    ("twice|overwrite|Duplicate|immutable", N_("this name is there already")),
    (
        'Illegal|Unterminated|Unescaped|Expected "\'"',
        N_("a quote is not closed, or a character may not stand here"),
    ),
    ("Unclosed", N_("a bracket is not closed")),
    ("Invalid value", N_("a value is missing, or is none")),
    ("", N_("this is neither [section] nor name = value")),
)
_QUOTED = 80  # characters


class NoTomlError(ProblemError):
    """Thrown when a file is not TOML; the words quote the line which is wrong."""


def reason_of(error: OSError) -> str:
    """Why the computer could not do something, in the language spoken now where that is known."""
    known = [text for kind, text in _REASONS if isinstance(error, kind)]
    text = _CODES.get(error.errno or 0) or next(iter(known), "")
    return _(text) if text else error.strerror or str(error) or type(error).__name__


def line_of(error: UnicodeDecodeError) -> int:
    """The line of a file that is not in its encoding."""
    return error.object[: error.start].count(b"\n") + 1


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file; numbers with a point are Decimal.

    Raises OSError and NoTomlError.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoTomlError(
            "toml.not-utf8",
            N_("line {line} is not UTF-8 text; save the file as UTF-8"),
            line=line_of(error),
        ) from error
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise _wrong_line(text, str(error)) from error
    except (ArithmeticError, RecursionError, ValueError) as error:
        raise NoTomlError(
            "toml.too-much", N_("a number is too large, or a list too deep")
        ) from error


def _wrong_line(text: str, said: str) -> NoTomlError:
    lines = text.rstrip().split("\n")
    found = re.search(r"at line (\d+)", said)
    number = int(found[1]) if found else len(lines)  # "at end of document"
    line = lines[number - 1].strip()
    return NoTomlError(
        "toml.wrong-line",
        N_("line {line}: {quoted} ({reason})"),
        line=number,
        quoted=line if len(line) <= _QUOTED else f"{line[: _QUOTED - 1]}…",
        reason=Words(next(words for pattern, words in _TOML if re.search(pattern, said))),
    )


class UnwrittenError(BadInputError):
    """Thrown when a file cannot be written, for the reason that it comes from."""

    def __init__(self, error: OSError, name: str) -> None:
        """`name` is the file that was meant."""
        super().__init__(
            "file.unwritable",
            N_("{name} cannot be written"),
            "{reason}",
            N_("Make room or name another place, then run the command again"),
            name=name,
            reason=reason_of(error),
        )


def write_atomically(path: Path, text: str) -> None:
    """Put `text` into a file so that a crash leaves the old file or the new one, never a part.

    A link stays, and what is no file, such as a pipe, takes the text as it comes. Raises
    UnwrittenError.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, "utf-8")
        else:
            _replace(Path(os.path.realpath(path)), text)
    except OSError as error:
        raise UnwrittenError(error, str(path)) from error


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
