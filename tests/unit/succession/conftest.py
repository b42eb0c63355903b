"""A DAO of five with Succession; the first member's seat is what is asked for."""

from __future__ import annotations

import pytest

from mikoshi.testing.community import Community
from tests.unit.succession.succeeding import Seat, with_succession


@pytest.fixture
def seat(community: Community) -> Seat:
    """The first member's, who has no plan."""
    return with_succession(community)


@pytest.fixture
def planned(seat: Seat) -> Seat:
    """The first member's, who has the usual plan."""
    seat.plan()
    return seat
