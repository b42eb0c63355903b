"""The one reader of events: in ranges that the node is willing to answer, and all of one chain.

A log is known by its block's hash, its transaction and its place there. What a node says of logs
must fit together; what does not is asked for again, and is the node's fault if it stays so.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Protocol, TypeVar

from eth_abi.exceptions import DecodingError
from eth_utils.address import to_checksum_address

from mikoshi.chain.abi import Event, Interface
from mikoshi.chain.contract import batched
from mikoshi.chain.rpc import Rpc, RpcError, UnreachableError
from mikoshi.text.errors import ChainError
from mikoshi.text.json import Json
from mikoshi.text.language import N_, _

Found = TypeVar("Found")

_MOST = 100_000  # blocks
_PATIENCE = 64  # ranges

_ENOUGH = 10_000  # events of a range
_BYTES = 24 * 2**20
"""Of one answer with events: about twice as many, which is what may be in memory at a time."""

_ATTEMPTS = 10
_PAUSE = 0.1  # seconds, longer each time

_TOO_MANY = re.compile(r"results|too many|too large|\blogs\b|response size", re.IGNORECASE)
"""What nodes say when the answer would be too long, and not the range."""

_EXACT_RANGE = re.compile(r"\[\s*0x([0-9a-f]+)\s*,\s*0x([0-9a-f]+)\s*\]", re.I)
_LIMIT = re.compile(r"(\d[\d,]*)(k?)[ -](?:block|range)|range\D{1,12}(\d[\d,]*)(k?)", re.I)


class Stride:
    """As many blocks as a node answers for: fewer once it refuses, more again after a while.

    A node that names a range or a limit is taken at its word. When it refuses more again and
    again, it is asked for more less and less often. Where much happened, fewer are asked for.
    """

    def __init__(self) -> None:
        self.size = _MOST
        self._patience = 1
        self._taken = 0
        self._grown = False

    def taken(self, asked: int = 0, events: int = 0) -> None:
        """The node answered for so many blocks, with so many events."""
        if self._grown:
            self._patience, self._grown = 1, False
        self._taken += 1
        if self._taken >= self._patience and self.size < _MOST:
            self.size, self._grown, self._taken = min(2 * self.size, _MOST), True, 0
        if events:
            self.size = max(1, min(self.size, asked * _ENOUGH // events))

    def refused(self, first: int, last: int, message: str) -> None:
        """The node refused the blocks `first` … `last` and said why."""
        if self._grown:
            self._patience, self._grown = min(2 * self._patience, _PATIENCE), False
        asked = last - first + 1
        self.size, self._taken = suggested(first, asked, message) or max(1, asked // 2), 0


def suggested(first: int, asked: int, message: str) -> int | None:
    """How many blocks from `first`, fewer than `asked`, a refusal says it would answer for."""
    exact = _EXACT_RANGE.search(message)
    if exact and int(exact[1], 16) == first:
        sizes = [int(exact[2], 16) - first + 1]
    else:
        found = (match.groups() for match in _LIMIT.finditer(message))
        sizes = [_number(a or c, b or d) for a, b, c, d in found]
    return max((size for size in sizes if 0 < size < asked), default=None)


def _number(digits: str, thousands: str | None) -> int:
    return int(digits.replace(",", "")) * (1_000 if thousands else 1)


def ranges(
    rpc: Rpc,
    first: int,
    last: int,
    ask: Callable[[int, int], Found],
    weigh: Callable[[Found], int] = len,  # type: ignore[assignment]  # of a list
) -> Iterator[tuple[int, Found]]:
    """What `ask` finds in blocks `first` … `last`, in order, with the last block of each range.

    A range that the node refuses, or does not answer although it answers other questions, is
    shortened, and so is one with more events than memory shall hold (`weigh` counts them). Raises
    RpcError when the node refuses even a single block, and UnreachableError.
    """
    stride = Stride()
    while first <= last:
        end = min(first + stride.size - 1, last)
        try:
            with rpc.at_most(_BYTES if end > first else None):
                found = ask(first, end)
        except (RpcError, UnreachableError) as error:
            if end == first:
                raise
            if isinstance(error, RpcError):
                stride.refused(first, end, error.message)
            else:
                rpc.block_number()  # raises where the node answers nothing at all
                stride.refused(first, end, error.reason)
            continue
        stride.taken(end - first + 1, weigh(found))
        yield end, found
        del found
        first = end + 1


class Block(NamedTuple):
    """A block; `time` in Unix seconds."""

    number: int
    hash: str
    time: int


class ReorganisedError(Exception):
    """Thrown when the chain changed while it was read, or seems to have."""


class ContradictionError(ReorganisedError):
    """Thrown when what a node says does not fit together, as the words tell."""


def steadily(read: Callable[[], Found]) -> Found:
    """What `read` finds on a chain that holds still meanwhile.

    Raises ChainError where it does not, or where the node goes on contradicting itself.
    """
    for attempt in range(_ATTEMPTS):
        time.sleep(attempt * _PAUSE)  # of several nodes behind one name, some lag behind
        try:
            return read()
        except ReorganisedError as error:
            last = error
    if isinstance(last, ContradictionError):
        raise contradicting(str(last))
    raise ChainError(
        "chain.restless",
        N_("The chain does not hold still"),
        N_("its latest blocks were replaced {attempts} times while they were read"),
        N_("Wait a minute and run the command again, or name another node with --network"),
        attempts=_ATTEMPTS,
    )


def contradicting(reason: str) -> ChainError:
    """That a node contradicts itself, for a reason in words."""
    return ChainError(
        "node.contradicts-itself",
        N_("The node contradicts itself, so nothing of it was kept"),
        "{reason}",
        N_("Name another node with --network, and run the command again"),
        reason=reason,
    )


def blocks_of(rpc: Rpc, numbers: Iterable[int]) -> list[Block | None]:
    """The blocks of these numbers; None for one that the chain does not have."""
    calls = [("eth_getBlockByNumber", (hex(number), False)) for number in numbers]
    found: list[Block | None] = []
    for answer in batched(rpc, calls):
        if isinstance(answer, RpcError):
            raise answer
        found.append(block_of(answer))
    return found


def block_of(answer: Json) -> Block | None:
    """A block as a node tells it."""
    if answer is None:
        return None
    return Block(int(answer["number"], 16), answer["hash"], int(answer["timestamp"], 16))


def asked_logs(rpc: Rpc, filters: Sequence[dict[str, Json]], first: int, last: int) -> list[Json]:
    """What a node answers to these questions about blocks `first` … `last`, in any order."""
    span = {"fromBlock": hex(first), "toBlock": hex(last)}
    calls = [("eth_getLogs", (each | span,)) for each in filters]
    found: list[Json] = []
    for each, (method, params), answer in zip(filters, calls, rpc.batch(calls), strict=True):
        if not isinstance(answer, RpcError):
            found += _as_asked(each, answer)
            continue
        try:  # some nodes take one question at a time
            found += _as_asked(each, rpc.call(method, *params))
        except RpcError as error:
            if first != last or not _TOO_MANY.search(error.message):
                raise
            # Anybody can put more Transfers into one block than a node lists at once.
            found += [log for log in _whole(rpc, first) if _answers([each], log)]
    if not all(first <= int(log["blockNumber"], 16) <= last for log in found):
        raise ContradictionError(_("it tells events of other blocks than it was asked for"))
    return found


def _as_asked(question: Mapping[str, Json], logs: list[Json]) -> list[Json]:
    """The logs, if they answer the question. Raises ContradictionError."""
    if isinstance(at := question.get("address"), list) and "topics" not in question:
        addresses = {each.lower() for each in at}  # of a large DAO there are many
        fits = all(log["address"].lower() in addresses for log in logs)
    else:
        fits = all(_answers_to(question, log) for log in logs)
    if not fits:
        raise ContradictionError(_("it tells other events than it was asked for"))
    return logs


def in_place(
    rpc: Rpc, filters: Sequence[dict[str, Json]], logs: Iterable[Json], known: Iterable[Block] = ()
) -> tuple[list[Json], dict[int, Block]]:
    """What was found with `filters`, each log once and in its place, and the blocks of all.

    `known` are blocks that the node told itself. Raises ReorganisedError where the logs are of
    another chain than those, and ContradictionError.
    """
    by_block: dict[int, list[Json]] = {}
    for log in logs:
        by_block.setdefault(int(log["blockNumber"], 16), []).append(log)
    placed: list[Json] = []
    blocks = {each.number: each for each in known}
    stated: dict[int, Block] = {}
    for number in sorted(by_block):
        of_one = _of_block(rpc, filters, number, by_block[number])
        placed += of_one
        hashes = {log["blockHash"] for log in of_one}
        if len(hashes) > 1 or any(log.get("removed") for log in of_one):
            raise ReorganisedError
        times = {log.get("blockTimestamp") for log in of_one}
        told = times.pop() if len(times) == 1 else None
        stated[number] = Block(number, hashes.pop(), int(told, 16) if told else 0)
    unstated = {number for number, block in stated.items() if not block.time}
    for asked in (sorted(unstated - blocks.keys()), sorted(stated.keys() - blocks.keys())):
        for number, found in zip(asked, blocks_of(rpc, asked), strict=True):
            if found is None:
                raise ReorganisedError
            blocks[number] = found
        if _rise({**stated, **blocks}):
            break  # otherwise one that was stated is wrong, but which?
    else:
        raise ContradictionError(_("the times of its blocks do not follow each other"))
    if any(blocks.get(number, block).hash != block.hash for number, block in stated.items()):
        raise ReorganisedError
    return placed, {**stated, **blocks}


def _rise(blocks: Mapping[int, Block]) -> bool:
    """Whether blocks have times, none before that of an earlier one."""
    times = [blocks[number].time for number in sorted(blocks)]
    return all(times) and all(one <= next_ for one, next_ in pairwise(times))


def _of_block(
    rpc: Rpc, filters: Sequence[dict[str, Json]], number: int, logs: list[Json]
) -> list[Json]:
    """The logs of one block, each once and in order.

    Where they do not fit together, as on a node that counts anew in each transaction, all of the
    block are asked for and counted.
    """
    ordered = sorted(logs, key=_place) if len(logs) > 1 else logs
    once = [
        log for log, after in pairwise([*ordered, None]) if after is None or not _same(log, after)
    ]
    fits = all(
        _place(one) < _place(after) and _turn(one) <= _turn(after) for one, after in pairwise(once)
    )
    if fits:
        return once
    whole = [log for log in _whole(rpc, number) if _answers(filters, log)]
    if not all(any(_alike(log, each) for each in whole) for log in once):
        raise ContradictionError(
            _("it tells different events at one place of block {number:,}", number=number)
        )
    return whole


def _whole(rpc: Rpc, number: int) -> list[Json]:
    """Every log of a block, counted by us; from its receipts where the node has them."""
    try:
        receipts = rpc.call("eth_getBlockReceipts", hex(number))
    except RpcError:
        logs = rpc.call("eth_getLogs", {"fromBlock": hex(number), "toBlock": hex(number)})
        logs.sort(key=lambda log: (_turn(log), _place(log)))
    else:
        if receipts is None:
            raise ReorganisedError
        receipts.sort(key=_turn)
        logs = [log for receipt in receipts for log in receipt["logs"]]
    return [log | {"logIndex": hex(place)} for place, log in enumerate(logs)]


def _place(log: Json) -> int:
    return int(log["logIndex"], 16)


def _turn(log: Json) -> int:
    return int(log.get("transactionIndex") or "0x0", 16)


def _alike(one: Json, other: Json) -> bool:
    names = ("blockHash", "transactionHash", "address", "topics", "data")
    return all(one[name] == other[name] for name in names)


def _same(one: Json, other: Json) -> bool:
    return _place(one) == _place(other) and _alike(one, other)


def _answers(filters: Sequence[Mapping[str, Json]], log: Json) -> bool:
    """Whether a log is one that a filter asks for."""
    return any(_answers_to(each, log) for each in filters)


def _answers_to(question: Mapping[str, Json], log: Json) -> bool:
    at = question.get("address", log["address"])
    addresses = {each.lower() for each in ([at] if isinstance(at, str) else at)}
    topics = question.get("topics", [])
    return (
        log["address"].lower() in addresses
        and len(log["topics"]) >= len(topics)
        and all(
            _met(wanted, found.lower())
            for wanted, found in zip(topics, log["topics"], strict=False)
        )
    )


def _met(wanted: Json, found: str) -> bool:
    """Whether a topic is what a filter wants: nothing, one value, or one of several."""
    if wanted is None:
        return True
    return found in [each.lower() for each in ([wanted] if isinstance(wanted, str) else wanted)]


@dataclass(frozen=True, slots=True)
class Log:
    """An event with its place: block, its time (Unix seconds), index in it, and the transaction."""

    event: Event
    block: int
    index: int
    time: int
    transaction: str


class Logs(list[Log]):
    """Events in their order, in memory."""

    def named(self, *names: str) -> list[Log]:
        """Those of these names."""
        return [log for log in self if log.event.name in names]

    def of(self, log: Log) -> list[Log]:
        """Those of the transaction of `log`."""
        return [each for each in self if each.transaction == log.transaction]


class FewLogs(Logs):
    """Those of the first transaction, and what governs: all but what people do every day."""

    def __init__(self, names: Collection[str]) -> None:
        """Keep events of these names."""
        super().__init__()
        self._names, self._first = names, ""

    def append(self, log: Log) -> None:
        """Keep an event, or not."""
        self._first = self._first or log.transaction
        if log.event.name in self._names or log.transaction == self._first:
            super().append(log)


class Heard(Protocol):  # noqa: PLW1641 (a list has no hash)
    """The events that a DAO was rebuilt from, in their order, wherever they are."""

    def __iter__(self) -> Iterator[Log]: ...

    def __len__(self) -> int: ...

    def __eq__(self, other: object, /) -> bool: ...

    def append(self, log: Log, /) -> None:
        """One more."""

    def named(self, *names: str) -> list[Log]:
        """Those of these names."""

    def of(self, log: Log, /) -> list[Log]:
        """Those of the transaction of `log`."""


def stream_logs(
    rpc: Rpc,
    interfaces: Mapping[str, Interface],
    start: int,
    end: int,
    topics: Sequence[Json] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[Log]:
    """The events of the contracts in `interfaces` (by address) in blocks `start` … `end`, in order.

    A range that the node refuses is tried again in parts; `progress` is told each block reached.
    An event that its contract's ABI does not know is named "" and has no arguments.
    Raises RpcError when the node refuses even a single block, UnreachableError and ChainError.
    """
    by_address = {str(to_checksum_address(address)): known for address, known in interfaces.items()}
    filters: list[dict[str, Json]] = [{"address": sorted(by_address), "topics": list(topics)}]
    before: list[Block] = []

    def ask(first: int, last: int) -> tuple[list[Json], dict[int, Block]]:
        return steadily(
            lambda: in_place(rpc, filters, asked_logs(rpc, filters, first, last), before)
        )

    for last, (placed, blocks) in ranges(rpc, start, end, ask, of_range):
        for each in placed:
            block = int(each["blockNumber"], 16)
            event = _decoded(by_address, each)
            yield Log(event, block, _place(each), blocks[block].time, each["transactionHash"])
        before[:] = sorted(blocks.values())[-1:]
        progress(last)


def of_range(found: tuple[Sequence[Json], object]) -> int:
    """How many events a range has, of its first part."""
    return len(found[0])


def _decoded(by_address: Mapping[str, Interface], log: Json) -> Event:
    address = to_checksum_address(log["address"])
    try:
        return by_address[address].decode_log(log) or Event("", {}, address)
    except (KeyError, ValueError, OverflowError, DecodingError):  # the node's fault, and told so
        return Event("", {}, address)
