"""Who comes by a link is let in by the server, which pays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tooling.governed import Governed
from tests.tooling.served import serving
from tests.tooling.test_invite import ANNA, acceptance, inviting, links, young
from tests.tooling.test_serve import refused

__all__ = ["inviting", "young"]
pytestmark = pytest.mark.slow


def test_an_acceptance_makes_a_member(inviting: Governed, tmp_path: Path) -> None:
    first, second = links(inviting, tmp_path, 2)
    with serving(inviting) as served:
        act = acceptance(inviting, first)
        given = served.give(act)
        assert given.status == 202, given.content
        served.until(given.json["id"], "counted")
        number = inviting.dao.membership.call("memberIdOf", ANNA.address)
        assert number == 6
        assert served.get(f"/api/members/{number}").json["wallet"] == ANNA.address
        assert served.give(act).json["fate"] == "counted"
        refused(served.give(acceptance(inviting, second)), 422, "ballot.reverted")
    assert inviting.rpc.balance(ANNA.address) == 0
