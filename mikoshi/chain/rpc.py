"""A raw JSON-RPC client: one kept-alive connection, no account handling, no ABI.

A hundred times cheaper than a call through Ape, so property tests and replays use it. Byte strings
are `bytes`, addresses are `str`, amounts are wei and times Unix seconds.
"""

from __future__ import annotations

import http.client
import json
import re
import select
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Self
from urllib.parse import urlsplit

from mikoshi.chain.answers import Response, decoded, result_of
from mikoshi.chain.answers import RevertedError as RevertedError
from mikoshi.chain.answers import RpcError as RpcError
from mikoshi.chain.settings import NetworkSettings
from mikoshi.text.errors import ChainError
from mikoshi.text.files import reason_of
from mikoshi.text.json import Json
from mikoshi.text.language import N_, _

MOST = 2**28
"""Bytes of one answer; more is not taken into memory."""


class UnreachableError(ChainError):
    """Thrown when the node cannot be reached or does not speak JSON-RPC.

    `reason` is in words, without the `url`, which may hold a key.
    """

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        self.reason = reason
        super().__init__(
            "node.unreachable",
            N_("No answer from the node at {host}"),
            "{reason}",
            N_(
                "Check the connection or name another node with --network, then run the "
                "command again: it continues"
            ),
            host=host_of(url),
            reason=reason,
        )


