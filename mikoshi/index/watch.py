"""Which events concern a DAO, what they mean, and how they are read, all of one chain."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from eth_abi.exceptions import DecodingError
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.chain.abi import Event, Interface
from mikoshi.chain.rpc import Rpc, RpcError
from mikoshi.core import artifacts
from mikoshi.core.artifacts import Artifact
from mikoshi.core.dao import CONTRACTS
from mikoshi.core.manifest import Manifest
from mikoshi.index.format import StoredEvent, damaged
from mikoshi.index.store import RING, Store
from mikoshi.replay.dao import creation_topics
from mikoshi.replay.logs import (
    Block,
    ContradictionError,
    Log,
    Logs,
    ReorganisedError,
    asked_logs,
    block_of,
    blocks_of,
    in_place,
    ranges,
)
from mikoshi.replay.membership import NOBODY
from mikoshi.text.json import Json, plain
from mikoshi.text.language import _

_TOPIC = 66  # characters
_TRANSFER = "0x" + keccak(text="Transfer(address,address,uint256)").hex()


class Watch:
    """What is read for one DAO: its contracts and modules, its creation, money in and out."""

    def __init__(self, manifest: Manifest, contracts: Mapping[str, Artifact] | None = None) -> None:
        contracts = contracts or artifacts.project()
        self.treasury = manifest.addresses["treasury"]
        self.factory = manifest.shared["DAOFactory"]
        self.parts = {manifest.addresses[part]: name for part, name in CONTRACTS.items()}
        self.modules = [to_checksum_address(module) for module in manifest.module_addresses]
        self._creation = creation_topics(self.treasury, contracts)
        self.succession = manifest.succession
        core = self.parts | {self.factory: "DAOFactory"}
        core |= {self.succession: "Succession"} if self.succession else {}
        self._own = {at.lower(): Interface(contracts[name].abi) for at, name in core.items()}
        self._any = Interface(*(contracts[name].abi for name in sorted(contracts)))
        self._readings: dict[tuple[str, str, int], Callable[[Json], Any]] = {}
        self.known = _fingerprint(contracts)

    @property
    def core(self) -> list[str]:
        """The contracts whose events rebuild the DAO: the four, the factory, the Succession."""
        own = [*self.parts, self.factory]
        return [*own, self.succession] if self.succession else own

    @property
    def contracts(self) -> dict[str, str]:
        """What each contract is that is known beforehand, by address."""
        named = {self.succession: "Succession"} if self.succession else {}
        modules = dict.fromkeys(self.modules, "module") | named
        return self.parts | {self.factory: "DAOFactory"} | modules

    def filters(self, named: Collection[str]) -> list[dict[str, Json]]:
        """What to ask for; `named` are addresses that the Treasury's events name."""
        treasury = f"0x{self.treasury[2:].lower():0>64}"
        return [
            self.filter([*self.parts, *self.modules, *named]),
            {"address": self.factory, "topics": self._creation},
            {"topics": [_TRANSFER, treasury]},
            {"topics": [_TRANSFER, None, treasury]},
        ]

    def filter(self, addresses: Iterable[str]) -> dict[str, Json]:
        """Everything that these contracts announce."""
        return {"address": sorted(addresses)}

    def named(self, logs: Iterable[Mapping[str, Json]]) -> set[str]:
        """Whom the Treasury's events give a role or make its governor, parts and modules aside."""
        fields = {"RoleGranted": "account", "GovernorChanged": "to"}
        own = (log for log in logs if log["address"].lower() == self.treasury.lower())
        events = (event for event in map(self.decode, own) if event.name in fields)
        found = {event.args[fields[event.name]] for event in events}
        return found - {*self.parts, *self.modules, NOBODY}

    def decode(self, log: Mapping[str, Json]) -> Event:
        """What a log says; "" without arguments where it is unknown or senseless."""
        try:
            event = self._own.get(log["address"].lower(), self._any).decode_log(log)
        except (ValueError, OverflowError, DecodingError):  # anybody may announce anything
            event = None
        return event or Event("", {}, to_checksum_address(log["address"]))

    def knows(self, log: Mapping[str, Json]) -> bool:
        """Whether a part of the DAO announces events with such topics."""
        interface, (first, *rest) = self._own.get(log["address"].lower()), log["topics"] or [""]
        return (
            interface is not None
            and interface.event(bytes.fromhex(first[2:]), len(rest)) is not None
        )

    def told(self, row: StoredEvent) -> Event:
        """What a stored event says: as `decode` of its log does, and ten times faster.

        Raises ValueError where its arguments are not those of such an event.
        """
        if not row.name:
            return Event("", {}, row.address)
        kind = row.address, row.topics[:_TOPIC], row.topics.count(" ")
        reading = self._readings.get(kind)
        if reading is None:
            interface = self._own.get(row.address.lower(), self._any)
            item = interface.event(bytes.fromhex(row.topics[2:_TOPIC]), kind[2])
            if item is None or item.name != row.name:
                raise ValueError(f"{row.name} is not what these topics say")
            reading = self._readings[kind] = _reading({"type": "tuple", "components": item.inputs})
        try:
            return Event(row.name, reading(json.loads(row.args)), row.address)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(str(error)) from error


