"""Who acts in the state machine, and how they sign.

Signing with the public keys of made-up people is a formality here, and a slow one: a signature
with the nonce 1 costs two multiplications. It gives the key away and is for tests alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from eth_abi.abi import encode
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.testing.community import person
from mikoshi.testing.model.part import Signed, Text

_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_GENERATOR_X = 0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798
_NOBODY = Signed(None, ())

DOMAINS = {"membership": "Mikoshi Membership", "governor": "Mikoshi Governor"}
TYPES = {
    "Delegate": "Delegate(address account,address delegatee,uint256 nonce,uint256 deadline)",
    "Exit": "Exit(address account,uint256 nonce,uint256 deadline)",
    "Rejoin": "Rejoin(address account,bytes32 charterHash,uint256 nonce,uint256 deadline)",
    "Wake": "Wake(address account,bytes32 charterHash,uint256 nonce,uint256 deadline)",
    "Rest": "Rest(address account,uint256 nonce,uint256 deadline)",
    "Delegation": "Delegation(address delegatee,uint256 nonce,uint256 expiry)",
    "Propose": "Propose(uint256 proposalId,address proposer,uint256 deadline)",
    "Cancel": "Cancel(uint256 proposalId,address proposer,uint256 deadline)",
    "Ballot": "Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)",
    "MemberBallot": "MemberBallot(uint256 proposalId,uint8 support,uint256 deadline)",
    "AccountBallot": (
        "AccountBallot(uint256 proposalId,address voter,uint8 support,uint256 deadline)"
    ),
}
"""The typed structures of the interfaces and of the standards."""

WALLETS = {
    # Valid if the signature's first word is the hash: return that comparison times the magic.
    "good": "60643560043514631626ba7e60e01b025f5260205ff3",
    # The same, followed by 64 KiB of zeros.
    "wide": "60643560043514631626ba7e60e01b025f5261ffff5ff3",
    # Never valid: a zero; four bytes of magic alone; an endless loop; 64 KiB of revert data.
    "bad": "60205ff3",
    "short": "631626ba7e60e01b5f5260045ff3",
    "burner": "5b5f56",
    "bomb": "61ffff5ffd",
}
"""Contract accounts by ERC-1271, in code."""

VALID_WALLETS = ("good", "wide")

STAND_IN = "6203f4805f5260205ff3"
"""A later governor that answers 3 days to everything (0x3f480 seconds)."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody with an address: a person with a key, or a contract account of some `kind`."""

    name: str
    address: str
    key: int | None = None
    kind: str = ""


@lru_cache
def human(number: int) -> Actor:
    """The `number`-th made-up person."""
    account = person(number)
    return Actor(f"person {number}", account.address, int.from_bytes(account.key, "big"))


def wallet(kind: str) -> Actor:
    """A contract account; its code is in WALLETS."""
    address = to_checksum_address(keccak(text=f"mikoshi wallet {kind}")[12:])
    return Actor(f"{kind} wallet", address, None, kind)


class Signatures:
    """Makes signatures, and remembers who made them over what: the model's only witness."""

    def __init__(self, chain_id: int, addresses: dict[str, str]) -> None:
        self._chain_id = chain_id
        self._addresses = addresses
        self._made: dict[bytes, Signed] = {}

    def find(self, signature: bytes) -> Signed:
        """Who signed what with this; nobody, if it was not made here."""
        return self._made.get(signature, _NOBODY)

    def sign(self, actor: Actor, text: Text) -> bytes:
        """65 bytes by a person; for a contract account the hash, which valid ones accept.

        `text` begins with the part that reads it and the name of the type.
        """
        digest = self._digest(text)
        if actor.key is None:
            signer = actor.address if actor.kind in VALID_WALLETS else None
            self._made[digest] = Signed(signer, text)
            return digest
        s, odd = _sign(digest, actor.key)
        r = _GENERATOR_X.to_bytes(32, "big")
        signature = r + s.to_bytes(32, "big") + bytes([27 + odd])
        compact = r + (s | odd << 255).to_bytes(32, "big")
        self._made[signature] = self._made[compact] = Signed(actor.address, text)
        return signature

    @staticmethod
    def compact(signature: bytes) -> bytes:
        """A person's signature in the 64 bytes of ERC-2098."""
        parity = (signature[64] - 27) << 255
        s = int.from_bytes(signature[32:64], "big") | parity
        return signature[:32] + s.to_bytes(32, "big")

    def _digest(self, text: Text) -> bytes:
        part, name, *values = text
        structure = _structure(name, tuple(values))
        return keccak(b"\x19\x01" + self._domain(part) + structure)

    @lru_cache(maxsize=8)  # noqa: B019 (a few machines live as long as the tests)
    def _domain(self, part: str) -> bytes:
        kind = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
        values = [keccak(text=kind), keccak(text=DOMAINS[part]), keccak(text="1")]
        fields = [*values, self._chain_id, self._addresses[part]]
        return keccak(encode(["bytes32", "bytes32", "bytes32", "uint256", "address"], fields))


def _structure(name: str, values: tuple[Any, ...]) -> bytes:
    kind = TYPES[name]
    types = [field.split(" ")[0] for field in kind[kind.index("(") + 1 : -1].split(",")]
    return keccak(encode(["bytes32", *types], [keccak(text=kind), *values]))


def _sign(digest: bytes, key: int) -> tuple[int, int]:
    """ECDSA with the nonce 1: r is the generator's x, whose y is even."""
    s = (int.from_bytes(digest, "big") + _GENERATOR_X * key) % _ORDER
    return (s, 0) if s <= _ORDER // 2 else (_ORDER - s, 1)
