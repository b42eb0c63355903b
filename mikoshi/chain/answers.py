"""What a node may answer: a broken one sends null, or anything, where a number should be."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeGuard

from mikoshi.text.json import Json

_HEX = re.compile(r"0x[0-9a-fA-F]*")
_BLOCK = ("number", "hash", "timestamp")
_LOG = ("address", "data", "blockNumber", "blockHash", "transactionHash", "logIndex")
_RECEIPT = ("status", "blockNumber", "gasUsed")


def makes_sense(method: str, params: Sequence[Json], result: Json) -> bool:
    """Whether a call can have this result; anything can be that of a method not listed here."""
    if method == "eth_getBlockByNumber" and result is None:
        return str(params[0]) != "latest"  # another block may not be there
    if method == "eth_getBlockByNumber" and params[0] == "pending":
        return _has(result, ("timestamp",))  # what is not made yet has no hash
    expected = _EXPECTED.get(method)
    return expected is None or expected(result)


def _quantity(result: object) -> bool:
    return _is_hex(result) and result != "0x"


def _bytes(result: object) -> bool:
    return _is_hex(result) and not len(result) % 2


def _is_hex(text: object) -> TypeGuard[str]:
    return isinstance(text, str) and _HEX.fullmatch(text) is not None


def _has(entry: Json, fields: Sequence[str]) -> bool:
    return isinstance(entry, dict) and all(_is_hex(entry.get(name)) for name in fields)


def _block(result: Json) -> bool:
    return _has(result, _BLOCK)


def _receipt(result: Json) -> bool:
    return result is None or _has(result, _RECEIPT)


def _logs(result: Json) -> bool:
    return isinstance(result, list) and all(map(_log, result))


def _log(entry: Json) -> bool:
    """Types alone: there may be 100,000 of them."""
    return (
        isinstance(entry, dict)
        and set(map(type, map(entry.get, _LOG))) == {str}
        and isinstance(entry.get("topics"), list)
    )


_EXPECTED: dict[str, Callable[[Json], bool]] = {
    "eth_blockNumber": _quantity,
    "eth_call": _bytes,
    "eth_chainId": _quantity,
    "eth_estimateGas": _quantity,
    "eth_getBalance": _quantity,
    "eth_getBlockByNumber": _block,
    "eth_getCode": _bytes,
    "eth_getLogs": _logs,
    "eth_getStorageAt": _quantity,
    "eth_getTransactionCount": _quantity,
    "eth_getTransactionReceipt": _receipt,
    "eth_maxPriorityFeePerGas": _quantity,
}
