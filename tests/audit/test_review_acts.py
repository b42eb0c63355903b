"""What counts as an act, so that nobody falls dormant while taking part."""

from __future__ import annotations

import pytest

from mikoshi.node import DevRpc
from mikoshi.testing.community import found
from mikoshi.testing.defaults import DAY, params
from tests.support import factory


@pytest.mark.usefixtures("community")
def test_proposing_is_an_act_of_someone_who_delegated(rpc: DevRpc) -> None:
    """Where the threshold is 0, a delegator may propose, and is not silent then."""
    rules = params(rpc.timestamp())["governor"] | {"thresholdBps": 0}
    dao = found(rpc, 3, factory=factory(rpc), governor=rules)
    membership = dao.dao.membership
    membership.send("delegate", dao.wallets[0], sender=dao.wallets[1])
    rpc.warp(40 * DAY)
    before = membership.call("stampOf", 2)
    dao.propose([(dao.outsider.address, 1, b"")], "an idea", by=1)
    assert membership.call("stampOf", 2) > before
