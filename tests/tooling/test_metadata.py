"""`ape run metadata build`: what the DAO tells others, as ERC-7572 and ERC-4824 ask for it."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from eth_utils.crypto import keccak

from mikoshi.core import artifacts
from mikoshi.core.dao import PARTS
from mikoshi.testing.community import person
from tests.support import failed, role
from tests.tooling.governed import Governed
from tests.tooling.live import SEPOLIA

BASE = "https://example.org/dao"

REQUIRED, OPTIONAL = True, False
DAO_SCHEMA = {
    "@context": REQUIRED,
    "type": REQUIRED,
    "name": REQUIRED,
    "description": OPTIONAL,
    "membersURI": REQUIRED,
    "proposalsURI": REQUIRED,
    "activityLogURI": REQUIRED,
    "governanceURI": OPTIONAL,
    "contractsURI": REQUIRED,
}
ENTRY_SCHEMAS = {
    "members": {"id": REQUIRED},
    "proposals": {
        "type": REQUIRED,
        "id": REQUIRED,
        "name": REQUIRED,
        "contentURI": REQUIRED,
        "discussionURI": OPTIONAL,
        "status": REQUIRED,
        "calls": OPTIONAL,
    },
    "activities": {"id": REQUIRED, "type": REQUIRED, "proposal": REQUIRED, "member": REQUIRED},
    "contracts": {"id": REQUIRED, "name": REQUIRED, "description": REQUIRED},
}
CALL_SCHEMA = dict.fromkeys(("type", "operation", "from", "to", "value", "data"), REQUIRED)
CONTRACT_SCHEMA = dict.fromkeys(
    ("symbol", "description", "image", "banner_image", "featured_image", "external_link"), OPTIONAL
) | {"name": REQUIRED, "collaborators": OPTIONAL}
"""The fields of the standards: ERC-4824 as of June 2024, ERC-7572 as of April 2024."""

CAIP10 = re.compile(r"eip155:\d+:0x[0-9a-fA-F]{40}")
URI = re.compile(r"[a-z]+://\S+")


def conforms(document: dict[str, Any], schema: dict[str, bool]) -> None:
    """Only known fields, all that are required, and none without a value."""
    assert document.keys() <= schema.keys()
    assert {field for field, needed in schema.items() if needed} <= document.keys()
    assert all(value not in ("", None, [], {}) for value in document.values())


def built(governed: Governed, *args: str, base: str = BASE, **options: Any) -> Path:
    """The folder after a build."""
    folder = governed.folder / "metadata"
    done = governed.run("metadata build", *args, output=folder, base_uri=base, **options)
    assert done.exit_code == 0, done.stderr
    return folder


def read(folder: Path, name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / name).read_text("utf-8"))
    return document


def account(address: str) -> str:
    return f"eip155:{SEPOLIA}:{address}"


def as_treasury(governed: Governed, part: str, name: str, *args: Any) -> None:
    contract = getattr(governed.dao, part)
    contract.send(name, *args, sender=governed.dao.treasury_address)


def test_documents_have_the_fields_of_the_standards(governed: Governed) -> None:
    first = governed.propose("Bread")
    governed.propose("Butter?", by=2, pays=0)
    governed.open_voting(first.id)
    governed.vote(first.id, 1, 2)
    folder = built(governed, description="Bakers.")
    dao, contract = read(folder, "dao.json"), read(folder, "contract.json")
    conforms(dao, DAO_SCHEMA)
    conforms(contract, CONTRACT_SCHEMA)
    assert dao["@context"] == "http://www.daostar.org/schemas"
    assert (dao["type"], dao["name"], dao["description"]) == ("DAO", "PM DAO", "Bakers.")
    links = {field: value for field, value in dao.items() if field.endswith("URI")}
    assert all(URI.fullmatch(link) for link in [*links.values(), contract["image"]])
    listed = {"membersURI": "members", "proposalsURI": "proposals"}
    listed |= {"activityLogURI": "activities", "contractsURI": "contracts"}
    for field, name in listed.items():
        document = read(folder, links[field].removeprefix(f"{BASE}/"))
        assert document["@context"] == "https://www.daostar.org/schemas"
        assert document[name]
        for entry in document[name]:
            conforms(entry, ENTRY_SCHEMAS[name])
        if name in ("members", "contracts"):
            assert all(CAIP10.fullmatch(entry["id"]) for entry in document[name])


def test_members_are_wallets_of_those_who_hold_a_ticket(governed: Governed) -> None:
    governed.dao.membership.send("exit", sender=person(2).address)
    governed.dao.membership.send("rest", sender=person(3).address)
    folder = built(governed)
    document = read(folder, "members.json")
    assert document["type"] == "DAO"
    assert [each["id"] for each in document["members"]] == [
        account(person(number).address) for number in (1, 3, 4, 5)
    ]
    names = [f"P{number}".encode() for number in range(1, 6)]
    assert not any(name in path.read_bytes() for path in folder.glob("*.json") for name in names)


def test_proposals_say_what_they_do_and_where_they_stand(governed: Governed) -> None:
    draft = governed.propose("Bread", pays=123)
    question = governed.propose("Butter?", by=2, pays=0)
    folder = built(governed)
    first, second = read(folder, "proposals.json")["proposals"]
    governor = account(governed.dao.governor_address)
    assert first["id"] == f"{governor}?proposalId={draft.id}"
    assert (first["name"], first["status"]) == ("Bread", "pending")
    (call,) = first["calls"]
    conforms(call | {"data": call["data"] or "-"}, CALL_SCHEMA)
    assert call == {
        "type": "CallDataEVM",
        "operation": "call",
        "from": governed.dao.treasury_address,
        "to": person(2).address,
        "value": "123",
        "data": "0x",
    }
    assert second["id"] == f"{governor}?proposalId={question.id}"
    assert "calls" not in second
    for entry, made in ((first, draft), (second, question)):
        text = folder / entry["contentURI"].removeprefix(f"{BASE}/")
        assert text.read_bytes() == made.description.encode()
    governed.pass_vote(draft.id)
    governed.rpc.warp(60)  # what was proposed in a later second ends later
    again = read(built(governed), "proposals.json")["proposals"]
    assert [each["status"] for each in again] == ["queued", "defeated"]


def test_activities_are_proposals_and_ballots_in_order(governed: Governed) -> None:
    draft = governed.propose("Bread", by=4)
    governed.open_voting(draft.id)
    governed.vote(draft.id, 3, 1)
    activities = read(built(governed), "activities.json")["activities"]
    members = [each["member"]["id"] for each in activities]
    assert members == [account(person(number).address) for number in (4, 3, 1)]
    proposal = {
        "type": "proposal",
        "id": f"{account(governed.dao.governor_address)}?proposalId={draft.id}",
    }
    assert all(each["proposal"] == proposal for each in activities)
    assert len({each["id"] for each in activities}) == 3


def test_contracts_are_the_parts_and_what_holds_a_role(governed: Governed) -> None:
    dao, factory = governed.dao, governed.place.manifest.shared["DAOFactory"]
    for name, holder in (("ADMITTER", factory), ("REWARDER", factory)):
        as_treasury(governed, "treasury", "grantRole", role(name), holder)
    as_treasury(governed, "treasury", "grantRole", role("MINTER"), person(9).address)  # a person
    contracts = read(built(governed), "contracts.json")["contracts"]
    assert [(each["id"], each["name"]) for each in contracts] == [
        (account(dao.treasury_address), "Treasury"),
        (account(dao.membership_address), "Membership"),
        (account(dao.token_address), "ContributionToken"),
        (account(dao.governor_address), "DAOGovernor"),
        (account(factory), "Module"),
    ]
    assert set(contracts[-1]["description"].removeprefix("Holds ").split(", ")) == {
        "ADMITTER",
        "REWARDER",
    }


def test_contract_metadata_shows_a_ticket(governed: Governed) -> None:
    folder = built(governed)
    contract = read(folder, "contract.json")
    assert contract == {
        "name": "PM DAO",
        "symbol": "PMD",
        "description": "Membership tickets of PM DAO, one a person. They cannot be sold.",
        "image": f"{BASE}/ticket.svg",
    }
    picture = ElementTree.fromstring((folder / "ticket.svg").read_bytes())
    assert picture.tag.endswith("svg")
    assert "PM DAO" in "".join(picture.itertext())


# The charter


@pytest.mark.parametrize("in_force", [True, False])
def test_charter_is_copied_where_it_is_in_force(governed: Governed, in_force: bool) -> None:
    text = "# 憲章\r\n\nBake.\n".encode()
    uri = "ipfs://voted"
    governed.place.toml.with_name("charter.md").write_bytes(text)
    before = governed.place.toml.read_text()
    governed.place.toml.write_text(re.sub(r'hash = "0x.*"', 'file = "charter.md"', before))
    try:
        digest = keccak(text if in_force else b"another")
        as_treasury(governed, "membership", "setCharter", digest, uri)
        folder = built(governed)
    finally:
        governed.place.toml.write_text(before)
    link = read(folder, "dao.json")["governanceURI"]
    assert link == (f"{BASE}/charter.md" if in_force else uri)
    assert (folder / "charter.md").exists() == in_force
    if in_force:
        assert (folder / "charter.md").read_bytes() == text


def test_charter_that_nobody_knows_is_left_out_and_told(governed: Governed) -> None:
    as_treasury(governed, "membership", "setCharter", keccak(b"another"), "")
    done = governed.run("metadata build", output=governed.folder / "m")
    assert done.exit_code == 0
    assert "⚠ the charter in force is not the file of dao.toml" in done.stdout
    assert "governanceURI" not in read(governed.folder / "m", "dao.json")


# The files


def test_the_same_block_gives_the_same_bytes(governed: Governed) -> None:
    draft = governed.propose("Bread")
    governed.open_voting(draft.id)
    governed.vote(draft.id, 1)
    folder = built(governed)
    first = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    assert len(first) == 8
    (folder / "index.html").write_text("ours")
    built(governed)
    assert {path: path.read_bytes() for path in first} == first
    assert (folder / "index.html").read_text() == "ours"


def test_links_are_relative_without_a_base(governed: Governed) -> None:
    governed.propose("Bread")
    folder = governed.folder / "metadata"
    told = governed.told("metadata build", output=folder)
    dao = read(folder, "dao.json")
    assert (dao["membersURI"], dao["proposalsURI"]) == ("members.json", "proposals.json")
    (proposal,) = read(folder, "proposals.json")["proposals"]
    assert proposal["contentURI"] == "proposals/1.md"
    assert told["folder"] == str(folder)
    assert {Path(path).name for path in told["files"]} == {
        *("dao.json", "contract.json", "members.json", "proposals.json", "activities.json"),
        *("contracts.json", "ticket.svg", "1.md"),
    }
    assert all(Path(path).is_file() for path in told["files"])
    assert told["charter"] == "ipfs://charter"
    assert told["on_chain"] == {"contractURI": False, "daoURI": False}


def test_it_is_true_that_the_contracts_name_no_metadata() -> None:
    contracts = artifacts.project()
    names = {entry.get("name") for part in (*PARTS, "DAOFactory") for entry in contracts[part].abi}
    assert "tokenURI" in names
    assert not {"contractURI", "daoURI"} & names


def test_what_comes_next_is_told(governed: Governed) -> None:
    folder = governed.folder / "metadata"
    plain = governed.run("metadata build", output=folder).stdout
    assert f"✓ wrote 7 files to {folder}, as of block " in plain
    assert "⚠ nothing on the chain points to these files" in plain
    again = re.search(r"ape run metadata build -o (.+) --config .* --base-uri https://…$", plain)
    assert again is not None
    assert shlex.split(again[1]) == [str(folder)]
    based = governed.run("metadata build", output=folder, base_uri=f"{BASE}/").stdout
    assert f"give people {BASE}/dao.json" in based.splitlines()[-1]
    assert "summonRegistration" in based
    japanese = governed.run("metadata build", output=folder, base_uri=BASE, lang="ja").stdout
    assert "チェーンからこのファイルへの参照はありません" in japanese
    assert read(folder, "contract.json")["description"].startswith("PM DAO の会員証")


@pytest.mark.parametrize("base", ["example.org", "https://", "https://a.org/?x=1", "/var/www"])
def test_a_base_that_is_no_address_is_refused(governed: Governed, base: str) -> None:
    done = governed.run("metadata build", output=governed.folder / "m", base_uri=base)
    assert done.exit_code == 2
    failed("metadata.no-address", got=base)
    assert not (governed.folder / "m").exists()


def test_a_folder_that_cannot_be_written_is_told(governed: Governed) -> None:
    (governed.folder / "file").write_text("")
    done = governed.run("metadata build", output=governed.folder / "file" / "m")
    assert done.exit_code == 2
    failed("file.unwritable", name=str(governed.folder / "file" / "m" / "members.json"))
