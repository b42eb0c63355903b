"""The gate: who signs in by ERC-4361 and is a member now is let in, and nobody else."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from mikoshi.gate.cookie import LASTS as COOKIE_LASTS
from mikoshi.gate.cookie import Cookies, secret_in
from mikoshi.gate.gate import Gate
from mikoshi.gate.message import SignIn
from mikoshi.gate.nonces import LASTS, Nonces
from mikoshi.gate.routes import routes
from mikoshi.testing.community import person
from tests.support import refuses

T = TypeVar("T")

ORIGIN = "https://dao.example.org"
CHAIN = 11_155_111
NOW = 1_800_000_000
ALICE = person(1)


@dataclass
class Clock:
    time: int = NOW

    def __call__(self) -> int:
        return self.time


class Community:
    """A DAO of whom some are members, and accounts whose code answers for a signature."""

    def __init__(self) -> None:
        self.members: dict[str, int] = {ALICE.address: 1}
        self.accounts: dict[str, bytes] = {}
        self.asked: list[str] = []

    def read(self, what: Callable[[Any], T]) -> T:
        def member_at(wallet: str) -> Any:
            number = self.members.get(wallet)
            is_member = number is not None and number > 0
            standing = SimpleNamespace(is_member=is_member)
            return number and SimpleNamespace(id=abs(number), standing=standing)

        membership = SimpleNamespace(member_at=member_at)
        return what(SimpleNamespace(rebuilt=SimpleNamespace(membership=membership)))

    def answers(self, wallet: str, _text: str, signature: bytes) -> bool:
        self.asked.append(wallet)
        return self.accounts.get(wallet) == signature


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def community() -> Community:
    return Community()


@pytest.fixture
def gate(community: Community, clock: Clock) -> Gate:
    cookies = Cookies(b"s" * 32, f"{CHAIN}|0xab|{ORIGIN}", secure=True)
    return Gate(ORIGIN, CHAIN, cookies, Nonces(clock), community.read, community.answers, clock)


def message(gate: Gate, **changes: Any) -> SignIn:
    own: dict[str, Any] = {
        "domain": "dao.example.org",
        "wallet": ALICE.address,
        "uri": ORIGIN,
        "chain_id": CHAIN,
        "nonce": gate.nonces.give(),
        "issued": gate.now(),
        "statement": "I am a member.",
    }
    return SignIn(**(own | changes))


def signed(text: str, key: LocalAccount = ALICE) -> bytes:
    return bytes(key.sign_message(encode_defunct(text=text)).signature)


def enter(gate: Gate, **changes: Any) -> tuple[int, str]:
    text = message(gate, **changes).text()
    return gate.enter(text, signed(text))


# The message

EXAMPLE = f"""\
https://example.com:3388 wants you to sign in with your Ethereum account:
{ALICE.address}

I accept the ExampleOrg Terms of Service: https://example.com/tos

URI: https://example.com/login
Version: 1
Chain ID: 1
Nonce: 32891756
Issued At: 2021-09-30T16:25:24.123Z
Expiration Time: 2021-10-01T16:25:24+09:00
Not Before: 2021-09-30T16:25:24Z
Request ID: some-request%20id
Resources:
- ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/
- https://example.com/my-web2-claim.json"""


