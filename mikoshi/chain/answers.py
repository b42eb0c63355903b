"""A node's answers: that they make sense, and what the many clients mean by their words.

A broken node sends null, or anything, where a number should be. Clients and gateways word one and
the same thing each in their own way, and put the bytes of a revert wherever they like.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeGuard

from mikoshi.text.json import Json
from mikoshi.text.language import _

_HEX = re.compile(r"0x[0-9a-fA-F]*")
_QUANTITY = re.compile(r"0x[0-9a-fA-F]{1,64}")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_BLOCK = ("number", "hash", "timestamp")
_LOG = ("address", "data", "blockNumber", "blockHash", "transactionHash", "logIndex")
_OPTIONAL = ("transactionIndex", "blockTimestamp")
_RECEIPT = ("status", "blockNumber", "gasUsed", "transactionHash")
_SENT = ("nonce", "value")
_LATEST = 2**48
"""More than any block's number, and than its time in Unix seconds."""


_UNKNOWN = -32603
_SHOWN = 60
"""Characters of a senseless answer that are told."""

_SAID = 2_000
"""Characters of a refusal that are read and told; what a contract said is looked for in all."""

_WHOLE = re.compile(r"0x([0-9a-fA-F]{2})*")
_INSIDE = re.compile(r"0x(?:[0-9a-fA-F]{2}){4,}")
_DEEPEST = 6
_BYTES = ("data", "return", "result", "output")
_ERROR_STRING = bytes.fromhex("08c379a0")
_REASON = re.compile(
    r"revert(?:ed)?(?: with reason(?: string)?)?:? (?!without a reason)(.+)", re.IGNORECASE
)

_READS = re.compile(r"(eth|net|web3|debug|trace|txpool)_(?!send)")
_CROWDED = (429, -32005, -32016, -32029, -32090, -32097)
_FAILED = re.compile(
    r"revert|execution|evm error|opcode|out ?of ?gas|invalid jump|stack|bad instruction"
    r"|invalid ?instruction|invalid_operation|vm exception",
    re.I,
)
"""What nodes say when the code that was called fails, and not the node."""

_KNOWN = re.compile(
    r"already ?(known|imported|exist|in )|known ?transaction|transaction_already_known"
    r"|same hash|duplicate",
    re.I,
)
_TAKEN = re.compile(
    r"nonce[^.]{0,20}too[ _]low|old ?nonce|(wrong|invalid|incorrect|bad)( \w+)? nonce"
    r"|nonce[^.]{0,30}(used|below|less than|expired|lower|mismatch)|nonce ?already|stale"
    r"|underpriced|replac|same nonce",
    re.I,
)
_RATE = re.compile(
    r"rate.?limit|too many (requests|calls|connections)|(request|call)s? (rate|limit|per)"
    r"|per second|compute unit|throughput|quota|slow down|throttl|concurren|capacity",
    re.I,
)
_BEHIND = re.compile(
    r"(header|block|head)[\w ]{0,20} (not|isn't) (found|known|available yet)|unknown (block|header)"
    r"|no (header|block)|not yet (available|known|synced)|after last accepted|unfinalized|behind",
    re.I,
)
_PASSING = re.compile(
    r"timed?[ -]?out|deadline|temporar|try again|retry|unavailable|overload|busy|gateway"
    r"|connection|upstream|eof|internal|pool is full",
    re.I,
)
_GONE = re.compile(r"pruned|historical|archive|trie|missing state|not supported|unsupported", re.I)
"""What nodes say of what they will not have a moment later either."""

_TOO_MUCH = re.compile(
    r"results|range|too (many(?! req)|large|wide|big)|\blogs\b|response size|blocks", re.I
)
"""What nodes say when they want to be asked for fewer events at once."""


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
    code = told.get("code")
    number = code if isinstance(code, int) else _UNKNOWN
    shown = message[:_SAID].rstrip(": ")
    return RpcError(method, number, shown, _revert_data(params, told, message))


def _revert_data(params: Sequence[Json], error: Mapping[str, Json], message: str) -> bytes:
    """The bytes with which a contract refused, wherever a client put them; empty if nowhere."""
    plain = error.get("data")
    if isinstance(plain, str) and _WHOLE.fullmatch(plain):
        return decoded(plain)
    sent = json.dumps(params).lower()
    for text in _texts(error, _DEEPEST):
        for found in _INSIDE.findall(text):
            if len(found) % 64 == 10 and found.lower() not in sent:  # a selector and whole words
                return decoded(found)
    reason = _REASON.search(message)
    if reason is None or not reason[1].strip("'\""):
        return b""
    words = reason[1].strip().strip("'\"").encode()
    padded = words + bytes(-len(words) % 32)
    return _ERROR_STRING + (32).to_bytes(32) + len(words).to_bytes(32) + padded


