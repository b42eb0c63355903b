"""A whole DAO rebuilt from its events."""

from __future__ import annotations

import heapq
import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mikoshi.chain.abi import Interface, Item
from mikoshi.chain.rpc import Rpc
from mikoshi.core import artifacts
from mikoshi.core.artifacts import Artifact
from mikoshi.core.dao import Dao
from mikoshi.core.manifest import Manifest
from mikoshi.replay.governor import Proposal, RebuiltGovernor
from mikoshi.replay.logs import Heard, Log, Logs, stream_logs
from mikoshi.replay.membership import RebuiltMembership
from mikoshi.replay.succession import RebuiltSuccession
from mikoshi.replay.treasury import RebuiltToken, RebuiltTreasury
from mikoshi.replay.voice import Voice
from mikoshi.text.errors import Words
from mikoshi.text.json import packing_of, packing_of_fields
from mikoshi.text.language import _, listed


@dataclass
class RebuiltDao:
    """A DAO as its events tell it, up to and including block `block`.

    `config_hash` and `created` (block) come from the factory's event; `unknown` counts events that
    no contract of the core announces.
    """

    dao: Dao
    membership: RebuiltMembership
    token: RebuiltToken
    treasury: RebuiltTreasury
    governors: dict[str, RebuiltGovernor]
    block: int
    config_hash: bytes = b""
    created: int | None = None
    events: int = 0
    unknown: int = 0
    succession: RebuiltSuccession = field(default_factory=RebuiltSuccession)
    logs: Heard = field(default_factory=Logs)
    _impossible: list[Words] = field(default_factory=list)

    @classmethod
    def empty(cls, dao: Dao, voice: Voice, block: int) -> RebuiltDao:
        """A DAO of which nothing has been heard yet."""
        membership = RebuiltMembership(voice)
        governors = {each: RebuiltGovernor(membership, each) for each in dao.governors}
        return cls(dao, membership, RebuiltToken(), RebuiltTreasury(), governors, block)

    @property
    def governor(self) -> RebuiltGovernor:
        """The governor in office by then, or the last one of the DAO whose code is known."""
        return (
            self.governors.get(self.treasury.governor) or self.governors[self.dao.governor_address]
        )

    @property
    def proposals(self) -> list[Proposal]:
        """Every proposal, in the order in which they were made: only who is in office takes any."""
        return [each for one in self.governors.values() for each in one.proposals.values()]

    @property
    def by_id(self) -> dict[int, Proposal]:
        """The proposals by their ids; the last one where a later governor took it once more."""
        return {each.id: each for each in self.proposals}

    @property
    def creation(self) -> str:
        """The hash of the transaction that created the DAO; empty if none was heard of."""
        return self._created.transaction if self._created else ""

    @property
    def _created(self) -> Log | None:
        return next(iter(self.logs.named("DAOCreated")), None)

    def founders(self) -> list[str]:
        """The wallets admitted by the creation, in the order of their ids."""
        return [args["wallet"] for args in self._founding("MemberAdmitted")]

    def grants(self) -> list[tuple[str, int]]:
        """The tokens minted by the creation, in wei of token."""
        minted = self._founding("Transfer", self.dao.token_address)
        return [(args["to"], args["amount"]) for args in minted]

    def _founding(self, name: str, address: str | None = None) -> list[dict[str, Any]]:
        return [
            log.event.args
            for log in (self.logs.of(self._created) if self._created else ())
            if log.event.name == name and address in (None, log.event.address)
        ]

    def cause(self, log: Log) -> str:
        """How something came about, in words: by the creation, by a vote, or by neither."""
        if log.transaction == self.creation:
            return _("by the creation")
        executed = listed(str(number) for number in self.executed(log))
        if executed:
            return _(
                "by a vote, in block {block:,}: proposal {executed}",
                block=log.block,
                executed=executed,
            )
        return _("by no vote, in block {block:,}", block=log.block)

    def executed(self, log: Log) -> list[int]:
        """The proposals executed in the transaction of an event."""
        events = [each.event for each in self.logs.of(log)]
        return [
            each.args["proposalId"]
            for each in events
            if each.name == "ProposalExecuted" and each.address in self.governors
        ]

    # Kept

    def state(self) -> bytes:
        """Everything but the events, as compressed JSON; `restored` makes the DAO of it again."""
        kept = [_PACKING.pack(self)]
        kept += [packing.pack(getattr(self, part)) for part, packing in _PARTS.items()]
        kept.append([each.packed() for each in self.governors.values()])
        return zlib.compress(json.dumps(kept, separators=(",", ":")).encode(), 1)

    @classmethod
    def restored(cls, dao: Dao, voice: Voice, state: bytes, logs: Heard) -> RebuiltDao:
        """The DAO of a `state` after `logs`. Raises ValueError for a state of any other DAO."""
        try:
            own, *parts, governing = json.loads(zlib.decompressobj().decompress(state, _LARGEST))
            membership, token, treasury, succession = (
                packing.unpack(part) for packing, part in zip(_PARTS.values(), parts, strict=True)
            )
            block, config_hash, created, events, unknown, impossible = _PACKING.unpack(own)
            found = [RebuiltGovernor.unpacked(each, membership) for each in governing]
            governors = {each.address: each for each in found}
        except (TypeError, KeyError, AttributeError, zlib.error, RecursionError) as error:
            raise ValueError(str(error)) from error
        if membership.voice != voice:
            raise ValueError(f"{membership.voice} is another voice")
        if tuple(governors) != dao.governors:
            raise ValueError(f"{list(governors)} are other governors")
        made = cls(dao, membership, token, treasury, governors, block, config_hash, created)
        made.events, made.unknown, made.logs, made._impossible = events, unknown, logs, impossible
        made.succession = succession
        return made

    @property
    def oddities(self) -> list[Words]:
        """What no honest contract would have announced."""
        own = (each for governor in self.governors.values() for each in governor.oddities)
        return [*self._impossible, *own]

    def take(self, logs: Iterable[Log]) -> None:
        """Take events in their order."""
        for log in logs:
            self.events += 1
            self.logs.append(log)
            try:
                self._apply(log)
            except (KeyError, ValueError):  # names somebody or something that never was
                self._impossible.append(
                    Words(
                        "{event} in block {block} makes no sense",
                        event=log.event.name,
                        block=log.block,
                    )
                )

    def _apply(self, log: Log) -> None:
        event = log.event
        if not event.name:
            self.unknown += 1
        elif event.address == self.dao.membership_address:
            self.membership.apply(event, log.time)
        elif event.address in self.governors:
            self.governors[event.address].apply(event, log.time)
        elif event.address == self.dao.token_address:
            self.token.apply(event, self.membership.voice.epoch(log.time))
        elif event.address == self.dao.succession_address:
            self.succession.apply(event, log.time, self.membership)
        elif event.address == self.dao.treasury_address:
            self.treasury.apply(event, log.time)
            if event.name == "GovernorChanged" and event.args["from"] in self.governors:
                self.governors[event.args["from"]].retired_at = log.time
        elif event.args.get("treasury") == self.dao.treasury_address:
            self.config_hash, self.created = event.args["configHash"], log.block
            self.token.founded = True