def test_the_standards_own_example_is_read() -> None:
    found = SignIn.parse(EXAMPLE)
    assert found == SignIn(
        "example.com:3388",
        ALICE.address,
        "https://example.com/login",
        1,
        "32891756",
        1_633_019_124,
        1_633_073_124,
        1_633_019_124,
        "https",
        "I accept the ExampleOrg Terms of Service: https://example.com/tos",
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Version: 1", "Version: 2"),
        ("Version: 1\n", ""),
        ("Chain ID: 1\n", "Chain ID: 0x1\n"),
        ("Chain ID: 1\n", "Chain ID: 1\nChain ID: 2\n"),
        ("Nonce: 32891756", "Nonce: 3289175"),
        ("Nonce: 32891756", "Nonce: 3289-1756"),
        ("Nonce: 32891756", "Nonce: 32891756٣"),
        (ALICE.address, ALICE.address.lower()),
        (ALICE.address, ALICE.address[:-1]),
        ("2021-09-30T16:25:24.123Z", "2021-13-30T16:25:24Z"),
        ("2021-09-30T16:25:24.123Z", "2021-09-30 16:25:24Z"),
        ("2021-09-30T16:25:24.123Z", "2021-09-30T16:25:24"),
        ("2021-09-30T16:25:24.123Z", "1633019124"),
        ("Expiration Time", "Expiration time"),
        ("\nNot Before: 2021-09-30T16:25:24Z", "\nNot Before:"),
        ("I accept", "承知しました"),
        ("I accept", "I\naccept"),
        ("I accept", "I\r\naccept"),
        ("- ipfs", "-ipfs"),
        ("https://example.com/login", "example.com/login"),
        ("https://example.com/login", "https://example.com/ login"),
        ("example.com:3388 wants", "example.com/path wants"),
        ("example.com:3388 wants", " wants"),
        ("%20id", "%2id"),
        ("your Ethereum account", "your Ethereum Account"),
    ],
)
def test_what_the_grammar_does_not_allow_is_refused(before: str, after: str) -> None:
    assert before in EXAMPLE
    with refuses("gate.no-message"):
        SignIn.parse(EXAMPLE.replace(before, after))


@pytest.mark.parametrize("more", ["\n", " ", "\nResources:", "\nRequest ID: x", "x" * 5_000])
def test_nothing_stands_behind_it(more: str) -> None:
    with refuses("gate.no-message"):
        SignIn.parse(EXAMPLE + more)


@given(st.text(max_size=300))
def test_noise_is_refused(noise: str) -> None:
    with refuses("gate.no-message"):
        SignIn.parse(noise)


@given(
    st.integers(0, 4_000_000_000),
    st.sampled_from([0, 1_800_000_000]),
    st.sampled_from(["", "https"]),
    st.text("abc XYZ.,;:/?#[]@!$&'()*+=_~-", max_size=60),
)
def test_what_is_built_is_read_again(
    issued: int, expires: int, scheme: str, statement: str
) -> None:
    made = SignIn(
        *("a.example", ALICE.address, "https://a.example/", 7, "12345678", issued),
        *(expires, 0, scheme, statement),
    )
    assert SignIn.parse(made.text()) == made


# Who is let in


def test_a_member_is_let_in_for_a_day(gate: Gate, clock: Clock) -> None:
    member, cookie = enter(gate)
    assert (member, gate.passes(cookie)) == (1, 1)
    clock.time += COOKIE_LASTS - 1
    assert gate.passes(cookie) == 1
    clock.time += 1
    with refuses("gate.not-signed-in"):
        gate.passes(cookie)


def test_a_message_lets_in_once(gate: Gate) -> None:
    text = message(gate).text()
    gate.enter(text, signed(text))
    with refuses("gate.nonce-used"):
        gate.enter(text, signed(text))
    with refuses("gate.nonce-used"):
        enter(gate, nonce=SignIn.parse(text).nonce)


@pytest.mark.parametrize("nonce", ["0" * 58, "12345678", "z" * 58])
def test_a_nonce_of_ones_own_is_refused(gate: Gate, nonce: str) -> None:
    with refuses("gate.nonce-used"):
        enter(gate, nonce=nonce)


def test_a_nonce_of_another_process_is_refused(gate: Gate, clock: Clock) -> None:
    with refuses("gate.nonce-used"):
        enter(gate, nonce=Nonces(clock).give())


def test_a_nonce_that_waited_too_long_is_refused(gate: Gate, clock: Clock) -> None:
    nonce = gate.nonces.give()
    clock.time += LASTS
    with refuses("gate.nonce-used"):
        enter(gate, nonce=nonce)


def test_nonces_fill_no_memory(gate: Gate, clock: Clock) -> None:
    for _ in range(3):
        enter(gate)
        gate.nonces.give()
    assert len(gate.nonces._used) == 3
    clock.time += LASTS
    enter(gate)
    assert len(gate.nonces._used) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"domain": "evil.example"},
        {"domain": "dao.example.org.evil.example"},
        {"domain": "dao.example.org:444"},
        {"domain": "user@dao.example.org"},
        {"uri": "https://evil.example"},
        {"uri": "http://dao.example.org"},
        {"uri": ORIGIN + "/other"},
        {"scheme": "http"},
    ],
)
def test_what_was_signed_for_another_page_is_refused(gate: Gate, changes: Any) -> None:
    with refuses("gate.for-another-page"):
        enter(gate, **changes)


