"""DAOs of five whose members have been in them for a season, with Invitations."""

from __future__ import annotations

import pytest

from mikoshi.testing.community import Community, found
from mikoshi.testing.defaults import DAY, params
from tests.support import factory
from tests.unit.invitations.inviting import SEASON, STEWARD, Door, with_door


@pytest.fixture
def door(community: Community) -> Door:
    """Five members who may sponsor: one seat each, twenty in all."""
    community.rpc.warp(SEASON)
    return with_door(community)


@pytest.fixture
def steward(community: Community) -> Door:
    """A DAO of five with a steward for 100 days, who has a number of two."""
    rpc = community.rpc
    office = {"holder": STEWARD.address, "until": rpc.timestamp() + 100 * DAY}
    settings = params(0)["membership"] | {"stewardCap": 2}
    dao = found(rpc, factory=factory(rpc), steward=office, membership=settings)
    rpc.warp(SEASON)
    return with_door(community, dao=dao)
