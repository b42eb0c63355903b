"""A node's answers: that they come in time, and that they make sense.

A broken node sends null, or anything, where a number should be.
"""

from __future__ import annotations

import http.client
import io
import json
import re
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeGuard

from mikoshi.text.json import Json
from mikoshi.text.language import _

_HEX = re.compile(r"0x[0-9a-fA-F]*")
_BLOCK = ("number", "hash", "timestamp")
_LOG = ("address", "data", "blockNumber", "blockHash", "transactionHash", "logIndex")
_RECEIPT = ("status", "blockNumber", "gasUsed")


_UNKNOWN = -32603
_SHOWN = 60
"""Characters of a senseless answer that are told."""


class RevertedError(Exception):
    """Thrown when a transaction was mined and failed.

    `data` is the revert data, None if the node does not trace transactions.
    """

    def __init__(self, receipt: dict[str, Json], data: bytes | None) -> None:
        self.receipt = receipt
        self.data = data
        reason = "" if data is None else f" with 0x{data.hex()}"
        super().__init__(f"{receipt['transactionHash']} reverted{reason}")


class RpcError(Exception):
    """Thrown when the node answers with an error; `data` is the revert data, if it sent any."""

    def __init__(self, method: str, code: int, message: str, data: bytes = b"") -> None:
        self.method = method
        self.code = code
        self.message = message
        self.data = data
        super().__init__(f"{method}: {message} (code {code})")


def result_of(method: str, params: Sequence[Json], answer: Json) -> Json | RpcError:
    """What the node's `answer` to a call says; its RpcError where it refused."""
    if answer is None:
        missing = _("the node left this call out of its answer")
        return RpcError(method, _UNKNOWN, missing)
    error = answer.get("error")
    if error is None:
        result = answer.get("result")
        if not makes_sense(method, params, result):
            shown = json.dumps(result)[:_SHOWN]
            senseless = _("its answer makes no sense: {shown}", shown=shown)
            return RpcError(method, _UNKNOWN, senseless)
        return result
    told = error if isinstance(error, dict) else {"message": error}
    message = "".join(c for c in str(told.get("message")) if c.isprintable())  # anvil adds NULs
    code, data = told.get("code"), str(told.get("data"))
    revert = decoded(data) if re.fullmatch(r"0x([0-9a-fA-F]{2})*", data) else b""
    number = code if isinstance(code, int) else _UNKNOWN
    return RpcError(method, number, message.rstrip(": "), revert)


def decoded(text: str) -> bytes:
    """The bytes of a quantity or a string in hex."""
    return bytes.fromhex(text.removeprefix("0x"))


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


class _Stream(io.RawIOBase):
    """What a socket receives from now on; it lowers the socket's timeout to what is left of it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._deadline = time.monotonic() + (sock.gettimeout() or 0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class Response(http.client.HTTPResponse):
    """An HTTP answer that comes within the timeout as a whole, however slowly its bytes drip.

    It begins when the request has been sent; a TimeoutError ends it.
    """

    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp.close()
        self.fp = io.BufferedReader(_Stream(sock))