def test_what_was_signed_for_another_chain_is_refused(gate: Gate) -> None:
    with refuses("gate.for-another-chain"):
        enter(gate, chain_id=1)


@pytest.mark.parametrize(
    "changes",
    [
        {"expires": NOW},
        {"issued": NOW - LASTS},
        {"issued": NOW + 61},
        {"begins": NOW + 1},
    ],
)
def test_what_is_out_of_its_time_is_refused(gate: Gate, changes: Any) -> None:
    with refuses("gate.out-of-time"):
        enter(gate, **changes)


@pytest.mark.parametrize(
    "changes", [{"expires": NOW + 1}, {"issued": NOW + 60}, {"begins": NOW}, {"scheme": "https"}]
)
def test_what_is_just_in_time_is_taken(gate: Gate, changes: Any) -> None:
    assert enter(gate, **changes)[0] == 1


def test_a_signature_of_another_is_refused_and_uses_nothing_up(
    gate: Gate, community: Community
) -> None:
    text = message(gate).text()
    for signature in (signed(text, person(2)), signed(text + " "), b"", b"\1" * 65, b"\0" * 65):
        with refuses("gate.signature-of-another"):
            gate.enter(text, signature)
    assert {*community.asked} == {ALICE.address}
    assert gate.enter(text, signed(text))[0] == 1


def test_a_short_signature_is_taken(gate: Gate) -> None:
    text = message(gate).text()
    whole = signed(text)
    word = int.from_bytes(whole[32:64]) | (whole[64] - 27) << 255
    assert gate.enter(text, whole[:32] + word.to_bytes(32))[0] == 1


def test_an_account_answers_for_itself(gate: Gate, community: Community) -> None:
    account = person(7).address
    community.members[account], community.accounts[account] = 7, b"so be it"
    text = message(gate, wallet=account).text()
    with refuses("gate.signature-of-another"):
        gate.enter(text, b"no")
    assert gate.enter(text, b"so be it")[0] == 7


def test_the_node_is_asked_for_members_alone(gate: Gate, community: Community) -> None:
    text = message(gate, wallet=person(9).address).text()
    with refuses("gate.no-member"):
        gate.enter(text, b"x")
    assert community.asked == []


def test_who_left_is_refused_at_once(gate: Gate, community: Community) -> None:
    _, cookie = enter(gate)
    community.members[ALICE.address] = -1  # as `member_at` tells it: known, and no member
    with refuses("gate.no-member"):
        gate.passes(cookie)
    with refuses("gate.no-member"):
        enter(gate)


def test_a_seat_that_moved_takes_the_gate_along(gate: Gate, community: Community) -> None:
    _, cookie = enter(gate)
    del community.members[ALICE.address]
    community.members[person(2).address] = 1
    with refuses("gate.no-member"):
        gate.passes(cookie)
    text = message(gate, wallet=person(2).address).text()
    assert gate.enter(text, signed(text, person(2)))[0] == 1


# The cookie


@pytest.mark.parametrize("place", range(0, 114, 7))
def test_a_forged_cookie_is_none(gate: Gate, place: int) -> None:
    _, cookie = enter(gate)
    other = cookie[:place] + ("1" if cookie[place] != "1" else "2") + cookie[place + 1 :]
    with refuses("gate.not-signed-in"):
        gate.passes(other)


@pytest.mark.parametrize("value", ["", "..", "x" * 10_000, "0" * 40 + ".9999999999." + "0" * 64])
def test_what_is_no_cookie_is_none(gate: Gate, value: str) -> None:
    with refuses("gate.not-signed-in"):
        gate.passes(value)


def test_a_cookie_of_another_dao_or_page_or_secret_is_none(gate: Gate, clock: Clock) -> None:
    for other in (
        replace(gate.cookies, scope="another"),
        replace(gate.cookies, secret=b"t" * 32),
    ):
        with refuses("gate.not-signed-in"):
            gate.passes(other.value(ALICE.address, clock()))


