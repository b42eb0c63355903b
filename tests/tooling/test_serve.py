"""`ape run serve`: the page, what it tells, and acts that reach the chain once."""

from __future__ import annotations

import pytest

from tests.tooling.governed import Governed
from tests.tooling.served import serving
from tests.tooling.test_relay import ballot, proposal, votes

__all__ = ["proposal"]
pytestmark = pytest.mark.slow


def test_a_ballot_is_counted(governed: Governed, proposal: int) -> None:
    with serving(governed) as server:
        given = server.give(ballot(governed, proposal, 2))
        assert given.status == 202, given.json
        told = server.until(given.json["id"], "counted")
    assert votes(governed, proposal) == {2: 1}
    assert governed.rpc.call("eth_getTransactionReceipt", told["transaction"])
