"""The commands of a DAO's life, each in one run, through a public node with ordinary faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from mikoshi.chain.node import Node
from tests.tooling.soak import SoakedDao


@pytest.mark.slow
def test_a_life_through_a_public_node(sepolia_node: Node, tmp_path: Path) -> None:
    with sepolia_node.rpc.isolate():
        told = SoakedDao(sepolia_node.rpc, tmp_path, seed=1).play()
    assert told["faults"] > 20
