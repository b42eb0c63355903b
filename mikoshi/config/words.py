"""Texts, choices, wallets and hashes in dao.toml."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from typing_extensions import override

from mikoshi.config.kinds import Kind, ValueProblemError, parsed, written
from mikoshi.text.console import visible
from mikoshi.text.language import N_, _, listed
from mikoshi.text.people import parse_wallet
from mikoshi.text.units import DAY, parse_zone


@dataclass(frozen=True)
class Text(Kind):
    """A line of `low` to `high` bytes of UTF-8, without control characters."""

    low: int
    high: int

    @override
    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValueProblemError(
                "text.not-a-text", N_("must be a text in quotes, got {got}"), got=written(value)
            )
        if "\n" in value or "\t" in value or visible(value) != value:
            raise ValueProblemError(
                "text.control-characters",
                N_("must be one line of characters that are seen"),
            )
        length = len(value.encode())
        if not self.low <= length <= self.high:
            raise ValueProblemError(
                "text.length",
                N_("must be {low} … {high} bytes (a Japanese character takes 3), got {got} bytes"),
                low=self.low,
                high=self.high,
                got=length,
            )
        return value


@dataclass(frozen=True)
class Slug(Kind):
    """A short name for files: small letters, digits and hyphens."""

    @override
    def read(self, value: Any) -> str:
        if isinstance(value, str) and re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", value):
            return value
        raise ValueProblemError(
            "slug.malformed",
            N_("must be 1 to 40 small letters, digits or hyphens, got {got}"),
            got=written(value),
        )


@dataclass(frozen=True)
class OneOf(Kind):
    """One of a few words."""

    options: tuple[str, ...]

    @override
    def read(self, value: Any) -> str:
        if value in self.options:
            return str(value)
        raise ValueProblemError(
            "choice.unknown",
            N_("must be one of {options}, got {got}"),
            options=" / ".join(map(written, self.options)),
            got=written(value),
        )

    @override
    def limits(self) -> str:
        return " | ".join(self.options)


@dataclass(frozen=True)
class Zone(Kind):
    """A zone, by its name in the tz database."""

    @override
    def read(self, value: Any) -> str:
        return str(parsed(parse_zone, value))


@dataclass(frozen=True)
class YesNo(Kind):
    """true or false."""

    @override
    def read(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        raise ValueProblemError(
            "choice.not-true-or-false", N_("must be true or false, got {got}"), got=written(value)
        )

    @override
    def show(self, value: bool) -> str:
        return _("yes") if value else _("no")

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
class Wallets(Kind):
    """Addresses, in a list."""

    @override
    def read(self, value: Any) -> tuple[str, ...]:
        found = value if isinstance(value, list) else [value]
        return tuple(str(parsed(parse_wallet, each)) for each in found)

    @override
    def show(self, value: tuple[str, ...]) -> str:
        return listed(value)

    @override
    def literal(self, value: tuple[str, ...]) -> str:
        return json.dumps(list(value))


@dataclass(frozen=True)
class Pauses(Kind):
    """Stretches of whole days in UTC, `"2026-12-20 … 2027-01-31"`: one, several in a list, or none.

    Read into the moments from which and until which each lasts, in Unix seconds, ascending.
    """

    @override
    def read(self, value: Any) -> tuple[tuple[int, int], ...]:
        texts = value if isinstance(value, list) else [value] if value != "" else []
        found = sorted(self._pause(each) for each in texts)
        if any(later[0] < earlier[1] for earlier, later in pairwise(found)):
            raise ValueProblemError("pause.overlap", N_("pauses must not overlap"))
        return tuple(found)

    def _pause(self, value: Any) -> tuple[int, int]:
        days = re.findall(r"\d{4}-\d\d-\d\d", value) if isinstance(value, str) else []
        shape = re.fullmatch(
            r"\s*[\d-]{10}\s*(?:…|\.{2,3}|–|~|〜|～|to)\s*[\d-]{10}\s*", str(value)
        )
        try:
            first, last = (datetime.fromisoformat(f"{day}T00:00:00+00:00") for day in days)
        except ValueError:
            shape = None
        if shape is None or first > last:
            raise ValueProblemError(
                "pause.malformed",
                N_('must be two days, such as "2026-12-20 … 2027-01-31", got {got}'),
                got=written(value),
            )
        return int(first.timestamp()), int(last.timestamp()) + DAY

    @override
    def show(self, value: tuple[tuple[int, int], ...]) -> str:
        return listed(self._texts(value))

    @override
    def literal(self, value: tuple[tuple[int, int], ...]) -> str:
        texts = self._texts(value)
        return json.dumps(texts[0] if len(texts) == 1 else texts, ensure_ascii=False)

    def _texts(self, value: tuple[tuple[int, int], ...]) -> list[str]:
        return [
            " … ".join(f"{datetime.fromtimestamp(each, UTC):%Y-%m-%d}" for each in (start, end - 1))
            for start, end in value
        ]


@dataclass(frozen=True)
class Hash(Kind):
    """32 bytes, not all zero, in hexadecimal."""

    @override
    def read(self, value: Any) -> bytes:
        if isinstance(value, str) and re.fullmatch(r"0x[0-9a-fA-F]{64}", value):
            digest = bytes.fromhex(value[2:])
            if any(digest):
                return digest
        raise ValueProblemError(
            "hash.malformed",
            N_("must be a hash: 0x and 64 hexadecimal digits, not all zero, got {got}"),
            got=written(value),
        )

    @override
    def show(self, value: bytes) -> str:
        return f"0x{value.hex()}"
