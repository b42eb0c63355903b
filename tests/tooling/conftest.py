"""A chain that plays Sepolia, and a place to deploy from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mikoshi.chain.node import DevRpc, Node
from tests.tooling.governed import Governed
from tests.tooling.live import NODE, Place, deployer, fund
from tests.tooling.postgres import Postgres, postgres


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


@pytest.fixture(scope="module")
def _governed(sepolia_node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Governed]:
    rpc = sepolia_node.rpc
    with rpc.isolate():
        fund(rpc, deployer().address)
        yield Governed.found(Place(tmp_path_factory.mktemp("dao")), rpc)


@pytest.fixture
def governed(_governed: Governed, tmp_path: Path) -> Iterator[Governed]:
    """A DAO of five members who type commands; what a test does is undone."""
    with _governed.rpc.isolate():
        yield replace(_governed, folder=tmp_path)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgres]:
    """A PostgreSQL."""
    with postgres() as running:
        yield running


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Let this computer stand in a zone, as POSIX writes it."""

    def stand(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield stand
    monkeypatch.undo()
    time.tzset()
