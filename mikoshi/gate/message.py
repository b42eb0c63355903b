"""The message by which somebody signs in: built and read by the grammar of ERC-4361, no other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from eth_utils.address import to_checksum_address

from mikoshi.text.clock import moment_text
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_

LARGEST = 4_096
"""Characters of a message."""

_AUTHORITY = r"[A-Za-z0-9._~!$&'()*+,;=:@%\[\]-]+"
_URI = r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*"
_SAID = r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;= -]+"
_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"
_ID = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*"
_MESSAGE = re.compile(
    rf"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?(?P<domain>{_AUTHORITY})"
    r" wants you to sign in with your Ethereum account:\n"
    r"(?P<wallet>0x[0-9A-Fa-f]{40})\n\n"
    rf"(?:(?P<statement>{_SAID})\n)?\n"
    rf"URI: (?P<uri>{_URI})\n"
    r"Version: 1\n"
    r"Chain ID: (?P<chain_id>[0-9]{1,20})\n"
    r"Nonce: (?P<nonce>[A-Za-z0-9]{8,128})\n"
    rf"Issued At: (?P<issued>{_MOMENT})"
    rf"(?:\nExpiration Time: (?P<expires>{_MOMENT}))?"
    rf"(?:\nNot Before: (?P<begins>{_MOMENT}))?"
    rf"(?:\nRequest ID: (?P<request>{_ID}))?"
    rf"(?P<resources>\nResources:(?:\n- {_URI})*)?",
    re.ASCII,
)


class NoMessageError(BadInputError):
    """Thrown for what is no message of ERC-4361."""

    def __init__(self) -> None:
        super().__init__(
            "gate.no-message",
            N_("This is no message to sign in with"),
            N_("it does not have the form of ERC-4361"),
            N_("Open the page anew and sign in there"),
        )


@dataclass(frozen=True)
class SignIn:
    """What was said; times are in Unix seconds, 0 where none was named."""

    domain: str
    wallet: str
    uri: str
    chain_id: int
    nonce: str
    issued: int
    expires: int = 0
    begins: int = 0
    scheme: str = ""
    statement: str = ""

    @classmethod
    def parse(cls, text: str) -> SignIn:
        """Read a message. Raises NoMessageError."""
        found = _MESSAGE.fullmatch(text) if len(text) <= LARGEST else None
        if found is None or to_checksum_address(found["wallet"]) != found["wallet"]:
            raise NoMessageError
        try:
            return cls(
                found["domain"],
                found["wallet"],
                found["uri"],
                int(found["chain_id"]),
                found["nonce"],
                _seconds(found["issued"]),
                _seconds(found["expires"]),
                _seconds(found["begins"]),
                found["scheme"] or "",
                found["statement"] or "",
            )
        except ValueError as error:  # a thirteenth month
            raise NoMessageError from error

    def text(self) -> str:
        """The message as it is signed."""
        lines = [
            f"{f'{self.scheme}://' if self.scheme else ''}{self.domain}"
            " wants you to sign in with your Ethereum account:",
            self.wallet,
            "",
            *([self.statement] if self.statement else []),
            "",
            f"URI: {self.uri}",
            "Version: 1",
            f"Chain ID: {self.chain_id}",
            f"Nonce: {self.nonce}",
            f"Issued At: {moment_text(self.issued)}",
        ]
        if self.expires:
            lines.append(f"Expiration Time: {moment_text(self.expires)}")
        if self.begins:
            lines.append(f"Not Before: {moment_text(self.begins)}")
        return "\n".join(lines)


def _seconds(moment: str | None) -> int:
    return int(datetime.fromisoformat(moment).timestamp()) if moment else 0
