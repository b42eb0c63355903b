"""A raw JSON-RPC client: one kept-alive connection, no account handling, no ABI.

A hundred times cheaper than a call through Ape, so property tests and replays use it. Byte strings
are `bytes`, addresses are `str`, amounts are wei and times Unix seconds.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Self

from mikoshi.chain import transport
from mikoshi.chain.answers import FEW, Trouble, decoded, is_wide, repeatable, result_of, trouble_of
from mikoshi.chain.answers import RevertedError as RevertedError
from mikoshi.chain.answers import RpcError as RpcError
from mikoshi.chain.settings import NetworkSettings
from mikoshi.chain.transport import Address, Line, Passing, line_to
from mikoshi.chain.transport import UnreachableError as UnreachableError
from mikoshi.text.json import Json, parsed
from mikoshi.text.language import _

_Named = tuple[str, list[Json]]
_BATCH = 100
"""Calls in one request."""

_LONG = re.compile("eth_getLogs|eth_get(Block|Transaction)Receipt|(debug|trace|anvil|evm|txpool)_")
"""Questions whose answers may be long."""

_MINUTE = 60.0
"""Seconds for which something is tried again, in all."""

_FIRST, _LONGEST = 0.25, 8.0
"""Seconds of the first pause, and of the longest."""

_QUIET = 3.0
"""Seconds after which a person is told that something is tried again."""


class Rpc:
    """A connection to one node. Not safe for use by several threads at once.

    What a node does not answer for a moment is asked again here and nowhere else; never anything
    that could then happen twice. `tell` is told in words what takes long. No block below `floor`
    is taken for the latest: of several nodes behind one name, some lag behind.
    """

    patient = True

    def __init__(
        self, url: str, timeout: float = 60, settings: NetworkSettings | None = None
    ) -> None:
        """`url` is http:// or https://; `timeout` is in seconds and for each answer.

        Raises BadInputError for a URL that cannot be used.
        """
        self._open(url, settings)
        login = Address.parse(url).login
        own = {"Authorization": login} if login else {}
        self._headers = {"Content-Type": "application/json", **own, **self.settings.headers}
        self._line = self._line_to(url, timeout)

    def _open(self, url: str, settings: NetworkSettings | None) -> None:
        self.url = url
        self.settings = settings or NetworkSettings()
        self.tell: Callable[[str], None] = lambda _: None
        self.floor = 0
        self._most = _BATCH
        self._longest: int | None = None
        self._answered = False

    def _line_to(self, url: str, timeout: float) -> Line:
        return line_to(url, timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the next call opens it again."""
        self._line.close()

    def call(self, method: str, *params: Json) -> Json:
        """The result of one call; parameters that are `bytes` are sent as hex, the rest as is.

        Raises RpcError and UnreachableError.
        """
        (result,) = self.batch([(method, params)])
        if isinstance(result, RpcError):
            raise result
        return result

    def batch(self, calls: Iterable[tuple[str, Sequence[Json]]]) -> list[Json | RpcError]:
        """The results of many calls, in order; a failed one is its RpcError.

        They go in one request, unless the node wants fewer at a time. Raises UnreachableError.
        """
        named = [(method, [encoded(param) for param in params]) for method, params in calls]
        if not self.patient:
            return self._ask(named) if named else []
        results: dict[int, Json | RpcError] = {}
        waiting, again = list(range(len(named))), _Again(self)
        while waiting:
            part = waiting[: self._most]
            asked = [named[place] for place in part]
            try:
                answers = self._ask(asked)
            except UnreachableError as error:
                trouble = self._trouble(asked, error)
                if trouble is None or not again.after(trouble, len(part)):
                    raise
                continue
            self._answered = True
            troubles = {
                place: trouble
                for place, call, answer in zip(part, asked, answers, strict=True)
                if (trouble := trouble_of(*call, answer) or self._lag(*call, answer))
            }
            if not troubles:
                again = _Again(self)
            elif not again.after(next(iter(troubles.values())), len(part)):
                troubles = {}
            results |= {
                place: answer
                for place, answer in zip(part, answers, strict=True)
                if place not in troubles
            }
            waiting = [*troubles, *waiting[len(part) :]]
        return [results[place] for place in range(len(named))]

    def ask_less(self, calls: int) -> None:
        """From now on half of so many calls go in one request."""
        self._most = max(1, calls // 2)

    def _trouble(self, asked: Sequence[_Named], error: UnreachableError) -> Trouble | None:
        """Why a request that was not answered is made again; None if it is not."""
        passes = error.passing is not Passing.NEVER
        if error.passing is Passing.ONCE_ANSWERED:
            passes = self._answered
        if not passes or not all(repeatable(method) for method, _params in asked):
            return None
        crowded = error.passing is Passing.CROWDED
        few = FEW if any(is_wide(*each) for each in asked) and not crowded else None
        return Trouble(error.reason, few, crowded, error.wait or 0)

    def _lag(self, method: str, params: Sequence[Json], answer: Json) -> Trouble | None:
        """Why an answer is older than what this node said before; None if it is not."""
        if not self.floor or isinstance(answer, RpcError):
            return None
        if method == "eth_blockNumber":
            lags = int(answer, 16) < self.floor
        elif method == "eth_getBlockByNumber" and params[0] == "latest":
            lags = int(answer["number"], 16) < self.floor
        else:
            return None
        return Trouble(_("the node is behind its own receipts")) if lags else None

    def _ask(self, named: Sequence[_Named]) -> list[Json | RpcError]:
        """The results of one request, in order."""
        requests = [
            {"jsonrpc": "2.0", "id": index, "method": method, "params": params}
            for index, (method, params) in enumerate(named)
        ]
        answer = self._post(requests if len(requests) > 1 else requests[0])
        items = answer if isinstance(answer, list) else [answer]
        answers: dict[str, Json] = {}
        for item in items:
            if isinstance(item, dict):  # what is answered twice, and differently, is not answered
                name = str(item.get("id"))
                answers[name] = item if answers.get(name, item) == item else None
        refusal = answers.get("None")  # of the request as a whole
        if len(named) > 1 and refusal is not None and refusal.get("error") is None:
            refusal = None
        return [
            result_of(name, params, answers.get(str(i), refusal))
            for i, (name, params) in enumerate(named)
        ]

    def _post(self, body: Json) -> Json:
        calls = body if isinstance(body, list) else [body]
        long = any(_LONG.match(each["method"]) for each in calls)
        most = min(self._longest or transport.MOST, transport.MOST if long else transport.SHORT)
        answer = self._line.post(json.dumps(body).encode(), self._headers, most)
        if len(answer.content) > most:
            self._line.close()
            told = _("an answer of more than {most:,} bytes", most=most)
            raise UnreachableError(self.url, told)
        try:
            said = parsed(answer.content)
            refusal = answer.refusal(True)
        except ValueError:
            self._line.close()  # the rest of an answer cut short may still come
            said, refusal = None, answer.refusal(False)
        if refusal is not None:
            raise UnreachableError(self.url, answer.words, refusal, answer.wait)
        return said

    @contextmanager
    def at_most(self, most: int | None) -> Iterator[None]:
        """Take no longer answer than so many bytes while inside; None: as long as any may be."""
        self._longest = most
        try:
            yield
        finally:
            self._longest = None

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


class _Again:
    """How long something has been tried again."""

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc
        self.count = 0
        self._began = 0.0
        self._told = False

    def after(self, trouble: Trouble, calls: int) -> bool:
        """Pause before the next attempt at so many calls; False if there is to be none."""
        now = time.monotonic()
        self._began = self._began if self.count else now
        self.count += 1
        pause = min(_FIRST * 2 ** (self.count - 1), _LONGEST) * random.uniform(0.5, 1)
        pause = max(pause, trouble.wait)
        if self.count == trouble.tries or now + pause - self._began > _MINUTE:
            return False
        if now + pause - self._began > _QUIET and not self._told:
            self._rpc.tell(_("the node is asked again: {reason}", reason=trouble.reason))
            self._told = True
        if trouble.crowded and self.count > 1:
            self._rpc.ask_less(calls)
        time.sleep(pause)
        return True


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
