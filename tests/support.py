"""What the tests of several parts share: expected reverts and signed acts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount

from mikoshi.abi import Revert
from mikoshi.contract import ContractRevertedError
from mikoshi.rpc import Rpc

FOREVER = 2**256 - 1
"""A deadline that never passes."""


@contextmanager
def reverts(name: str, *args: Any) -> Iterator[None]:
    """Assert that the block is refused with this error and these arguments."""
    with pytest.raises(ContractRevertedError) as caught:
        yield
    assert caught.value.revert == Revert(name, args), caught.value


class Typed:
    """EIP-712 messages for one verifying contract.

    `types` maps each message to its fields as a Solidity type string writes them:
    {"Exit": "address account,uint256 nonce,uint256 deadline"}.
    """

    def __init__(
        self, name: str, contract: str, chain_id: int, types: Mapping[str, str], version: str = "1"
    ) -> None:
        self.types = types
        self.domain: dict[str, Any] = {
            "name": name,
            "version": version,
            "chainId": chain_id,
            "verifyingContract": contract,
        }

    def sign(self, key: LocalAccount, message: str, *values: Any, **domain: Any) -> bytes:
        """`key`'s 65 bytes under `message` with `values` in order; `domain` replaces fields."""
        fields = [field.split() for field in self.types[message].split(",")]
        signable = encode_typed_data(
            self.domain | domain,
            {message: [{"name": name, "type": kind} for kind, name in fields]},
            dict(zip((name for _, name in fields), values, strict=True)),
        )
        signature: bytes = Account.sign_message(signable, key.key).signature
        return bytes(signature)


_WITH_CHARTER = "address account,bytes32 charterHash,uint256 nonce,uint256 deadline"
_PLAIN = "address account,uint256 nonce,uint256 deadline"

MEMBERSHIP_TYPES = {
    "Delegate": "address account,address delegatee,uint256 nonce,uint256 deadline",
    "Exit": _PLAIN,
    "Rejoin": _WITH_CHARTER,
    "Wake": _WITH_CHARTER,
    "Rest": _PLAIN,
    "Delegation": "address delegatee,uint256 nonce,uint256 expiry",
}


def membership_messages(rpc: Rpc, membership: str) -> Typed:
    """What members sign for the Membership at this address."""
    return Typed("Mikoshi Membership", membership, rpc.chain_id(), MEMBERSHIP_TYPES)


def split(signature: bytes) -> tuple[int, bytes, bytes]:
    """v, r, s of a 65-byte signature."""
    return signature[64], signature[:32], signature[32:64]


def compact(signature: bytes) -> bytes:
    """The 64-byte form of EIP-2098."""
    v, r, s = split(signature)
    return r + (int.from_bytes(s) | (v - 27) << 255).to_bytes(32)


def malleated(signature: bytes) -> bytes:
    """The other signature that the same key never made: s in the upper half, v flipped."""
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    v, r, s = split(signature)
    return r + (order - int.from_bytes(s)).to_bytes(32) + bytes([55 - v])
