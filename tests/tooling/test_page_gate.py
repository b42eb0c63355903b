"""Signing in on the page, in a phone's browser: what is shown is what is signed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from eth_account.messages import encode_defunct

from mikoshi.gate.cookie import Cookies
from mikoshi.gate.gate import Gate
from mikoshi.gate.message import SignIn
from mikoshi.gate.nonces import LASTS, Nonces
from mikoshi.page.build import page_of
from mikoshi.testing.community import person
from mikoshi.text import clock
from mikoshi.text.clock import moment_text
from mikoshi.text.errors import MikoshiError
from mikoshi.text.json import Json
from tests.tooling.browser import Phone, served
from tests.tooling.governed import Governed
from tests.tooling.live import SEPOLIA
from tests.tooling.test_gate import Community
from tests.tooling.test_page import WALLET

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> Iterator[Phone]:
    with Phone() as phone:
        yield phone


@dataclass
class Entrance:
    """A page with a gate; `odd` is what its server puts into the message instead."""

    phone: Phone
    community: Community = field(default_factory=Community)
    odd: dict[str, str] = field(default_factory=dict)
    given: list[dict[str, str]] = field(default_factory=list)
    gate: Gate | None = None

    def api(self, path: str, posted: Json) -> tuple[int, Json]:
        assert self.gate is not None
        if path == "/api/gate/nonce":
            now = clock.now()
            times = {"issuedAt": moment_text(now), "expirationTime": moment_text(now + LASTS)}
            return 200, {"nonce": self.gate.nonces.give(), **times, **self.odd}
        self.given.append(posted)
        try:
            signature = bytes.fromhex(posted["signature"][2:])
            return 200, {"member": self.gate.enter(posted["message"], signature)[0]}
        except MikoshiError as error:
            return 403, {"kind": error.kind, "lines": error.lines}

    def sign(self, key: int) -> str:
        """Signed by a wallet of the browser; what it was asked to sign."""
        asked, account = self.phone("evaluate", script="asked")
        assert account == person(2).address
        text = bytes.fromhex(asked[2:]).decode()
        made = person(key).sign_message(encode_defunct(text=text)).signature
        self.phone("evaluate", script=f"void answer('0x{bytes(made).hex()}')")
        return text


@contextmanager
def entrance(browser: Phone, governed: Governed, **more: Any) -> Iterator[Entrance]:
    found = Entrance(browser, **more)
    found.community.members = {person(2).address: 2}
    settings = {
        "rpc": "/rpc",
        "treasury": governed.dao.treasury_address,
        "dao": "PM DAO",
        "server": "",
    }
    with served(page_of(settings), governed.rpc.url, found.api) as url:
        origin = url.rstrip("/")
        cookies = Cookies(b"s" * 32, origin, secure=False)
        reading = found.community
        found.gate = Gate(origin, SEPOLIA, cookies, Nonces(), reading.read, reading.answers)
        browser("phone", locale="en-GB")
        browser("before", script=WALLET.replace("ADDRESS", person(2).address.lower()))
        browser("open", url=f"{url}#gate")
        browser("tap", name="Fox <i>")
        browser("tap", name="Sign in")
        yield found


def test_a_member_signs_exactly_what_is_shown(browser: Phone, governed: Governed) -> None:
    with entrance(browser, governed) as there:
        browser("see", text="You sign exactly this")
        shown = browser("text", selector="output.exact")
        browser.shot("gate")
        browser("tap", name="Sign")
        text = there.sign(2)
        assert text == shown
        assert there.gate is not None
        read = SignIn.parse(text)
        assert (read.uri, f"http://{read.domain}") == (there.gate.origin, there.gate.origin)
        browser("see", text="You are signed in as member #2")
        assert there.given[0]["message"] == text


def test_a_signature_of_another_key_is_refused_in_words(browser: Phone, governed: Governed) -> None:
    with entrance(browser, governed) as there:
        browser("tap", name="Sign")
        there.sign(3)
        browser("see", text="You are not let in")


@pytest.mark.parametrize(
    "odd",
    [
        {"nonce": "12345678\nResources:\n- https://evil.example"},
        {"nonce": "short"},
        {"issuedAt": "2026-01-01T00:00:00Z\nExpiration Time: 2099-01-01T00:00:00Z"},
        {"expirationTime": "tomorrow"},
    ],
)
def test_a_server_puts_nothing_else_into_the_message(
    browser: Phone, governed: Governed, odd: dict[str, str]
) -> None:
    with entrance(browser, governed, odd=odd) as there:
        browser("see", text="The server asks for something odd")
        assert browser("count", selector="output.exact") == 0
        assert there.given == []


def test_a_page_without_a_server_lets_nobody_in(browser: Phone, governed: Governed) -> None:
    html = page_of({"rpc": "/rpc", "treasury": governed.dao.treasury_address, "dao": "PM DAO"})
    with served(html, governed.rpc.url) as url:
        browser("phone", locale="en-GB")
        browser("open", url=f"{url}#gate")
        browser("see", text="it has no server of its own")