class Rpc:
    """A connection to one node. Not safe for use by several threads at once."""

    def __init__(
        self, url: str, timeout: float = 60, settings: NetworkSettings | None = None
    ) -> None:
        """`url` is http:// or https://; `timeout` is in seconds and for each answer.

        Raises UnreachableError.
        """
        self.url = url
        self.settings = settings or NetworkSettings()
        self._most: int | None = None
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UnreachableError(url, _("not an http:// or https:// address"))
        if re.search(r"[\x00-\x20\x7f]", url):  # http.client would say where, secrets and all
            told = _("its address has a space or a control character in it")
            raise UnreachableError(url, told)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=timeout)  # sets TCP_NODELAY
        self._connection.response_class = Response
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the next call opens it again."""
        self._connection.close()

    def call(self, method: str, *params: Json) -> Json:
        """The result of one call; parameters that are `bytes` are sent as hex, the rest as is.

        Raises RpcError and UnreachableError.
        """
        (result,) = self.batch([(method, params)])
        if isinstance(result, RpcError):
            raise result
        return result

    def batch(self, calls: Iterable[tuple[str, Sequence[Json]]]) -> list[Json | RpcError]:
        """The results of many calls in one request, in order; a failed one is its RpcError.

        Raises UnreachableError.
        """
        named = [(method, [encoded(param) for param in params]) for method, params in calls]
        requests = [
            {"jsonrpc": "2.0", "id": index, "method": method, "params": params}
            for index, (method, params) in enumerate(named)
        ]
        if not requests:
            return []
        answer = self._post(requests if len(requests) > 1 else requests[0])
        items = answer if isinstance(answer, list) else [answer]
        answers = {str(item.get("id")): item for item in items if isinstance(item, dict)}
        refusal = answers.get("None")  # of the request as a whole
        return [
            result_of(name, params, answers.get(str(i), refusal))
            for i, (name, params) in enumerate(named)
        ]

    def _post(self, body: Json) -> Json:
        headers = {"Content-Type": "application/json", **self.settings.headers}
        most = min(self._most or MOST, MOST)
        idle = self._connection.sock
        if idle is not None:
            idle.settimeout(self._connection.timeout)  # the last answer used some of it
            if select.select([idle], [], [], 0)[0]:
                self._connection.close()  # the node hung up meanwhile; sending opens it again
        try:
            self._connection.request("POST", self._path, json.dumps(body), headers)
            response = self._connection.getresponse()
            content = response.read(most + 1)
        except OSError as error:
            self._connection.close()
            raise UnreachableError(self.url, reason_of(error)) from error
        except http.client.HTTPException as error:
            self._connection.close()
            said = str(error) or type(error).__name__
            told = _("broken HTTP: {said}", said=said)
            raise UnreachableError(self.url, told) from error
        if len(content) > most:
            self._connection.close()
            told = _("an answer of more than {most:,} bytes", most=most)
            raise UnreachableError(self.url, told)
        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            self._connection.close()  # the rest of an answer cut short may still come
            told = _("HTTP {status}, no JSON", status=response.status)
            raise UnreachableError(self.url, told) from None

    @contextmanager
    def at_most(self, most: int | None) -> Iterator[None]:
        """Take no longer answer than so many bytes while inside; None: as long as any may be."""
        self._most = most
        try:
            yield
        finally:
            self._most = None

    # Reading

    def chain_id(self) -> int:
        """The chain's id."""
        return int(self.call("eth_chainId"), 16)

    def block_number(self) -> int:
        """The number of the latest block."""
        return int(self.call("eth_blockNumber"), 16)

    def timestamp(self) -> int:
        """The time of the latest block, in Unix seconds."""
        return int(self.call("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def next_timestamp(self) -> int:
        """The time of the block that the node would make now, in Unix seconds.

        Of the latest block where the node has no such block, or one that is older.
        """
        asked = [("eth_getBlockByNumber", (block, False)) for block in ("latest", "pending")]
        latest, pending = self.batch(asked)
        if isinstance(latest, RpcError):
            raise latest
        known = [latest] if isinstance(pending, RpcError) or pending is None else [latest, pending]
        return max(int(block["timestamp"], 16) for block in known)

    def balance(self, address: str) -> int:
        """The balance in wei."""
        return int(self.call("eth_getBalance", address, "latest"), 16)

    def nonce(self, address: str) -> int:
        """The number of transactions sent."""
        return int(self.call("eth_getTransactionCount", address, "latest"), 16)

    def code(self, address: str) -> bytes:
        """The deployed code; empty where there is none."""
        return decoded(self.call("eth_getCode", address, "latest"))

    def storage(self, address: str, slot: int) -> bytes:
        """The 32 bytes in a storage slot."""
        return decoded(self.call("eth_getStorageAt", address, hex(slot), "latest"))

    def read(self, to: str, data: bytes, sender: str | None = None, value: int = 0) -> bytes:
        """What a contract returns to a call with `data` and `value` wei on the latest block.

        Raises RpcError, with the revert data.
        """
        return decoded(self.call("eth_call", transaction(to, data, sender, value), "latest"))

    # Writing

    def send(
        self,
        to: str | None,
        data: bytes = b"",
        *,
        sender: str,
        value: int = 0,
        gas: int | None = None,
    ) -> dict[str, Json]:
        """Mine a transaction from an account that the node holds; its receipt.

        No `to` creates a contract; `value` is in wei. Raises RevertedError when it was mined and
        failed, RpcError when it was refused.
        """
        request = transaction(to, data, sender, value, gas)
        return self._mined(self.call("eth_sendTransactionSync", request))

    def send_raw(self, signed: bytes) -> dict[str, Json]:
        """Mine a signed transaction; its receipt. Raises RevertedError and RpcError."""
        return self._mined(self.call("eth_sendRawTransactionSync", signed))

    def _mined(self, receipt: dict[str, Json]) -> dict[str, Json]:
        if int(receipt["status"], 16) == 1:
            return receipt
        options = {"disableStack": True, "disableStorage": True}
        (trace,) = self.batch([("debug_traceTransaction", (receipt["transactionHash"], options))])
        data = None if isinstance(trace, RpcError) else decoded(trace["returnValue"])
        raise RevertedError(receipt, data)


def host_of(url: str) -> str:
    """The part of a node's URL that may be shown; what follows the host may be a secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def transaction(
    to: str | None,
    data: bytes = b"",
    sender: str | None = None,
    value: int = 0,
    gas: int | None = None,
) -> dict[str, Json]:
    """A transaction or call as JSON-RPC wants it, also for `batch`; `value` is in wei."""
    fields = {"to": to, "data": encoded(data), "from": sender}
    numbers = {"value": hex(value), "gas": None if gas is None else hex(gas)}
    return {name: field for name, field in (fields | numbers).items() if field is not None}


def encoded(value: Json) -> Json:
    """A parameter as it is sent."""
    return f"0x{value.hex()}" if isinstance(value, bytes) else value
