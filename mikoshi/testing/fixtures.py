"""Fixtures for anybody's tests: in a conftest.py, `pytest_plugins = ["mikoshi.testing.fixtures"]`.

They need anvil, on PATH or in node_modules, and no compiler.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mikoshi.chain.node import DevRpc, Node, NodeOptions
from mikoshi.testing.community import Community, found


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """A real node that keeps history and caps transaction gas as EIP-7825 does."""
    with Node(NodeOptions(history=True, args=("--enable-tx-gas-limit",))) as running:
        yield running


@pytest.fixture
def rpc(node: Node) -> Iterator[DevRpc]:
    """The node's connection; what a test does is undone."""
    with node.rpc.isolate():
        yield node.rpc


@pytest.fixture(scope="session")
def _founded(node: Node) -> Community:
    return found(node.rpc)


@pytest.fixture
def community(_founded: Community, rpc: DevRpc) -> Community:  # noqa: ARG001 (undoes the test)
    """Five Active members with the default settings, soulbound tickets, no roles given."""
    return _founded
