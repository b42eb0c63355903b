"""A transaction for a key that never sees a network: everything but the signature (EIP-1559)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eth_utils.crypto import keccak

from mikoshi.chain.accounts import NodeAccount
from mikoshi.chain.rpc import Rpc
from mikoshi.chain.sender import Sender
from mikoshi.status.export.exported_call import ExportedCall
from mikoshi.text.language import _

FORMAT = "mikoshi-unsigned/1"
_TYPE = 2
_Rlp = int | bytes | Sequence[Any]


def unsigned_transaction(exported: ExportedCall, rpc: Rpc) -> dict[str, Any]:
    """The transaction with the sender's nonce and the fees of now, the bytes to sign, their hash.

    Raises ContractRevertedError if it would fail now, BadInputError if the sender cannot pay,
    RpcError and UnreachableError.
    """
    sender = Sender(rpc, NodeAccount(_("the sender"), exported.sender), exported.chain_id)
    with exported.act.refusals_of(exported.governor):
        made = sender.compose(exported.to, exported.data)
    names = ("chainId", "nonce", "maxPriorityFeePerGas", "maxFeePerGas", "gas")
    numbers = {name: made[name] for name in names}
    fields: list[_Rlp] = [*numbers.values(), made["to"], 0, exported.data, []]
    payload = bytes([_TYPE]) + _rlp(fields)
    transaction = {
        "type": hex(_TYPE),
        **{name: hex(number) for name, number in numbers.items()},
        "to": exported.to,
        "value": "0x0",
        "data": f"0x{exported.data.hex()}",
        "accessList": [],
    }
    return {
        "format": FORMAT,
        "says": [exported.title, *exported.details],
        "from": exported.sender,
        "transaction": transaction,
        "unsigned": f"0x{payload.hex()}",
        "digest": f"0x{keccak(payload).hex()}",
    }


def _rlp(value: _Rlp) -> bytes:
    """Recursive Length Prefix, as transactions are written."""
    if isinstance(value, int):
        value = value.to_bytes((value.bit_length() + 7) // 8)
    if isinstance(value, bytes):
        single = len(value) == 1 and value[0] < 0x80
        return value if single else _prefix(0x80, len(value)) + value
    payload = b"".join(map(_rlp, value))
    return _prefix(0xC0, len(payload)) + payload


def _prefix(kind: int, size: int) -> bytes:
    if size < 56:
        return bytes([kind + size])
    digits = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([kind + 55 + len(digits)]) + digits
