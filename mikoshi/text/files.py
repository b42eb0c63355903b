"""Reading and writing files, why that fails, in words, and files that lock others out."""

from __future__ import annotations

import codecs
import csv
import errno
import fcntl
import io
import json
import os
import platform
import re
import tempfile
import tomllib
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from mikoshi.text.console import shortened, visible
from mikoshi.text.errors import BadInputError, ProblemError, Words
from mikoshi.text.language import N_, _
from mikoshi.text.units import hidden, normalize

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
_SEPARATORS = ",;\t|，、；"
_DEEPEST = 20
_MARKS = (  # the longer ones first: that of UTF-16 begins one of UTF-32
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class NoTextError(ProblemError):
    """Thrown when a file is not the text, JSON or TOML that it should be; the words say where."""


def reason_of(error: OSError) -> str:
    """Why the computer could not do something, in the language spoken now where that is known."""
    known = [text for kind, text in _REASONS if isinstance(error, kind)]
    text = _CODES.get(error.errno or 0) or next(iter(known), "")
    return _(text) if text else error.strerror or str(error) or type(error).__name__


def read_text(path: Path) -> str:
    """A file's text without a byte order mark, its lines ended as on Unix.

    It is UTF-8, or begins with the mark of UTF-16 or UTF-32. Raises OSError and NoTextError.
    """
    raw = path.read_bytes()
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise NoTextError(
            "file.not-utf8",
            N_("line {line} is not UTF-8 text, but perhaps Shift_JIS; save the file as UTF-8"),
            line=line,
        ) from error
    if "\0" in text:
        raise NoTextError("file.no-text", N_("it is no text in UTF-8; save the file as UTF-8"))
    return re.sub(r"\r\n?", "\n", text.lstrip("\ufeff"))


def read_json(path: Path) -> Any:
    """The content of a JSON file. Raises OSError, and NoTextError where it is none.

    Some packages let Python recurse so deep that a file of nothing but brackets ends the process.
    """
    text, depth = read_text(path), 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth > _DEEPEST:
            raise NoTextError("json.too-deep", N_("its brackets are nested too deep"))
    try:
        content = json.loads(text)
        json.dumps(content, ensure_ascii=False).encode()  # half a character is none
    except ValueError as error:
        raise NoTextError("json.malformed", N_("it is no JSON, or was damaged")) from error
    return content


def read_rows(path: Path, wanted: AbstractSet[str]) -> Iterator[tuple[int, list[str]]]:
    """The lines of a CSV file, each with the number of its last line and its cells.

    What separates the cells is what makes the earliest line name a column of those `wanted`, in
    small letters, or what a first line `sep=;` says. Raises OSError, NoTextError and csv.Error.
    """
    text = read_text(path)
    first, _, rest = text.partition("\n")
    said = re.fullmatch(r'"?sep=(.)"?\s*', first)
    lines = (rest if said else text).split("\n")
    found = (each for line in lines for each in _SEPARATORS if wanted & _cells(line, each))
    separator = said[1] if said else next(found, ",")
    rows = csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=separator)
    for cells in rows:
        yield rows.line_num + bool(said), cells


def _cells(line: str, separator: str) -> set[str]:
    return {normalize(cell).strip('"# ').lower() for cell in line.split(separator)}


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file; numbers with a point are Decimal.

    Raises OSError and NoTextError.
    """
    try:
        text = read_text(path)
    except NoTextError as error:
        line = error.data.get("line")
        raise NoTextError("toml.not-utf8", "{reason}", reason=error, line=line) from error
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise _wrong_line(text, str(error)) from error
    except (ArithmeticError, RecursionError, ValueError) as error:
        raise NoTextError(
            "toml.too-much", N_("a number is too large, or a list too deep")
        ) from error


def _wrong_line(text: str, said: str) -> NoTextError:
    lines = text.rstrip().split("\n")
    found = re.search(r"at line (\d+)", said)
    number = int(found[1]) if found else len(lines)  # "at end of document"
    line = lines[number - 1].strip()
    odd = next((each for each in line if hidden(each) or (each != " " and each.isspace())), "")
    if odd:
        return NoTextError(
            "toml.unseen-character",
            N_("line {line}: {quoted} (there is a character in it that nobody sees, {code})"),
            line=number,
            quoted=shortened(line, _QUOTED),
            code=f"U+{ord(odd):04X}",
        )
    return NoTextError(
        "toml.wrong-line",
        N_("line {line}: {quoted} ({reason})"),
        line=number,
        quoted=shortened(line, _QUOTED),
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


def write_atomically(path: Path, text: str, mode: int = 0o644) -> None:
    """Put `text` into a file so that a crash leaves the old file or the new one, never a part.

    The file is for whom its `mode` says. A link stays, and what is no file, such as a pipe, takes
    the text as it comes. Raises UnwrittenError.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, "utf-8")
        else:
            _replace(Path(os.path.realpath(path)), text, mode)
    except OSError as error:
        raise UnwrittenError(error, str(path)) from error


def _replace(path: Path, text: str, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class TakenError(Exception):
    """Thrown when another process holds a lock; `holder` says which, as far as it told."""

    def __init__(self, holder: str) -> None:
        self.holder = visible(shortened(holder, _QUOTED)) or _("another process")
        super().__init__(holder)


@contextmanager
def alone(path: Path, command: str) -> Iterator[bool]:
    """Hold the lock file `path` while inside; whoever comes meanwhile is told of `command`.

    It ends with this process, however that ends. Where nothing can be written, the folder itself
    is locked instead, and False is given: no other lock can be had there. Raises TakenError, and
    OSError where there is no folder.
    """
    handle, is_file = _locked(path)
    try:
        with suppress(OSError):
            os.truncate(handle, 0)
            os.pwrite(handle, _holder(command).encode("utf-8", "replace"), 0)
        yield is_file
    finally:
        with suppress(OSError):
            if is_file:
                path.unlink()
        os.close(handle)


def _holder(command: str) -> str:
    return f"{command}, pid {os.getpid()}, {platform.node()}"


def _locked(path: Path) -> tuple[int, bool]:
    """The open lock, and whether it is a file of its own."""
    while True:
        handle, is_file = _openable(path)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            told = os.pread(handle, _QUOTED * 4, 0) if is_file else b""
            os.close(handle)
            if isinstance(error, BlockingIOError):
                raise TakenError(told.decode("utf-8", "replace")) from error
            raise
        with suppress(FileNotFoundError):  # whoever held it has just deleted it
            if not is_file or os.path.samestat(os.fstat(handle), path.stat()):
                return handle, is_file
        os.close(handle)


def _openable(path: Path) -> tuple[int, bool]:
    for flags in (os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, os.O_RDONLY | os.O_NOFOLLOW):
        with suppress(OSError):
            return os.open(path, flags, 0o644), True
    return os.open(path.parent, os.O_RDONLY), False
