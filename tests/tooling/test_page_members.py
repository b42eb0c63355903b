"""The page's members, one's own seat and its guardians, in a phone's browser."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_account import Account
from eth_account.messages import encode_typed_data

from mikoshi.ballots.line import to_line
from mikoshi.ballots.messages import MESSAGES, Message, fields_of
from mikoshi.ballots.signed import Signed
from mikoshi.page.build import page_of
from mikoshi.replay.member import Standing
from mikoshi.testing.community import person
from mikoshi.testing.defaults import DAY
from mikoshi.text.json import Json
from mikoshi.text.paths import ROOT
from tests.tooling.browser import Phone, served
from tests.tooling.door import CHARTER
from tests.tooling.governed import Governed
from tests.tooling.joining import succession_of
from tests.tooling.lines import Said, made_by_the_page, read_line
from tests.tooling.proxy import Call, FaultyRpc
from tests.tooling.test_page import WALLET, Visit
from tests.unit.succession.succeeding import Plan, Seat

pytestmark = pytest.mark.slow

SEAT = ["uint256", "bytes32", "address", "uint256", "uint256"]
PLAN = ["uint256", "uint256[]", "address[]", *["uint256"] * 2, "address", *["uint256"] * 3]
VETO = ["uint256"] * 3


@pytest.fixture(scope="module")
def browser() -> Iterator[Phone]:
    with Phone() as phone:
        yield phone


@pytest.fixture
def seat(governed: Governed) -> Seat:
    """The seats of the DAO, which can be given back."""
    return succession_of(governed)


@pytest.fixture
def visit(browser: Phone, governed: Governed, seat: Seat) -> Iterator[Visit]:
    """With an English phone; nothing fails unnoticed, and nobody but the page's server is asked."""
    settings = {
        "rpc": "/rpc",
        "treasury": governed.dao.treasury_address,
        "dao": "PM DAO",
        "succession": seat.contract.address,
    }
    with FaultyRpc(governed.rpc.url) as node, served(page_of(settings), node.url) as url:
        browser("phone", locale="en-GB")
        yield Visit(browser, governed, node, url)
        so_far = browser("so_far")
        assert so_far["errors"] == []
        assert set(so_far["asked"]) <= {url.rstrip("/")}


def go(visit: Visit, where: str) -> None:
    visit.phone("open", url=f"{visit.url}#{where}")
    visit.phone("reload")


def signed(visit: Visit, *, name: str = "Sign") -> str:
    """The line that the page shows after a signature."""
    visit.phone("tap", name=name)
    visit.phone("see", text="Paste this line")
    return str(visit.phone("text", selector=".signing output"))


# Lines


def as_json(value: Any) -> Json:
    if isinstance(value, (list, tuple)):
        return [as_json(each) for each in value]
    if isinstance(value, int):
        return {"number": str(value)}
    return f"0x{value.hex()}" if isinstance(value, bytes) else value


def test_lines_are_those_of_the_commands(tmp_path: Path) -> None:
    """Byte by byte, each kind that both know."""
    signer, acts, expected = person(2), [], []
    sample: dict[str, Any] = {
        "address": person(3).address,
        "bytes32": bytes.fromhex("c4" * 32),
        "uint8": 1,
        "uint256": 2**70 + 5,
        "string": "因: パン",
        "bytes": b"",
        "uint256[]": (2, 300),
        "address[]": (person(4).address, person(5).address),
    }
    for kind in MESSAGES:
        if kind in ("Invitation", "Claim", "Join", "Revoke"):
            continue
        values = {name: sample[type_] for name, type_ in fields_of(kind).items()}
        values |= dict.fromkeys({"voter", "proposer", "account"} & set(values), signer.address)
        contract = person(9).address
        message = Message(kind, 11155111, contract, values)
        signature = bytes(signer.sign_message(message.signable).signature)
        expected.append(to_line(Signed(message, signer.address, signature, 7)))
        acts.append(
            {
                "kind": kind,
                "chainId": 11155111,
                "contract": contract,
                "values": {name: as_json(each) for name, each in values.items()},
                "member": 7,
                "signature": f"0x{signature.hex()}",
            }
        )
    assert made_by_the_page(tmp_path, acts) == expected


def test_messages_are_those_of_the_commands() -> None:
    source = (ROOT / "web" / "src" / "messages.ts").read_text("utf-8")
    for kind, (home, fields) in MESSAGES.items():
        if kind not in ("Invitation", "Revoke"):  # signed with a command
            assert f'{kind}: ["{home}"' in source
            assert fields in source


# Members


