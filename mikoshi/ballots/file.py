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
from mikoshi.text.errors import BadInputError
from mikoshi.text.files import reason_of
from mikoshi.text.language import Language, pick, speaking
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
        super().__init__(
            pick(
                f"its words do not say what it signs; it signs: {says}",
                f"書かれた言葉と署名の中身が違います。署名の中身: {says}",
            )
        )


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
            pick(
                f"format {entries['format']}; this version reads {FORMAT}",
                f"形式が {entries['format']} です(読めるのは {FORMAT})",
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
        raise FileError(
            pick(
                f'"{draft.title}" is not the proposal that is signed',
                f"「{draft.title}」は、署名された提案ではありません",
            )
        )
    if entries.get("says") != _words(message, draft):
        raise WordsError(signed)
    return signed


def load(path: Path) -> Signed:
    """Read a ballot file. Raises BadInputError if it cannot be read or was tampered with."""
    try:
        return from_json(_parsed(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise BadInputError(
            pick(f"{path} does not exist", f"{path} がありません"),
            pick("there is no such ballot file", "そのような投票ファイルはありません"),
            pick("Check the name", "ファイル名を確かめてください"),
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise BadInputError(
            pick(f"{path.name} is no ballot that can be used", f"{path.name} は使えません"),
            _why(error),
            pick(
                "Ask whoever signed it to sign again; nothing was sent",
                "署名した人に、もう一度署名してもらってください(何も送っていません)",
            ),
        ) from error


def _why(error: Exception) -> str:
    if isinstance(error, FileError):
        return str(error)
    if isinstance(error, OSError):
        return pick(f"it cannot be read: {reason_of(error)}", f"読めません: {reason_of(error)}")
    return _no_ballot()


def _no_ballot() -> str:
    return pick(
        "it is no ballot file, or was damaged", "投票ファイルではないか、壊れたファイルです"
    )


@contextmanager
def _part(name: str) -> Iterator[None]:
    """What is read of a part of a file; raises FileError if it is not what it should be."""
    try:
        yield
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError, EncodingError) as error:
        raise FileError(
            pick(f"its {name} is missing or damaged", f"{name} の部分がないか、壊れています")
        ) from error


def _parsed(text: str) -> Any:
    """A file's content. Raises ValueError.

    Some packages let Python recurse so deep that a file of nothing but brackets ends the process.
    """
    depth = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth > _DEEPEST:
            raise FileError(pick("its brackets are nested too deep", "括弧の入れ子が深すぎます"))
    return json.loads(text)


def _words(message: Message, draft: ProposalDraft | None) -> dict[str, str]:
    words: dict[str, str] = {}
    for language in _LANGUAGES:
        with speaking(language):
            words[language] = describe(message, draft)
    return words
