"""What somebody signed as one line of a chat, and such lines found in whatever was pasted.

A line is the mark, two characters that say how many follow, and those: a number in base58. Its
bytes are kind, chain, contract, member, the fields in order, the signature, and four bytes of
keccak-256 over all of them. It has no words: they are made of the fields by whoever reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from mikoshi.ballots.file import FileError
from mikoshi.ballots.messages import Message, fields_of
from mikoshi.ballots.signed import Signed, compact, expand, fitted, recover, usual
from mikoshi.text.language import N_

MARK = "mikoshi="
"""What a line begins with: nothing that a chat makes a link, an emoji or italics of."""

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
LONGEST = 58**2 - 1  # characters behind the mark and their number

_KINDS = (
    "MemberBallot",
    "AccountBallot",
    "Ballot",
    "ExtendedBallot",
    "Propose",
    "Cancel",
    "Delegate",
    "Wake",
    "Rest",
    "Exit",
    "Rejoin",
    "",
    "",
    "SetPlan",
    "Recover",
    "Take",
    "Inherit",
    "Veto",
)
"""Their numbers in lines, from 1 on; a new one goes to the end. 12 and 13 are kept free."""

_BETWEEN = r"\s>|*`\u00ad\u200b-\u200d\u2060\ufeff"  # what chats and mails put into a long line
_RUN = re.compile(rf"[{ALPHABET}{_BETWEEN}]*")
_CHECKSUM = 4  # bytes


def to_line(signed: Signed) -> str:
    """What `signed` is in a chat, without the text of its proposal.

    Raises ValueError for what is longer than a line can be; no act is that anybody would take.
    """
    message = signed.message
    content = bytes([1 + _KINDS.index(message.kind)])
    content += _number(message.chain_id) + bytes.fromhex(message.contract[2:])
    content += _number(signed.member)
    for name, kind in fields_of(message.kind).items():
        content += _packed(kind, message[name])
    content += _shortest(signed)
    digits = _in_base58(content + _checksum(content))
    if len(digits) > LONGEST:
        raise ValueError(f"{len(digits)} characters are more than {LONGEST}")
    return MARK + "".join(ALPHABET[each] for each in divmod(len(digits), 58)) + digits


def lines_in(text: str) -> Iterator[tuple[int, Signed | FileError]]:
    """Each line that begins in `text`: the number of the text's line, and what was signed.

    What stands around and between is passed over. Behind one that is damaged the search goes on at
    its second character: another may begin within it.
    """
    start, line, counted = text.find(MARK), 1, 0
    while start >= 0:
        found, end = _read(text, start + len(MARK))
        line, counted = line + text.count("\n", counted, start), start
        yield line, found
        start = text.find(MARK, start + 1 if isinstance(found, FileError) else end)


def _read(text: str, start: int) -> tuple[Signed | FileError, int]:
    """What begins behind a mark, and where it ends."""
    run = _RUN.match(text, start)
    within = range(start, run.end() if run else start)
    places = list(islice((at for at in within if text[at] in ALPHABET), 2 + LONGEST))
    digits = "".join(text[at] for at in places)
    length = 2 + (_from_base58(digits[:2]) if len(digits) > 1 else LONGEST)
    if len(digits) < length:
        return _damaged(), start
    number = _from_base58(digits[2:length])
    raw = number.to_bytes((number.bit_length() + 7) // 8)
    content, checksum = raw[:-_CHECKSUM], raw[-_CHECKSUM:]
    if not content or checksum != _checksum(content):
        return _damaged(), start
    return _parsed(content), places[length - 1] + 1


def _parsed(content: bytes) -> Signed | FileError:
    reader = _Reader(content)
    try:
        kind = _KINDS[reader.take(1)[0] - 1]
        chain_id, contract, member = reader.number(), reader.address(), reader.number()
        values = {name: reader.value(type_) for name, type_ in fields_of(kind).items()}
        message, signature = Message(kind, chain_id, contract, values), reader.rest()
    except (ValueError, LookupError):
        return FileError("ballot.unknown-line", N_("this version does not know such a line"))
    signer = message.signer or recover(message, usual(signature))
    if signer is None:
        return FileError("ballot.line-unsigned", N_("no wallet made its signature"))
    return Signed(message, signer, fitted(message, signer, signature), member)


def _damaged() -> FileError:
    return FileError(
        "ballot.line-damaged", N_("a part of the line is missing or was changed; copy it anew")
    )


class _Reader:
    """Reads what `to_line` packed. Raises ValueError where bytes are missing."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def take(self, count: int) -> bytes:
        taken, self._content = self._content[:count], self._content[count:]
        if len(taken) < count:
            raise ValueError("its end is missing")
        return taken

    def number(self) -> int:
        return int.from_bytes(self.take(self.take(1)[0]))

    def address(self) -> str:
        from eth_utils.address import to_checksum_address

        return to_checksum_address(self.take(20))

    def value(self, kind: str) -> Any:
        if kind.endswith("[]"):
            count = self.take(1)[0]
            return tuple(self.value(kind.removesuffix("[]")) for _ in range(count))
        if kind == "address":
            return self.address()
        if kind == "bytes32":
            return self.take(32)
        if kind == "uint8":
            return self.take(1)[0]
        if kind == "uint256":
            return self.number()
        content = self.take(self.number())
        return content.decode() if kind == "string" else content

    def rest(self) -> bytes:
        return self._content


def _packed(kind: str, value: Any) -> bytes:
    if kind.endswith("[]"):
        values = (_packed(kind.removesuffix("[]"), each) for each in value)
        return bytes([len(value)]) + b"".join(values)
    if kind == "address":
        return bytes.fromhex(value[2:])
    if kind == "uint8":
        return bytes([value])
    if kind == "uint256":
        return _number(value)
    if kind == "bytes32":
        return bytes(value)
    content: bytes = value.encode() if kind == "string" else value
    return _number(len(content)) + content


def _number(value: int) -> bytes:
    """How many bytes it has, and those."""
    length = (value.bit_length() + 7) // 8
    return bytes([length]) + value.to_bytes(length)


def _shortest(signed: Signed) -> bytes:
    """The signature, in 64 bytes where those are the same wallet's (ERC-2098)."""
    try:
        short = b"".join(compact(signed.signature))
    except ValueError:
        return signed.signature
    whole = expand(short[:32], short[32:])
    return short if recover(signed.message, whole) == signed.signer else signed.signature


def _checksum(content: bytes) -> bytes:
    from eth_utils.crypto import keccak

    return bytes(keccak(content))[:_CHECKSUM]


def _in_base58(content: bytes) -> str:
    number, digits = int.from_bytes(content), ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return digits


def _from_base58(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number * 58 + ALPHABET.index(digit)
    return number
