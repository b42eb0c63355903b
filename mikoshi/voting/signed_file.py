"""Ballot files, and lines pasted from a chat, on their way to the chain; what became of each."""

from __future__ import annotations

import glob
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from mikoshi.ballots.file import FileError, read
from mikoshi.ballots.line import MARK, lines_in
from mikoshi.ballots.signed import Signed
from mikoshi.ballots.words import headline
from mikoshi.text.errors import BadInputError, ProblemError
from mikoshi.text.files import NoTextError, read_text
from mikoshi.text.language import N_, clauses

SUFFIX = ".ballot"
"""What the ballot files of a folder end in."""

PASTED = "-"
"""The source that is whatever is pasted."""

BALLOT_KINDS = ("MemberBallot", "AccountBallot", "Ballot", "ExtendedBallot")
"""The messages that vote."""


class Fate(StrEnum):
    """What is or was done with a file."""

    READY = "ready"
    SENT = "sent"
    DONE = "done before"
    REFUSED = "refused"


@dataclass
class SignedFile:
    """A file with a signed act; without `signed` it cannot be read. What lies is refused at once.

    A line of pasted text is one as well, named by where it stands: `chat.txt:12`.
    `who` is its signer as people are shown, by what the DAO knows and not by what the file says.
    `problems` say why it was refused, `note` what was found done. `gas` is its share of the
    transaction.
    """

    path: Path
    signed: Signed | None = None
    fate: Fate = Fate.READY
    who: str = ""
    problems: list[ProblemError] = field(default_factory=list)
    note: str = ""
    transaction: str | None = None
    gas: int | None = None
    json: ClassVar[str] = (
        "file=path kind=signed.message.kind signer=signed.signer says result=fate reason=words "
        "problems transaction gas"
    )

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def content(self) -> Signed:
        """What was signed; only for a file that could be read."""
        if self.signed is None:
            raise AssertionError(f"{self.name} was refused when it was read")
        return self.signed

    @property
    def votes(self) -> bool:
        """Whether it is a ballot, and no other act."""
        return self.signed is not None and self.signed.message.kind in BALLOT_KINDS

    @property
    def number(self) -> int:
        """The number that puts the acts of a signer in order; 0 for those without one."""
        return int(self.content.message.values.get("nonce", 0))

    @property
    def words(self) -> str:
        """Why it was refused, or what was found done."""
        return clauses(map(str, self.problems)) or self.note

    def refuse(self, *problems: ProblemError) -> None:
        """It cannot be sent."""
        self.fate, self.problems = Fate.REFUSED, list(problems)

    def found_done(self, note: str) -> None:
        """It need not be sent."""
        self.fate, self.note = Fate.DONE, note

    def sent(self, transaction: str, gas: int) -> None:
        """It was sent and taken."""
        self.fate, self.transaction, self.gas = Fate.SENT, transaction, gas

    @property
    def says(self) -> str | None:
        """What was signed, in a line."""
        return headline(self.signed.message, self.signed.draft) if self.signed else None


def open_files(sources: Sequence[str]) -> list[SignedFile]:
    """The files that are named, in folders and by patterns too; each once.

    A file that is no ballot may be pasted text with such lines; so is what comes in for `-`. One
    that cannot be read is refused and says why. Raises BadInputError where there is no file.
    """
    named = [source for source in sources if source != PASTED]
    paths = dict.fromkeys(path.resolve() for source in named for path in _files(source))
    found = [each for path in paths for each in _opened(path)]
    return found + (_pasted() if PASTED in sources else [])


def _files(source: str) -> Iterator[Path]:
    path = Path(source)
    if path.is_dir():
        files = sorted(path.glob(f"*{SUFFIX}"))
        found = [each for each in files if not each.name.startswith(".")]  # `._a` of macOS
    elif path.exists():
        found = [path]
    else:
        found = [Path(each) for each in sorted(glob.glob(source))]  # noqa: PTH207 (absolute ones)
    if not found:
        raise BadInputError(
            "ballot.none-found",
            N_("There is no ballot {source}"),
            N_("a folder is searched for files that end in {suffix}"),
            N_("Check the name; nothing was sent"),
            source=source,
            suffix=SUFFIX,
        )
    yield from found


def _opened(path: Path) -> list[SignedFile]:
    try:
        return [SignedFile(path, read(path))]
    except FileError as problem:
        alone = SignedFile(path, problem.signed, Fate.REFUSED, problems=[problem])
    return (_lines(path, _text(path)) if alone.signed is None else []) or [alone]


def _text(path: Path) -> str:
    """As much of a text as can be read, for what stands around a line need not be."""
    try:
        return read_text(path)
    except NoTextError:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _pasted() -> list[SignedFile]:
    text = sys.stdin.buffer.read().decode(errors="replace")
    if found := _lines(Path(PASTED), text):
        return found
    raise BadInputError(
        "ballot.none-pasted",
        N_("There is no ballot in what was pasted"),
        N_("a line of somebody who signed begins with {mark}"),
        N_("Copy the whole line; nothing was sent"),
        mark=MARK,
    )


def _lines(path: Path, text: str) -> list[SignedFile]:
    """The lines of a pasted text that somebody signed."""
    signed_files = []
    for number, found in lines_in(text):
        place = path.with_name(f"{path.name}:{number}")
        if isinstance(found, FileError):
            signed_files.append(SignedFile(place, None, Fate.REFUSED, problems=[found]))
        else:
            signed_files.append(SignedFile(place, found))
    return signed_files
