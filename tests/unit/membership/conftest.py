"""A second DAO whose tickets can be sold, and a check of the books after every test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mikoshi.chain.contract import Contract
from mikoshi.chain.node import DevRpc, Node
from mikoshi.testing.community import Community, found
from mikoshi.testing.defaults import DAY, VOICE
from tests.support import Typed, factory, membership_messages
from tests.unit.membership.people import check_books


def _found(rpc: DevRpc, **changes: Any) -> Community:
    voice = {"t0": rpc.timestamp(), "halfLife": 180 * DAY, "base": VOICE, "most": 30_000}
    return found(rpc, factory=factory(rpc), voice=voice | {"full": 400}, **changes)


@pytest.fixture(scope="session")
def _workshop(node: Node, _founded: Community) -> Community:
    return _found(node.rpc)


@pytest.fixture(scope="session")
def _market(node: Node, _founded: Community) -> Community:
    return _found(node.rpc, transferableTickets=True)


@pytest.fixture
def community(_workshop: Community, rpc: DevRpc) -> Community:  # noqa: ARG001 (undoes the test)
    """Five Active members, each with a tenth of a voice more for a root of merit, up to three."""
    return _workshop


@pytest.fixture
def market(_market: Community, rpc: DevRpc) -> Community:  # noqa: ARG001 (undoes the test)
    """Five Active members whose tickets can be sold."""
    return _market


@pytest.fixture
def membership(community: Community) -> Contract:
    """The Membership of `community`."""
    return community.dao.membership


@pytest.fixture
def messages(community: Community, membership: Contract) -> Typed:
    """What the members of `community` sign."""
    return membership_messages(community.rpc, membership.address)


@pytest.fixture(autouse=True)
def _books(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test its DAO's people, tickets and sums still agree."""
    names = [name for name in ("community", "market") if name in request.fixturenames]
    communities = [request.getfixturevalue(name) for name in names]
    yield
    for each in communities:
        check_books(each)
