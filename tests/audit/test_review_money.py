"""Ways in which money gets stuck or lost at the edges of Treasury and token."""

from __future__ import annotations

import pytest

from mikoshi.chain.rpc import RevertedError
from mikoshi.testing.community import Community
from mikoshi.testing.defaults import POINT, ZERO
from tests.support import reverts


def transfer_one_wei(to: str) -> bytes:
    """Creation code of Solidity's `payable(to).transfer(1)`: a call with 2,300 gas, or a revert."""
    call = "6000600060006000600173" + to[2:] + "6000f1"
    return bytes.fromhex(call + "15602757005b60006000fd")


def test_ether_sent_with_the_stipend_stays_with_its_sender(community: Community) -> None:
    """As WETH9, old auctions and old splitters pay: 2,300 gas. A cold clone takes 2,600.

    SECURITY.md states it: the sender's call reverts, and nothing is lost.
    """
    rpc, treasury = community.rpc, community.dao.treasury_address
    before = rpc.balance(treasury)
    sender = community.outsider.address
    plain = rpc.send(None, transfer_one_wei(community.wallets[0]), sender=sender, value=1)
    assert int(plain["status"], 16) == 1
    with pytest.raises(RevertedError) as caught:
        rpc.send(None, transfer_one_wei(treasury), sender=sender, value=1)
    assert caught.value.data == b""
    assert rpc.balance(treasury) == before


@pytest.mark.parametrize("name", ["mint", "mintMany"])
def test_nothing_is_minted_to_nobody(community: Community, name: str) -> None:
    """A mistaken zero makes no supply that nobody can burn."""
    args = (ZERO, POINT, 0) if name == "mint" else ([ZERO], [POINT], 0)
    with reverts("ContributionTokenInvalidReceiver", ZERO):
        community.as_treasury(community.dao.token, name, *args)
