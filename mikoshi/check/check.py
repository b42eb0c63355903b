"""All checks of a DAO, at one block."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from mikoshi.chain.contract import Snapshot
from mikoshi.chain.rpc import Rpc
from mikoshi.check.code import compare_code
from mikoshi.check.parameters import GOVERNING, compare_parameters
from mikoshi.check.report import CheckReport
from mikoshi.check.roles import compare_roles
from mikoshi.check.state import compare_state
from mikoshi.check.wiring import compare_wiring
from mikoshi.core.artifacts import Artifact
from mikoshi.core.manifest import Manifest
from mikoshi.replay.dao import replay
from mikoshi.replay.logs import FewLogs
from mikoshi.replay.voice import Voice


def check(
    rpc: Rpc,
    manifest: Manifest,
    wanted: Mapping[str, Any] | None = None,
    later: Sequence[str] = (),
    contracts: Mapping[str, Artifact] | None = None,
    progress: Callable[[int], None] = lambda _: None,
    source: str = "dao.toml",
    name_of: Callable[[str], str] = lambda _: "",
) -> CheckReport:
    """Compare a DAO with its record, with `wanted` and with its own events, at the latest block.

    `wanted` are `IDAOFactory.Params` as dao.toml asks for them now; those of the record if None.
    `later` are wallets that it names beside the first members: they must have been admitted.
    `progress` is told each block that the replay has reached, `source` is the file's name,
    and `name_of` what people are called. Raises RpcError and UnreachableError.
    """
    snapshot = Snapshot(rpc)
    dao = manifest.dao(rpc, contracts)
    rebuilt = replay(
        rpc,
        dao,
        manifest.shared["DAOFactory"],
        Voice.of_params(manifest.params["voice"]),
        manifest.block or 0,
        snapshot.number,
        progress,
        manifest,
        partial(FewLogs, GOVERNING),
    )
    sections = [
        compare_wiring(manifest, rebuilt, snapshot),
        compare_code(manifest, snapshot, contracts),
        compare_roles(manifest, rebuilt, snapshot, name_of),
        compare_parameters(manifest, wanted or manifest.params, later, rebuilt, snapshot, source),
        compare_state(rebuilt, snapshot),
    ]
    return CheckReport(rpc.chain_id(), snapshot.number, snapshot.time, sections, rebuilt)
