"""Why an index cannot be used, in words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mikoshi.errors import BadInputError
from mikoshi.language import pick
from mikoshi.paths import ROOT


def unusable(path: Path, error: Exception) -> BadInputError:
    """The file cannot be read or written, as `error` says."""
    name, reason = _shown(path), getattr(error, "strerror", None) or str(error)
    if "malformed" in reason or "not a database" in reason:
        return BadInputError(
            pick(f"The index {name} is damaged", f"索引 {name} が壊れています"),
            reason,
            pick(
                "Run `ape run index --rebuild`: everything is read from the chain again",
                "`ape run index --rebuild` を実行してください(チェーンから読み直します)",
            ),
        )
    if "locked" in reason:
        return BadInputError(
            pick(f"The index {name} is in use", f"索引 {name} は使用中です"),
            pick(
                f"another process holds it: {reason}",
                f"別のプロセスが開いています: {reason}",
            ),
            pick(
                "Let it finish, or name another file with --index; then run the command again",
                "終わるのを待つか、--index で別のファイルを指定して、もう一度実行してください",
            ),
        )
    return BadInputError(
        pick(f"The index {name} cannot be used", f"索引 {name} を使えません"),
        reason,
        pick(
            "Free space or allow writing there, or name another file with --index; then run the"
            " command again: it continues",
            "空き容量や書き込み権限を確かめるか、--index で別のファイルを指定して、もう一度実行して"
            "ください(続きから始まります)",
        ),
    )


def not_ours(path: Path, *, old: bool) -> BadInputError:
    """The file is a database, but not an index; or one of another version of Mikoshi."""
    if old:
        return BadInputError(
            pick(
                f"The index {_shown(path)} is of another version",
                f"索引 {_shown(path)} は別のバージョンのものです",
            ),
            pick("its tables are not those of this version", "表の形が異なります"),
            pick(
                "Run `ape run index --rebuild`: everything is read from the chain again",
                "`ape run index --rebuild` を実行してください(チェーンから読み直します)",
            ),
        )
    return BadInputError(
        pick(f"{_shown(path)} is not an index", f"{_shown(path)} は索引ではありません"),
        pick("it is a database of something else", "別のデータベースです"),
        pick("Name another file with --index", "--index で別のファイルを指定してください"),
    )


def of_another(path: Path, known: Mapping[str, str], wanted: Mapping[str, str]) -> BadInputError:
    """The file is the index of another DAO or chain."""
    differing = sorted(name for name in wanted if known.get(name) != wanted[name])
    return BadInputError(
        pick(
            f"The index {_shown(path)} is of another DAO",
            f"索引 {_shown(path)} は別の DAO のものです",
        ),
        [
            pick(
                f"{name}: {known.get(name)} there, {wanted[name]} wanted",
                f"{name}: 索引では {known.get(name)}、必要なのは {wanted[name]}",
            )
            for name in differing
        ],
        pick("Name another file with --index", "--index で別のファイルを指定してください"),
    )


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
