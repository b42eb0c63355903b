"""`ape run succession`: plans, guardians' words, vetoes and seats that move, as they are typed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from eth_account.signers.local import LocalAccount

from mikoshi.ballots.file import load, to_json, write_new
from mikoshi.ballots.line import to_line
from mikoshi.ballots.messages import succession_message
from mikoshi.ballots.signed import Signed, sign
from mikoshi.chain.node import Node
from mikoshi.cli.options import Options
from mikoshi.cli.session import Session
from mikoshi.context.context import Context
from mikoshi.replay.succession import NO_PLAN, SeatPlan
from mikoshi.testing.community import person
from mikoshi.testing.defaults import DAY, ZERO
from mikoshi.voting.seat_asking import gathered, problem_with
from mikoshi.voting.signed_file import open_files
from mikoshi.voting.signing_options import SigningOptions
from tests.support import failed, told
from tests.tooling.governed import Governed
from tests.tooling.live import ETHER, Place, deployer, fund

pytestmark = pytest.mark.slow

SECTION = "\n[succession]\n"
NEW, FRIEND, HEIR = person(21), person(22), person(23)
"""A new wallet, a guardian and an heir who are no members."""

PLAN = (
    *("--guardian", "P2", "--guardian", "3", "--guardian", FRIEND.address),
    *("--needed", "2", "--delay", "7 days"),
)
INHERITED = (*PLAN, "--heir", HEIR.address, "--silence", "200 days")


@pytest.fixture(scope="module")
def _founded(sepolia_node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Governed]:
    rpc = sepolia_node.rpc
    with rpc.isolate():
        fund(rpc, deployer().address)
        place = Place(tmp_path_factory.mktemp("seats"), more=SECTION)
        found = Governed.found(place, rpc)
        for name, key in (("new", NEW), ("friend", FRIEND), ("heir", HEIR)):
            place.add_account(name, key)
            fund(rpc, key.address, ETHER)
        yield found


@pytest.fixture
def seats(_founded: Governed, tmp_path: Path) -> Iterator[Governed]:
    """A DAO of five with Succession; what a test does is undone."""
    with _founded.rpc.isolate():
        yield replace(_founded, folder=tmp_path)


@pytest.fixture
def planned(seats: Governed) -> Governed:
    """P1 has a plan: two of P2, P3 and a friend; an heir after 200 days."""
    seats.told("succession plan", *INHERITED, account="p1", yes=True)
    return seats


def view(seats: Governed, name: str, *args: Any) -> Any:
    return seats.place.manifest.dao(seats.rpc).succession.call(name, *args)


def asked(seats: Governed) -> tuple[int, str]:
    """What is asked for the seat of P1: who asks, for which wallet."""
    kind, wallet, _ready, _end = view(seats, "requestOf", 1)
    return int(kind), str(wallet)


def say(seats: Governed, account: str, name: str, *files: Path, verb: str = "recover") -> Path:
    """A word for the new wallet on the seat of P1, by a command; the file."""
    path = seats.folder / f"{name}.ballot"
    command = f"succession {verb} 1 --wallet {NEW.address}"
    seats.told(command, *map(str, files), "--sign-only", account=account, output=path)
    return path


def words(seats: Governed) -> list[Path]:
    """Enough words for a recovery: of P2, the friend and the new wallet."""
    first = say(seats, "p2", "p2")
    return [first, say(seats, "friend", "friend", first), say(seats, "new", "new", first)]


def send(seats: Governed, *files: Path, verb: str = "recover", **options: Any) -> Result:
    command = f"succession {verb} 1 --wallet {NEW.address}"
    return seats.run(command, *map(str, files), account="p4", yes=True, **options)


def by_hand(seats: Governed, kind: str, key: LocalAccount, **changes: Any) -> Signed:
    """A word on the seat of P1 that no command would sign."""
    plan = {"planHash": view(seats, "planHashOf", 1), "wallet": NEW.address}
    values = {"id": 1, "nonce": view(seats, "nonceOf", 1), "deadline": seats.rpc.timestamp() + DAY}
    values |= plan if kind != "Veto" else {}
    dao = seats.place.manifest.dao(seats.rpc)
    chain = seats.community.chain_id
    return sign(succession_message(kind, chain, dao.succession_address, **values | changes), key)


def keep(seats: Governed, **papers: Signed) -> list[Path]:
    paths = []
    for name, signed in papers.items():
        paths.append(seats.folder / f"{name}.ballot")
        write_new(paths[-1], to_json(signed))
    return paths


def relayed(seats: Governed, *sources: Path, code: int = 0) -> dict[str, Any]:
    """What `relay` says of each file, by its name."""
    result = seats.run("relay", *map(str, sources), account="p4", yes=True, json=True)
    assert result.exit_code == code, result.stderr
    return {Path(each["file"]).stem: each for each in json.loads(result.stdout)["files"]}


def ends(result: Result, kind: str, code: int) -> Mapping[str, Any]:
    """The data of the error of this kind with which a command ended."""
    assert result.exit_code == code, result.stderr
    return failed(kind).data


# Plans


def test_plan_is_what_was_typed(planned: Governed) -> None:
    plan = SeatPlan((2, 3), (FRIEND.address,), 2, 7 * DAY, HEIR.address, 200 * DAY)
    assert view(planned, "planHashOf", 1) == plan.hash
    said = planned.told("succession status", "1")["seats"]
    assert said[0]["plan"]["members"] == [2, 3]
    assert said[0]["request"] is None
    checked = planned.told("check")
    assert (checked["passed"], checked["seats"]) == (True, [])


def test_plan_says_what_others_can_do_by_it(seats: Governed) -> None:
    shown = seats.run("succession plan", *PLAN, account="p1", dry_run=True)
    assert shown.exit_code == 0, shown.stderr
    assert "2 of these 3 guardians can ask for the seat together" in shown.stdout
    assert "P2 #2" in shown.stdout
    assert FRIEND.address in shown.stdout
    assert "a thief who does not look" in shown.stdout
    assert view(seats, "planHashOf", 1) == NO_PLAN


def test_same_plan_is_not_sent_twice(planned: Governed) -> None:
    nonce = planned.nonce(person(1))
    again = planned.told("succession plan", *INHERITED, account="p1", yes=True)
    assert again["transaction"] is None
    assert planned.nonce(person(1)) == nonce


def test_signed_plan_is_relayed_as_file_and_as_line(seats: Governed) -> None:
    path = seats.folder / "plan.ballot"
    said = seats.told("succession plan", *PLAN, "--sign-only", account="p1", output=path)
    chat = seats.folder / "chat.txt"
    chat.write_text(f"P1: here it is {said['line']}\nthanks!")
    found = relayed(seats, path, chat)
    assert {each["result"] for each in found.values()} == {"sent", "done before"}
    plan = SeatPlan((2, 3), (FRIEND.address,), 2, 7 * DAY, ZERO, 0)
    assert view(seats, "planHashOf", 1) == plan.hash
    assert relayed(seats, path)["plan"]["result"] == "done before"


@pytest.mark.parametrize(
    ("options", "kinds"),
    [
        ((), ["plan.names-nobody"]),
        (("--guardian", "P1"), ["plan.of-oneself"]),
        (("--guardian", "P2", "--guardian", "#2"), ["plan.named-twice"]),
        (("--guardian", "Nobody"), ["plan.unclear"]),
        (("--guardian", "treasury"), ["plan.no-person"]),
        (("--guardian", "P2", "--needed", "2"), ["plan.outside"]),
        (("--guardian", "P2", "--needed", "0"), ["plan.outside"]),
        (("--guardian", "P2", "--delay", "2 days"), ["plan.outside"]),
        (("--guardian", "P2", "--delay", "soon"), ["plan.no-duration"]),
        (("--guardian", "P2", "--silence", "1 day"), ["plan.silence-without-heir"]),
        (("--heir", "P2", "--silence", "6 years"), ["plan.outside"]),
        (("--heir", "P1"), ["plan.of-oneself"]),
        (("--guardian", "P1", "--delay", "90 days"), ["plan.of-oneself", "plan.outside"]),
        (
            tuple(word for n in range(31, 39) for word in ("--guardian", str(person(n).address))),
            ["plan.outside"],
        ),
    ],
)
def test_plan_that_is_none_is_refused(
    seats: Governed, options: tuple[str, ...], kinds: list[str]
) -> None:
    result = seats.run("succession plan", *options, account="p1", yes=True, json=True)
    error = ends(result, "plan.invalid", 2)
    assert [each.kind for each in error["problems"]] == kinds
    assert view(seats, "planHashOf", 1) == NO_PLAN


def test_limits_are_told_with_field_value_and_limit(seats: Governed) -> None:
    result = seats.run(
        "succession plan", "--guardian", "P2", "--delay", "90 days", account="p1", json=True
    )
    (problem,) = ends(result, "plan.invalid", 2)["problems"]
    assert problem.data == {
        "option": "--delay",
        "low": "3 days",
        "high": "60 days",
        "got": "90 days",
    }


def test_stranger_has_no_plan_to_make(seats: Governed) -> None:
    result = seats.run("succession plan", *PLAN, account="new", yes=True, json=True)
    ends(result, "step.of-a-stranger", 2)


def test_dao_without_the_section_gives_no_seats_back(governed: Governed) -> None:
    for command in ("plan --guardian P2", "veto", "finish 1", f"recover 1 --wallet {NEW.address}"):
        result = governed.run(f"succession {command}", account="p1", yes=True, json=True)
        ends(result, "succession.none", 4)
    ends(governed.run("succession status", json=True), "succession.none", 4)


# Recovered


def test_guardians_give_a_seat_back(planned: Governed) -> None:
    first = say(planned, "p2", "p2")
    early = send(planned, first, json=True)
    error = ends(early, "seat.words-missing", 4)
    assert (error["lacking"], error["taken"]) == (1, False)
    said = json.loads(send(planned, *words_after(planned, first), json=True).stdout)
    assert said["complete"]
    assert asked(planned) == (1, NEW.address)
    seen = planned.told("status")["seats"]
    assert [(each["member"], each["to"]) for each in seen] == [(1, NEW.address)]
    assert planned.told("check")["seats"] == seen
    assert "for the seat of #1" in planned.run("status").stderr + planned.run("status").stdout
    ends(planned.run("succession finish", "1", account="p4", json=True), "seat.not-ready", 4)
    planned.rpc.warp_to(seen[0]["ready_at"])
    planned.told("succession finish", "1", account="p4", yes=True)
    assert planned.dao.membership.call("walletOf", 1) == NEW.address
    ends(planned.run("succession finish", "1", account="p4", json=True), "seat.not-asked-for", 4)
    assert planned.told("check")["passed"]


def words_after(seats: Governed, first: Path) -> list[Path]:
    return [first, say(seats, "friend", "friend", first), say(seats, "new", "new", first)]


def test_pasted_lines_do_what_files_do(planned: Governed) -> None:
    chat = planned.folder / "chat.txt"
    chat.write_text("\n".join(f"hi {to_line(load(each))}" for each in words(planned)))
    assert send(planned, chat).exit_code == 0
    assert asked(planned) == (1, NEW.address)


def test_who_has_signed_and_who_is_missing_is_said(planned: Governed) -> None:
    shown = send(planned, say(planned, "p2", "p2"))
    assert shown.exit_code == 4
    assert "P2 #2" in shown.stdout
    assert "1 guardian of these:" in shown.stdout
    assert "P3 #3" in shown.stdout
    assert "has not signed yet" in shown.stdout
    assert f"succession recover 1 --wallet {NEW.address}" in shown.stdout
    assert "--until 20" in shown.stdout


def test_nobody_else_has_anything_to_sign(planned: Governed) -> None:
    command = f"succession recover 1 --wallet {NEW.address}"
    path = planned.folder / "x.ballot"
    for account in ("p1", "p4", "heir"):
        result = planned.run(command, "--sign-only", account=account, output=path, json=True)
        ends(result, "seat.not-wanted", 2)
    assert not path.exists()


def test_words_that_name_another_wallet_are_left_out(planned: Governed) -> None:
    first, *_ = words(planned)
    (other,) = keep(planned, other=by_hand(planned, "Recover", person(3), wallet=HEIR.address))
    with closing(Session(Options(str(planned.place.toml), planned.rpc.url))) as session:
        context = Context.open(session, planned.place.records)
        member = context.rebuilt.membership.members[1]
        signing = SigningOptions(False, False, None, None, None, None)
        files = open_files([str(first), str(other)])
        found = gathered(context, signing, member, NEW.address, by_heir=False, files=files)
        assert [each.signer for each in found.words.values()] == [person(2).address]
        problem = problem_with(context, found, files[1])
    assert problem is not None
    told(problem, "seat.other-request")


def test_junk_in_a_chat_moves_no_end(planned: Governed) -> None:
    first = say(planned, "p2", "p2")
    later = planned.rpc.timestamp() + 9 * DAY
    junk = [by_hand(planned, "Recover", person(4 + n), deadline=later) for n in range(2)]
    files = keep(planned, a=junk[0], b=junk[1])
    data = ends(send(planned, *files, first, json=True), "seat.words-missing", 4)
    assert data["deadline"] == load(first).message["deadline"]
    assert data["signed"] == [person(2).address]


def test_seat_without_a_plan_cannot_be_asked_for(seats: Governed) -> None:
    ends(send(seats, json=True), "seat.no-plan", 4)


def test_plan_without_an_heir_has_nobody_to_inherit(seats: Governed) -> None:
    seats.told("succession plan", *PLAN, account="p1", yes=True)
    ends(send(seats, verb="inherit", json=True), "seat.nobody-named", 4)


def test_wallet_of_a_member_takes_no_second_seat(planned: Governed) -> None:
    command = f"succession recover 1 --wallet {person(4).address}"
    error = ends(planned.run(command, account="p4", json=True), "seat.cannot-be-asked-for", 4)
    assert [each.kind for each in error["problems"]] == ["seat.wallet-taken"]


def test_stranger_has_no_seat(planned: Governed) -> None:
    command = f"succession recover {HEIR.address} --wallet {NEW.address}"
    ends(planned.run(command, account="p4", json=True), "seat.of-a-stranger", 2)


# Vetoed


def test_veto_ends_what_is_asked_for(planned: Governed) -> None:
    send(planned, *words(planned))
    ends(send(planned, json=True), "seat.cannot-be-asked-for", 4)
    planned.told("succession veto", account="p1", yes=True)
    assert asked(planned) == (0, ZERO)
    assert view(planned, "planHashOf", 1) == NO_PLAN
    assert planned.told("status")["seats"] == []
    again = planned.told("succession veto", account="p1", yes=True)
    assert again["transaction"] is None


def test_signed_veto_is_relayed(planned: Governed) -> None:
    send(planned, *words(planned))
    path = planned.folder / "veto.ballot"
    planned.told("succession veto", "--sign-only", account="p1", output=path)
    assert relayed(planned, path)["veto"]["result"] == "sent"
    assert asked(planned) == (0, ZERO)
    assert relayed(planned, path)["veto"]["result"] == "done before"


# Inherited


def test_heir_waits_for_silence(planned: Governed) -> None:
    error = ends(send(planned, verb="inherit", json=True), "seat.cannot-be-asked-for", 4)
    assert [each.kind for each in error["problems"]] == ["seat.not-silent"]
    since = view(planned, "silentSince", 1)
    assert error["problems"][0].data["ready_at"] == since + 200 * DAY
    planned.rpc.warp_to(since + 200 * DAY)
    asking = say(planned, "heir", "asking", verb="inherit")
    taking = say(planned, "new", "taking", asking, verb="inherit")
    assert send(planned, asking, taking, verb="inherit").exit_code == 0
    assert asked(planned) == (2, NEW.address)
    planned.rpc.warp(30 * DAY)
    planned.told("succession finish", "1", account="p4", yes=True)
    assert planned.dao.membership.call("walletOf", 1) == NEW.address
    assert planned.told("succession status", "1")["seats"][0]["plan"] is None
    assert planned.told("check")["passed"]


def test_heir_who_takes_the_seat_with_the_same_wallet_signs_twice(planned: Governed) -> None:
    planned.rpc.warp_to(view(planned, "silentSince", 1) + 200 * DAY)
    command = f"succession inherit 1 --wallet {HEIR.address}"
    first, second = planned.folder / "a.ballot", planned.folder / "b.ballot"
    planned.told(command, "--sign-only", account="heir", output=first)
    planned.told(command, str(first), "--sign-only", account="heir", output=second)
    assert load(second).message.kind == "Take"
    planned.told(command, str(first), str(second), account="heir", yes=True)
    assert asked(planned) == (2, HEIR.address)


# Relayed


def test_complete_request_is_relayed_in_one_transaction(planned: Governed) -> None:
    found = relayed(planned, *words(planned))
    assert {each["result"] for each in found.values()} == {"sent"}
    assert len({each["transaction"] for each in found.values()}) == 1
    assert asked(planned) == (1, NEW.address)
    again = relayed(planned, *sorted(planned.folder.glob("*.ballot")))
    assert {each["result"] for each in again.values()} == {"done before"}


def test_guardian_alone_does_not_hold_up_the_heir(planned: Governed) -> None:
    planned.rpc.warp_to(view(planned, "silentSince", 1) + 200 * DAY)
    end = planned.rpc.timestamp() + 5 * DAY
    words = {
        "one": by_hand(planned, "Recover", person(2), deadline=end),
        "heir": by_hand(planned, "Inherit", HEIR, deadline=end),
        "new": by_hand(planned, "Take", NEW, deadline=end),
    }
    found = relayed(planned, *keep(planned, **words))
    assert {name: each["result"] for name, each in found.items()} == {
        "one": "done before",
        "heir": "sent",
        "new": "sent",
    }
    assert asked(planned) == (2, NEW.address)


def test_incomplete_request_is_refused_before_anything_is_spent(planned: Governed) -> None:
    first, second, taking = words(planned)
    spent = planned.nonce(person(4))
    for some in ([first, second], [first, taking], [taking]):
        found = relayed(planned, *some, code=1)
        kinds = {each["problems"][0]["kind"] for each in found.values()}
        assert kinds == {"seat.incomplete"}
    assert planned.nonce(person(4)) == spent


@pytest.mark.parametrize(
    ("kind", "key", "changes", "problem"),
    [
        ("Recover", person(4), {}, "seat.no-guardian"),
        ("Recover", person(1), {}, "seat.no-guardian"),
        ("Inherit", person(2), {}, "seat.not-the-heir"),
        ("Inherit", HEIR, {}, "seat.not-silent"),
        ("Recover", person(2), {"nonce": 7}, "seat.word-outdated"),
        ("Recover", person(2), {"planHash": bytes(32)}, "seat.other-plan"),
        ("Recover", person(2), {"id": 99}, "seat.of-nobody"),
        ("Recover", person(2), {"wallet": person(5).address}, "seat.wallet-taken"),
        ("Recover", person(2), {"deadline": 9}, "ballot.expired"),
        ("Take", person(2), {}, "ballot.signature-of-another"),
        ("Veto", person(2), {}, "seat.of-another"),
        ("Veto", person(2), {"id": 2}, "seat.word-outdated"),
        ("Veto", person(2), {"id": 2, "nonce": 0}, "seat.nothing-to-end"),
    ],
)
def test_word_that_cannot_be_taken_is_refused(
    planned: Governed, kind: str, key: LocalAccount, changes: dict[str, Any], problem: str
) -> None:
    signed = by_hand(planned, kind, key, **changes)
    if kind == "Take":
        signed = replace(signed, signer=NEW.address)
    found = relayed(planned, *keep(planned, word=signed), code=1)
    assert found["word"]["problems"][0]["kind"] == problem


def test_words_of_another_dao_are_refused(planned: Governed, governed: Governed) -> None:
    (path,) = keep(planned, word=by_hand(planned, "Recover", person(2)))
    result = governed.run("relay", str(path), account="p4", yes=True, json=True)
    (each,) = json.loads(result.stdout)["files"]
    assert each["problems"][0]["kind"] == "ballot.for-another-dao"


def test_request_while_another_is_open_is_refused(planned: Governed) -> None:
    send(planned, *words(planned))
    word = by_hand(planned, "Recover", person(3), wallet=FRIEND.address)
    found = relayed(planned, *keep(planned, later=word), code=1)
    assert found["later"]["problems"][0]["kind"] == "seat.asked-for"


def test_veto_goes_before_the_request_that_it_ends(planned: Governed) -> None:
    veto = by_hand(planned, "Veto", person(1))
    found = relayed(planned, *words(planned), *keep(planned, veto=veto), code=1)
    assert found.pop("veto")["result"] == "sent"
    assert {each["result"] for each in found.values()} == {"refused"}
    assert asked(planned) == (0, ZERO)


def test_a_seat_that_is_asked_for_is_reminded_of_once_each_time(planned: Governed) -> None:
    def due() -> list[str]:
        told = planned.told("remind", dry_run=True)["due"]
        return [each["key"] for each in told if each["kind"] == "seat"]

    assert due() == []
    send(planned, *words(planned))
    (first,) = due()
    assert first == f"seat/1/{view(planned, 'nonceOf', 1)}"
    planned.told("succession veto", account="p1", yes=True)
    assert due() == []
