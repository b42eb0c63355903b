"""Writing files, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from mikoshi.text.errors import BadInputError
from mikoshi.text.files import reason_of
from mikoshi.text.language import N_


class UnwrittenError(BadInputError, OSError):
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
