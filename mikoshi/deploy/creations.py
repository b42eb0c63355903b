"""DAOs that a chain's factory has made, as their creations tell."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace

from eth_abi.exceptions import DecodingError

from mikoshi.chain.rpc import Rpc, RpcError
from mikoshi.config.model import Config
from mikoshi.core.artifacts import Artifact
from mikoshi.core.dao import interface
from mikoshi.core.manifest import PARTS, Manifest
from mikoshi.deploy.target import aligned, record_of
from mikoshi.replay.dao import creation_topics
from mikoshi.replay.logs import Log, stream_logs

CREATE = "create"

_SAME = ("name", "charterHash", "members")
_NEAR = 50_000  # blocks behind the latest in which a creation of the last days is looked for first


def creation_of(
    rpc: Rpc, factory: str, treasury: str, contracts: Mapping[str, Artifact] | None = None
) -> Log | None:
    """The event with which the factory made the DAO of a treasury, whoever sent it."""
    topics, known = creation_topics(treasury, contracts), {factory: interface(contracts)}
    latest = rpc.block_number()
    near = max(0, latest - _NEAR)
    for start, end in ((near, latest), (0, near - 1)):
        for log in stream_logs(rpc, known, start, end, topics):
            return log
    return None


def twin_of(
    config: Config,
    rpc: Rpc,
    planned: Manifest,
    contracts: Mapping[str, Artifact] | None = None,
) -> Manifest | None:
    """The latest DAO of this chain with the name, the charter and the first members of dao.toml.

    Raises RpcError and UnreachableError.
    """
    factory, latest = planned.shared["DAOFactory"], rpc.block_number()
    known = {factory: interface(contracts)}
    topics = creation_topics(planned.addresses["treasury"], contracts)[:1]
    for log in reversed([*stream_logs(rpc, known, _birth(rpc, factory, latest), latest, topics)]):
        made = as_created(rpc, log, config.slug, contracts)
        if made is not None and _alike(config, made):
            return made
    return None


def made_since(rpc: Rpc, planned: Manifest, block: int) -> Manifest | None:
    """A DAO made behind `block` with the name, the charter and the first members of the planned.

    Raises RpcError and UnreachableError.
    """
    known = {planned.shared["DAOFactory"]: interface()}
    topics = creation_topics(planned.addresses["treasury"])[:1]
    latest = rpc.block_number()
    for log in stream_logs(rpc, known, block + 1, latest, topics) if latest > block else ():
        made = as_created(rpc, log, planned.slug)
        if made is not None and all(made.params[each] == planned.params[each] for each in _SAME):
            return made
    return None


def as_created(
    rpc: Rpc, log: Log, slug: str, contracts: Mapping[str, Artifact] | None = None
) -> Manifest | None:
    """The record of a DAO from the transaction that made it.

    None if that was no call of the factory, so that the parameters cannot be read.
    """
    sent = rpc.call("eth_getTransactionByHash", log.transaction)
    if sent is None or str(sent["to"]).lower() != log.event.address.lower():
        return None
    create = interface(contracts).functions[CREATE]
    data = bytes.fromhex(sent["input"][2:])
    try:
        params, modules, salt = create.decode_inputs(data)
    except (DecodingError, OverflowError):
        return None
    made, event = record_of(slug, rpc.chain_id(), params, salt, contracts, modules), log.event.args
    if made.config_hash != event["configHash"]:
        return None
    if any(made.addresses[part] != event[part] for part in PARTS):
        return None
    return replace(made, block=log.block).with_transaction(CREATE, log.transaction)


def _birth(rpc: Rpc, factory: str, latest: int) -> int:
    """The block in which the factory came; 0 where a node does not know old states."""
    try:
        return bisect_left(
            range(latest),
            1,
            key=lambda number: len(rpc.call("eth_getCode", factory, hex(number))) > 2,
        )
    except RpcError:
        return 0


def _alike(config: Config, made: Manifest) -> bool:
    wanted, _ = aligned(config, made)
    return all(wanted[each] == made.params[each] for each in _SAME)
