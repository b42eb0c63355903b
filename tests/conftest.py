"""One node and one DAO for the whole run; each test starts from the same state."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from mikoshi.chain.node import DevRpc, Node, NodeOptions
from mikoshi.testing.community import Community, found
from mikoshi.text import clock, language
from mikoshi.text.errors import BadInputError
from mikoshi.text.units import format_time
from tests.support import remember_failures

settings.register_profile("mikoshi", deadline=None)  # a busy machine is no failure
settings.load_profile("mikoshi")


def pytest_configure() -> None:
    """Refuse a date that is none, once and not in every test."""
    try:
        clock.now()
    except BadInputError as error:
        raise pytest.UsageError(*error.lines) from None


def pytest_report_header() -> str:
    """The date at which the tests are played."""
    return f"date: {format_time(clock.now(), 0)}"


@pytest.fixture(autouse=True)
def _failures(monkeypatch: pytest.MonkeyPatch) -> None:
    remember_failures(monkeypatch)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Whatever a command was told to speak, the next test begins in English."""
    yield
    language.use("en")


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
