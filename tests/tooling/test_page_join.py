"""Joining by a link on the page, in a phone's browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from mikoshi.page.build import page_of
from mikoshi.replay.member import Standing
from mikoshi.testing.community import person
from mikoshi.testing.defaults import DAY
from tests.tooling.browser import Phone, served
from tests.tooling.governed import Governed
from tests.tooling.joining import door_of, link_of, relaying
from tests.tooling.proxy import FaultyRpc
from tests.unit.invitations.inviting import Door

pytestmark = pytest.mark.slow

CHARTER = "# PM DAO\n\n1. **互い** <script>alert(1)</script>\n"
KEY = person(2000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Phone]:
    with Phone() as phone:
        yield phone


@dataclass
class Guest:
    """Somebody with a new phone and a link."""

    phone: Phone
    governed: Governed
    door: Door
    url: str

    def link(self, *sponsors: int, key: int = 2000, **more: Any) -> str:
        return link_of(self.door, self.url, person(key), *map(person, sponsors or (2,)), **more)

    def open(self, link: str) -> None:
        self.phone("open", url=self.url)
        self.phone("open", url=link)

    def refused(self, link: str) -> list[str]:
        """The three lines with which a link is refused."""
        self.open(link)
        self.phone("see", text="nothing was sent")
        return self.phone("text", selector=".failure").splitlines()

    def sign(self) -> str:
        """With a new passkey; the line."""
        self.phone("tap", name="Make a passkey")
        self.phone("tap", name="Agree and join")
        self.phone("see", text="Paste this line")
        return str(self.phone("text", selector="output"))

    def member(self, wallet: str) -> int:
        return int(self.governed.dao.membership.call("memberIdOf", wallet))


@pytest.fixture
def guest(browser: Phone, governed: Governed) -> Iterator[Guest]:
    """With an English phone, after a season, when members may invite."""
    door = door_of(governed)
    governed.rpc.warp(46 * DAY)
    with FaultyRpc(governed.rpc.url) as node, served(page_of(settings_of(door)), node.url) as url:
        browser("phone", locale="en-GB")
        yield Guest(browser, governed, door, url)
        so_far = browser("so_far")
        assert so_far["errors"] == []
        assert set(so_far["asked"]) <= {url.rstrip("/")}


def settings_of(door: Door, **more: str) -> dict[str, str]:
    dao = door.community.dao
    usual = {"rpc": "/rpc", "treasury": dao.treasury_address, "dao": "PM DAO"}
    return usual | {"invitations": door.contract.address, "charter": CHARTER} | more


def test_members_invite_a_newcomer(guest: Guest) -> None:
    guest.open(guest.link()); import time; time.sleep(4); print(guest.phone("text"), guest.phone("so_far"))
    guest.phone("see", text="Member #2")
    guest.phone("see", text="A newcomer: a member from the first minute")
    receipt = relaying(guest.door)(guest.sign())
    guest.phone("see", text="You are member #6")
    member = receipt.only("InvitationAccepted").args
    assert member["id"] == 6
    assert guest.governed.standing(6) is Standing.NEWCOMER
