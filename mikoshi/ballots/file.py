"""Ballot files: what somebody signed, in words and as typed data, to be sent by whoever likes.

A file says in English and Japanese what it signs. The words are made anew from the signed bytes
when it is read: a file whose words say something else is refused.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from eth_abi.exceptions import EncodingError

from mikoshi.ballots.messages import Message
from mikoshi.ballots.proposal import Draft
from mikoshi.ballots.signed import Signed
from mikoshi.ballots.words import describe
from mikoshi.errors import BadInputError
from mikoshi.language import Language, pick, speaking
from mikoshi.people import parse_wallet

FORMAT = "mikoshi-ballot/1"
_DEEPEST = 20
_LANGUAGES: tuple[Language, ...] = ("en", "ja")


class FileError(ValueError):
    """Thrown when the content of a file is not what it should be; the text says why."""


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
    try:
        if entries["format"] != FORMAT:
            raise FileError(
                pick(
                    f"format {entries['format']}; this version reads {FORMAT}",
                    f"形式が {entries['format']} です(読めるのは {FORMAT})",
                )
            )
        message = Message.from_typed_data(entries["message"])
        draft = Draft.from_json(entries["proposal"]) if entries.get("proposal") else None
        signer = entries["signer"]
        signed = Signed(
            message,
            parse_wallet(str(signer["wallet"])),
            bytes.fromhex(entries["signature"].removeprefix("0x")),
            int(signer["member"]),
            str(signer["name"]),
            draft,
        )
        says = entries["says"]
        about_it = draft is None or draft.id == message.values.get("proposalId")
    except FileError:
        raise
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError, EncodingError) as error:
        raise FileError(f"{type(error).__name__}: {error}") from error
    if draft is not None and not about_it:
        raise FileError(
            pick(
                f'"{draft.title}" is not the proposal that is signed',
                f"「{draft.title}」は、署名された提案ではありません",
            )
        )
    if says != _words(message, draft):
        raise FileError(
            pick(
                "its words do not say what it signs; it signs: " + describe(message, draft),
                "書かれた言葉と署名の中身が違います。署名の中身: " + describe(message, draft),
            )
        )
    return signed


def save(signed: Signed, path: Path) -> None:
    """Write a ballot file. Raises OSError."""
    text = json.dumps(to_json(signed), ensure_ascii=False, indent=2)
    path.write_text(text + "\n", "utf-8")


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
            str(error),
            pick(
                "Ask whoever signed it to sign again; nothing was sent",
                "署名した人に、もう一度署名してもらってください(何も送っていません)",
            ),
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


def _words(message: Message, draft: Draft | None) -> dict[str, str]:
    words: dict[str, str] = {}
    for language in _LANGUAGES:
        with speaking(language):
            words[language] = describe(message, draft)
    return words
