"""Ways in which money gets stuck or lost at the edges of Treasury and token."""

from __future__ import annotations

import pytest

from mikoshi.testing.community import Community
from mikoshi.testing.defaults import POINT, ZERO
from tests.support import reverts


def transfer_one_wei(to: str) -> bytes:
    """Creation code of Solidity's `payable(to).transfer(1)`: a call with 2,300 gas, or a revert."""
    call = "6000600060006000600173" + to[2:] + "6000f1"
    return bytes.fromhex(call + "15602757005b60006000fd")


@pytest.mark.xfail(strict=True, reason="a cold clone takes 2,600 gas to delegate")
def test_ether_sent_with_the_stipend_arrives(community: Community) -> None:
    """As WETH9, old auctions and old splitters pay: 2,300 gas, in a transaction of their own."""
    rpc, treasury = community.rpc, community.dao.treasury_address
    before = rpc.balance(treasury)
    sender = community.outsider.address
    plain = rpc.send(None, transfer_one_wei(community.wallets[0]), sender=sender, value=1)
    assert int(plain["status"], 16) == 1
    rpc.send(None, transfer_one_wei(treasury), sender=sender, value=1)
    assert rpc.balance(treasury) == before + 1


@pytest.mark.parametrize("name", ["mint", "mintMany"])
def test_nothing_is_minted_to_nobody(community: Community, name: str) -> None:
    """A mistaken zero makes no supply that nobody can burn."""
    args = (ZERO, POINT, 0) if name == "mint" else ([ZERO], [POINT], 0)
    with reverts("ContributionTokenInvalidReceiver", ZERO):
        community.as_treasury(community.dao.token, name, *args)
