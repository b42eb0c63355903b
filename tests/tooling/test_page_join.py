"""Joining by a link on the page, in a phone's browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak

from mikoshi.page.build import page_of
from mikoshi.replay.member import Standing
from mikoshi.testing.community import person
from mikoshi.testing.defaults import DAY
from tests.support import reverts
from tests.tooling.browser import Phone, served
from tests.tooling.governed import Governed
from tests.tooling.joining import door_of, link_of, relaying, words_of
from tests.tooling.proxy import FaultyRpc
from tests.tooling.test_page import WALLET
from tests.unit.invitations.inviting import Door

pytestmark = pytest.mark.slow

CHARTER = "# PM DAO\n\n1. **互い** <script>alert(1)</script>\n"
HASH = keccak(text=CHARTER)
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
    node: FaultyRpc
    url: str

    def link(self, *sponsors: int, key: int = 2000, **more: Any) -> str:
        return link_of(self.door, self.url, person(key), *map(person, sponsors or (2,)), **more)

    def open(self, link: str) -> None:
        self.phone("open", url=self.url)
        self.phone("open", url=link)

    def refused(self, link: str) -> str:
        """The three lines with which a link is refused, in small letters."""
        self.open(link)
        self.phone("see", text="Read it again")
        told: str = self.phone("text", selector=".failure")
        assert len(told.split("\n\n")) == 3
        assert self.phone("count", selector=".wallets button") == 0
        return told.casefold()

    def sign(self) -> str:
        """With a new passkey; the line."""
        self.phone("tap", name="Make a passkey")
        self.phone("tap", name="Agree and join")
        self.phone("see", text="Paste this line")
        return str(self.phone("text", selector="output"))

    def taken(self, number: int) -> None:
        """A seat that P2 gives to somebody else."""
        key = person(number)
        self.door.accept(
            self.door.invitation(key, [person(2)]), self.door.newcomer(key, person(1000), HASH)
        )

    def member(self, wallet: str) -> int:
        return int(self.governed.dao.membership.call("memberIdOf", wallet))


@pytest.fixture
def guest(browser: Phone, governed: Governed) -> Iterator[Guest]:
    """With an English phone, after a season, when members may invite."""
    door = door_of(governed)
    governed.community.as_treasury(governed.dao.membership, "setCharter", HASH, "")
    governed.rpc.warp(46 * DAY)
    with FaultyRpc(governed.rpc.url) as node, served(page_of(settings_of(door)), node.url) as url:
        browser("phone", locale="en-GB")
        yield Guest(browser, governed, door, node, url)
        so_far = browser("so_far")
        assert so_far["errors"] == []
        assert set(so_far["asked"]) <= {url.rstrip("/")}


def settings_of(door: Door, **more: str) -> dict[str, str]:
    dao = door.community.dao
    usual = {"rpc": "/rpc", "treasury": dao.treasury_address, "dao": "PM DAO"}
    return usual | {"invitations": door.contract.address, "charter": CHARTER} | more


def test_members_invite_a_newcomer(guest: Guest) -> None:
    guest.open(guest.link())
    guest.phone("see", text="Member #2")
    guest.phone("see", text="A newcomer: a member from the first minute")
    receipt = relaying(guest.door)(guest.sign())
    guest.phone("see", text="You are member #6")
    member = receipt.only("InvitationAccepted").args
    assert member["id"] == 6
    assert guest.governed.standing(6) is Standing.NEWCOMER
    assert guest.governed.rpc.balance(member["wallet"]) == 0


def test_node_cannot_use_an_invitation_up(guest: Guest) -> None:
    """What the page asks before there is a wallet is good in no block to come."""
    guest.open(guest.link())
    guest.phone("see", text="Member #2")
    accept = guest.door.contract.interface.functions["accept"]
    asked = [params[0]["data"] for method, params in guest.node.calls if method == "eth_call"]
    seen = [bytes.fromhex(each[2:]) for each in asked]
    (acceptance,) = [each for each in seen if each.startswith(accept.selector)]
    until = guest.door.now()
    guest.governed.rpc.warp(1)
    with reverts("InvitationsExpired", until):
        guest.door.accept(*accept.decode_inputs(acceptance))
    assert not guest.door.contract.call("isUsed", KEY.address)


def test_charter_is_shown_where_it_is_proven(guest: Guest) -> None:
    guest.open(guest.link())
    guest.phone("see", text="Its hash is the chain's")
    assert "<script>alert(1)</script>" in guest.phone("text")
    assert guest.phone("count", selector="main script") == 0
    other = keccak(text="another")
    guest.governed.community.as_treasury(guest.governed.dao.membership, "setCharter", other, "")
    guest.phone("tap", name="Make a passkey")
    guest.phone("tap", name="Agree and join")
    guest.phone("see", text="The charter has just changed")
    guest.phone("tap", name="Read it again")
    guest.phone("see", text="Its text cannot be shown here")
    guest.phone("tap", name="Agree and join")
    relaying(guest.door)(guest.phone("text", selector="output"))
    guest.phone("see", text="You are member #6")


def test_nobody_joins_twice(guest: Guest) -> None:
    """A reload in the middle, and another link later."""
    link = guest.link()
    guest.open(link)
    line = guest.sign()
    guest.phone("reload")
    guest.phone("tap", name="Agree and join")
    guest.phone("see", text="Paste this line")
    relaying(guest.door)(line)
    guest.phone("see", text="You are member #6")
    guest.open(guest.link(3, key=2001))
    guest.phone("see", text="You are member #6")


def test_who_was_removed_is_told(guest: Guest) -> None:
    guest.open(guest.link())
    relaying(guest.door)(guest.sign())
    guest.phone("see", text="You are member #6")
    guest.governed.community.as_treasury(guest.governed.dao.membership, "bar", 6)
    assert "no invitation lets them back in" in guest.refused(guest.link(3, key=2001))


def test_who_left_is_told(guest: Guest) -> None:
    guest.phone("before", script=WALLET.replace("ADDRESS", person(5).address.lower()))
    guest.governed.dao.membership.send("exit", sender=person(5).address)
    guest.open(guest.link())
    guest.phone("tap", name="Fox <i>")
    guest.phone("tap", name="Agree and join")
    _, told = guest.phone("evaluate", script="asked")
    made = Account.sign_message(encode_typed_data(full_message=json.loads(told)), person(5).key)
    guest.phone("evaluate", script=f"void answer('0x{made.signature.hex()}')")
    guest.phone("see", text="You were a member before")


# Why a link opens nothing


def used(guest: Guest) -> str:
    guest.taken(2000)
    return guest.link()


def revoked(guest: Guest) -> str:
    guest.door.contract.send("revoke", KEY.address, sender=person(2).address)
    return guest.link()


def expired(guest: Guest) -> str:
    link = guest.link(deadline=guest.door.now() + DAY)
    guest.governed.rpc.warp(2 * DAY)
    return link


def spent(guest: Guest) -> str:
    guest.taken(2001)
    return guest.link()


def full(guest: Guest) -> str:
    guest.governed.community.as_treasury(guest.door.contract, "setSettings", (0, 1, 1))
    guest.governed.rpc.warp(46 * DAY)
    return guest.link()


def resting(guest: Guest) -> str:
    guest.governed.dao.membership.send("rest", sender=person(2).address)
    return guest.link()


def lonely(guest: Guest) -> str:
    guest.governed.community.as_treasury(guest.door.contract, "setSettings", (20, 1, 2))
    guest.governed.rpc.warp(46 * DAY)
    return guest.link()


def stranger(guest: Guest) -> str:
    return guest.link(500)


def damaged(guest: Guest) -> str:
    link = guest.link()
    return link[:-1] + ("2" if link[-1] != "2" else "3")


def wrong_chain(guest: Guest) -> str:
    return guest.link().replace("/11155111/", "/1/")


def other_dao(guest: Guest) -> str:
    return guest.link().replace(guest.governed.dao.governor.address, guest.door.contract.address)


def other_door(guest: Guest) -> str:
    """Nobody gave it the role."""
    contract = guest.governed.dao.treasury_address
    words = words_of(guest.door.invitation(KEY, [person(2)]), contract, KEY)
    return f"{guest.link().rpartition('/')[0]}/{words}"


def forged(guest: Guest) -> str:
    key, deadline, _ = guest.door.invitation(KEY, [person(2)])
    word = guest.door.sponsorship(person(3), KEY, deadline)[1]
    words = words_of((key, deadline, [(person(2).address, word)]), guest.door.contract.address, KEY)
    return f"{guest.link().rpartition('/')[0]}/{words}"


def too_long(guest: Guest) -> str:
    return guest.link(deadline=guest.door.now() + 61 * DAY)


REFUSALS: list[tuple[Callable[[Guest], str], str]] = [
    (used, "The invitation has been used"),
    (revoked, "#2 does not vouch for it any more"),
    (expired, "it was good until"),
    (spent, "#2 has given all the seats that one member may give in 30 days"),
    (full, "the seats of these 30 days are given: 0"),
    (resting, "#2, who invites you, is not awake now"),
    (lonely, "1 people vouch for it, and 2 are needed now"),
    (stranger, "who invites you, is not awake now"),
    (wrong_chain, "it names chain 1, this page reads chain 11155111"),
    (other_dao, "is none of this DAO"),
    (other_door, "the DAO lets nobody in by"),
    (forged, "the word of #2 is not theirs"),
    (too_long, "it would be good for more than 60 days"),
]


@pytest.mark.parametrize(("make", "why"), REFUSALS, ids=[make.__name__ for make, _ in REFUSALS])
def test_why_a_link_opens_nothing(guest: Guest, make: Callable[[Guest], str], why: str) -> None:
    """Told before anything is asked for."""
    assert why.casefold() in guest.refused(make(guest))


def test_damaged_link_is_told(guest: Guest) -> None:
    guest.open(damaged(guest))
    guest.phone("see", text="The link is not whole")


# The server


@dataclass
class Relay:
    """A server's answers to `/api/…`: its account takes lines to the contract, if it is asked."""

    door: Door
    asleep: bool = False
    refuses: bool = False

    def __call__(self, _path: str, posted: Any) -> tuple[int, Any]:
        if self.asleep:
            return 503, {"kind": "serve.no-relay", "lines": ["No relay <b>", "asleep", "Paste it"]}
        told = {"id": "0x01", "fate": "waiting"}
        if posted is None and self.refuses:
            lines = ["Refused <i>", "the contract says no", "Ask"]
            return 200, told | {"fate": "refused", "refusal": {"kind": "x", "lines": lines}}
        if posted is not None and not self.refuses:
            relaying(self.door)(posted["line"])
        return 202 if posted else 200, told


