"""The link of an invitation: the key of a seat, and its sponsors' words, behind the # of the page.

Whoever has it has the seat, so no server sees it: browsers keep what is behind the #. It is
`#join/<chain id>/<governor>/<words>`; the words are a number in base58, whose bytes are a version,
the Invitations, the private key, the deadline, how many sponsors, each with their signature, and
four bytes of keccak-256 over all of them. No node is in it: it could lie.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mikoshi.ballots.line import (
    ALPHABET,
    PackedReader,
    ending_of,
    from_base58,
    in_base58,
    packed,
    short_form,
)
from mikoshi.ballots.signed import usual
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_
from mikoshi.text.people import parse_wallet, quoted

_VERSION = 1
_ENDING = 4  # bytes
_LINK = re.compile(rf"#join/(\d{{1,78}})/(0x[0-9a-fA-F]{{40}})/([{ALPHABET}]+)\s*$")


@dataclass(frozen=True)
class InvitationLink:
    """What a link carries. `words` are (sponsor, signature), ascending by address.

    `deadline` is in Unix seconds, `secret` the private key of the seat.
    """

    chain_id: int
    governor: str
    invitations: str
    secret: bytes
    deadline: int
    words: tuple[tuple[str, bytes], ...]

    def __repr__(self) -> str:
        """Without the secret, which must not reach a log."""
        return f"InvitationLink({self.key}, {self.deadline}, {[who for who, _ in self.words]})"

    @property
    def key(self) -> str:
        """The address that the secret signs for."""
        from eth_account import Account

        return str(Account.from_key(self.secret).address)

    def at(self, page: str) -> str:
        """The link to the page at an address."""
        content = bytes([_VERSION]) + packed("address", self.invitations) + self.secret
        content += packed("uint256", self.deadline) + bytes([len(self.words)])
        for sponsor, signature in self.words:
            content += packed("address", sponsor) + packed("bytes", short_form(signature))
        words = in_base58(content + ending_of(content))
        return f"{page.partition('#')[0]}#join/{self.chain_id}/{self.governor}/{words}"


def parse_link(text: str) -> InvitationLink:
    """The link that somebody was given. Raises BadInputError."""
    found = _LINK.search(text)
    if found is None:
        raise _damaged(text)
    digits = from_base58(found[3])
    raw = digits.to_bytes((digits.bit_length() + 7) // 8)
    content, ending = raw[:-_ENDING], raw[-_ENDING:]
    if not content or ending != ending_of(content):
        raise _damaged(text)
    if content[0] != _VERSION:
        raise BadInputError(
            "link.other-version",
            N_("The link is of another version of Mikoshi"),
            N_("it is version {version}, and this one reads {known}"),
            N_("Use the version that made it, or ask for a new link"),
            version=content[0],
            known=_VERSION,
        )
    reader = PackedReader(content[1:])
    try:
        invitations, secret, deadline = reader.address(), reader.take(32), reader.number()
        words = [(reader.address(), usual(reader.value("bytes"))) for _ in range(reader.take(1)[0])]
    except ValueError as error:
        raise _damaged(text) from error
    if reader.rest():
        raise _damaged(text)
    governor = parse_wallet(found[2])
    return InvitationLink(int(found[1]), governor, invitations, secret, deadline, tuple(words))


def _damaged(text: str) -> BadInputError:
    return BadInputError(
        "link.damaged",
        N_("{text} is no whole link of an invitation"),
        N_("a part of it is missing or was changed on the way"),
        N_("Copy it anew, whole, or ask for it again"),
        text=quoted(text[:40]),
    )
