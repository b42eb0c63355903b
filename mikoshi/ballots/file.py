"""Ballot files: what somebody signed, in words and as typed data, to be sent by whoever likes.

A file says in English and Japanese what it signs. The words are made anew from the signed bytes
when it is read: a file whose words say something else is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eth_abi.exceptions import EncodingError

from mikoshi.ballots.messages import Message
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.ballots.signed import Signed
from mikoshi.ballots.words import describe
from mikoshi.text.errors import BadInputError, Final
from mikoshi.text.files import reason_of
from mikoshi.text.language import N_, Language, _, speaking
from mikoshi.text.people import parse_wallet

FORMAT = "mikoshi-ballot/1"
_DEEPEST = 20
_LANGUAGES: tuple[Language, ...] = ("en", "ja")


class FileError(ValueError):
    """Thrown when the content of a file is not what it should be; the text says why."""


class WordsError(FileError):
    """Thrown when the words of a file are not those of what was `signed`."""

    def __init__(self, signed: Signed) -> None:
        self.signed = signed
        says = describe(signed.message, signed.draft)
        super().__init__(_("its words do not say what it signs; it signs: {says}", says=says))


def to_json(signed: Signed) -> dict[str, Any]:
    """What a ballot file contains."""
    return {
        "format": FORMAT,
        "says": _words(signed.message, signed.draft),
        "signer": {"name": signed.name, "member": signed.member, "wallet": signed.signer},
        "message": signed.message.typed_data(),
        "proposal": signed.draft.as_json() if signed.draft else None,
        "signature": f"0x{signed.signature.hex()}",
    }


def from_json(entries: Any) -> Signed:
    """The signed message in a file's content. Raises FileError."""
    if not isinstance(entries, dict) or "format" not in entries:
        raise FileError(_no_ballot())
    if entries["format"] != FORMAT:
        raise FileError(
            _(
                "format {format}; this version reads {format2}",
                format=entries["format"],
                format2=FORMAT,
            )
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
        raise FileError(_('"{title}" is not the proposal that is signed', title=draft.title))
    if entries.get("says") != _words(message, draft):
        raise WordsError(signed)
    return signed


def load(path: Path) -> Signed:
    """Read a ballot file. Raises BadInputError if it cannot be read or was tampered with."""
    try:
        return from_json(_parsed(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise BadInputError(
            "file.load",
            N_("{path} does not exist"),
            N_("there is no such ballot file"),
            N_("Check the name"),
            path=path,
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise BadInputError(
            "file.load",
            N_("{name} is no ballot that can be used"),
            Final(_why(error)),
            N_("Ask whoever signed it to sign again; nothing was sent"),
            name=path.name,
        ) from error


def _why(error: Exception) -> str:
    if isinstance(error, FileError):
        return str(error)
    if isinstance(error, OSError):
        return _("it cannot be read: {reason_of}", reason_of=reason_of(error))
    return _no_ballot()


def _no_ballot() -> str:
    return _("it is no ballot file, or was damaged")


@contextmanager
def _part(name: str) -> Iterator[None]:
    """What is read of a part of a file; raises FileError if it is not what it should be."""
    try:
        yield
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError, EncodingError) as error:
        raise FileError(_("its {name} is missing or damaged", name=name)) from error


def _parsed(text: str) -> Any:
    """A file's content. Raises ValueError.

    Some packages let Python recurse so deep that a file of nothing but brackets ends the process.
    """
    depth = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth > _DEEPEST:
            raise FileError(_("its brackets are nested too deep"))
    return json.loads(text)


def _words(message: Message, draft: ProposalDraft | None) -> dict[str, str]:
    words: dict[str, str] = {}
    for language in _LANGUAGES:
        with speaking(language):
            words[language] = describe(message, draft)
    return words