@pytest.mark.parametrize(
    ("broken", "shown"),
    [({}, ""), ({"asleep": True}, "No relay <b>"), ({"refuses": True}, "Refused <i>")],
)
def test_server_takes_what_is_signed(
    browser: Phone, guest: Guest, broken: dict[str, bool], shown: str
) -> None:
    """What it does not take is pasted."""
    html = page_of(settings_of(guest.door, server=""))
    relay = Relay(guest.door, **broken)
    with served(html, guest.governed.rpc.url, relay) as url:
        browser("phone", locale="en-GB")
        browser("open", url=link_of(guest.door, url, KEY, person(2)))
        browser("tap", name="Make a passkey")
        browser("tap", name="Agree and join")
        if shown:
            browser("see", text=shown)
            relaying(guest.door)(browser("text", selector="output"))
        browser("see", text="You are member #6")
        assert browser("so_far")["taps"] == 2
        browser("forget")


# For everybody


@pytest.mark.parametrize(
    ("locale", "make", "agree", "joined"),
    [
        ("ja-JP", "パスキーを作る", "同意して入会する", "メンバー #6 になりました"),
        ("en-GB", "Make a passkey", "Agree and join", "You are member #6"),
    ],
)
def test_joining_is_accessible(
    guest: Guest, locale: str, make: str, agree: str, joined: str
) -> None:
    """By axe, on a narrow screen, by the keyboard alone."""
    phone = guest.phone
    phone("phone", locale=locale)

    def looked(name: str) -> None:
        assert phone("axe") == [], name
        assert phone("width") <= 390, name
        phone.shot(f"{name}.{locale[:2]}")

    guest.open(guest.link())
    phone("see", text="#2")
    looked("invited")
    phone("press", name=make)
    phone("see", text=agree)
    looked("agree")
    phone("press", name=agree)
    looked("handed")
    relaying(guest.door)(phone("text", selector="output"))
    phone("see", text=joined)
    looked("welcome")
    for screen in ("today", "key", "me"):
        phone("open", url=f"{guest.url}#{screen}")
        phone("settled")
        looked(screen)
