"""Ballot files: what somebody signed, in words and as typed data, to be sent by whoever likes.

A file says what it signs, in the language in which it was signed. The words are made anew from the
signed bytes when it is read, in each language that it speaks: a file whose words say something else
is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eth_abi.exceptions import EncodingError

from mikoshi.ballots.messages import Message
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.ballots.signed import Signed
from mikoshi.ballots.words import describe
from mikoshi.text.errors import BadInputError, ProblemError
from mikoshi.text.files import reason_of
from mikoshi.text.json import plain
from mikoshi.text.language import LANGUAGES, N_, Language, current, speaking
from mikoshi.text.people import parse_wallet

FORMAT = "mikoshi-ballot/1"
_DEEPEST = 20


class FileError(ProblemError):
    """Thrown when the content of a file is not what it should be.

    `signed` is what was signed where nothing but the words beside it is wrong.
    """

    signed: Signed | None = None


def to_json(signed: Signed) -> dict[str, Any]:
    """What a ballot file contains."""
    return {
        "format": FORMAT,
        "says": _words(signed.message, signed.draft, [current()]),
        "signer": {"name": signed.name, "member": signed.member, "wallet": signed.signer},
        "message": signed.message.typed_data(),
        "proposal": plain(signed.draft),
        "signature": f"0x{signed.signature.hex()}",
    }


def from_json(entries: Any) -> Signed:
    """The signed message in a file's content. Raises FileError."""
    if not isinstance(entries, dict) or "format" not in entries:
        raise _no_ballot()
    if entries["format"] != FORMAT:
        raise FileError(
            "ballot.other-format",
            N_("format {found}; this version reads {format}"),
            found=entries["format"],
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
        signature = bytes.fromhex(entries["signature"].removeprefix("0x"))
    signed = Signed(message, wallet, signature, member, name, draft)
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
            languages=", ".join(unknown),
        )
    if not says or says != _words(message, draft, says):
        raise _other_words(signed)
    return signed


def read(path: Path) -> Signed:
    """Read a ballot file. Raises FileError if it cannot be read or was tampered with."""
    try:
        return from_json(_parsed(path.read_text("utf-8")))
    except FileError:
        raise
    except OSError as error:
        reason = reason_of(error)
        raise FileError(
            "ballot.unreadable", N_("it cannot be read: {reason}"), reason=reason
        ) from error
    except (ValueError, RecursionError) as error:
        raise _no_ballot() from error


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


@contextmanager
def _part(name: str) -> Iterator[None]:
    """What is read of a part of a file; raises FileError if it is not what it should be."""
    try:
        yield
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError, EncodingError) as error:
        raise FileError(
            "ballot.damaged", N_("its {part} is missing or damaged"), part=name
        ) from error


def _parsed(text: str) -> Any:
    """A file's content. Raises ValueError.

    Some packages let Python recurse so deep that a file of nothing but brackets ends the process.
    """
    depth = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth > _DEEPEST:
            raise FileError("ballot.nested-too-deep", N_("its brackets are nested too deep"))
    return json.loads(text)


def _words(
    message: Message, draft: ProposalDraft | None, languages: Iterable[Language]
) -> dict[str, str]:
    words: dict[str, str] = {}
    for language in languages:
        with speaking(language):
            words[language] = describe(message, draft)
    return words
