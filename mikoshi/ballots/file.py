"""Ballot files: what somebody signed, in words and as typed data, to be sent by whoever likes.

A file says what it signs, in the language in which it was signed. The words are made anew from the
signed bytes when it is read, in each language that it speaks: a file whose words say something else
is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eth_abi.exceptions import EncodingError

from mikoshi.ballots.messages import Message
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.ballots.signed import Acceptance, Signed, as_copied, fitted, usual
from mikoshi.ballots.words import describe
from mikoshi.text.errors import BadInputError, ProblemError
from mikoshi.text.files import NoTextError, read_json, reason_of, write_atomically
from mikoshi.text.json import plain
from mikoshi.text.language import LANGUAGES, N_, Language, current, speaking
from mikoshi.text.people import parse_wallet, quoted

FORMAT = "mikoshi-ballot/1"


class FileError(ProblemError):
    """Thrown when the content of a file is not what it should be.

    `signed` is what was signed where nothing but the words beside it is wrong.
    """

    signed: Signed | None = None


def to_json(signed: Signed) -> dict[str, Any]:
    """What a ballot file contains."""
    entries: dict[str, Any] = {
        "format": FORMAT,
        "says": _words(signed.message, signed.draft, [current()]),
        "signer": {"name": signed.name, "member": signed.member, "wallet": signed.signer},
        "message": signed.message.typed_data(),
        "proposal": plain(signed.draft),
        "signature": f"0x{signed.signature.hex()}",
    }
    if taken := signed.acceptance:
        entries["acceptance"] = {
            "claim": f"0x{taken.claim.hex()}",
            "deadline": taken.deadline,
            "words": [f"0x{word.hex()}" for word in taken.words],
        }
    return entries


def from_json(entries: Any) -> Signed:
    """The signed message in a file's content. Raises FileError."""
    if not isinstance(entries, dict) or "format" not in entries:
        raise _no_ballot()
    if entries["format"] != FORMAT:
        raise FileError(
            "ballot.other-format",
            N_("format {found}; this version reads {format}"),
            found=quoted(str(entries["format"])),
            format=FORMAT,
        )
    with _part("message"):
        message = Message.from_typed_data(entries["message"])
    with _part("proposal"):
        draft = ProposalDraft.from_json(entries["proposal"]) if entries.get("proposal") else None
        about_it = draft is None or draft.id == message.values.get("proposalId")
    with _part("signer"):
        signer = entries["signer"]
        wallet, member = parse_wallet(str(signer["wallet"])), int(signer["member"])
        name = str(signer["name"])
    with _part("signature"):
        signature = fitted(message, wallet, as_copied(entries["signature"]))
    with _part("acceptance"):
        taken = _acceptance(entries["acceptance"]) if message.kind == "Join" else None
        if taken and len(taken.words) != len(message["sponsors"]):
            raise ValueError("not a word of each sponsor")
    signed = Signed(message, wallet, signature, member, name, draft, taken)
    if draft is not None and not about_it:
        raise FileError(
            "ballot.other-proposal",
            N_('"{title}" is not the proposal that is signed'),
            title=draft.title,
        )
    with _part("says"):
        says = dict(entries["says"])
    if unknown := [str(each) for each in says if each not in LANGUAGES]:
        raise FileError(
            "ballot.unknown-language",
            N_("this version cannot check what it says in: {languages}"),
            languages=quoted(", ".join(unknown)),
        )
    if not says or says != _words(message, draft, says):
        raise _other_words(signed)
    return signed


def _acceptance(entries: dict[str, Any]) -> Acceptance:
    words = tuple(usual(as_copied(word)) for word in entries["words"])
    return Acceptance(usual(as_copied(entries["claim"])), int(entries["deadline"]), words)


def read(path: Path) -> Signed:
    """Read a ballot file. Raises FileError if it cannot be read or was tampered with."""
    try:
        return from_json(read_json(path))
    except FileError:
        raise
    except OSError as error:
        reason = reason_of(error)
        raise FileError(
            "ballot.unreadable", N_("it cannot be read: {reason}"), reason=reason
        ) from error
    except NoTextError as error:
        raise _unread(error) from error


def load(path: Path) -> Signed:
    """Read a ballot file. Raises BadInputError if it cannot be read or was tampered with."""
    try:
        return read(path)
    except FileError as problem:
        if isinstance(problem.__cause__, FileNotFoundError):
            raise BadInputError(
                "ballot.missing",
                N_("{path} does not exist"),
                N_("there is no such ballot file"),
                N_("Check the name"),
                path=path,
            ) from problem
        raise BadInputError(
            "ballot.unusable",
            N_("{name} is no ballot that can be used"),
            "{problem}",
            N_("Ask whoever signed it to sign again; nothing was sent"),
            name=path.name,
            problem=problem,
        ) from problem


def _other_words(signed: Signed) -> FileError:
    problem = FileError(
        "ballot.other-words",
        N_("its words do not say what it signs; it signs: {says}"),
        says=describe(signed.message, signed.draft),
    )
    problem.signed = signed
    return problem


def _no_ballot() -> FileError:
    return FileError("ballot.not-a-ballot", N_("it is no ballot file, or was damaged"))


def _unread(error: NoTextError) -> FileError:
    """A file that is no JSON."""
    if error.kind == "json.malformed":
        return _no_ballot()
    if error.kind == "json.too-deep":
        return FileError("ballot.nested-too-deep", N_("its brackets are nested too deep"))
    return FileError("ballot.no-text", "{reason}", reason=error)


@contextmanager
def _part(name: str) -> Iterator[None]:
    """What is read of a part of a file; raises FileError if it is not what it should be."""
    try:
        yield
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError, EncodingError) as error:
        raise FileError(
            "ballot.damaged", N_("its {part} is missing or damaged"), part=name
        ) from error


def _words(
    message: Message, draft: ProposalDraft | None, languages: Iterable[Language]
) -> dict[str, str]:
    words: dict[str, str] = {}
    for language in languages:
        with speaking(language):
            words[language] = describe(message, draft)
    return words


def write_new(path: Path, entries: object) -> None:
    """Write JSON into a file that does not exist, whole or not at all.

    Raises BadInputError, and UnwrittenError where that is not possible.
    """
    require_new(path)
    write_atomically(path, json.dumps(entries, ensure_ascii=False, indent=2) + "\n")


def require_new(path: Path) -> None:
    """Raise BadInputError for a file that exists: a signature must not replace another unseen."""
    if path.exists():
        raise BadInputError(
            "ballot.exists",
            N_("{path} exists already"),
            N_("it may hold a ballot that is needed"),
            N_("Name another file with -o, or remove this one"),
            path=path,
        )
