"""A chain that plays Sepolia, and a place to deploy from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mikoshi.node import DevRpc, Node
from tests.tooling.live import NODE, Place, deployer, fund


@pytest.fixture(scope="session")
def sepolia_node() -> Iterator[Node]:
    """A node on chain 11155111."""
    with Node(NODE) as running:
        yield running


@pytest.fixture
def sepolia(sepolia_node: Node) -> Iterator[DevRpc]:
    """Its connection; the deployer has an ether, and what a test does is undone."""
    with sepolia_node.rpc.isolate():
        fund(sepolia_node.rpc, deployer().address)
        yield sepolia_node.rpc


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Five first members, nobody with an office."""
    return Place(tmp_path)
