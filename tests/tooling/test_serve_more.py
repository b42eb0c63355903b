"""What a server has beside its table: the gate, the calendar, the feed, and chats that it tells."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from eth_account.messages import encode_defunct
from eth_utils.address import to_checksum_address

from mikoshi.chain.rpc import RpcError
from mikoshi.gate.message import SignIn
from mikoshi.reminders.chat import DISCORD, SLACK
from mikoshi.reminders.hook import Hook
from mikoshi.report.alarm import Alarm
from mikoshi.testing.community import person
from mikoshi.text import clock
from mikoshi.text.units import DAY
from tests.support import refuses
from tests.tooling.governed import Governed
from tests.tooling.proxy import FaultyRpc
from tests.tooling.served import Answered, Served, eventually, serving
from tests.tooling.test_remind import ATOM, listening

pytestmark = pytest.mark.slow

ORIGIN = "http://localhost:8000"


@pytest.fixture
def served(governed: Governed) -> Iterator[Served]:
    with serving(governed) as running:
        yield running


def sign_in(served: Served, member: int = 1, wallet: str = "", chain: int = 11_155_111) -> Answered:
    key = person(member)
    nonce = served.get("/api/gate/nonce").json["nonce"]
    text = SignIn("localhost:8000", wallet or key.address, ORIGIN, chain, nonce, clock.now()).text()
    signature = key.sign_message(encode_defunct(text=text)).signature
    given = {"message": text, "signature": f"0x{bytes(signature).hex()}"}
    return served.ask("POST", "/api/gate/session", given, Content_Type="application/json")


def cookie(answer: Answered) -> str:
    return answer.headers["set-cookie"].partition(";")[0]


def test_a_member_passes_until_they_leave(governed: Governed, served: Served) -> None:
    answer = sign_in(served, 2)
    assert (answer.status, answer.json) == (200, {"member": 2})
    passed = served.get("/gate", Cookie=cookie(answer))
    assert (passed.status, passed.headers["x-mikoshi-member"]) == (200, "2")
    block = governed.rpc.block_number()
    governed.run("exit", account="p2", yes=True)
    assert governed.rpc.block_number() == block + 1
    eventually(lambda: served.get("/health").json["block"] > block)
    refused = served.get("/gate", Cookie=cookie(answer))
    assert (refused.status, refused.json["kind"]) == (403, "gate.no-member")
    assert sign_in(served, 2).json["kind"] == "gate.no-member"


@pytest.mark.parametrize("headers", [{}, {"Cookie": "mikoshi-gate=x"}])
def test_nobody_passes_without_signing_in(served: Served, headers: dict[str, str]) -> None:
    for language in ("en", "ja"):
        answer = served.get("/gate", Accept_Language=language, **headers)
        assert (answer.status, answer.json["kind"]) == (403, "gate.not-signed-in")
        assert answer.json["lines"][0].isascii() == (language == "en")
        assert answer.headers["cache-control"] == "no-store"


def test_another_chain_and_a_stranger_are_refused(served: Served) -> None:
    assert sign_in(served, 1, chain=1).json["kind"] == "gate.for-another-chain"
    assert sign_in(served, 9).json["kind"] == "gate.no-member"
    assert sign_in(served, 3, person(4).address).json["kind"] == "gate.signature-of-another"


def test_an_account_signs_in_by_its_code(governed: Governed, served: Served) -> None:
    account = to_checksum_address(person(5).address)
    says_yes = "0x7f1626ba7e" + "00" * 28 + "60005260206000f3"  # the magic value, to anybody
    governed.rpc.call("anvil_setCode", account, says_yes)
    assert sign_in(served, 1, account).json == {"member": 5}
    governed.rpc.call("anvil_setCode", account, "0xfe")
    assert sign_in(served, 1, account).json["kind"] == "gate.signature-of-another"


def test_nobody_passes_while_the_chain_is_out_of_sight(governed: Governed) -> None:
    with FaultyRpc(governed.rpc.url) as node, serving(governed, url=node.url) as served:
        answer = sign_in(served)
        assert served.get("/gate", Cookie=cookie(answer)).status == 200
        served.opened.engine._seen -= 61
        served.opened.engine._pause = 3_600
        stale = served.get("/gate", Cookie=cookie(answer))
        assert (stale.status, stale.json["kind"]) == (503, "serve.node-away")


@pytest.mark.parametrize("domain", ["org", "example.net", "xample.org", "dao.example.org"])
def test_a_gate_is_for_no_domain_but_its_own(governed: Governed, domain: str) -> None:
    with (
        refuses("gate.foreign-domain", domain=domain, host="dao.example.org"),
        serving(governed, origin="https://dao.example.org", domain=domain),
    ):
        pass


def test_a_secret_stays_through_a_restart(governed: Governed) -> None:
    with serving(governed) as served:
        named = cookie(sign_in(served))
    with serving(governed) as served:
        assert served.get("/gate", Cookie=named).status == 200


def test_what_is_due_is_told_in_a_calendar_and_a_feed(governed: Governed, served: Served) -> None:
    governed.propose("Bread & <butter>")
    governed.rpc.warp(60)
    eventually(lambda: b"Bread" in served.get("/feed.atom").content)
    answer = served.get("/feed.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    (entry,) = ElementTree.fromstring(answer.content).iter(f"{ATOM}entry")
    assert "Bread & <butter>" in str(entry.findtext(f"{ATOM}title"))
    found = served.get("/calendar.ics")
    assert found.headers["content-type"].startswith("text/calendar")
    assert found.content.count(b"BEGIN:VEVENT") == 1
    assert served.get("/feed.atom", If_None_Match=answer.headers["etag"]).status == 304


def test_chats_are_told_once_though_one_never_answers_and_the_server_starts_again(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hook.post, "__defaults__", (0.5,))
    for each in (governed.place.folder / ".mikoshi").glob("reminders-*"):
        each.unlink()
    with listening("never") as slow, listening() as heard:
        hooks = [Hook(DISCORD, slow.url), Hook(SLACK, heard.url)]
        with serving(governed, hooks=hooks) as served:
            draft = governed.propose("Tea")
            governed.rpc.warp(60)
            eventually(lambda: heard.told)
            assert served.get("/health").status == 200
        with serving(governed, hooks=hooks):
            governed.open_voting(draft)
            governed.rpc.warp(60)
            eventually(lambda: len(heard.told) == 2)
        assert ["Tea" in each for each in heard.texts] == [True, True]
        assert (len(slow.asked), slow.told) == (1, [])


def test_alarms_are_told_as_of_when_they_were_seen_first(
    governed: Governed, served: Served
) -> None:
    governed.rpc.warp(300 * DAY)

    def alarms() -> dict[str, str]:
        root = ElementTree.fromstring(served.get("/feed.atom").content)
        found = {}
        for entry in root.iter(f"{ATOM}entry"):
            found[str(entry.findtext(f"{ATOM}id"))] = str(entry.findtext(f"{ATOM}updated"))
        return found

    first = eventually(alarms)
    governed.rpc.warp(DAY)
    reminding = served.opened.reminding
    eventually(lambda: reminding.bulletin and reminding.bulletin.now >= governed.rpc.timestamp())
    again = alarms()
    assert {each: again.get(each) for each in first} == first


def test_alarms_that_cannot_be_judged_keep_nothing_else_back(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: object) -> list[Alarm]:
        raise RpcError("eth_getBalance", -32000, "gone")

    monkeypatch.setattr("mikoshi.reminders.reminding.ringing_now", gone)
    governed.propose("Rice")
    with serving(governed) as served:
        assert b"Rice" in served.get("/feed.atom").content
