"""Why an index cannot be used, in words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mikoshi.text.errors import BadInputError
from mikoshi.text.language import pick
from mikoshi.text.paths import shown


class DamagedError(BadInputError):
    """Thrown when a file holds no index, or not a whole one: reading anew would help."""


def unusable(path: Path, error: Exception) -> BadInputError:
    """The file cannot be read or written, as `error` says."""
    name, reason = shown(path), getattr(error, "strerror", None) or str(error)
    if "not a database" in reason:
        return no_index(path)
    if "malformed" in reason:
        return DamagedError(
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
                "Let it finish, then run the command again",
                "終わるのを待って、もう一度実行してください",
            ),
        )
    return BadInputError(
        pick(f"The index {name} cannot be used", f"索引 {name} を使えません"),
        reason,
        pick(
            "Make room or allow writing there, or set MIKOSHI_INDEX to another folder; then run the"
            " command again: it continues",
            "空き容量や書き込み権限を確かめるか、MIKOSHI_INDEX に別のフォルダーを指定して、もう一度"
            "実行してください(続きから始まります)",
        ),
    )


def no_index(path: Path) -> DamagedError:
    """The file is something else."""
    return DamagedError(
        pick(f"{shown(path)} is not an index", f"{shown(path)} は索引ではありません"),
        pick("it holds something else, or is damaged", "別のファイルか、壊れています"),
        pick(
            "Name another file with --index, or delete this one if it is of no use",
            "--index で別のファイルを指定するか、不要であれば削除してください",
        ),
    )


def of_another(path: Path, known: Mapping[str, str], wanted: Mapping[str, str]) -> BadInputError:
    """The file is the index of another DAO or chain."""
    differing = sorted(name for name in wanted if known.get(name) != wanted[name])
    return BadInputError(
        pick(
            f"The index {shown(path)} is of another DAO",
            f"索引 {shown(path)} は別の DAO のものです",
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
