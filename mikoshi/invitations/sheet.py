"""A file of links: one a line, with what it is for; and a picture of each for a phone's camera."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from mikoshi.invitations.link import InvitationLink, parse_link
from mikoshi.text.errors import BadInputError
from mikoshi.text.files import NoTextError, read_text, reason_of, write_atomically
from mikoshi.text.language import N_
from mikoshi.text.units import format_utc

_COLUMNS = ("link", "key", "until", "picture")
_OWN = 0o600
"""Links are for nobody else's eyes."""

_LINK = re.compile(r"[^\s,;\"]*#join/[^\s,;\"]+")


def write_links(path: Path, links: Sequence[InvitationLink], page: str) -> list[Path]:
    """Write links to the page at an address, for nobody else's eyes, and a picture of each.

    The pictures stand in a folder beside the file. Raises BadInputError and UnwrittenError.
    """
    import segno

    folder = path.with_suffix("")
    pictures = []
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_COLUMNS)
    for link in links:
        picture = folder / f"{link.key[:10]}.svg"
        drawn = io.BytesIO()
        segno.make(link.at(page), error="m").save(drawn, kind="svg", scale=4)
        write_atomically(picture, drawn.getvalue().decode(), mode=_OWN)
        rows.writerow([link.at(page), link.key, format_utc(link.deadline), picture.as_posix()])
        pictures.append(picture)
    write_atomically(path, text.getvalue(), mode=_OWN)
    return pictures


def read_links(path: Path) -> tuple[list[InvitationLink], str]:
    """The links of a file, and the page's address. Raises BadInputError."""
    found = _LINK.findall(text_of(path))
    if not found:
        raise BadInputError(
            "invitations.no-links",
            N_("There is no link in {path}"),
            N_("a file of links has one in a line, as `invite new` writes them"),
            N_("Check the name"),
            path=path,
        )
    return [parse_link(each) for each in found], found[0].partition("#")[0]


def text_of(path: Path) -> str:
    """What a file says. Raises BadInputError."""
    try:
        return read_text(path)
    except (OSError, NoTextError) as error:
        raise BadInputError(
            "invitations.unreadable",
            N_("{path} cannot be read"),
            "{reason}",
            N_("Check the name"),
            path=path,
            reason=reason_of(error) if isinstance(error, OSError) else error,
        ) from error


def require_new(paths: Iterable[Path]) -> None:
    """Refuse to write over links: whoever was given one would be shut out. Raises BadInputError."""
    for path in paths:
        if path.exists():
            raise BadInputError(
                "invitations.file-exists",
                N_("{path} exists already"),
                N_("it may hold links that were given away"),
                N_("Name another file with -o, or remove this one"),
                path=path,
            )
