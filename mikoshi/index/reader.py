"""Events of a DAO read from a node, so that all of them are of one and the same chain."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from mikoshi.chain.contract import batched
from mikoshi.chain.rpc import Rpc, RpcError
from mikoshi.index.format import Block, StoredEvent
from mikoshi.index.store import RING
from mikoshi.index.watch import Watch, canonical
from mikoshi.replay.logs import ranges
from mikoshi.text.json import Json

_TOO_MANY = re.compile(r"results|too many|too large|\blogs\b|response size", re.IGNORECASE)
"""What nodes say when the answer would be too long, and not the range."""


class ReorganisedError(Exception):
    """Thrown when the chain changed while it was read."""


@dataclass(frozen=True, slots=True)
class ReadRange:
    """What was found in a range of blocks; the highest of `blocks` is the range's last."""

    blocks: list[Block]
    rows: list[StoredEvent]


class Reader:
    """Reads what a Watch asks for. Raises RpcError, UnreachableError and ReorganisedError."""

    def __init__(self, rpc: Rpc, watch: Watch, start: int) -> None:
        """`start` is the DAO's first block."""
        self._rpc = rpc
        self._watch = watch
        self._start = start

    def head(self) -> Block:
        """The latest block."""
        block = _block(self._rpc.call("eth_getBlockByNumber", "latest", False))
        if block is None:
            raise RpcError("eth_getBlockByNumber", -32001, "there is no latest block")
        return block

    def blocks(self, numbers: Iterable[int]) -> list[Block | None]:
        """The blocks of these numbers; None for one that the chain does not have."""
        calls = [("eth_getBlockByNumber", (hex(number), False)) for number in numbers]
        found = []
        for answer in batched(self._rpc, calls):
            if isinstance(answer, RpcError):
                raise answer
            found.append(_block(answer))
        return found

    def pieces(
        self, tip: Block | None, head: Block, known: Collection[int], named: Collection[str]
    ) -> Iterator[ReadRange]:
        """Everything after `tip` up to `head`, in order.

        `known` are the numbers of the blocks up to the tip whose hashes are kept, and `named` as
        in `Watch.filters`. The last block of a range is looked up first, and once more when all
        else has been read, together with the range's predecessor: while that block stays where it
        is, all that lies below it does.
        """
        people, known = set(named), set(known)

        def ask(first: int, last: int) -> tuple[Block, list[Json]]:
            end = head if last == head.number else self._present([last])[last]
            return end, self._logs(self._watch.filters(people), first, last)

        first = tip.number + 1 if tip else self._start
        ring = range(max(self._start, head.number - RING + 1), head.number)
        if tip == head and not known.issuperset(ring):
            first = head.number  # an interrupted update left it so
        for last, (end, found) in ranges(self._rpc, first, head.number, ask, _events):
            new = self._watch.named(found) - people
            people |= new
            logs = _in_order([*found, *self._history(new, last)])
            blocks = self._blocks_of(logs, end)
            known |= blocks.keys()
            if last == head.number:
                blocks |= self._present([number for number in ring if number not in known])
            below = [tip] if tip else []
            if self.blocks([each.number for each in [*below, end]]) != [*below, end]:
                raise ReorganisedError
            yield ReadRange(sorted(blocks.values()), [self._row(log) for log in logs])
            tip = end

    def _history(self, addresses: Collection[str], last: int) -> Iterator[Json]:
        """Everything that these contracts announced so far."""
        if not addresses:
            return
        ask = partial(self._logs, [self._watch.filter(addresses)])
        for _, logs in ranges(self._rpc, self._start, last, ask):
            yield from logs

    def _logs(self, filters: Sequence[dict[str, Json]], first: int, last: int) -> list[Json]:
        span = {"fromBlock": hex(first), "toBlock": hex(last)}
        calls = [("eth_getLogs", (each | span,)) for each in filters]
        found: list[Json] = []
        for each, (method, params), answer in zip(
            filters, calls, self._rpc.batch(calls), strict=True
        ):
            if not isinstance(answer, RpcError):
                found += answer
                continue
            try:  # some nodes take one question at a time
                found += self._rpc.call(method, *params)
            except RpcError as error:
                if first != last or not _TOO_MANY.search(error.message):
                    raise
                found += [log for log in self._of_block(first) if _answers(each, log)]
        return found

    def _of_block(self, number: int) -> list[Json]:
        """Every log of a block, from its receipts.

        Anybody can put more Transfers to the Treasury into one block than a node lists at once.
        """
        receipts = self._rpc.call("eth_getBlockReceipts", hex(number)) or []
        return [log for receipt in receipts for log in receipt["logs"]]

    def _blocks_of(self, logs: Sequence[Json], end: Block) -> dict[int, Block]:
        """The blocks of these logs and `end`; asked for only where a log states no time."""
        stated = {_number(log): log for log in logs}
        blocks = {
            number: Block(number, log["blockHash"], int(log["blockTimestamp"], 16))
            for number, log in stated.items()
            if log.get("blockTimestamp")
        }
        blocks[end.number] = end
        blocks |= self._present([number for number in stated if number not in blocks])
        if any(blocks[_number(log)].hash != log["blockHash"] for log in logs):
            raise ReorganisedError
        return blocks

    def _present(self, numbers: Sequence[int]) -> dict[int, Block]:
        found = self.blocks(numbers)
        if None in found:
            raise ReorganisedError
        return {block.number: block for block in found if block is not None}

    def _row(self, log: Json) -> StoredEvent:
        event = self._watch.decode(log)
        return StoredEvent(
            _number(log),
            int(log["logIndex"], 16),
            log["transactionHash"],
            event.address,
            " ".join(log["topics"]).lower(),
            log["data"].lower(),
            event.name,
            canonical(event.args),
        )


def _events(found: tuple[Block, list[Json]]) -> int:
    return len(found[1])


def _block(answer: Json) -> Block | None:
    if answer is None:
        return None
    return Block(int(answer["number"], 16), answer["hash"], int(answer["timestamp"], 16))


def _answers(question: Mapping[str, Json], log: Json) -> bool:
    """Whether a log is one that a filter of `Watch` asks for."""
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


def _in_order(logs: Iterable[Json]) -> list[Json]:
    """Each log once, though several questions may have found it."""
    placed = {(_number(log), int(log["logIndex"], 16)): log for log in logs}
    return [placed[place] for place in sorted(placed)]


def _number(log: Json) -> int:
    return int(log["blockNumber"], 16)
