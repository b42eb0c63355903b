"""Fixtures for tests in Ape's own way: `pytest_plugins = ["mikoshi.testing.ape_fixtures"]`.

They stand beside Ape's `accounts`, `chain`, `networks` and `project`, and need a local network of
Foundry, as in `ethereum: local: default_provider: foundry`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from mikoshi.chain.node import DevRpc
from mikoshi.core import dao as daos
from mikoshi.scripting.dao import DAO
from mikoshi.testing.defaults import DAY, params

if TYPE_CHECKING:
    from ape.api import TestAccountAPI
    from ape.managers.chain import ChainManager

FOUNDERS = 5
"""How many of Ape's test accounts found the DAO."""


def wait_until(chain: ChainManager, moment: int) -> None:
    """Let time pass to the second after `moment`, Unix seconds."""
    chain.pending_timestamp = moment + 1
    chain.mine()


@contextmanager
def undone(chain: ChainManager) -> Iterator[None]:
    """Undo at the end what happens inside. What fails inside fails.

    Ape's own `chain.isolate()` swallows every exception, so that a failed assertion passes there.
    """
    snapshot = chain.snapshot()
    try:
        yield
    finally:
        chain.restore(snapshot)
        # What is undone may still wait, and be mined again.
        chain.provider.make_request("anvil_dropAllTransactions", [])


@pytest.fixture(scope="session")
def dao(accounts: list[TestAccountAPI], chain: ChainManager) -> DAO:
    """A fixture: a day-old DAO of Ape's first five test accounts, who are its members 1 to 5."""
    founders = [each.address for each in accounts[:FOUNDERS]]
    with DevRpc(str(chain.provider.http_uri)) as rpc:
        factory = daos.deploy_shared(rpc, founders[0])
        made = daos.create(factory, params(rpc.timestamp(), founders), founders[0])
        rpc.warp(DAY)
    return DAO.at(made.treasury_address)