def test_members_are_read_in_few_questions(visit: Visit) -> None:
    """Two questions for fifty people, and the rest when it is wanted."""
    dao, wallets = visit.governed.dao, [person(n).address for n in range(100, 300)]
    membership = dao.membership
    membership.send("admitMany", wallets, CHARTER, sender=dao.treasury_address)
    membership.send("delegate", person(4).address, sender=person(2).address)
    go(visit, "people")
    visit.phone("see", text="Numbers 1 to 50 of 205 are shown.")
    calls = [method for method, _ in visit.node.calls]
    assert len(calls) <= 2 * 14  # opened twice
    visit.phone("tap", name="More")
    visit.phone("see", text="Numbers 1 to 100 of 205 are shown.")
    assert visit.phone("count", selector=".people li") == 100
    shown = visit.phone("text", selector=".people")
    assert "Lends their voice to #4." in shown
    assert "1 other member lends them a voice." in shown
    visit.phone("tap", name="Who lends to #4?")
    visit.phone("see", text="#2")


def test_member_is_found_by_number(visit: Visit) -> None:
    membership = visit.governed.dao.membership
    membership.send("rest", sender=person(3).address)
    go(visit, "people")
    visit.phone("type", label="Number of a member", text="#3")
    visit.phone("tap", name="Look for them")
    visit.phone("see", text=person(3).address)
    card = visit.phone("text", selector=".card.person")
    assert "at rest" in card
    assert "Has no voice now." in card
    visit.phone("type", label="Number of a member", text="99")
    visit.phone("tap", name="Look for them")
    visit.phone("see", text="Nobody has this number.")


# My seat


def test_my_card_is_a_picture_alone(visit: Visit) -> None:
    visit.join()
    visit.phone("reload")
    visit.phone("see", text="My own voice is 1: 1 that everyone has")
    where = "document.querySelector('.ticket').src.slice(0, 26)"
    visit.phone("evaluate", script="document.querySelector('.ticket').decode()")
    assert visit.phone("evaluate", script=where) == "data:image/svg+xml;base64,"


@pytest.mark.parametrize("uri", ["https://elsewhere.example/a.png", "data:text/html;base64,PGI+"])
def test_picture_from_elsewhere_is_not_shown(visit: Visit, uri: str) -> None:
    card = base64.b64encode(json.dumps({"image": uri}).encode()).decode()
    answer = encode(["string"], [f"data:application/json;base64,{card}"])

    def lying(call: Call) -> Json:
        asked = call.params[0]["data"]
        return f"0x{answer.hex()}" if asked.startswith("0xc87b56dd") else call.forward()

    visit.join()
    visit.node.on("eth_call", lying)
    visit.phone("reload")
    visit.phone("see", text="My own voice is")
    assert visit.phone("count", selector=".ticket") == 0


def test_acts_of_a_member_are_relayed(visit: Visit) -> None:
    """Lend, take back, rest, wake, leave, return: each a line that the commands relay."""
    wallet = visit.join()
    dao = visit.governed.dao
    member = dao.membership.call("memberIdOf", wallet)

    def relayed(name: str, says: str) -> None:
        visit.phone("tap", name=name)
        visit.phone("see", text=says)
        if name == "Leave the DAO":
            assert visit.phone("count", selector=".signing .main:enabled") == 0
            visit.phone("tap", name="I have read it, and want it", role="checkbox")
        line = signed(visit)
        chat = visit.governed.folder / "chat.txt"
        chat.write_text(line, "utf-8")
        visit.governed.told("relay", str(chat), account="p1", yes=True)
        visit.phone("reload")

    visit.phone("reload")
    visit.phone("type", label="Lend my voice", text="2")
    visit.phone("tap", name="Choose them")
    relayed("Lend it to #2", f"I lend my voice to #2 ({person(2).address}), until I take it back.")
    assert dao.membership.call("delegates", wallet) == person(2).address
    visit.phone("see", text="I lend it to #2, who votes with it.")
    relayed("Take my voice back", "I take my voice back and speak for myself.")
    assert dao.membership.call("delegates", wallet) == wallet
    relayed("Rest", "I rest: I stay a member")
    assert visit.governed.standing(member) == Standing.DORMANT
    relayed("Wake up", "I wake up and take part again.")
    assert visit.governed.standing(member) == Standing.ACTIVE
    relayed("Leave the DAO", "What you lose")
    assert visit.governed.standing(member) == Standing.EXITED
    relayed("Come back", "I accept the charter")
    assert visit.governed.standing(member) == Standing.NEWCOMER
    visit.phone("see", text="I am a newcomer")