def _texts(told: Json, depth: int) -> Iterator[str]:
    """Every text in an error, those called `data` first."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict) and depth:
        for name in sorted(map(str, told), key=lambda name: name not in _BYTES):
            yield from _texts(told.get(name), depth - 1)
    elif isinstance(told, list) and depth:
        for each in told:
            yield from _texts(each, depth - 1)


class Trouble(NamedTuple):
    """Why a call is tried again: as often as `tries`, or as long as there is time if None.

    `crowded` if fewer calls at a time may help, `wait` for how many seconds at least.
    """

    reason: str
    tries: int | None = None
    crowded: bool = False
    wait: float = 0


FEW = 3
"""Times that something is tried which more likely stays as it is."""


def repeatable(method: str) -> bool:
    """Whether a call can be made twice without another effect than once."""
    return method == "eth_sendRawTransaction" or _READS.match(method) is not None


def in_code(error: RpcError) -> bool:
    """Whether the code that was called failed, and not the node."""
    return bool(error.data or _FAILED.search(error.message))


def known_already(message: str) -> bool:
    """Whether a node refused a transaction because it has the very same."""
    return _KNOWN.search(message) is not None


def nonce_taken(message: str) -> bool:
    """Whether a node refused a transaction because another one has its nonce, or itself mined."""
    return _TAKEN.search(message) is not None


def is_wide(method: str, params: Sequence[Json]) -> bool:
    """Whether a call asks for the logs of several blocks, so that less may be asked for."""
    asked = params[0] if method == "eth_getLogs" and params else None
    return isinstance(asked, dict) and asked.get("fromBlock") != asked.get("toBlock")


def trouble_of(method: str, params: Sequence[Json], result: Json | RpcError) -> Trouble | None:
    """Why a refused call should be tried again; None if its answer is final."""
    if not isinstance(result, RpcError) or not repeatable(method):
        return None
    said, wide = result.message, is_wide(method, params)
    if result.data or "revert" in said or _GONE.search(said):
        return None
    if method == "eth_getLogs" and _TOO_MUCH.search(said) and not _RATE.search(said):
        return None  # whoever asks asks for less
    if result.code in _CROWDED or _RATE.search(said):
        return Trouble(said, FEW if wide and not _RATE.search(said) else None, crowded=True)
    if _BEHIND.search(said):
        return Trouble(said)
    if not in_code(result) and (result.code == _UNKNOWN or _PASSING.search(said)):
        return Trouble(said, FEW if wide or result.code == _UNKNOWN else None)
    return None


def decoded(text: str) -> bytes:
    """The bytes of a quantity or a string in hex."""
    return bytes.fromhex(text.removeprefix("0x"))


def makes_sense(method: str, params: Sequence[Json], result: Json) -> bool:
    """Whether a call can have this result; anything can be that of a method not listed here."""
    if method == "eth_getBlockByNumber" and result is None:
        return str(params[0]) != "latest"  # another block may not be there
    if method == "eth_getBlockByNumber" and params[0] == "pending":
        return (
            _has(result, ("timestamp",)) and int(result["timestamp"], 16) < _LATEST
        )  # no hash yet
    expected = _EXPECTED.get(method)
    return expected is None or expected(result)


def _quantity(result: object) -> bool:
    return isinstance(result, str) and _QUANTITY.fullmatch(result) is not None


def _bytes(result: object) -> bool:
    return _is_hex(result) and not len(result) % 2


def _is_hex(text: object) -> TypeGuard[str]:
    return isinstance(text, str) and _HEX.fullmatch(text) is not None


def _has(entry: Json, fields: Sequence[str]) -> bool:
    return isinstance(entry, dict) and all(_quantity(entry.get(name)) for name in fields)


def _block(result: Json) -> bool:
    return _has(result, _BLOCK) and all(map(_is_early, (result["number"], result["timestamp"])))


def _is_early(quantity: str) -> bool:
    return int(quantity, 16) < _LATEST


def _transaction(result: Json) -> bool:
    """None where there is none."""
    return result is None or (
        _has(result, _SENT)
        and isinstance(sender := result.get("from"), str)
        and _ADDRESS.fullmatch(sender) is not None
    )


def _receipt(result: Json) -> bool:
    return result is None or (
        _has(result, _RECEIPT)
        and _logs(logs := result.get("logs"))
        and all(_bytes(each) for log in logs for each in (log["data"], *log["topics"]))
    )


def _logs(result: Json) -> bool:
    return isinstance(result, list) and all(map(_log, result))


def _log(entry: Json) -> bool:
    """Types, and what is calculated with: there may be 100,000 of them."""
    return (
        isinstance(entry, dict)
        and set(map(type, map(entry.get, _LOG))) == {str}
        and _ADDRESS.fullmatch(entry["address"]) is not None
        and _quantity(entry["blockNumber"])
        and _quantity(entry["logIndex"])
        and all(entry.get(name) in (None, "") or _quantity(entry[name]) for name in _OPTIONAL)
        and isinstance(topics := entry.get("topics"), list)
        and set(map(type, topics)) <= {str}
    )


def _receipts(result: Json) -> bool:
    return result is None or (
        isinstance(result, list)
        and all(isinstance(each, dict) and _logs(each.get("logs")) for each in result)
    )


_EXPECTED: dict[str, Callable[[Json], bool]] = {
    "eth_blockNumber": _quantity,
    "eth_call": _bytes,
    "eth_chainId": _quantity,
    "eth_estimateGas": _quantity,
    "eth_getBalance": _quantity,
    "eth_getBlockByNumber": _block,
    "eth_getBlockReceipts": _receipts,
    "eth_getCode": _bytes,
    "eth_getLogs": _logs,
    "eth_getStorageAt": _quantity,
    "eth_getTransactionByHash": _transaction,
    "eth_getTransactionCount": _quantity,
    "eth_getTransactionReceipt": _receipt,
    "eth_maxPriorityFeePerGas": _quantity,
}
