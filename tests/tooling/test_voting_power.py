"""`ape run power` and `ape run delegate`: who speaks with what, and who speaks for whom."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from mikoshi.ballots.file import load
from mikoshi.ballots.messages import Message
from mikoshi.testing.community import person
from mikoshi.testing.defaults import DAY, POINT, VOICE
from mikoshi.text.clock import moment_text
from mikoshi.text.people import short
from mikoshi.text.units import format_time
from mikoshi.voting.power import heard_from
from tests.support import failed, inner, told
from tests.tooling.governed import Governed
from tests.tooling.test_voting import act, admit, as_treasury

pytestmark = pytest.mark.slow

P2 = r"P2 #2 \(0x50ab…bf7f\)"


def credit(governed: Governed, member: int, points: int) -> None:
    as_treasury(governed, "credit", member, points * POINT, 0, bytes(32))


# Power


def test_power_in_words(governed: Governed) -> None:
    credit(governed, 1, 1_000)
    act(governed, 2, "delegate", person(1).address)
    shown = governed.run("power P1").stdout.splitlines()
    assert re.fullmatch(r"P1 #1 \(0x1753…8863\)  now: .* UTC", shown[0])
    rows = dict(re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in shown[1:])
    assert rows == {
        "own voice": "1.5 voices: 1 as everyone, 0.5 from 100 points of merit",
        "at most": "1.5 voices, with 100 points of merit",
        "speaks with": "2.5 voices",
        "speaks for": "2 people: themself, P2 #2 (0x50ab…bf7f)",
        "a ballot weighs": "1 voice of 5.5 awake; the cap (10 % of the awake voice,"
        " at least 1 voice) cuts it from 2.5",
    }


def test_power_is_that_of_the_contracts_now_and_before(governed: Governed) -> None:
    membership, moments = governed.dao.membership, []

    def pause() -> None:
        moments.append(governed.rpc.timestamp())
        governed.rpc.warp(10 * DAY)

    pause()
    credit(governed, 2, 50)
    act(governed, 1, "delegate", person(2).address)
    pause()
    credit(governed, 1, 70)
    act(governed, 3, "rest")
    pause()
    act(governed, 2, "delegate", person(4).address)
    act(governed, 1, "exit")
    pause()
    for number in range(1, 5):
        wallet = person(number).address
        for time in moments:
            told = governed.told(f"power #{number}", at=moment_text(time))
            voice = membership.call("getPastVotes", wallet, time)
            lens, at = governed.dao.lens, membership.address
            people = lens.call("getPastMembers", at, wallet, time)
            assert abs(int(told["voice"]) - voice) <= 1
            assert len(told["speaks_for"]) == people
            assert bool(told["reason"]) == (people == 0)
        now = governed.told(f"power {wallet}")
        assert abs(int(now["voice"]) - membership.call("getVotes", wallet)) <= 1


def test_power_of_the_account(governed: Governed) -> None:
    told = governed.told("power", account="p3")
    assert told["member"] == {
        "id": 3,
        "name": "P3",
        "wallet": person(3).address,
        "standing": "active",
    }
    assert (told["voice"], told["weight"], told["cap"]) == (str(VOICE),) * 3
    assert told["own"] == {
        "voice": str(VOICE),
        "base": str(VOICE),
        "merit": "0",
        "most": str(VOICE * 3 // 2),
        "spoken_by": 3,
    }


def newcomer(governed: Governed) -> None:
    admit(governed, 5 + 1, bytes(32))


REASONS: dict[str, tuple[Callable[[Governed], None], int, str, str]] = {
    "asleep": (
        lambda governed: act(governed, 2, "rest"),
        2,
        r"dormant since .* UTC; waking is free",
        r".* UTC から休眠中です",
    ),
    "lent": (
        lambda governed: act(governed, 3, "delegate", person(2).address),
        3,
        rf"lent to {P2} since .* UTC",
        rf".* UTC から {P2} に声を託しています",
    ),
    "left": (
        lambda governed: act(governed, 2, "exit"),
        2,
        r"left the DAO on .* UTC",
        r".* UTC に退会しました",
    ),
    "removed": (
        lambda governed: as_treasury(governed, "bar", 2),
        2,
        r"removed by a vote on .* UTC",
        r".* UTC に投票で除名されました",
    ),
    "newcomer": (
        newcomer,
        6,
        r"a newcomer, who may wake from .* UTC",
        r"新入りです\(.* UTC から活動を再開でき",
    ),
}


@pytest.mark.parametrize("case", REASONS)
def test_no_voice_has_a_reason(governed: Governed, case: str) -> None:
    happens, member, english, japanese = REASONS[case]
    happens(governed)
    told = governed.told(f"power {member}")
    assert re.match(english, told["reason"])
    assert (told["voice"], told["weight"]) == ("0", "0")
    assert re.search(f"✗ no voice: {english}", governed.run(f"power #{member}").stdout)
    assert re.match(japanese, governed.told(f"power {member}", lang="ja")["reason"])


def test_newcomer_may_wake_when_power_says_so(governed: Governed) -> None:
    newcomer(governed)
    ready = governed.dao.membership.call("stampOf", 6) * DAY
    assert governed.told("power 6")["reason"].startswith("a newcomer, who may wake from ")
    governed.rpc.warp_to(ready - 1)
    assert governed.told("power 6")["reason"].endswith(format_time(ready, ready))
    governed.rpc.warp_to(ready)
    act(governed, 6, "wake", bytes.fromhex("c4" * 32))
    assert governed.told("power 6")["reason"] == ""


def test_power_before_joining_says_when_they_joined(governed: Governed) -> None:
    governed.rpc.warp(DAY)
    admit(governed, 6)
    told = governed.told("power 6", at="1 hour ago")
    assert re.match(r"joined later, on .* UTC", told["reason"])
    assert (told["voice"], told["member"]["standing"]) == ("0", "none")
    shown = governed.run("power 6", at="1 hour ago").stdout.splitlines()
    assert [line[:20] for line in shown[1:]] == ["✗ no voice: joined l"]


def test_dormant_delegate_speaks_for_others_still(governed: Governed) -> None:
    act(governed, 3, "delegate", person(2).address)
    act(governed, 2, "rest")
    told = governed.told("power 2")
    assert (told["speaks_for"], told["voice"], told["reason"]) == ([3], str(VOICE), "")
    proposal = governed.propose().id
    governed.open_voting(proposal)
    assert governed.told("vote 1", "--for", account="p2", yes=True)["speaks_for"] == [3]
    assert governed.dao.governor.call("proposalTurnout", proposal) == 1


@pytest.mark.parametrize(
    ("who", "kind", "data"),
    [
        ("#9", "person.not-found", {"text": "#9"}),
        ("P11", "person.not-found", {"text": "P11"}),
        (person(77).address, "power.of-a-stranger", {"wallet": short(person(77).address)}),
    ],
)
def test_power_of_nobody_is_refused(
    governed: Governed, who: str, kind: str, data: dict[str, str]
) -> None:
    assert governed.run(f"power {who}").exit_code == 2
    failed(kind, **data)


@pytest.mark.parametrize(
    ("at", "words"), [("1 day", "--at must not lie ahead"), ("soon", "--at must be a time")]
)
def test_power_at_no_time_is_refused(governed: Governed, at: str, words: str) -> None:
    shown = governed.run("power P1", at=at)
    assert shown.exit_code == 2
    assert words in shown.stderr


def test_a_word_of_one_name_is_clear(governed: Governed) -> None:
    file = governed.folder / "names.csv"
    called = ["Hana 花", "Ken Ito", "Ken", "Yui Ito"]
    rows = [f"{person(number).address},{name}" for number, name in enumerate(called, 1)]
    file.write_text("\n".join(["wallet,name", *rows]))

    def power(who: str) -> str:
        return str(governed.told("power", who, names=str(file))["member"]["name"])

    assert [power(who) for who in ("Hana", "hana", "花", "Hana 花", "Yui")] == [
        "Hana 花",
        "Hana 花",
        "Hana 花",
        "Hana 花",
        "Yui Ito",
    ]
    assert power("Ken") == "Ken"
    assert power("2") == "Ken Ito"
    for unclear in ("Ito", "Han", "ken"):
        refused = governed.run("power", unclear, names=str(file))
        assert refused.exit_code == 2
        failed("person.not-found", text=unclear)
    lent = governed.told("delegate", "Hana", names=str(file), account="p4", yes=True)
    assert (lent["member"], lent["to"]) == (4, 1)
    governed.rpc.warp(220 * DAY)
    lapsed = governed.told("lapse", "Hana", names=str(file))
    assert [each["id"] for each in lapsed["due"]] == [1]


@pytest.mark.parametrize("cap_bps", [100, 700, 1_000, 2_500, 5_000])
def test_from_how_many_awake_a_ballot_can_weigh_more_than_one_voice(cap_bps: int) -> None:
    least = heard_from(cap_bps)
    assert (least - 1) * VOICE * cap_bps // 10_000 <= VOICE < least * VOICE * cap_bps // 10_000


def test_whose_power_must_be_said(governed: Governed) -> None:
    refused = governed.run("power")
    assert refused.exit_code == 2
    failed("power.of-nobody")


# Delegation


def test_delegation_is_shown_in_numbers_and_done(governed: Governed) -> None:
    credit(governed, 1, 100)
    act(governed, 3, "delegate", person(2).address)
    shown = governed.run("delegate P2", account="p1", yes=True)
    assert shown.exit_code == 0, shown.stderr
    lines = shown.stdout.splitlines()
    assert lines[0] == (
        "P2 #2 (0x50ab…bf7f) will speak for P1 #1 (0x1753…8863), with 1.5 voices more"
    )
    assert lines[1].split("  ", 1)[1].strip() == "2 voices → 3.5 voices, 2 people → 3 people"
    assert "⚠ of the 3.5 voices a ballot counts 1 voice: the cap (10 %" in shown.stdout
    assert "it can be taken back at any time: `ape run delegate self`" in shown.stdout
    assert "Next:\n  ape run power 2" in shown.stdout
    membership = governed.dao.membership
    assert membership.call("delegates", person(1).address) == person(2).address
    assert governed.told("power 2")["speaks_for"] == [1, 2, 3]


def test_delegation_from_one_to_another_shows_both(governed: Governed) -> None:
    act(governed, 1, "delegate", person(2).address)
    told = governed.told("delegate 3", account="p1", yes=True)
    assert (told["member"], told["from"], told["to"]) == (1, 2, 3)
    assert governed.dao.membership.call("delegates", person(1).address) == person(3).address
    shown = governed.run("delegate 2", account="p1").stdout
    assert re.search(rf"{P2}\s+1 voice → 2 voices, 1 person → 2 people", shown)
    assert re.search(r"P3 #3 \(.*\)\s+2 voices → 1 voice, 2 people → 1 person", shown)


def test_voice_is_taken_back_once(governed: Governed) -> None:
    act(governed, 1, "delegate", person(2).address)
    assert "their own voice" not in governed.run("delegate self", account="p1").stdout
    first = governed.told("delegate self", account="p1", yes=True)
    assert governed.dao.membership.call("delegates", person(1).address) == person(1).address
    nonce = governed.nonce(person(1))
    again = governed.told("delegate self", account="p1", yes=True)
    assert (first["from"], first["to"]) == (2, 1)
    assert again["transaction"] is None
    assert governed.nonce(person(1)) == nonce
    shown = governed.run("delegate self", account="p1", yes=True).stdout
    assert shown.startswith("✓ P1 #1 (0x1753…8863) speaks for P1 #1 (0x1753…8863) already")


def test_open_proposals_keep_their_voices(governed: Governed) -> None:
    proposal = governed.propose().id
    governed.open_voting(proposal)
    shown = governed.run("delegate 2", account="p1", yes=True)
    assert "voting is open on 1: there everything stays as it was" in shown.stdout
    assert governed.told("vote 1", "--for", account="p1", yes=True)["speaks_for"] == [1]


def test_delegate_who_lends_their_own_voice_is_told_apart(governed: Governed) -> None:
    act(governed, 2, "delegate", person(3).address)
    shown = governed.run("delegate 2", account="p1", yes=True).stdout
    assert "their own voice is with P3 #3 (0x6C84…Bb3E); what is lent to them is not" in shown
    assert governed.told("power 2")["speaks_for"] == [1]


@pytest.mark.parametrize(
    ("sleeper", "kind", "who"),
    [
        (1, "delegation.of-no-voice", "P1 #1 (0x1753…8863)"),
        (2, "delegation.to-the-inactive", "P2 #2 (0x50ab…bf7f)"),
    ],
)
def test_only_the_active_lend_and_speak(
    governed: Governed, sleeper: int, kind: str, who: str
) -> None:
    act(governed, sleeper, "rest")
    nonce = governed.nonce(person(1))
    shown = governed.run("delegate 2", account="p1", yes=True)
    assert shown.exit_code == 4
    told(inner(failed(kind, who=who), "silence"), "voice.dormant")
    assert governed.nonce(person(1)) == nonce


def test_stranger_cannot_speak_for_others(governed: Governed) -> None:
    shown = governed.run(f"delegate {person(77).address}", account="p1", yes=True)
    assert shown.exit_code == 4
    error = failed("delegation.to-the-inactive", who=short(person(77).address))
    told(inner(error, "silence"), "voice.of-a-stranger")


def test_signed_delegation_is_relayed(governed: Governed) -> None:
    governed.rpc.call("anvil_setBalance", person(4).address, "0x0")
    file = governed.folder / "p4.ballot"
    told = governed.told("delegate P2", "--sign-only", "-o", str(file), account="p4")
    assert told["file"] == str(file)
    signed = load(file)
    assert signed.message["deadline"] == governed.rpc.timestamp() + 7 * DAY
    assert (signed.message["delegatee"], signed.member) == (person(2).address, 4)
    relayed = governed.told("relay", str(file), account="p1", yes=True)
    assert relayed["sent"] == 1
    assert governed.dao.membership.call("delegates", person(4).address) == person(2).address


def test_delegation_signed_elsewhere_is_relayed(governed: Governed) -> None:
    data, file = governed.folder / "p4.json", governed.folder / "p4.ballot"
    shown = governed.run("delegate #2", "--typed-data", "--signer", "P4", "-o", str(data))
    assert "then:\n  ape run delegate '#2' --config" in shown.stdout
    message = Message.from_typed_data(json.loads(data.read_text()))
    signature = f"0x{person(4).sign_message(message.signable).signature.hex()}"
    until = moment_text(message["deadline"])
    ways = ("--signature", signature, "--signer", "P4", "--until", until, "-o", str(file))
    governed.told("delegate #2", *ways)
    assert governed.told("relay", str(file), account="p1", yes=True)["sent"] == 1
    assert governed.dao.membership.call("delegates", person(4).address) == person(2).address