def _row(*values: Any) -> tuple[Any, ...]:
    return values


_LARGEST = 2**28
"""Bytes of a state; that of 50,000 members has a tenth."""

_PARTS = {
    "membership": packing_of(RebuiltMembership),
    "token": packing_of(RebuiltToken),
    "treasury": packing_of(RebuiltTreasury),
    "succession": packing_of(RebuiltSuccession),
}
_PACKING = packing_of_fields(RebuiltDao, _row, without=("dao", "logs", "governors", *_PARTS))


def creation_topics(treasury: str, contracts: Mapping[str, Artifact] | None = None) -> list[str]:
    """The topics of the factory's event about one DAO."""
    abi = (contracts or artifacts.project())["DAOFactory"].abi
    entry = next(each for each in abi if each["type"] == "event" and each["name"] == "DAOCreated")
    topic = Item(entry["name"], entry["inputs"], []).topic
    return [f"0x{topic.hex()}", f"0x{treasury[2:].lower():0>64}"]


def governors_in(logs: Iterable[Log], treasury: str) -> list[str]:
    """Whoever these events put into office, in order."""
    return [
        log.event.args["to"]
        for log in logs
        if (log.event.name, log.event.address) == ("GovernorChanged", treasury)
    ]


def replay(
    rpc: Rpc,
    dao: Dao,
    factory: str,
    voice: Voice,
    start: int = 0,
    end: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
    record: Manifest | None = None,
    kept: Callable[[], Logs] = Logs,
) -> RebuiltDao:
    """Rebuild a DAO from the events of blocks `start` (its creation's) … `end` (the latest).

    `voice` is in no event: it is part of the Membership's code (see `mikoshi.check`). With its
    `record` the DAO is followed from governor to governor. Events are kept as `kept` does, which
    takes those of GovernorChanged at least. Raises RpcError, UnreachableError and ChainError.
    """
    last = rpc.block_number() if end is None else end
    contracts = dao.contracts or artifacts.project()
    rebuilt = RebuiltDao.empty(dao, voice, last)
    rebuilt.logs = kept()
    names = {
        dao.membership_address: "Membership",
        dao.token_address: "ContributionToken",
        dao.treasury_address: "Treasury",
    } | dict.fromkeys(dao.governors, "DAOGovernor")
    if dao.succession_address:
        names[dao.succession_address] = "Succession"
    own = {address: Interface(contracts[name].abi) for address, name in names.items()}
    creations = {factory: Interface(contracts["DAOFactory"].abi)}
    topics = creation_topics(dao.treasury_address, contracts)
    created = [*stream_logs(rpc, creations, start, last, topics)]
    found = stream_logs(rpc, own, start, last, progress=progress)
    rebuilt.take(heapq.merge(created, found, key=lambda log: (log.block, log.index)))
    if record is not None:
        changed = governors_in(rebuilt.logs.named("GovernorChanged"), dao.treasury_address)
        followed = record.following(rpc, changed).dao(rpc, dao.contracts)
        known = dao.governors, dao.succession_address
        if (followed.governors, followed.succession_address) != known:
            return replay(rpc, followed, factory, voice, start, last, kept=kept)
    return rebuilt
