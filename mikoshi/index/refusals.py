"""Why an index cannot be used, in words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mikoshi.text.errors import BadInputError, Final
from mikoshi.text.language import N_, _
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
            "index.damaged",
            N_("The index {name} is damaged"),
            Final(reason),
            N_("Run `ape run index --rebuild`: everything is read from the chain again"),
            name=name,
            reason=reason,
        )
    if "locked" in reason:
        return BadInputError(
            "refusals.unusable",
            N_("The index {name} is in use"),
            N_("another process holds it: {reason}"),
            N_("Let it finish, then run the command again"),
            name=name,
            reason=reason,
        )
    return BadInputError(
        "refusals.unusable",
        N_("The index {name} cannot be used"),
        Final(reason),
        N_(
            "Make room or allow writing there, or set MIKOSHI_INDEX to another folder; "
            "then run the command again: it continues"
        ),
        name=name,
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
    differing = sorted(name for name in wanted if known.get(name) != wanted[name])
    return BadInputError(
        "refusals.of-another",
        Final(_("The index {path} is of another DAO", path=shown(path))),
        [
            *map(
                Final,
                [
                    _(
                        "{name}: {get} there, {wanted} wanted",
                        name=name,
                        get=known.get(name),
                        wanted=wanted[name],
                    )
                    for name in differing
                ],
            )
        ],
        Final(_("Name another file with --index")),
    )
