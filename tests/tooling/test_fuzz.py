"""Files that people or disks made wrong: told in short, with exit code 2 or 3, or taken for good.

As many of each kind as FUZZ says, 100 otherwise, the same ones each time.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from eth_account import Account

from mikoshi.ballots.file import load as load_ballot
from mikoshi.ballots.file import to_json
from mikoshi.ballots.messages import governor_message
from mikoshi.ballots.signed import sign
from mikoshi.ballots.validate import problems
from mikoshi.chain.accounts import find_account
from mikoshi.chain.ape import ApeAccount
from mikoshi.chain.rpc import Rpc
from mikoshi.config.load import load_config
from mikoshi.context.address_book import AddressBook
from mikoshi.core.manifest import Manifest, config_hash
from mikoshi.proposals.file import load as load_proposal
from mikoshi.proposals.show import composed_json
from mikoshi.status.record import Records
from mikoshi.testing.community import Community, person
from mikoshi.testing.records import manifest_of
from mikoshi.text.errors import MikoshiError
from mikoshi.text.files import read_json, read_toml
from mikoshi.text.json import plain
from mikoshi.text.language import speaking
from mikoshi.text.member_file import read_people_file
from mikoshi.text.paths import ROOT
from tests.tooling.mutations import FUZZ, LONGEST, Mutate, mutated_csv, mutated_json, mutated_toml

OLD = Path(__file__).with_name("v0_1")


@dataclass(frozen=True)
class Case:
    """A valid file, how it is made wrong, what must hold of many that are, and what reads it."""

    name: str
    text: str
    mutate: Mutate
    first: Callable[[Path], object]
    use: Callable[[Path], object]


def tried(case: Case, folder: Path) -> None:
    """Make it wrong again and again, and read it: a third and more pass the first check."""
    path = folder / case.name
    path.write_text(case.text, "utf-8")
    case.use(path)  # it is valid before
    passed = 0
    for number in range(FUZZ):
        path.write_bytes(case.mutate(case.text, random.Random(f"{case.name} {number}")))
        try:
            case.first(path)
            passed += 1
        except Exception:
            pass
        with speaking("ja" if number % 2 else "en"):
            told(case, path, number)
    assert passed >= FUZZ // 3, f"only {passed} of {FUZZ} pass the first check"


def told(case: Case, path: Path, number: int) -> None:
    """Assert that reading it takes it, or says in short what is wrong."""
    error = refused(case, path, number)
    if error is not None:
        lines = error.lines if len(error.reasons) > 1 else [str(error)]
        assert error.exit_code in (2, 3), (number, error)
        assert max(map(len, lines)) < LONGEST, (number, error)


def refused(case: Case, path: Path, number: int) -> MikoshiError | None:
    """What is said of it; None where it is taken."""
    try:
        case.use(path)
    except MikoshiError as error:
        return error
    except BaseException as error:
        raise AssertionError(f"{case.name} {number}: {path.read_bytes()[:400]!r}") from error
    return None


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a community's folder, as seen from which the files' names are short."""
    (tmp_path / "dao.toml").touch()
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def book(community: Community) -> AddressBook:
    """The community's addresses."""
    names = dict(zip(community.wallets, ("Hana", "Ken", "Yuki"), strict=False))
    return AddressBook(community.rpc, community.dao, person(3_100_002).address, names)


def test_a_dao_toml(tmp_path: Path) -> None:
    for name in ("members.csv", "charter.md"):
        shutil.copy(ROOT / name, tmp_path)
    case = Case(
        "dao.toml",
        (ROOT / "dao.toml").read_text("utf-8"),
        mutated_toml,
        read_toml,
        lambda path: load_config(path).params(1_800_000_000),
    )
    tried(case, tmp_path)


