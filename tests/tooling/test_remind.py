"""`ape run remind`: what is due, once to each chat, as a calendar and as a feed."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mikoshi.reminders.calendar import calendar
from mikoshi.reminders.chat import CHATS, DISCORD, SLACK
from mikoshi.reminders.courier import deliver
from mikoshi.reminders.feed import feed
from mikoshi.reminders.hook import Hook, HookFailedError, hooks
from mikoshi.reminders.memory import Memory
from mikoshi.reminders.reminder import Due, Reminder
from mikoshi.replay.member import Standing
from mikoshi.text import clock
from mikoshi.text.files import alone
from mikoshi.text.json import Json
from mikoshi.text.units import DAY, HOUR
from tests.support import failed, refuses
from tests.tooling.governed import Governed

ATOM = "{http://www.w3.org/2005/Atom}"
BAD = "@everyone **[free](https://evil.example)** <@1> <!channel> evil.example `x`"

# A chat


@dataclass
class Heard:
    """A webhook on this computer, and what it was told; each answer is one of `answers`, in turn.

    An answer is a status, with Retry-After behind a colon; "never" is none.
    """

    url: str = ""
    answers: list[str] = field(default_factory=list)
    told: list[Json] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def texts(self) -> list[str]:
        """What was said, without the gaps that nobody sees."""
        said = [each.get("content") or each["text"] for each in self.told]
        return [re.sub(r"\\(?=[^\w\s])|\u200b", "", each) for each in said]


@contextmanager
def listening(*answers: str) -> Iterator[Heard]:
    heard = Heard(answers=[*answers])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.asked.append(self.path)
            status, _, wait = (heard.answers.pop(0) if heard.answers else "204").partition(":")
            if status == "never":
                heard.over.wait()
                return
            if status == "drip":
                with closing(self.connection):
                    while not heard.over.wait(0.05):
                        self.wfile.write(b"H")
            if status.startswith("2"):
                heard.told.append(json.loads(body))
            self.send_response(int(status))
            if status == "307":
                self.send_header("Location", heard.url + "/elsewhere")
            if wait:
                self.send_header("Retry-After", wait)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    heard.url = f"http://localhost:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield heard
    finally:
        heard.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    with listening() as heard:
        monkeypatch.setenv("MIKOSHI_WEBHOOK_DISCORD", heard.url)
        yield heard


def reminder(number: int = 1, **changes: Any) -> Reminder:
    made = Reminder(f"opened/{number}", Due.OPENED, 1_000, 90_000, f"Title {number}", "Text")
    return replace(made, **changes)


@pytest.fixture(autouse=True)
def _forgetful(request: pytest.FixtureRequest) -> None:
    """The folder of a DAO is that of all tests here: what was said in one is forgotten."""
    if "governed" in request.fixturenames:
        place = request.getfixturevalue("governed").place
        place.write(more="")
        for each in (place.folder / ".mikoshi").glob("reminders-*"):
            each.unlink()


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with Memory(tmp_path / "said.sqlite") as kept:
        yield kept


# What is due


def due(governed: Governed) -> list[str]:
    told = governed.told("remind", dry_run=True)
    return [each["kind"] for each in told["due"]]


@pytest.mark.slow
def test_each_turn_of_a_proposal_is_due_once(governed: Governed, chat: Heard) -> None:
    draft = governed.propose()
    assert due(governed) == ["proposed"]
    governed.open_voting(draft)
    assert due(governed) == ["opened"]
    governed.rpc.warp_to(governed.dao.governor.call("proposalDeadline", draft.id) - DAY)
    assert due(governed) == ["opened", "closing"]
    governed.vote(draft.id, 1, 2, 3)
    governed.close_voting(draft)
    assert due(governed) == []
    governed.ripen(draft)
    assert due(governed) == ["ready"]
    first, second = governed.told("remind"), governed.told("remind")
    assert len(chat.told) == 1
    assert first["chats"][0]["said"] == [first["due"][0]["key"]]
    assert second["chats"][0] == {"chat": "discord", "said": [], "waiting": [], "reason": None}
    governed.community.execute(draft, by=0)
    assert due(governed) == []


@pytest.mark.slow
def test_who_is_missing_is_said_in_the_communitys_language_and_zone(governed: Governed) -> None:
    draft = governed.propose(BAD)
    governed.rpc.warp_to(governed.dao.governor.call("proposalDeadline", draft.id) - HOUR)
    governed.place.write(more='[reminders]\nlanguage = "en"\nzone = "UTC"\n')
    told = governed.told("remind")["due"][-1]
    assert told["kind"] == "closing"
    assert "more people voting For or Abstain" in told["text"]
    assert "JST" not in told["text"]
    governed.place.write(more='[page]\nurl = "https://dao.example.org/"\n')
    told = governed.told("remind", dry_run=True)["due"][-1]
    assert "JST" in told["text"]
    assert "UTC" in told["text"]
    assert not told["text"].isascii()
    address = governed.dao.governor_address
    assert told["link"] == f"https://dao.example.org/#decide/11155111/{address}/{draft.id:#x}"


@pytest.mark.slow
def test_who_falls_silent_is_due_a_week_before_and_again_after_an_act(governed: Governed) -> None:
    silence = governed.dao.membership.call("settings")["dormantAfter"] + 30 * DAY
    stamp = governed.dao.membership.call("stampOf", 2)
    governed.rpc.warp_to(stamp * DAY + silence - 7 * DAY - 1)
    assert "lapses" not in due(governed)
    governed.rpc.warp_to(stamp * DAY + silence - 7 * DAY)
    told = governed.told("remind", dry_run=True)
    keys = [each["key"] for each in told["due"] if each["kind"] == "lapses"]
    assert f"lapses/2/{stamp}" in keys
    governed.run("rest", account="p2", yes=True)
    assert governed.standing(2) == Standing.DORMANT
    left = [each["key"] for each in governed.told("remind", dry_run=True)["due"]]
    assert f"lapses/2/{stamp}" not in left
    assert {*left} >= {*keys} - {f"lapses/2/{stamp}"}


@pytest.mark.slow
def test_an_alarm_is_due_once_in_thirty_days_for_as_long_as_it_rings(governed: Governed) -> None:
    governed.rpc.warp(300 * DAY)
    first = [
        each for each in governed.told("remind", dry_run=True)["due"] if each["kind"] == "alarm"
    ]
    assert first
    assert all(re.fullmatch(r"alarm/\w+/\d+", each["key"]) for each in first)
    governed.rpc.warp(30 * DAY)
    again = [
        each for each in governed.told("remind", dry_run=True)["due"] if each["kind"] == "alarm"
    ]
    assert {each["key"] for each in first}.isdisjoint(each["key"] for each in again)


# The command


@pytest.mark.slow
def test_a_dry_run_says_nothing_and_remembers_nothing(
    governed: Governed, chat: Heard, tmp_path: Path
) -> None:
    governed.propose()
    told = governed.told("remind", dry_run=True, output=tmp_path / "public")
    assert told["chats"][0]["waiting"]
    assert chat.asked == []
    assert not (tmp_path / "public").exists()
    assert governed.told("remind")["chats"][0]["said"]


@pytest.mark.slow
def test_files_are_written_for_any_server(governed: Governed, tmp_path: Path) -> None:
    draft = governed.propose("Bread, butter; and\\more")
    governed.told("remind", output=tmp_path / "public")
    text = (tmp_path / "public" / "calendar.ics").read_bytes().decode()
    assert f"UID:opened/{governed.dao.governor_address}/{draft.id}@" in unfolded(text)
    (entry,) = ElementTree.fromstring((tmp_path / "public" / "feed.atom").read_text()).iter(
        f"{ATOM}entry"
    )
    assert "Bread, butter; and\\more" in str(entry.findtext(f"{ATOM}title"))


@pytest.mark.slow
def test_a_chat_that_fails_ends_with_3_and_the_other_one_is_told(
    governed: Governed, chat: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    governed.propose()
    chat.answers = ["500"]
    with listening() as slack:
        monkeypatch.setenv("MIKOSHI_WEBHOOK_SLACK", slack.url)
        result = governed.run("remind", json=True)
        assert result.exit_code == 3
        failed("reminders.hook-failed", chat="discord", reason="HTTP 500")
        assert len(slack.told) == 1
    assert json.loads(result.stdout)["chats"][0]["waiting"]
    with clock.at(clock.now() + 2 * HOUR):
        assert governed.told("remind")["chats"][0]["said"]
    assert len(chat.told) == 1


@pytest.mark.slow
def test_two_at_once_are_refused(governed: Governed, chat: Heard) -> None:
    governed.propose()
    governed.told("remind", dry_run=True)
    (kept,) = (governed.place.folder / ".mikoshi").glob("reminders-*.sqlite")
    with alone(kept.with_suffix(".lock"), "serve"):
        assert governed.run("remind").exit_code == 4
        failed("reminders.under-way")
    assert chat.told == []
    assert governed.told("remind")["chats"][0]["said"]


@pytest.mark.slow
def test_without_a_chat_it_is_only_shown(governed: Governed) -> None:
    governed.propose()
    told = governed.told("remind")
    assert (len(told["due"]), told["chats"]) == (1, [])


@pytest.mark.slow
def test_a_memory_that_cannot_be_used_is_told(governed: Governed, chat: Heard) -> None:
    governed.told("remind", dry_run=True)
    (kept,) = (governed.place.folder / ".mikoshi").glob("reminders-*.sqlite")
    kept.write_bytes(b"no database" * 100)
    assert governed.run("remind").exit_code == 2
    failed("reminders.no-memory")
    assert chat.told == []


# Webhooks


@pytest.mark.parametrize(
    "url",
    [
        "http://discord.example/x",
        "ftp://discord.example/x",
        "https://user:pw@discord.example/x",
        "https://",
        "https://discord.example/ x",
        "https://discord.example/\r\nX: y",
        "https://[::1",
        "http://localhost.evil.example/x",
    ],
)
def test_an_address_that_is_no_webhook_is_refused(url: str) -> None:
    with refuses("reminders.bad-hook", variable="MIKOSHI_WEBHOOK_SLACK"):
        hooks({"MIKOSHI_WEBHOOK_SLACK": url})


def test_the_address_of_a_webhook_is_told_to_nobody() -> None:
    (hook,) = hooks({"MIKOSHI_WEBHOOK_SLACK": "https://hooks.example/secret"})
    assert "secret" not in repr(hook)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
    ],
)
@pytest.mark.parametrize("beside", [[], ["9.9.9.9"]])
def test_an_address_inside_a_network_is_asked_nothing(
    address: str, beside: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *_args, **_named: [(0, 0, 0, "", (each, 443)) for each in [*beside, address]],
    )
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("it was asked"))
    with pytest.raises(HookFailedError):
        Hook(DISCORD, "https://discord.example/x").post({})


def test_only_the_address_that_was_looked_at_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    def connect(place: tuple[str, int], _patience: float) -> socket.socket:
        asked.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_args, **_named: [(0, 0, 0, "", ("9.9.9.9", 443))]
    )
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(HookFailedError):
        Hook(DISCORD, "https://discord.example/x").post({})
    assert asked == [("9.9.9.9", 443)]


@pytest.mark.parametrize("answer", ["307", "404", "500"])
def test_what_is_not_taken_failed(answer: str) -> None:
    with listening(answer) as heard:
        with pytest.raises(HookFailedError) as caught:
            Hook(DISCORD, heard.url).post({"content": "x"})
        assert caught.value.reason == f"HTTP {answer}"
        assert heard.asked == ["/hook"]


@pytest.mark.parametrize("answer", ["never", "drip"])
def test_an_answer_has_to_be_there_as_a_whole(answer: str) -> None:
    with listening(answer) as heard, pytest.raises(HookFailedError):
        Hook(DISCORD, heard.url).post({"content": "x"}, patience=0.5)


def test_a_name_that_nobody_answers_for_is_waited_for_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    over = threading.Event()

    def slow(*_args: Any, **_named: Any) -> list[Any]:
        over.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    try:
        with pytest.raises(HookFailedError):
            Hook(DISCORD, "https://discord.example/x").post({}, patience=0.2)
    finally:
        over.set()


# Each once


def test_what_failed_is_said_later_and_once(memory: Memory) -> None:
    with listening("500", "204") as heard:
        hook = Hook(DISCORD, heard.url)
        with clock.at(10_000):
            (first,) = deliver([reminder()], [hook], memory, "test")
            (early,) = deliver([reminder()], [hook], memory, "test")
        assert (first.said, early.said) == ([], [])
        assert first.waiting == early.waiting == [reminder()]
        assert len(heard.asked) == 1
        with clock.at(10_000 + 60):
            (second,) = deliver([reminder()], [hook], memory, "test")
            (third,) = deliver([reminder()], [hook], memory, "test")
        assert (second.said, third.said, third.waiting) == ([reminder()], [], [])
        assert len(heard.told) == 1


def test_the_pause_grows_and_is_what_the_chat_asks_for(memory: Memory) -> None:
    pauses = []
    with listening("500", "500", "429:900", *["500"] * 9) as heard:
        hook, now = Hook(DISCORD, heard.url), 10_000
        for _ in range(12):
            with clock.at(now):
                deliver([reminder()], [hook], memory, "test")
            until = memory.failed("discord")[1]
            pauses.append(until - now)
            now = until
    assert pauses[:4] == [60, 120, 900, 480]
    assert pauses[-1] == HOUR


def test_two_chats_are_told_apart(memory: Memory) -> None:
    with listening("500") as one, listening() as other:
        found = deliver(
            [reminder()], [Hook(DISCORD, one.url), Hook(SLACK, other.url)], memory, "test"
        )
    assert [len(each.said) for each in found] == [0, 1]


def test_many_are_few_messages_and_no_more_than_a_chat_takes(memory: Memory) -> None:
    many = [reminder(number, text="x" * 500) for number in range(40)]
    with listening() as heard:
        hook = Hook(DISCORD, heard.url)
        said: list[Reminder] = []
        rounds = 0
        while len(said) < len(many):
            (found,) = deliver(many, [hook], memory, "test")
            said += found.said
            rounds += 1
    assert said == many
    assert rounds > 1
    assert all(len(each["content"]) <= 2_000 for each in heard.told)


def test_what_a_chat_took_is_kept_though_the_process_ends(tmp_path: Path) -> None:
    with listening() as heard:
        for _ in range(2):
            with Memory(tmp_path / "said.sqlite") as memory:
                deliver([reminder()], [Hook(DISCORD, heard.url)], memory, "test")
        assert len(heard.told) == 1


# Words of others


@pytest.mark.parametrize("chat_", CHATS, ids=lambda each: each.name)
def test_a_title_calls_nobody_and_is_no_link(chat_: Any) -> None:
    ((_, message),) = chat_.messages([reminder(title=BAD)])
    text = message.get("content") or message["text"]
    assert not re.search(r"@everyone|https?://|\w\.\w|<[@!#]|\*\*", text)
    if chat_ is DISCORD:
        assert message["allowed_mentions"] == {"parse": []}
        assert "](" not in text
    else:
        assert (message["parse"], message["mrkdwn"], message["link_names"]) == (
            "none",
            False,
            False,
        )
        assert "<" not in text


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_is_too_long_or_a_call(title: str, text: str) -> None:
    for chat_ in CHATS:
        for _, message in chat_.messages([reminder(title=title, text=text)]):
            said = message.get("content") or message["text"]
            assert not re.search(r"@(everyone|here)|://|<[@!#&]", said)
    ((_, message),) = DISCORD.messages([reminder(title=title, text=text)])
    assert len(message["content"]) <= 2_000


# Calendar and feed


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "")


TEXTS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs", "Cc", "Cf")), max_size=200
)


@given(TEXTS, TEXTS)
def test_a_calendar_has_only_lines_that_are_allowed(title: str, text: str) -> None:
    made = calendar([reminder(title=title, text=text)], "村 DAO; a, b", "0xab.1.mikoshi", 5_000)
    lines = made.split("\r\n")
    assert lines.pop() == ""
    assert all(len(line.encode()) <= 75 for line in lines)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]|(?<!\r)\n|\r(?!\n)", made)
    whole = unfolded(made).split("\r\n")
    assert all(re.match("[A-Z-]+[;:]", line) for line in whole[:-1])
    assert [line for line in whole if line.startswith(("BEGIN", "END"))] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "BEGIN:VALARM",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    for name in ("UID:opened/1@0xab.1.mikoshi", "DTSTAMP:19700101T012320Z"):
        assert name in whole
    assert "X-WR-CALNAME:村 DAO\\; a\\, b" in whole


def test_a_calendar_has_a_day_for_whoever_falls_silent() -> None:
    made = calendar([reminder(kind=Due.LAPSES, link="https://x.example/#a")], "x", "y", 0)
    assert "DTSTART:19700102T010000Z" in made
    assert "DURATION:PT15M" in made
    assert "URL:https://x.example/#a" in made
    assert "BEGIN:VEVENT" not in calendar([reminder(kind=Due.CLOSING)], "x", "y", 0)


@given(st.text(max_size=100), st.text(max_size=100))
def test_a_feed_is_xml_whatever_is_proposed(title: str, text: str) -> None:
    made = feed(
        [reminder(title=title, text=text)], "村 <DAO>", "0xab.1", 5_000, "https://x.example/"
    )
    root = ElementTree.fromstring(made)
    assert root.findtext(f"{ATOM}title") == "村 <DAO>"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "村 <DAO>"
    (entry,) = root.iter(f"{ATOM}entry")
    for name in ("id", "updated"):
        assert root.findtext(f"{ATOM}{name}")
        assert entry.findtext(f"{ATOM}{name}")
    assert entry.findtext(f"{ATOM}updated") == "1970-01-01T00:16:40Z"


def test_a_feed_tells_what_is_due_the_latest_first_with_ids_that_stay() -> None:
    several = [reminder(1), reminder(2, at=2_000), reminder(3, at=9_000), reminder(4, until=4_000)]
    first, second = (feed(several, "x", "y", now) for now in (5_000, 6_000))
    assert first == second
    titles = [
        each.findtext(f"{ATOM}title") for each in ElementTree.fromstring(first).iter(f"{ATOM}entry")
    ]
    assert titles == ["Title 2", "Title 1"]
    other = feed(several, "x", "z", 5_000)
    ids = [re.findall("urn:uuid:[0-9a-f-]+", each) for each in (first, other)]
    assert {*ids[0]}.isdisjoint(ids[1])
