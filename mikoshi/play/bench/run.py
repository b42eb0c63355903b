"""A run: one node, first Mikoshi, then the ordinary kit, then Aragon."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mikoshi.chain.node import Node
from mikoshi.config.load import load_config
from mikoshi.core import artifacts
from mikoshi.core.dao import LENS, PARTS
from mikoshi.play.bench import aragon
from mikoshi.play.bench.explain import Explanation, explain_receipts
from mikoshi.play.bench.kit import Kit
from mikoshi.play.bench.operations import KIT, OPERATIONS
from mikoshi.play.bench.report import GasReport
from mikoshi.play.bench.wizard import Wizard
from mikoshi.play.bench.world import BenchWorld, options
from mikoshi.text.paths import ROOT, SOLC

STEPS = 2 * len(OPERATIONS)
"""About as many operations as a run measures, for a bar of progress."""


def measure(progress: Callable[[float], None] = lambda _: None, scale: bool = False) -> GasReport:
    """Every side, measured; `progress` is called with 1 for each operation.

    With `scale` also what is measured among 50,000 members.

    Raises BadInputError, CompileError, NodeError and ToolMissingError.
    """
    peer = aragon.published_artifacts()
    with Node(options()) as node:
        world = BenchWorld(node, progress)
        Kit(world, load_config(ROOT / "dao.toml")).measure_all(scale)
        Wizard(world).measure_all()
        aragon.Aragon(world, peer).measure_all()
        gas = {
            side: {name: each.gas for name, each in measured.items()}
            for side, measured in world.measured.items()
        }
        return GasReport.of(_settings(node), _code_size(), gas)


def explain(name: str) -> Explanation:
    """Where the gas of one of Mikoshi's operations goes, from a trace of its transactions."""
    with Node(options(trace=True)) as node:
        world = BenchWorld(node, until=name)
        with contextlib.suppress(StopIteration):
            Kit(world, load_config(ROOT / "dao.toml")).measure_all(OPERATIONS[name].scale)
        return explain_receipts(node.rpc, name, world.measured[KIT][name])


def _settings(node: Node) -> dict[str, Any]:
    openzeppelin = ROOT / "node_modules" / "@openzeppelin" / "contracts"
    client = str(node.rpc.call("web3_clientVersion"))
    return {
        "solc": SOLC.name.removeprefix("solc-v"),
        "runs": artifacts.SETTINGS["optimizer"]["runs"],
        "viaIR": artifacts.SETTINGS["viaIR"],
        "evm": artifacts.SETTINGS["evmVersion"],
        "anvil": client.removeprefix("anvil/v"),
        "openzeppelin": _version(openzeppelin),
        "aragon": _version(aragon.PACKAGE),
    }


def _version(package: Path) -> str:
    return str(json.loads((package / "package.json").read_text("utf-8"))["version"])


def _code_size() -> dict[str, int]:
    contracts = artifacts.project()
    return {
        name: len(contracts[name].runtime)
        for name in (*PARTS, "MembershipCard", LENS, "DAOFactory")
    }