class StoredLogs:
    """The events that a DAO was rebuilt from, up to a block, in the file; those since in memory."""

    def __init__(self, store: Store, watch: Watch, core: Sequence[str], upto: int) -> None:
        self._store, self._watch, self._core, self._upto = store, watch, core, upto
        self._since = Logs()

    def __iter__(self) -> Iterator[Log]:
        yield from self._stored()
        yield from self._since

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __eq__(self, other: object, /) -> bool:
        return isinstance(other, Iterable) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def append(self, log: Log) -> None:
        """One more; what the file has is there already."""
        if log.block > self._upto:
            self._since.append(log)

    def named(self, *names: str) -> list[Log]:
        """Those of these names."""
        return [*self._stored(names), *self._since.named(*names)]

    def of(self, log: Log) -> list[Log]:
        """Those of the transaction of `log`."""
        if log.block > self._upto:
            return self._since.of(log)
        return list(self._stored(block=log.block, transaction=log.transaction))

    def _stored(
        self, names: Collection[str] = (), block: int | None = None, transaction: str = ""
    ) -> Iterator[Log]:
        after, upto = (-1, self._upto) if block is None else (block - 1, block)
        with closing(self._store.again()) as store:
            rows = store.logs(self._core, names, upto, after, transaction)
            yield from told(rows, self._watch, store.path)


def told(rows: Iterable[tuple[StoredEvent, int]], watch: Watch, path: Path) -> Iterator[Log]:
    """The events of a file. Raises BadInputError for what is damaged."""
    for row, time in rows:
        try:
            event = watch.told(row)
        except ValueError as error:
            raise damaged(path) from error
        yield Log(event, row.block, row.log_index, time, row.transaction)


def _reading(item: Json) -> Callable[[Json], Any]:
    """How a value of a type is read from what `canonical` made of it."""
    kind = item["type"]
    if kind.endswith("]"):
        each = _reading({**item, "type": kind.rpartition("[")[0]})
        return lambda value: [each(inner) for inner in value]
    if kind == "tuple":
        parts = [(part["name"], _reading(part)) for part in item["components"]]
        return lambda value: {name: read(value[name]) for name, read in parts}
    if kind.startswith(("uint", "int")):
        return int
    if kind.startswith("bytes"):
        return lambda value: bytes.fromhex(value[2:])
    return lambda value: value


def _fingerprint(contracts: Mapping[str, Artifact]) -> str:
    """Which events are known: another text where a decoded event could read differently."""
    events = {
        name: [entry for entry in contracts[name].abi if entry["type"] == "event"]
        for name in contracts
    }
    return keccak(text=json.dumps(events, sort_keys=True)).hex()


def canonical(args: Mapping[str, Any]) -> str:
    """An event's arguments as JSON that is always the same: integers as text, bytes as hex."""
    return json.dumps(plain(args, -1), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


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
        block = block_of(self._rpc.call("eth_getBlockByNumber", "latest", False))
        if block is None:
            raise RpcError("eth_getBlockByNumber", -32001, "there is no latest block")
        return block

    def blocks(self, numbers: Iterable[int]) -> list[Block | None]:
        """The blocks of these numbers; None for one that the chain does not have."""
        return blocks_of(self._rpc, numbers)

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
            return end, asked_logs(self._rpc, self._watch.filters(people), first, last)

        first = tip.number + 1 if tip else self._start
        ring = range(max(self._start, head.number - RING + 1), head.number)
        if tip == head and not known.issuperset(ring):
            first = head.number  # an interrupted update left it so
        for last, (end, found) in ranges(self._rpc, first, head.number, ask, _events):
            new = self._watch.named(found) - people
            people |= new
            below = [tip] if tip else []
            all_found = [*found, *self._history(new, last)]
            filters = self._watch.filters(people)
            logs, blocks = in_place(self._rpc, filters, all_found, [*below, end])
            known |= blocks.keys()
            if last == head.number:
                blocks |= self._present([number for number in ring if number not in known])
            if self.blocks([each.number for each in [*below, end]]) != [*below, end]:
                raise ReorganisedError
            yield ReadRange(sorted(blocks.values()), [self._row(log) for log in logs])
            tip = end

    def _history(self, addresses: Collection[str], last: int) -> Iterator[Json]:
        """Everything that these contracts announced so far."""
        if not addresses:
            return
        ask = partial(asked_logs, self._rpc, [self._watch.filter(addresses)])
        for __, logs in ranges(self._rpc, self._start, last, ask):
            yield from logs

    def _present(self, numbers: Sequence[int]) -> dict[int, Block]:
        found = self.blocks(numbers)
        if None in found:
            raise ReorganisedError
        return {block.number: block for block in found if block is not None}

    def _row(self, log: Json) -> StoredEvent:
        event = self._watch.decode(log)
        if not event.name and self._watch.knows(log):
            told = _("it tells an event of block {number:,} that says nothing", number=_number(log))
            raise ContradictionError(told)
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


def _number(log: Json) -> int:
    return int(log["blockNumber"], 16)
