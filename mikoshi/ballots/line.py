"""What somebody signed as one line of a chat, and such lines found in whatever was pasted.

A line is the mark, two characters that say how many follow, and those: a number in base58. Its
bytes are kind, chain, contract, member, the fields in order, the signature, and four bytes of
keccak-256 over all of them. An acceptance has the wallet, the key's claim, the invitation's
deadline and with each sponsor their signature besides. It has no words: they are made of the
fields by whoever reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from mikoshi.ballots.file import FileError
from mikoshi.ballots.messages import Message, fields_of
from mikoshi.ballots.signed import (
    Acceptance,
    Signed,
    compact,
    expand,
    fitted,
    recover,
    usual,
)
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
    "Join",
    "Revoke",
    "SetPlan",
    "Recover",
    "Take",
    "Inherit",
    "Veto",
)
"""Their numbers in lines, from 1 on; a new one goes to the end."""

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
    if signed.acceptance is not None:
        content += _packed_seat(signed, signed.acceptance)
    else:
        for name, kind in fields_of(message.kind).items():
            content += packed(kind, message[name])
    content += _shortest(signed)
    digits = in_base58(content + ending_of(content))
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
    length = 2 + (from_base58(digits[:2]) if len(digits) > 1 else LONGEST)
    if len(digits) < length:
        return _damaged(), start
    number = from_base58(digits[2:length])
    raw = number.to_bytes((number.bit_length() + 7) // 8)
    content, checksum = raw[:-_CHECKSUM], raw[-_CHECKSUM:]
    if not content or checksum != ending_of(content):
        return _damaged(), start
    return _parsed(content), places[length - 1] + 1


def _parsed(content: bytes) -> Signed | FileError:
    reader = PackedReader(content)
    try:
        kind = _KINDS[reader.take(1)[0] - 1]
        chain_id, contract, member = reader.number(), reader.address(), reader.number()
        if kind == "Join":
            return _seat(reader, chain_id, contract)
        values = {name: reader.value(type_) for name, type_ in fields_of(kind).items()}
        message, signature = Message(kind, chain_id, contract, values), reader.rest()
    except (ValueError, LookupError):
        return FileError("ballot.unknown-line", N_("this version does not know such a line"))
    signer = message.signer or recover(message, usual(signature))
    if signer is None:
        return FileError("ballot.line-unsigned", N_("no wallet made its signature"))
    return Signed(message, signer, fitted(message, signer, signature), member)


def _packed_seat(signed: Signed, taken: Acceptance) -> bytes:
    """An acceptance in place of a message's fields."""
    message, sponsors = signed.message, signed.message["sponsors"]
    content = packed("address", signed.signer) + packed("bytes", short_form(taken.claim))
    content += packed("uint256", taken.deadline) + packed("address", message["key"])
    content += bytes([len(sponsors)])
    for sponsor, word in zip(sponsors, taken.words, strict=True):
        content += packed("address", sponsor) + packed("bytes", short_form(word))
    charter = packed("bytes32", message["charterHash"])
    return content + charter + packed("uint256", message["deadline"])


def _seat(reader: PackedReader, chain_id: int, contract: str) -> Signed:
    wallet, claim, until, key = (
        reader.value(kind) for kind in ("address", "bytes", "uint256", "address")
    )
    words = [(reader.address(), reader.value("bytes")) for _ in range(reader.take(1)[0])]
    values = {
        "charterHash": reader.take(32),
        "key": key,
        "sponsors": tuple(sponsor for sponsor, _ in words),
        "deadline": reader.number(),
    }
    message = Message("Join", chain_id, contract, values)
    signature = fitted(message, wallet, reader.rest())
    taken = Acceptance(usual(claim), until, tuple(usual(word) for _, word in words))
    return Signed(message, wallet, signature, acceptance=taken)


def _damaged() -> FileError:
    return FileError(
        "ballot.line-damaged", N_("a part of the line is missing or was changed; copy it anew")
    )


class PackedReader:
    """Reads what was packed into a line or a link. Raises ValueError where bytes are missing."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def take(self, count: int) -> bytes:
        """The next bytes."""
        taken, self._content = self._content[:count], self._content[count:]
        if len(taken) < count:
            raise ValueError("its end is missing")
        return taken

    def number(self) -> int:
        """The next number, behind a byte that says how many bytes it has."""
        return int.from_bytes(self.take(self.take(1)[0]))

    def address(self) -> str:
        """The next 20 bytes."""
        from eth_utils.address import to_checksum_address

        return to_checksum_address(self.take(20))

    def value(self, kind: str) -> Any:
        """The next value of a type."""
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
        """All that is left."""
        return self._content


def packed(kind: str, value: Any) -> bytes:
    """A value of a field as lines and links have it."""
    if kind.endswith("[]"):
        values = (packed(kind.removesuffix("[]"), each) for each in value)
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


def short_form(signature: bytes) -> bytes:
    """A signature of somebody's word in 64 bytes (ERC-2098), as it is where it has no such form."""
    try:
        return b"".join(compact(signature))
    except ValueError:
        return signature


def _shortest(signed: Signed) -> bytes:
    """The signature, in 64 bytes where those are the same wallet's (ERC-2098)."""
    short = short_form(signed.signature)
    whole = expand(short[:32], short[32:]) if len(short) == 64 else short
    return short if recover(signed.message, whole) == signed.signer else signed.signature


def ending_of(content: bytes) -> bytes:
    """What ends a line or a link."""
    from eth_utils.crypto import keccak

    return bytes(keccak(content))[:_CHECKSUM]


def in_base58(content: bytes) -> str:
    """The digits of a number; first bytes that are 0 are lost."""
    number, digits = int.from_bytes(content), ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return digits


def from_base58(digits: str) -> int:
    """The number of digits. Raises ValueError."""
    number = 0
    for digit in digits:
        number = number * 58 + ALPHABET.index(digit)
    return number
