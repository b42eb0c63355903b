"""Seats by a link from the commands: links, acceptances relayed, invitations taken back."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from mikoshi.ballots.file import from_json, to_json, write_new
from mikoshi.ballots.line import ending_of, in_base58, lines_in, to_line
from mikoshi.ballots.messages import invitations_message
from mikoshi.ballots.signed import Acceptance, Signed, sign
from mikoshi.chain.node import Node
from mikoshi.core.modules import MODULES
from mikoshi.invitations.link import InvitationLink, parse_link
from mikoshi.testing.community import person
from mikoshi.testing.defaults import DAY
from mikoshi.text.errors import BadInputError
from mikoshi.text.json import Json
from tests.tooling.governed import Governed
from tests.tooling.live import Place, deployer, fund

INVITATIONS = """
[invitations]
per_epoch = 10
per_sponsor = 3
sponsors = 1
"""
PAGE = "https://dao.example.org/"
ANNA = person(50)
SEASON = 45 * DAY


@pytest.fixture(scope="module")
def young(sepolia_node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Governed]:
    """A DAO of five with Invitations, a season old."""
    rpc, place = sepolia_node.rpc, Place(tmp_path_factory.mktemp("inviting"), more=INVITATIONS)
    with rpc.isolate():
        fund(rpc, deployer().address)
        governed = Governed.found(place, rpc)
        rpc.warp(SEASON)
        yield governed


@pytest.fixture
def inviting(young: Governed) -> Iterator[Governed]:
    """The same; what a test does is undone."""
    with young.rpc.isolate():
        yield young


def links(governed: Governed, folder: Path, count: int = 1, by: str = "p1") -> list[str]:
    """Links made by the command."""
    path = folder / "links.csv"
    governed.told(f"invite new --count {count} --at {PAGE} -o {path}", account=by)
    with path.open() as file:
        return [row["link"] for row in csv.DictReader(file)]


def acceptance(governed: Governed, text: str, who: Any = ANNA) -> Signed:
    """What the page makes of a link."""
    link = parse_link(text)
    key = Account.from_key(link.secret)
    claim = invitations_message("Claim", link.chain_id, link.invitations, wallet=who.address)
    join = invitations_message(
        "Join",
        link.chain_id,
        link.invitations,
        charterHash=governed.dao.membership.call("charterHash"),
        key=link.key,
        sponsors=tuple(sponsor for sponsor, _ in link.words),
        deadline=governed.rpc.timestamp() + DAY,
    )
    words = tuple(word for _, word in link.words)
    taken = Acceptance(sign(claim, key).signature, link.deadline, words)
    return replace(sign(join, who), acceptance=taken)


def relayed(governed: Governed, folder: Path, *signed: Signed, code: int = 0) -> Json:
    """What `relay` says of them."""
    for number, each in enumerate(signed):
        write_new(folder / f"{number}.ballot", to_json(each))
    result = governed.run(f"relay {folder}", account="p2", yes=True, json=True)
    assert result.exit_code == code, result.stderr
    return json.loads(result.stdout)["files"]


def test_link_goes_round() -> None:
    words = ((person(1).address, b"\1" * 64 + b"\x1c"), (person(2).address, bytes(range(80))))
    link = InvitationLink(1, person(3).address, person(4).address, b"\0" * 31 + b"\7", 2**40, words)
    assert parse_link(link.at(PAGE)) == link
    assert parse_link(f"see {link.at(PAGE)}\n").key == link.key
    assert link.secret.hex() not in repr(link)


def test_damaged_links_are_told() -> None:
    link = InvitationLink(1, person(3).address, person(4).address, b"\7" * 32, 2**40, ())
    text = link.at(PAGE)
    for bad in (text[:-1], text[:-1] + ("2" if text[-1] != "2" else "3"), "hello", PAGE):
        with pytest.raises(BadInputError) as caught:
            parse_link(bad)
        assert caught.value.kind == "link.damaged"


def test_deploy_makes_and_check_finds_them(inviting: Governed) -> None:
    (address,) = inviting.dao.modules
    contract = MODULES["invitations"].at(inviting.rpc, address)
    assert contract.call("settings") == {"perEpoch": 10, "perSponsor": 3, "sponsors": 1}
    held = inviting.dao.treasury.call("hasRole", MODULES["invitations"].role_hash, address)
    assert held is True
    assert inviting.told("check")["differences"] == []


def test_a_link_becomes_a_newcomer(inviting: Governed, tmp_path: Path) -> None:
    (text,) = links(inviting, tmp_path)
    file = tmp_path / "links.csv"
    assert file.stat().st_mode & 0o777 == 0o600
    (picture,) = (tmp_path / "links").iterdir()
    assert picture.read_text().startswith("<?xml")
    signed = acceptance(inviting, text)
    (told,) = relayed(inviting, tmp_path, signed)
    assert (told["result"], told["kind"], told["signer"]) == ("sent", "Join", ANNA.address)
    assert inviting.dao.membership.call("memberIdOf", ANNA.address) == 6
    (again,) = inviting.told(f"relay {tmp_path}", account="p2", yes=True)["files"]
    assert again["result"] == "done before"
    listed = inviting.told(f"invite list {file}")
    assert [(each["member"], each["sponsors"]) for each in listed["accepted"]] == [(6, [1])]
    assert [each["fate"] for each in listed["links"]] == ["used"]


def test_a_line_carries_an_acceptance(inviting: Governed, tmp_path: Path) -> None:
    (text,) = links(inviting, tmp_path)
    signed = acceptance(inviting, text)
    ((_, read),) = lines_in(f"for you: {to_line(signed)} thanks")
    assert read == replace(signed, name="")
    assert from_json(to_json(signed)) == signed
    (tmp_path / "chat.txt").write_text(to_line(signed))
    (told,) = inviting.told(f"relay {tmp_path / 'chat.txt'}", account="p2", yes=True)["files"]
    assert told["result"] == "sent"


def test_more_links_than_seats_are_refused(inviting: Governed, tmp_path: Path) -> None:
    words = f"invite new --count 4 --at {PAGE} -o {tmp_path / 'l.csv'} --json"
    result = inviting.run(words, account="p1")
    assert result.exit_code == 4
    problem = json.loads(result.stdout)["error"]
    assert (problem["kind"], problem["data"]["seats"]) == ("invitations.no-seats", 3)
    assert not (tmp_path / "l.csv").exists()


def test_an_invitation_is_taken_back(inviting: Governed, tmp_path: Path) -> None:
    first, second = links(inviting, tmp_path, 2)
    key = parse_link(first).key
    told = inviting.told("invite revoke", first, account="p1", yes=True)
    assert told["revoked"] == [key]
    paper = tmp_path / "revoke.ballot"
    words = f"invite revoke {parse_link(second).key} --sign-only -o {paper}"
    inviting.told(words, account="p1", yes=True)
    (sent,) = inviting.told(f"relay {paper}", account="p2", yes=True)["files"]
    assert (sent["kind"], sent["result"]) == ("Revoke", "sent")
    fates = inviting.told(f"invite list {tmp_path / 'links.csv'}")["links"]
    assert [each["fate"] for each in fates] == ["revoked", "revoked"]
    (refused,) = relayed(inviting, tmp_path / "in", acceptance(inviting, first), code=1)
    assert refused["result"] == "refused"
    assert refused["problems"][0]["revert"] == "InvitationsRevoked"


def test_a_second_member_signs(inviting: Governed, tmp_path: Path) -> None:
    inviting.community.as_treasury(
        inviting.dao.membership, "admit", person(60).address,
        inviting.dao.membership.call("charterHash"),
    )  # fmt: skip
    (alone,) = links(inviting, tmp_path)
    (refused,) = relayed(inviting, tmp_path / "alone", acceptance(inviting, alone), code=1)
    assert refused["problems"][0]["revert"] == "InvitationsInvalidSponsors"
    both = tmp_path / "both.csv"
    inviting.told(f"invite sign {tmp_path / 'links.csv'} -o {both}", account="p2")
    with both.open() as file:
        (text,) = [row["link"] for row in csv.DictReader(file)]
    (sent,) = relayed(inviting, tmp_path / "both-in", acceptance(inviting, text))
    assert sent["result"] == "sent"


@pytest.mark.parametrize("wrong", ["claim", "word", "wallet"])
def test_acceptance_of_another_is_refused(inviting: Governed, tmp_path: Path, wrong: str) -> None:
    (text,) = links(inviting, tmp_path)
    signed = acceptance(inviting, text)
    taken = signed.acceptance
    assert taken is not None
    forged = sign(signed.message, person(51)).signature
    if wrong == "claim":
        signed = replace(signed, acceptance=replace(taken, claim=forged))
    elif wrong == "word":
        signed = replace(signed, acceptance=replace(taken, words=(forged,)))
    else:
        signed = replace(signed, signature=forged)
    (told,) = relayed(inviting, tmp_path / "in", signed, code=1)
    assert told["result"] == "refused"
    kinds = {"wallet": "ballot.signature-of-another"}
    assert told["problems"][0]["kind"] == kinds.get(wrong, "ballot.reverted")


def refused(governed: Governed, command: str, *args: str, by: str = "p1") -> Json:
    """The refusal of a command, for programs."""
    account = {"account": by} if by else {}
    result = governed.run(f"{command} --json", *args, **account)
    assert result.exit_code in (2, 4), result.stdout
    return json.loads(result.stdout)["error"]


def test_what_cannot_be_made_is_told(inviting: Governed, tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    new = f"invite new --at {PAGE} -o {file}"
    assert refused(inviting, f"{new} --days 61")["data"] == {"days": 61, "most": 60}
    assert refused(inviting, f"{new} --days 0")["kind"] == "invitations.too-long"
    links(inviting, tmp_path)
    assert refused(inviting, new)["kind"] == "invitations.file-exists"
    sign_ = f"invite sign {file} -o {tmp_path / 'both.csv'}"
    assert refused(inviting, sign_)["kind"] == "invitations.signed-already"
    inviting.dao.membership.send("rest", sender=person(2).address)
    assert refused(inviting, sign_, by="p2")["kind"] == "invitations.not-active"
    (tmp_path / "empty.csv").write_text("link,key\n")
    read = {"empty.csv": "invitations.no-links", "none.csv": "invitations.unreadable"}
    for name, kind in read.items():
        assert refused(inviting, f"invite list {tmp_path / name}", by="")["kind"] == kind
    assert refused(inviting, "invite revoke hello")["kind"] == "invitations.no-key"
    links(inviting, tmp_path / "two", 2)
    words = f"invite revoke {tmp_path / 'two' / 'links.csv'} --sign-only -o {tmp_path / 'r.ballot'}"
    assert refused(inviting, words)["kind"] == "invitations.one-at-a-time"


def test_a_newcomer_and_a_young_member_do_not_invite(inviting: Governed, tmp_path: Path) -> None:
    community, membership = inviting.community, inviting.dao.membership
    inviting.place.add_account("young", ANNA)
    charter = membership.call("charterHash")
    community.as_treasury(membership, "admit", ANNA.address, charter)
    new = f"invite new --at {PAGE} -o {tmp_path / 'l.csv'}"
    assert refused(inviting, new, by="young")["kind"] == "invitations.too-early"


def test_links_of_another_dao_are_not_signed(inviting: Governed, tmp_path: Path) -> None:
    (text,) = links(inviting, tmp_path)
    other = replace(parse_link(text), invitations=person(9).address)
    (tmp_path / "other.csv").write_text(other.at(PAGE))
    found = refused(inviting, f"invite sign {tmp_path / 'other.csv'} -o {tmp_path / 's.csv'}")
    assert found["kind"] == "invitations.of-another-dao"


def test_a_link_of_a_later_version_is_told() -> None:
    content = bytes([2]) + bytes(60)
    words = in_base58(content + ending_of(content))
    with pytest.raises(BadInputError) as caught:
        parse_link(f"{PAGE}#join/1/{person(3).address}/{words}")
    assert (caught.value.kind, caught.value.data["version"]) == ("link.other-version", 2)
