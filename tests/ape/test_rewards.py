"""The logic of rewards, whatever is given: Hypothesis on Ape's own Foundry node."""

from __future__ import annotations

from math import isqrt

import ape
from ape.api import TestAccountAPI
from ape.managers.chain import ChainManager
from hypothesis import given, settings
from hypothesis import strategies as st

from mikoshi import DAO
from mikoshi.testing.ape_fixtures import undone

CAP = 1_000_000 * 10**18
POINT = 10**18


@settings(max_examples=6)
@given(amounts=st.lists(st.integers(1, CAP), min_size=1, max_size=4))
def test_an_epoch_mints_no_more_than_its_cap(
    dao: DAO, accounts: list[TestAccountAPI], chain: ChainManager, amounts: list[int]
) -> None:
    with undone(chain):
        treasury = accounts[dao.treasury.address]
        treasury.balance = 10**18
        minted = 0
        for amount in amounts:
            left = CAP - minted
            if amount <= left:
                dao.token.mint(accounts[0], amount, 0, sender=treasury)
                minted += amount
                continue
            error = dao.token.ContributionTokenCapExceeded
            with ape.reverts(error, requested=amount, available=left):
                dao.token.mint(accounts[0], amount, 0, sender=treasury)
        assert dao.token.balanceOf(accounts[0]) == dao.token.totalSupply() == minted


@settings(max_examples=6)
@given(points=st.integers(0, 1_000))
def test_voice_grows_with_the_root_of_merit(
    dao: DAO, accounts: list[TestAccountAPI], chain: ChainManager, points: int
) -> None:
    with undone(chain):
        treasury = accounts[dao.treasury.address]
        treasury.balance = 10**18
        dao.membership.credit(1, points * POINT, 0, bytes(32), sender=treasury)
        # With 100 points a member is heard half again as much, and never more; 1 voice = 1e9.
        earned = isqrt(min(points, 100) * POINT) / 20
        assert abs(dao.person(1).voice - 10**9 - earned) <= 1 + earned / 10**6  # merit fades