def test_voice_is_lent_only_to_who_is_awake(visit: Visit) -> None:
    wallet = visit.join()
    visit.governed.dao.membership.send("rest", sender=person(3).address)
    visit.phone("reload")
    for number in ("3", "99", str(visit.governed.dao.membership.call("memberIdOf", wallet))):
        visit.phone("type", label="Lend my voice", text=number)
        visit.phone("tap", name="Choose them")
        visit.phone("see", text=f"You cannot lend your voice to {number}")
    assert visit.phone("count", selector=".signing") == 0


# Guardians


def planned(visit: Visit, seat: Seat, *more: tuple[str, str]) -> Said:
    """A passkey's plan: two of members 2 and 3; what its line says, taken by the contract."""
    go(visit, "guardians")
    visit.phone("type", label="Guardians, one a line", text="3, #2")
    for label, text in more:
        visit.phone("type", label=label, text=text)
    visit.phone("tap", name="Look at the plan")
    visit.phone("tap", name="Make this my plan")
    visit.phone("see", text="2 of these 2 may ask for my seat together: #2, #3.")
    said = read_line(signed(visit), *PLAN)
    id_, members, others, needed, delay, heir, silence, _nonce, deadline = said.values
    plan = (members, others, needed, delay, heir, silence)
    seat.send("setPlanBySig", id_, plan, deadline, said.signature)
    visit.phone("see", text="It is done")
    return said


def ask(visit: Visit, said: Said) -> tuple[str, str, int]:
    """The phone is lost: the link that a new one makes, its line, and the deadline."""
    visit.phone("phone", locale="en-GB")
    go(visit, "lost")
    visit.phone("tap", name="Make a passkey")
    visit.phone("type", label="My member number", text=f"#{said.values[0]}")
    visit.phone("tap", name="Ask for my seat")
    visit.phone("see", text="You are the one who lost the wallet")
    visit.phone("tap", name="Take my seat with this wallet")
    visit.phone("see", text=f"I am member #{said.values[0]} and take my seat")
    visit.phone("tap", name="Sign")
    visit.phone("see", text="mikoshi=")
    line = visit.phone("text", selector=".signing output")
    link = visit.phone("evaluate", script="location.href")
    return link, line, int(link.rsplit("/", 1)[1])


def word_of(visit: Visit, link: str, number: int) -> Said:
    """A guardian opens the link with a wallet of their own, and signs."""
    guardian = person(number)
    visit.phone("phone", locale="en-GB")
    visit.phone("before", script=WALLET.replace("ADDRESS", guardian.address.lower()))
    visit.phone("open", url=link)
    visit.phone("tap", name="Fox <i>")
    visit.phone("see", text="You are asked as a guardian")
    visit.phone("see", text="first, by voice.")
    visit.phone("tap", name="I have talked to them")
    visit.phone("see", text="has lost their wallet")
    visit.phone("tap", name="Sign")
    _account, told = visit.phone("evaluate", script="asked")
    made = Account.sign_message(encode_typed_data(full_message=json.loads(told)), guardian.key)
    visit.phone("evaluate", script=f"void answer('0x{made.signature.hex()}')")
    visit.phone("see", text="mikoshi=")
    return read_line(visit.phone("text", selector=".signing output"), *SEAT)


def test_lost_phone_ends_with_the_same_number(visit: Visit, seat: Seat) -> None:
    """Guardians named, phone lost, two of them sign, the delay passes: the same member."""
    visit.join()
    plan = planned(visit, seat)
    member, members, others, needed, delay, heir, silence, *_ = plan.values
    link, line, deadline = ask(visit, plan)
    taking = read_line(line, *SEAT)
    wallet = taking.values[2]
    assert (taking.kind, taking.member, taking.values[0]) == (16, 0, member)
    assert f"/{member}/{wallet}/{deadline}" in link
    words = [word_of(visit, link, number) for number in (2, 3)]
    assert [(each.kind, each.member) for each in words] == [(15, 2), (15, 3)]
    assert all(each.values == taking.values for each in words)
    said = (members, others, needed, delay, heir, silence)
    signatures = [(place, each.signature) for place, each in enumerate(words)]
    seat.send("recover", member, said, wallet, deadline, taking.signature, signatures)
    visit.phone("reload")
    visit.phone("see", text="Enough guardians have asked.")
    visit.governed.rpc.warp(delay)
    seat.send("finish", member)
    visit.phone("see", text="It is done: the seat is at the new wallet.")
    assert visit.governed.dao.membership.call("memberIdOf", wallet) == member