PROPOSAL = f"""
title = "Fund the docs team"
text = "Why."

[[actions]]
do = "pay"
to = "Hana"
amount = "0.5 ETH"

[[actions]]
do = "reward"
to = "#2"
tokens = "100 PMC"
merit = "20 points"

[[actions]]
do = "call"
to = "token"
function = "approve(address spender, uint256 amount) external returns (bool)"
args = {{ spender = "#1", amount = "2 PMC" }}

[[actions]]
do = "set guardian"
to = "Ken"
until = 2027-03-31

[[actions]]
do = "set parameter"
governance.quorum = "25%"
token.cap_per_epoch = "500 PMC"

[[actions]]
do = "admit"
people = ["{person(3_100_001).address}"]
"""


def test_a_proposal(tmp_path: Path, book: AddressBook) -> None:
    def use(path: Path) -> object:
        book.coins = {}
        composed = load_proposal(path, book)
        return json.dumps(composed_json(composed, book))

    tried(Case("001-t.toml", PROPOSAL, mutated_toml, read_toml, use), tmp_path)


def test_a_file_of_members(tmp_path: Path) -> None:
    rows = [f"{person(number).address},Member {number}" for number in range(1, 9)]
    text = "\n".join(["wallet,name", *rows[:4], "# the rest", "", *rows[4:]])

    def header(path: Path) -> object:
        return path.read_bytes().decode().lower().index("wallet")

    case = Case(
        "members.csv", text, mutated_csv, header, lambda path: read_people_file(path).left_out
    )
    tried(case, tmp_path)


def test_a_ballot(tmp_path: Path) -> None:
    governor, key = person(901).address, person(7)
    values = {"proposalId": 1, "support": 1, "deadline": 1_800_000_000}
    signed = sign(governor_message("MemberBallot", 1, governor, **values), key, 7, "Hana 花")

    def use(path: Path) -> object:
        read = load_ballot(path)
        found = problems(read, now=1, chain_id=1, contract=governor)
        return json.dumps([to_json(read), *map(str, found)])

    text = json.dumps(to_json(signed), ensure_ascii=False)
    tried(Case("hana.ballot", text, mutated_json, read_json, use), tmp_path)


@pytest.mark.parametrize("name", ["propose", "delegate", "reason"])
def test_a_ballot_of_an_older_version(name: str, tmp_path: Path) -> None:
    text = (OLD / f"{name}.ballot").read_text("utf-8")

    def use(path: Path) -> object:
        return json.dumps(to_json(load_ballot(path)))

    tried(Case(f"{name}.ballot", text, mutated_json, read_json, use), tmp_path)


@pytest.fixture
def accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ape's folder of key files, the passphrase of which is "carry"."""
    monkeypatch.setenv("APE_DATA_FOLDER", str(tmp_path))
    monkeypatch.setenv("APE_ACCOUNTS_alice_PASSPHRASE", "carry")
    folder = tmp_path / "accounts"
    folder.mkdir()
    return folder


def test_a_key_file(accounts: Path) -> None:
    keys = Account.encrypt(person(1).key, "carry", "pbkdf2", 10)

    def use(_: Path) -> object:
        account = find_account("alice", cast("Rpc", None), local=False)
        assert isinstance(account, ApeAccount)
        account.unlock()
        return account.address

    tried(Case("alice.json", json.dumps(keys), mutated_json, read_json, use), accounts)


def test_a_record_of_a_deployment(tmp_path: Path, community: Community) -> None:
    manifest = manifest_of(community)

    def use(path: Path) -> object:
        read = Manifest.load(path)
        config_hash(read.params, read.modules)
        return json.dumps(plain([read.t0, read.name, read.dao(community.rpc).modules, vars(read)]))

    path = tmp_path / "tea.json"
    manifest.save(path)
    tried(Case(path.name, path.read_text("utf-8"), mutated_json, read_json, use), tmp_path)


def test_a_record_of_a_proposal(tmp_path: Path, community: Community) -> None:
    text = (OLD / "proposal.json").read_text("utf-8")
    number = int(json.loads(text)["id"])
    records = Records(manifest_of(community), tmp_path)
    records.folder.mkdir(parents=True)

    def use(_: Path) -> object:
        found = records.find(number)
        assert found is not None
        return records.save(found)

    tried(Case(f"{number}.json", text, mutated_json, read_json, use), records.folder)
