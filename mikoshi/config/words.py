"""Texts, choices, wallets and hashes in dao.toml."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from mikoshi.config.kinds import Kind, ValueProblemError, outside, parsed, unfit
from mikoshi.text.language import _, pick
from mikoshi.text.people import parse_wallet


@dataclass(frozen=True)
class Text(Kind):
    """A line of `low` to `high` bytes of UTF-8, without control characters."""

    low: int
    high: int

    @override
    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise unfit("must be a text in quotes", "は引用符で囲んだ文字にしてください", value)
        if any(unicodedata.category(character) == "Cc" for character in value):
            raise ValueProblemError(_("must be one line without control characters"))
        length = len(value.encode())
        if not self.low <= length <= self.high:
            limits = _(
                "{low} … {high} bytes (a Japanese character takes 3)", low=self.low, high=self.high
            )
            raise outside(limits, _("{length} bytes", length=length))
        return value


@dataclass(frozen=True)
class Slug(Kind):
    """A short name for files: small letters, digits and hyphens."""

    @override
    def read(self, value: Any) -> str:
        if isinstance(value, str) and re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", value):
            return value
        raise unfit(
            "must be 1 to 40 small letters, digits or hyphens",
            "は英小文字・数字・ハイフンで1〜40文字にしてください",
            value,
        )


@dataclass(frozen=True)
class OneOf(Kind):
    """One of a few words."""

    options: tuple[str, ...]

    @override
    def read(self, value: Any) -> str:
        if value in self.options:
            return str(value)
        options = [f'"{option}"' for option in self.options]
        raise unfit(
            f"must be {' or '.join(options)}",
            f"は {' か '.join(options)} にしてください",
            value,
        )

    @override
    def limits(self) -> str:
        return " | ".join(self.options)


@dataclass(frozen=True)
class YesNo(Kind):
    """true or false."""

    @override
    def read(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        raise unfit("must be true or false", "は true か false にしてください", value)

    @override
    def show(self, value: bool) -> str:
        return pick("yes" if value else "no", "はい" if value else "いいえ")

    @override
    def literal(self, value: bool) -> str:
        return json.dumps(value)


@dataclass(frozen=True)
class Wallet(Kind):
    """The address of a wallet."""

    @override
    def read(self, value: Any) -> str:
        return str(parsed(parse_wallet, value))


@dataclass(frozen=True)
class Hash(Kind):
    """32 bytes, not all zero, in hexadecimal."""

    @override
    def read(self, value: Any) -> bytes:
        if isinstance(value, str) and re.fullmatch(r"0x[0-9a-fA-F]{64}", value):
            digest = bytes.fromhex(value[2:])
            if any(digest):
                return digest
        raise unfit(
            "must be a hash: 0x and 64 hexadecimal digits, not all zero",
            "はハッシュ(0x と16進数64桁、ゼロ以外)にしてください",
            value,
        )

    @override
    def show(self, value: bytes) -> str:
        return f"0x{value.hex()}"