def test_owner_stops_what_guardians_ask(visit: Visit, seat: Seat) -> None:
    """The alarm is on every screen, and one word ends it."""
    wallet = visit.join()
    member = visit.governed.dao.membership.call("memberIdOf", wallet)
    thief = Seat(visit.governed.community, seat.contract, member)
    planned(visit, seat)
    given = Plan((2, 3), (), 2, 7 * DAY, "0x" + "0" * 40, 0)
    until, new = thief.later(), person(1000)
    taking = thief.word(new, "Take", given.hash, new.address, until)
    words = thief.words({0: person(2), 1: person(3)}, given, new.address, until)
    thief.send("recover", member, given, new.address, until, taking, words)
    for where in ("people", "me", "guardians"):
        go(visit, where)
        visit.phone("see", text=f"Somebody asks for your seat #{member}")
    assert visit.phone("axe") == []
    assert visit.phone("width") <= 390
    visit.phone.shot("alarm.en")
    visit.phone("tap", name="It was not me: stop it")
    visit.phone("see", text=f"I end whatever was asked for on my seat #{member}")
    said = read_line(signed(visit), *VETO)
    seat.send("vetoBySig", member, said.values[2], said.signature)
    assert thief.request[0] == 0
    go(visit, "me")
    visit.phone("see", text="My own voice is")
    assert visit.phone("count", selector=".alarm") == 0


@pytest.mark.parametrize(
    ("named", "needed", "delay", "why"),
    [
        ("bread", "1", "7", "bread is neither a number nor an address"),
        ("2\n3", "3", "7", "of 2 guardians 1 to 2 can be needed"),
        ("2", "1", "2", "the wait is 3 to 60 days"),
        ("99", "1", "7", "#99 is no member now"),
        ("", "1", "7", "it names nobody"),
        ("6", "1", "7", "nobody can be their own guardian"),
    ],
)
def test_plan_that_no_contract_takes_is_refused(
    visit: Visit, named: str, needed: str, delay: str, why: str
) -> None:
    visit.join()
    go(visit, "guardians")
    visit.phone("type", label="Guardians, one a line", text=named)
    visit.phone("type", label="How many of them are needed", text=needed)
    visit.phone("type", label="Days to wait", text=delay)
    visit.phone("tap", name="Look at the plan")
    visit.phone("see", text=why)
    assert visit.phone("count", selector=".signing") == 0


def test_stranger_is_no_guardian(visit: Visit, seat: Seat) -> None:
    visit.join()
    link, *_ = ask(visit, planned(visit, seat))
    visit.phone("phone", locale="en-GB")
    visit.phone("before", script=WALLET.replace("ADDRESS", person(4).address.lower()))
    visit.phone("open", url=link)
    visit.phone("tap", name="Fox <i>")
    visit.phone("see", text="you are none of them")
    assert visit.phone("count", selector=".act") == 0


@pytest.mark.parametrize("days", [-1, 61])
def test_link_is_good_for_some_weeks(visit: Visit, seat: Seat, days: int) -> None:
    """No word of a guardian is good for ever, whoever made the link."""
    visit.join()
    link, *_ = ask(visit, planned(visit, seat))
    until = seat.now() + days * DAY
    visit.phone("open", url=f"{link.rpartition('/')[0]}/{until}")
    visit.phone("see", text="The time of this link is over, or too long")
    assert visit.phone("count", selector=".act") == 0


def test_module_without_the_role_is_none(visit: Visit) -> None:
    other = succession_of(visit.governed, salt=1, in_force=False)
    settings = {"rpc": "/rpc", "treasury": visit.governed.dao.treasury_address, "dao": "PM DAO"}
    settings["succession"] = other.contract.address
    with served(page_of(settings), visit.node.url) as url:
        visit.phone("open", url=f"{url}#guardians")
        visit.phone("see", text="has not given anybody the right to give a seat back")
    visit.phone("forget")


# For everybody


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_screens_of_members_are_accessible(visit: Visit, seat: Seat, locale: str) -> None:
    """By axe, on a narrow screen, with pictures to be looked at."""
    phone = visit.phone

    def looked(name: str) -> None:
        assert phone("axe") == [], name
        assert phone("width") <= 390, name
        phone.shot(f"{name}.{locale}")

    visit.join()
    said = planned(visit, seat)
    if locale == "ja":
        phone("tap", name="日本語")
    for where, selector in (("guardians", "textarea"), ("me", ".ticket"), ("people", ".people li")):
        go(visit, where)
        phone("see_that", selector=selector)
        looked(where)
    link, *_ = ask(visit, said)
    if locale == "ja":
        phone("tap", name="日本語")
    looked("taking")
    go(visit, "lost")
    phone("see_that", selector="input")
    looked("lost")
    phone("phone", locale="ja-JP" if locale == "ja" else "en-GB")
    phone("before", script=WALLET.replace("ADDRESS", person(2).address.lower()))
    phone("open", url=link)
    phone("tap", name="Fox <i>")
    phone("see_that", selector=".act")
    looked("guardian")