def test_the_secret_is_kept_and_nobody_elses(tmp_path: Path) -> None:
    first = secret_in(tmp_path / ".mikoshi")
    path = tmp_path / ".mikoshi" / "gate.key"
    assert (secret_in(path.parent), len(first)) == (first, 32)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["gate.key"]
    assert secret_in(tmp_path / "other") != first
    path.chmod(0o640)
    with refuses("gate.bad-secret"):
        secret_in(path.parent)
    path.chmod(0o600)
    path.write_bytes(b"short")
    with refuses("gate.bad-secret"):
        secret_in(path.parent)


def test_a_secret_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with refuses("file.unwritable"):
        secret_in(tmp_path / "file" / "inside")


# Over HTTP


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes


class Client:
    """Asks an application without a network; what it refuses is raised."""

    def __init__(self, gate: Gate) -> None:
        self._app = Starlette(routes=routes(gate))

    def ask(self, method: str, path: str, content: bytes = b"", **headers: str) -> Answer:
        sent: list[Any] = []
        named = [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ]
        scope: dict[str, Any] = {"type": "http", "method": method, "path": path, "headers": named}
        scope |= {"query_string": b"", "scheme": "https", "server": ("dao.example.org", 443)}

        async def receive() -> Any:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(self._app(scope, receive, send))
        begun, *rest = sent
        told = {name.decode(): value.decode() for name, value in begun["headers"]}
        return Answer(begun["status"], told, b"".join(each.get("body", b"") for each in rest))

    def sign_in(self, content: bytes, **headers: str) -> Answer:
        usual = {"content_type": "application/json", "origin": ORIGIN}
        return self.ask("POST", "/api/gate/session", content, **(usual | headers))


@pytest.fixture
def client(gate: Gate) -> Client:
    return Client(gate)


def body(client: Client) -> bytes:
    told = json.loads(client.ask("GET", "/api/gate/nonce").content)
    text = (
        f"dao.example.org wants you to sign in with your Ethereum account:\n{ALICE.address}\n\n\n"
        f"URI: {ORIGIN}\nVersion: 1\nChain ID: {CHAIN}\nNonce: {told['nonce']}\n"
        f"Issued At: {told['issuedAt']}\nExpiration Time: {told['expirationTime']}"
    )
    return json.dumps({"message": text, "signature": f"0x{signed(text).hex()}"}).encode()


def test_a_member_signs_in_and_passes(client: Client) -> None:
    with refuses("gate.not-signed-in"):
        client.ask("GET", "/gate")
    answer = client.sign_in(body(client))
    assert (answer.status, json.loads(answer.content)) == (200, {"member": 1})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-mikoshi-gate=")
    assert cookie.split("; ")[1:] == [
        "Path=/",
        f"Max-Age={COOKIE_LASTS}",
        "HttpOnly",
        "SameSite=Lax",
        "Secure",
    ]
    passed = client.ask("GET", "/gate", cookie=f"other=1; {cookie.partition(';')[0]}")
    assert (passed.status, passed.headers["x-mikoshi-member"]) == (200, "1")
    assert passed.headers["cache-control"] == "no-store"


def test_on_this_computer_the_cookie_needs_no_https(gate: Gate) -> None:
    header = replace(gate.cookies, secure=False).header("x")
    assert "Secure" not in header
    assert header.startswith("mikoshi-gate=x; ")


def test_a_cookie_for_a_domain_is_shown_to_its_hosts(gate: Gate) -> None:
    header = replace(gate.cookies, domain="example.org").header("x")
    assert header.startswith("__Secure-mikoshi-gate=x; Path=/; ")
    assert header.endswith("; Secure; Domain=example.org")


def test_another_page_signs_nobody_in(client: Client) -> None:
    given = body(client)
    for headers in ({"origin": "https://evil.example"}, {"content_type": "text/plain"}):
        with refuses("gate.by-another-page"):
            client.sign_in(given, **headers)
    assert client.sign_in(given).status == 200


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b'{"message": 1, "signature": "0x00"}',
        b'{"message": "", "signature": "00"}',
        b'{"message": "", "signature": "0x0"}',
        b'{"message": "", "signature": "0x00", "more": 1}',
        b'{"message": "\\ud800", "signature": "0x00"}',
        b" " * 20_000,
        b"\xff",
    ],
)
def test_what_is_no_message_is_refused(client: Client, content: bytes) -> None:
    with refuses("gate.no-message"):
        client.sign_in(content)
