"""Reading files, and why that fails, in words."""

from __future__ import annotations

import errno
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from mikoshi.text.language import _, pick

_JAPANESE: tuple[tuple[type[OSError], str], ...] = (
    (FileNotFoundError, "ファイルがありません"),
    (IsADirectoryError, "フォルダーです"),
    (NotADirectoryError, "パスの途中がフォルダーではありません"),
    (PermissionError, "権限がありません"),
    (TimeoutError, "時間内に応答がありません"),
    (ConnectionRefusedError, "接続が拒否されました"),
    (ConnectionError, "接続が切れました"),
)
_JAPANESE_CODES = {
    errno.ENOSPC: "空き容量がありません",
    errno.EDQUOT: "空き容量がありません",
    errno.EROFS: "書き込みできない場所です",
}
_TOML = (
    (
        "twice|overwrite|Duplicate|immutable",
        "this name is there already",
        "同じ名前がすでにあります",
    ),
    (
        'Illegal|Unterminated|Unescaped|Expected "\'"',
        "a quote is not closed, or a character may not stand here",
        "引用符が閉じていないか、使えない文字があります",
    ),
    ("Unclosed", "a bracket is not closed", "かっこが閉じていません"),
    ("Invalid value", "a value is missing, or is none", "値がないか、値になっていません"),
    (
        "",
        "this is neither [section] nor name = value",
        "[表] でも、名前 = 値 でもありません",
    ),
)
_QUOTED = 80  # characters


class NoTomlError(ValueError):
    """Thrown when a file is not TOML; the text quotes the line which is wrong."""


def reason_of(error: OSError) -> str:
    """Why the computer could not do something, in the language spoken now where that is known."""
    said = error.strerror or str(error) or type(error).__name__
    known = [words for kind, words in _JAPANESE if isinstance(error, kind)]
    return pick(said, _JAPANESE_CODES.get(error.errno or 0) or (known or [said])[0])


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
        line = line_of(error)
        raise NoTomlError(
            _("line {line} is not UTF-8 text; save the file as UTF-8", line=line)
        ) from error
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise NoTomlError(_wrong_line(text, str(error))) from error
    except (ArithmeticError, RecursionError, ValueError) as error:
        raise NoTomlError(_("a number is too large, or a list too deep")) from error


def _wrong_line(text: str, said: str) -> str:
    lines = text.rstrip().split("\n")
    found = re.search(r"at line (\d+)", said)
    number = int(found[1]) if found else len(lines)  # "at end of document"
    reason = next(pick(*words) for pattern, *words in _TOML if re.search(pattern, said))
    line = lines[number - 1].strip()
    quoted = line if len(line) <= _QUOTED else f"{line[: _QUOTED - 1]}…"
    return _("line {number}: {quoted} ({reason})", number=number, quoted=quoted, reason=reason)
