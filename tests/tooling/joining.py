"""Doors of a DAO, links of invitations, and what the page makes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.ballots.line import ALPHABET, MARK
from mikoshi.ballots.signed import compact
from mikoshi.chain.contract import Receipt
from mikoshi.testing.community import Community
from tests.tooling.governed import Governed
from tests.unit.invitations.inviting import Door, with_door
from tests.unit.succession.succeeding import Seat, with_succession

JOIN = 12
"""The number of an acceptance in lines."""


def door_of(governed: Governed) -> Door:
    """Invitations of the DAO, its role in force."""
    return with_door(_attaching(governed))


def succession_of(governed: Governed, **options: Any) -> Seat:
    """A module for the DAO's seats, its role in force."""
    return with_succession(_attaching(governed), **options)


def _attaching(governed: Governed) -> Community:
    governed.rpc.fund(governed.community.outsider.address)
    began = governed.dao.membership.call("voiceParams")["t0"]
    return replace(governed.community, params={"voice": {"t0": began}})


def number(value: int) -> bytes:
    """How many bytes it has, and those."""
    length = (value.bit_length() + 7) // 8
    return bytes([length]) + value.to_bytes(length)


def base58(content: bytes) -> str:
    """The digits of a link."""
    value, digits = int.from_bytes(content), ""
    while value:
        value, digit = divmod(value, 58)
        digits = ALPHABET[digit] + digits
    return digits


def short(signature: bytes) -> bytes:
    """ERC-2098's 64 bytes."""
    return b"".join(compact(signature))


def words_of(invitation: Sequence[Any], contract: str, key: LocalAccount) -> str:
    """The last part of a link."""
    _, deadline, sponsors = invitation
    content = b"\x01" + bytes.fromhex(contract[2:]) + bytes(key.key) + number(deadline)
    content += bytes([len(sponsors)])
    for sponsor, signature in sponsors:
        word = short(signature)
        content += bytes.fromhex(sponsor[2:]) + number(len(word)) + word
    return base58(content + keccak(content)[:4])


def link_of(door: Door, page: str, key: LocalAccount, *sponsors: LocalAccount, **more: Any) -> str:
    """The link that sponsors make for a key."""
    community = door.community
    words = words_of(door.invitation(key, sponsors, **more), door.contract.address, key)
    return f"{page}#join/{community.chain_id}/{community.dao.governor.address}/{words}"


def join_in(line: str) -> tuple[str, tuple[Any, ...], tuple[Any, ...]]:
    """What a line of the kind Join contains: the contract, its invitation and its newcomer."""
    digits = line.removeprefix(MARK)
    assert len(digits) == 2 + ALPHABET.index(digits[0]) * 58 + ALPHABET.index(digits[1])
    value = 0
    for digit in digits[2:]:
        value = value * 58 + ALPHABET.index(digit)
    raw = value.to_bytes((value.bit_length() + 7) // 8)
    content = raw[:-4]
    assert raw[-4:] == keccak(content)[:4]

    def take(count: int) -> bytes:
        nonlocal content
        taken, content = content[:count], content[count:]
        assert len(taken) == count
        return taken

    def numeral() -> int:
        return int.from_bytes(take(take(1)[0]))

    def address() -> str:
        return to_checksum_address(take(20))

    assert take(1)[0] == JOIN
    numeral()
    contract = address()
    assert numeral() == 0
    wallet, claim, until, key = address(), take(numeral()), numeral(), address()
    sponsors = [(address(), take(numeral())) for _ in range(take(1)[0])]
    charter, deadline = take(32), numeral()
    return contract, (key, until, sponsors), (wallet, claim, charter, deadline, content)


def relaying(door: Door) -> Callable[[str], Receipt]:
    """Takes the line of an acceptance to the contract, as whoever relays does."""

    def relay(line: str) -> Receipt:
        contract, invitation, newcomer = join_in(line)
        assert contract == door.contract.address
        return door.accept(invitation, newcomer)

    return relay
