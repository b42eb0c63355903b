"""Why an index cannot be used, in words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mikoshi.text.errors import BadInputError, Words
from mikoshi.text.files import reason_of
from mikoshi.text.language import N_
from mikoshi.text.paths import shown


class DamagedError(BadInputError):
    """Thrown when a file holds no index, or not a whole one: reading anew would help."""


def unusable(path: Path, error: Exception) -> BadInputError:
    """The file cannot be read or written, as `error` says."""
    reason = reason_of(error) if isinstance(error, OSError) else str(error)
    if "not a database" in reason:
        return no_index(path)
    if "malformed" in reason:
        return DamagedError(
            "index.damaged",
            N_("The index {path} is damaged"),
            "{reason}",
            N_("Run `ape run index --rebuild`: everything is read from the chain again"),
            path=shown(path),
            reason=reason,
        )
    if "locked" in reason:
        return BadInputError(
            "index.in-use",
            N_("The index {path} is in use"),
            N_("another process holds it: {reason}"),
            N_("Let it finish, then run the command again"),
            path=shown(path),
            reason=reason,
        )
    return BadInputError(
        "index.unusable",
        N_("The index {path} cannot be used"),
        "{reason}",
        N_(
            "Make room or allow writing there, or set MIKOSHI_INDEX to another folder; "
            "then run the command again: it continues"
        ),
        path=shown(path),
        reason=reason,
    )


def lacking(path: Path, known: int, last: int) -> DamagedError:
    """The file lacks people, or has too many."""
    return DamagedError(
        "index.lacks-people",
        N_("The index {path} is damaged"),
        N_("it knows {known:,} people, and the chain {last:,}"),
        N_("Run `ape run index --rebuild`: everything is read from the chain again"),
        path=shown(path),
        known=known,
        last=last,
    )


def no_index(path: Path) -> DamagedError:
    """The file is something else."""
    return DamagedError(
        "index.not-an-index",
        N_("{path} is not an index"),
        N_("it holds something else, or is damaged"),
        N_("Name another file with --index, or delete this one if it is of no use"),
        path=shown(path),
    )


def of_another(path: Path, known: Mapping[str, str], wanted: Mapping[str, str]) -> BadInputError:
    """The file is the index of another DAO or chain."""
    differing = [
        {"name": name, "known": known.get(name), "wanted": wanted[name]}
        for name in sorted(wanted)
        if known.get(name) != wanted[name]
    ]
    return BadInputError(
        "index.of-another",
        N_("The index {path} is of another DAO"),
        [Words(N_("{name}: {known} there, {wanted} wanted"), **each) for each in differing],
        N_("Name another file with --index"),
        path=shown(path),
        differing=differing,
    )
