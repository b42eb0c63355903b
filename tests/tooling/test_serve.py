"""`ape run serve`: the page, what it tells of the DAO, and acts that are given to it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

import pytest

from mikoshi.ballots.line import to_line
from mikoshi.chain.accounts import NodeAccount
from mikoshi.cli.options import Options
from mikoshi.cli.session import Session
from mikoshi.context.context import Context, open_record
from mikoshi.serve import api, server
from mikoshi.serve.following import Follower
from mikoshi.serve.guards import Rate, address_of, language_of
from mikoshi.serve.sponsor import require_signer
from mikoshi.testing.community import AGAINST, FOR, person
from mikoshi.text.paths import ROOT
from tests.support import failed, refuses
from tests.tooling.governed import Governed
from tests.tooling.proxy import FaultyRpc
from tests.tooling.served import GENEROUS, PAGE, Answered, Served, eventually, serving
from tests.tooling.test_relay import ballot, proposal, reasoned, votes

__all__ = ["proposal"]
pytestmark = pytest.mark.slow


@pytest.fixture
def served(governed: Governed) -> Iterator[Served]:
    with serving(governed) as running:
        yield running


def refused(answer: Answered, status: int, kind: str) -> None:
    """Assert that an answer is a refusal of this kind, in words."""
    assert (answer.status, answer.json["kind"]) == (status, kind), answer.content
    assert all(isinstance(each, str) and each for each in answer.json["lines"])
    assert answer.headers["content-type"] == "application/json"


# Acts


def test_a_ballot_is_counted(governed: Governed, served: Served, proposal: int) -> None:
    given = served.give(ballot(governed, proposal, 2))
    assert given.status == 202
    assert given.json == {"id": given.json["id"], "fate": "waiting"}
    told = served.until(given.json["id"], "counted")
    assert votes(governed, proposal) == {2: FOR}
    assert governed.rpc.call("eth_getTransactionReceipt", told["transaction"])["status"] == "0x1"
    again = served.give(ballot(governed, proposal, 2))
    assert (again.status, again.json) == (200, told)


def test_what_relay_refuses_is_refused_in_the_language_asked_for(
    governed: Governed, served: Served, proposal: int
) -> None:
    act = ballot(governed, proposal, 9)
    english = served.give(act, Accept_Language="en")
    japanese = served.give(act, Accept_Language="fr, ja;q=0.9, en;q=0.1")
    for each in (english, japanese):
        refused(each, 422, "ballot.by-a-stranger")
    assert all(line.isascii() for line in english.json["lines"])
    assert not any(line.isascii() for line in japanese.json["lines"])
    refused(served.get(f"/api/acts/0x{'00' * 32}"), 404, "serve.not-there")


def test_a_refusal_that_comes_later_is_told(governed: Governed, proposal: int) -> None:
    with serving(governed, replace(GENEROUS, patience=10**6, full=2)) as served:
        given = served.give(ballot(governed, proposal, 2)).json
        governed.vote(proposal, 2, support=AGAINST)
        served.give(ballot(governed, proposal, 3))
        served.until(given["id"], "refused")
        for language in ("en", "ja"):
            told = served.get(f"/api/acts/{given['id']}", Accept_Language=language).json
            assert told["refusal"]["kind"] == "ballot.other-than-cast"
            assert told["refusal"]["lines"][0].isascii() == (language == "en")


@pytest.mark.parametrize("line", ["nothing", "mikoshi=", "mikoshi=22zzzz", "mikoshi= mikoshi="])
def test_what_is_no_line_is_refused(served: Served, line: str) -> None:
    refused(served.give(line), 422, "serve.no-line")


def test_two_lines_at_once_are_refused(governed: Governed, served: Served, proposal: int) -> None:
    two = " ".join(to_line(ballot(governed, proposal, each)) for each in (2, 3))
    refused(served.give(two), 422, "serve.no-line")


def test_a_line_as_a_chat_shows_it_is_taken(
    governed: Governed, served: Served, proposal: int
) -> None:
    assert served.give(f"> {to_line(ballot(governed, proposal, 2))} thanks!").status == 202


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"line"', b'{"line": 1}', b'{"line": ""}', b'{"line": "a", "more": 1}'],
)
def test_what_is_asked_badly_is_refused(served: Served, body: bytes) -> None:
    refused(served.ask("POST", "/api/acts", body or b" "), 400, "serve.asked-badly")


def test_too_much_is_refused_before_it_is_read(served: Served) -> None:
    refused(served.ask("POST", "/api/acts", b" " * 5_000), 413, "serve.too-large")


def test_too_many_are_told_to_wait(governed: Governed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mikoshi.serve.answers._ACTS", (2, 0.001))
    with serving(governed, proxied=True) as served:
        statuses = [
            served.give("nothing", X_Forwarded_For=f"9.9.9.9, {each}").status
            for each in ("1.1.1.1", "1.1.1.1", "1.1.1.1", "2.2.2.2")
        ]
        assert statuses == [422, 422, 429, 422]
        refused(served.give("nothing", X_Forwarded_For="1.1.1.1"), 429, "serve.too-often")
    with serving(governed) as served:  # nobody in front: whoever asks could name anybody
        answers = [served.give("nothing", X_Forwarded_For=f"1.1.1.{each}") for each in range(3)]
        assert [each.status for each in answers] == [422, 422, 429]


def test_a_full_inbox_says_so(
    governed: Governed, proposal: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mikoshi.serve.engine.INBOX", 1)
    monkeypatch.setattr("mikoshi.serve.answers._PATIENCE", 0.01)
    with serving(governed) as served:
        engine = served.opened.engine
        stop, judge = threading.Event(), engine._judge
        monkeypatch.setattr(engine, "_judge", lambda given: (stop.wait(), judge(given)))
        kinds = [
            served.give(ballot(governed, proposal, member)).json["kind"] for member in (1, 2, 3)
        ]
        stop.set()
    assert kinds == ["serve.node-away", "serve.node-away", "serve.queue-full"]
    assert votes(governed, proposal) == {}  # nobody waited for an answer any more


def test_without_an_account_nothing_is_relayed(governed: Governed, proposal: int) -> None:
    with serving(governed, payer=None) as served:
        refused(served.give(ballot(governed, proposal, 2)), 503, "serve.no-relay")
        assert served.get("/api/dao").json["relays"] is False


# The chain


def test_a_node_that_is_gone_is_told_and_what_is_known_stays(
    governed: Governed, proposal: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mikoshi.chain.rpc._MINUTE", 0.1)
    with FaultyRpc(governed.rpc.url) as node, serving(governed, url=node.url) as served:
        node.die()
        eventually(lambda: served.get("/health").status == 503)
        refused(served.give(ballot(governed, proposal, 2)), 503, "serve.node-away")
        assert served.get("/api/dao").json["proposals"] == 1
        node.revive()
        eventually(lambda: served.get("/health").status == 200)
        given = served.give(ballot(governed, proposal, 2)).json
        served.until(given["id"], "counted")


def test_each_block_is_told(governed: Governed, served: Served) -> None:
    assert served.get("/api/proposals").json["rows"] == []
    draft = governed.propose("Tea")
    (row,) = eventually(lambda: served.get("/api/proposals").json["rows"])
    assert (row["number"], row["id"], row["title"], row["state"]) == (
        1,
        str(draft.id),
        "Tea",
        "pending",
    )


def test_the_dao_in_memory_is_the_one_that_is_read_anew(governed: Governed) -> None:
    with closing(Session(Options(str(governed.place.toml), governed.rpc.url))) as session:
        follower = Follower(session, open_record(session, governed.place.records))
        first = follower.renew().rebuilt
        for title in ("Bread", "Tea"):
            draft = governed.propose(title)
            governed.open_voting(draft.id)
            governed.vote(draft.id, 1, 2, reason="よい")
            assert follower.renew().rebuilt is first
            whole = Context(session, follower.now.manifest, {}).rebuilt
            assert first.state() == whole.state()
            assert list(first.logs) == list(whole.logs)
        with governed.rpc.isolate():
            governed.propose("Undone")
            assert len(follower.renew().proposed) == 3
        governed.rpc.warp(1)
        assert [each.title for each in follower.renew().proposed] == ["Bread", "Tea"]
        follower.close()


# Reading


def test_what_is_told_of_the_dao(governed: Governed, served: Served, proposal: int) -> None:
    governed.vote(proposal, 2)
    block = governed.rpc.block_number()
    eventually(lambda: served.get("/health").json["block"] == block)
    dao = served.get("/api/dao").json
    assert dao["name"] == "PM DAO"
    assert dao["chain_id"] == 11_155_111
    assert dao["governor"] == governed.dao.governor_address
    assert dao["members"] == {"active": 5, "dormant": 0, "newcomer": 0, "absent": 0, "ever": 5}
    assert int(dao["voice"]) == governed.dao.membership.call("census")[2]
    whole = served.get("/api/proposals/1").json
    assert whole == served.get(f"/api/proposals/{proposal}").json
    assert whole["state"] == "active"
    assert whole["description"].startswith("# Bread\n\nBecause.")
    assert whole["calls"] == [
        {"target": person(2).address, "value": str(10**18 // 4), "data": "0x"}
    ]
    assert [(each["member"], each["support"]) for each in whole["ballots"]] == [(2, FOR)]
    assert whole["people"] == {"have": 1, "needed": whole["people"]["needed"]}
    member = served.get("/api/members/2").json
    assert (member["wallet"], member["standing"]) == (person(2).address, "active")
    for missing in ("/api/members/6", "/api/proposals/2", "/nowhere"):
        refused(served.get(missing), 404, "serve.not-there")


def test_pages_follow_each_other(governed: Governed, served: Served) -> None:
    found, after = [], 0
    while after is not None:
        page = served.get(f"/api/members?limit=2&after={after}").json
        found += [each["id"] for each in page["rows"]]
        after = page["next"]
    assert found == [1, 2, 3, 4, 5]
    for title in ("One", "Two", "Three"):
        governed.propose(title)
    eventually(lambda: served.get("/api/dao").json["proposals"] == 3)
    first = served.get("/api/proposals?limit=2").json
    second = served.get(f"/api/proposals?before={first['next']}").json
    titles = [each["title"] for page in (first, second) for each in page["rows"]]
    assert (titles, second["next"]) == (["Three", "Two", "One"], None)
    for wrong in ("limit=101", "limit=0", "limit=x", "after=-1", "who=me", "limit=1&limit=2"):
        refused(served.get(f"/api/members?{wrong}"), 400, "serve.asked-badly")


def test_nobodys_name_is_told(governed: Governed, served: Served, proposal: int) -> None:
    names = [each.name for each in governed.place.config.members]
    assert names == ["P1", "P2", "P3", "P4", "P5"]
    given = served.give(reasoned(governed, proposal, 3, "…")).json
    served.until(given["id"], "counted")
    asked = ("/api/dao", "/api/members", "/api/proposals", "/api/proposals/1", "/openapi.json")
    for each in asked:
        content = served.get(each).content.decode()
        assert not [name for name in names if f'"{name}' in content], each


def test_what_somebody_has_is_not_sent_again(served: Served) -> None:
    first = served.get("/api/members")
    tag = first.headers["etag"]
    again = served.get("/api/members", If_None_Match=tag)
    assert (again.status, again.content) == (304, b"")
    assert served.get("/api/members?limit=1", If_None_Match=tag).status == 200


# The page and headers


def test_the_page_may_not_be_framed_and_asks_nobody_else(served: Served) -> None:
    page = served.get("/", Host="localhost")
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "connect-src https://rpc.example.org 'self';" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in page.headers
    settings = page.content.decode().partition('id="settings">')[2].partition("<")[0]
    assert json.loads(settings) == {
        "rpc": "https://rpc.example.org",
        "treasury": served.get("/api/dao").json["treasury"],
        "dao": "PM DAO",
        "server": "",
    }


def test_an_address_in_digits_leads_to_one_that_passkeys_take(served: Served) -> None:
    answer = served.get("/")
    assert answer.status == 307
    assert answer.headers["location"] == f"http://localhost:{served.port}/"


@pytest.mark.parametrize("at", ["/api/dao", "/nowhere", "/api/acts", "/openapi.json", "/health"])
def test_every_answer_has_the_headers(served: Served, at: str) -> None:
    headers = served.get(at).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "server" not in headers
    assert "set-cookie" not in headers


def test_another_method_is_none(served: Served) -> None:
    answer = served.ask("DELETE", "/api/acts")
    refused(answer, 405, "serve.no-method")
    assert answer.headers["allow"] == "POST"


def test_a_defect_stays_here(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise LookupError("a secret")

    monkeypatch.setattr("mikoshi.serve.views.dao", fail)
    answer = served.get("/api/dao")
    refused(answer, 500, "serve.broken")
    assert b"secret" not in answer.content
    assert answer.headers["x-content-type-options"] == "nosniff"


# Floods


def test_who_says_nothing_is_not_waited_for(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_HEAD", 0.2)
    monkeypatch.setattr(api, "_SLOW", 0.2)
    with serving(governed) as served:
        for beginning in (b"", b"GET /api/dao HT", b"GET /api/dao HTTP/1.1\r\nHost: x\r\n"):
            with socket.create_connection(("127.0.0.1", served.port)) as line:
                line.sendall(beginning)
                assert line.recv(100) == b""
        with socket.create_connection(("127.0.0.1", served.port)) as line:
            line.sendall(b"POST /api/acts HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
            assert line.recv(12) == b"HTTP/1.1 400"
        assert served.get("/health").status == 200


def test_a_rate_lets_some_through_at_once_and_then_a_few() -> None:
    now = [0.0]
    rate = Rate(3, 0.5, lambda: now[0])
    assert [rate.take("a") for _ in range(5)] == [0, 0, 0, 2, 2]
    assert rate.take("b") == 0
    now[0] = 2
    assert [rate.take("a") for _ in range(2)] == [0, 2]


def test_a_rate_remembers_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mikoshi.serve.guards._KNOWN", 2)
    rate = Rate(1, 0.5, lambda: 0.0)
    for each in ("a", "b", "c"):
        assert rate.take(each) == 0
    assert rate.take("c") > 0
    assert rate.take("a") == 0
    assert len(rate._left) == 2


@pytest.mark.parametrize(
    ("client", "forwarded", "proxied", "found"),
    [
        ("9.9.9.9", [], False, "9.9.9.9"),
        ("9.9.9.9", ["1.1.1.1"], False, "9.9.9.9"),
        ("9.9.9.9", ["1.1.1.1, 2.2.2.2"], True, "2.2.2.2"),
        ("9.9.9.9", ["1.1.1.1", "2.2.2.2"], True, "2.2.2.2"),
        ("9.9.9.9", [], True, "9.9.9.9"),
        ("9.9.9.9", ["anything"], True, "unknown"),
        ("2001:db8:1:2:3::4", [], False, "2001:0db8:0001:0002"),
        ("::ffff:9.9.9.9", [], False, "9.9.9.9"),
    ],
)
def test_who_asks(client: str, forwarded: list[str], proxied: bool, found: str) -> None:
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    scope = {"type": "http", "client": (client, 1), "headers": headers}
    assert address_of(scope, proxied=proxied) == found


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ja", "ja"),
        ("ja-JP,ja;q=0.9,en;q=0.8", "ja"),
        ("fr, en;q=0.2, ja;q=0.3", "ja"),
        ("ja;q=0, fr", "en"),
        ("ja;q=x", "en"),
        ("*", "en"),
    ],
)
def test_the_language_somebody_prefers(header: str, language: str) -> None:
    assert language_of({"accept-language": header}, "en") == language


# The command


@contextmanager
def typed(governed: Governed, port: int, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """`mikoshi serve` in a process of its own."""
    governed.place.write(more=PAGE)
    words = ["--network", governed.rpc.url, "--config", str(governed.place.toml), "--yes"]
    words += ["--port", str(port), "--account", "alice", "--batch-seconds", "0"]
    words += ["--store", str(governed.folder / "acts.sqlite"), *more]
    starts = "import sys; from mikoshi.commands.main import main; sys.exit(main())"
    running = subprocess.Popen(
        [sys.executable, "-c", starts, "serve", *words],
        cwd=ROOT,
        env=governed.place.environment(governed.rpc.url) | governed.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def asked(port: int) -> Served:
    """A server in a process of its own, once it answers."""
    there = Served(port, opened=None)  # type: ignore[arg-type]

    def answers() -> bool:
        try:
            return there.get("/health").status == 200
        except OSError:
            return False

    eventually(answers)
    return there


def test_killed_and_started_anew_it_goes_on(governed: Governed, proposal: int) -> None:
    port, wallet = free_port(), governed.place.accounts["alice"].address
    before = governed.rpc.nonce(wallet)
    governed.rpc.call("evm_setAutomine", False)
    try:
        with typed(governed, port) as running:
            there = asked(port)
            given = there.give(ballot(governed, proposal, 2)).json
            there.until(given["id"], "sent")
            running.send_signal(signal.SIGKILL)
            running.wait()
        governed.rpc.call("evm_mine")
    finally:
        governed.rpc.call("evm_setAutomine", True)
    with typed(governed, port) as running:
        told = asked(port).until(given["id"], "counted")
        running.send_signal(signal.SIGINT)
        output, _ = running.communicate()
    assert running.returncode == 0
    assert votes(governed, proposal) == {2: FOR}
    assert governed.rpc.nonce(wallet) == before + 1
    assert told["transaction"]
    assert f"http://localhost:{port}/" in output.decode()


def test_a_port_that_is_taken_is_told(governed: Governed) -> None:
    governed.place.write(more=PAGE)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = governed.run("serve", port=str(port), account="p1", yes=True)
    assert result.exit_code == 2
    failed("serve.no-port", port=port)


def test_a_page_needs_a_node_that_everybody_may_ask(governed: Governed) -> None:
    governed.place.write(more="")
    result = governed.run("serve", port=str(free_port()), account="p1", yes=True)
    assert result.exit_code == 2
    failed("serve.no-node-for-members", name="dao.toml")


def test_an_account_that_others_sign_for_cannot_pay() -> None:
    with refuses("serve.no-signer", name="0xAb…"):
        require_signer(NodeAccount("0xAb…", person(1).address))


def test_a_dry_run_serves_nothing(governed: Governed) -> None:
    governed.place.write(more=PAGE)
    result = governed.run("serve", port=str(free_port()), account="p1", dry_run=True)
    assert result.exit_code == 0
    assert "0.05 ETH" in result.stdout
