"""Each test finds the DAO as it was founded, though the suite runs without Ape's isolation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ape.managers.chain import ChainManager

from mikoshi import DAO
from mikoshi.testing.ape_fixtures import dao, undone

__all__ = ["dao"]


@pytest.fixture(autouse=True)
def _undone(dao: DAO, chain: ChainManager) -> Iterator[None]:  # noqa: ARG001 (founded first)
    with undone(chain):
        yield
