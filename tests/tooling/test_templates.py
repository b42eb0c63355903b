"""`ape run init`: four kinds of communities, each with files that explain themselves."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from mikoshi.config.load import load_config
from mikoshi.config.model import Config
from mikoshi.config.templates.starting import Started, start
from mikoshi.config.templates.template import NAMES, Template, charter
from mikoshi.testing.community import person
from mikoshi.text.language import Language, use
from mikoshi.text.member_file import read_people
from tests.support import failed, refuses
from tests.tooling.live import script

PEOPLE = [person(number).address for number in range(1, 13)]


def started(folder: Path, name: str, language: Language = "en", chain_id: int = 31337) -> Started:
    output = folder / "dao.toml"
    return start(Template.load(name), output, [language], force=False, chain_id=chain_id)


def filled_in(folder: Path, name: str, language: Language = "en") -> Config:
    """What a community makes of a template: members, and the offices it asks for."""
    started(folder, name, language)
    (folder / "members.csv").write_text("\n".join(["wallet", *PEOPLE]))
    file = folder / "dao.toml"
    text = file.read_text()
    for number in range(text.count('wallet = ""')):
        text = text.replace('wallet = ""', f'wallet = "{PEOPLE[number]}"', 1)
    file.write_text(text)
    return load_config(file)


@pytest.mark.parametrize("name", NAMES)
def test_template_says_the_same_in_both_languages(name: str, tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "ja").mkdir()
    english = filled_in(tmp_path / "en", name)
    japanese = filled_in(tmp_path / "ja", name, "ja")
    changed = {"charterHash": b""}  # the charter itself is in another language
    assert english.params(0) | changed == japanese.params(0) | changed
    assert (tmp_path / "ja" / "charter.md").read_text().startswith("# 憲章")


def test_a_language_without_a_charter_begins_with_the_english_one() -> None:
    assert charter("xx") == charter("en") != charter("ja")


def test_templates_differ_where_their_communities_do(tmp_path: Path) -> None:
    configs = {}
    for name in NAMES:
        (tmp_path / name).mkdir()
        configs[name] = filled_in(tmp_path / name, name)
    salon, customer, corporate = configs["salon"], configs["customer"], configs["corporate"]
    assert configs["pm-dao"].voice.most > customer.voice.most > 10_000
    assert salon.voice.most == 10_000  # one member, one vote
    assert salon.membership.dormant_after > configs["pm-dao"].membership.dormant_after
    assert not any(each.transferable_tickets for each in configs.values())
    assert not customer.token.transferable  # no investment
    assert corporate.governance.quorum < customer.governance.quorum < salon.governance.quorum
    assert corporate.steward
    assert corporate.steward.members_per_epoch * 5 >= 50_000 - len(PEOPLE)
    assert corporate.accepted == ("large-steward-cap", "low-quorum", "low-floor")
    for each in (customer, corporate):
        assert each.guardian
        assert each.steward
        assert each.guardian.wallet != each.steward.wallet


def test_start_writes_three_files_and_says_what_is_missing(tmp_path: Path) -> None:
    result = started(tmp_path, "customer")
    names = ["dao.toml", "members.csv", "charter.md"]
    assert [path.name for path in result.written] == names
    assert result.kept == []
    assert result.to_fill_in == ["members.csv", "charter.md", "guardian.wallet", "steward.wallet"]
    assert read_people(tmp_path / "members.csv") == []
    no_address = {
        "kind": "value.misread",
        "problem": {"kind": "wallet.not-an-address"},
        "got": '""',
    }
    wrong = [{"setting": f"{office}.wallet", **no_address} for office in ("guardian", "steward")]
    with refuses("file.problems", problems=wrong):
        load_config(tmp_path / "dao.toml")


def test_start_without_members_asks_for_them_when_it_is_loaded(tmp_path: Path) -> None:
    started(tmp_path, "pm-dao")
    wrong = {"setting": "members", "kind": "members.nobody"}
    with refuses("file.problems", problems=[wrong]):
        load_config(tmp_path / "dao.toml")


def test_start_overwrites_nothing_unless_told_to_and_never_the_members(tmp_path: Path) -> None:
    for name in ("dao.toml", "members.csv", "charter.md"):
        (tmp_path / name).write_text("mine")
    template = Template.load("salon")
    with refuses("output.exists", path=tmp_path / "dao.toml"):
        start(template, tmp_path / "dao.toml", ["en"], force=False)
    assert (tmp_path / "dao.toml").read_text() == "mine"
    result = start(template, tmp_path / "dao.toml", ["en"], force=True)
    assert [path.name for path in result.written] == ["dao.toml"]
    assert [path.name for path in result.kept] == ["members.csv", "charter.md"]
    assert (tmp_path / "members.csv").read_text() == "mine"
    assert tomllib.loads((tmp_path / "dao.toml").read_text())["voice"]["most"] == 1


def test_start_names_the_other_files_after_the_first(tmp_path: Path) -> None:
    start(Template.load("salon"), tmp_path / "salon.toml", ["en"], force=False)
    tables = tomllib.loads((tmp_path / "salon.toml").read_text())
    assert tables["members"] == {"file": "salon-members.csv"}
    assert (tmp_path / "salon-members.csv").exists()
    assert tables["charter"]["file"] == "salon-charter.md"


def test_start_takes_a_name_with_quotes(tmp_path: Path) -> None:
    name = 'サロン "引用" \\'
    start(Template.load("salon"), tmp_path / "dao.toml", ["ja"], force=False, name=name)
    assert tomllib.loads((tmp_path / "dao.toml").read_text())["dao"]["name"] == name


def test_start_says_where_it_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "none" / "dao.toml"
    with refuses("file.unwritable", name=str(path), reason="No such file or directory"):
        start(Template.load("salon"), path, ["en"], force=False)


@pytest.mark.parametrize(
    ("name", "file", "slug", "symbol"),
    [
        ("Tea DAO", "dao.toml", "tea-dao", "TEA"),
        ("Tea DAO", "salon.toml", "tea-dao", "TEA"),
        ("A B! & Co.", "dao.toml", "a-b-co", "ABC"),
        ("茶の会", "kai.toml", "kai", "KAI"),
        ("茶の会", "dao.toml", "pm-dao", "PMD"),  # to be filled in
    ],
)
def test_start_derives_slug_symbol_and_token_from_the_name(
    name: str, file: str, slug: str, symbol: str, tmp_path: Path
) -> None:
    result = start(Template.load("pm-dao"), tmp_path / file, ["en"], force=False, name=name)
    tables = tomllib.loads((tmp_path / file).read_text())
    dao, token = tables["dao"], tables["token"]
    assert (dao["name"], dao["slug"], dao["symbol"]) == (name, slug, symbol)
    assert token["name"] == f"{name} Contribution"
    assert token["symbol"] == ("PMC" if slug == "pm-dao" else f"{symbol}C")
    assert token["cap_per_epoch"] == f"10,000 {token['symbol']}"
    assert ("dao.slug" in result.to_fill_in) == (slug == "pm-dao")


def test_start_leaves_a_token_that_does_not_bear_the_name(tmp_path: Path) -> None:
    start(Template.load("salon"), tmp_path / "dao.toml", ["en"], force=False, name="Tea DAO")
    assert tomllib.loads((tmp_path / "dao.toml").read_text())["token"]["name"] == "Thanks"


def test_start_shortens_the_name_of_a_token(tmp_path: Path) -> None:
    start(Template.load("pm-dao"), tmp_path / "dao.toml", ["en"], force=False, name="T" * 64)
    assert tomllib.loads((tmp_path / "dao.toml").read_text())["token"]["name"] == "T" * 64


def test_start_says_that_it_kept_the_sample(tmp_path: Path) -> None:
    members = tmp_path / "members.csv"
    members.write_text(f"wallet\n{PEOPLE[0]}\n")
    kept = started(tmp_path, "salon", chain_id=11_155_111)
    assert (kept.sample, kept.kept) == ([members], [members])
    assert "members.csv" not in kept.to_fill_in
    (tmp_path / "dao.toml").unlink()
    assert started(tmp_path, "salon").sample == []  # where nobody is harmed
    (tmp_path / "dao.toml").unlink()
    members.write_text(f"wallet\n{person(13).address}\n")
    assert started(tmp_path, "salon", chain_id=11_155_111).sample == []


def test_init_names_the_network_and_all_that_is_to_fill_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command = script("init")
    args = ["-o", "tea.toml", "--chain-id", "11155111", "--template", "customer"]
    english = CliRunner().invoke(command, [*args, "--lang", "en"]).output.splitlines()[-1]
    assert english == "  ape run deploy --config tea.toml --network ethereum:sepolia --lang en"
    japanese = CliRunner().invoke(command, [*args, "--yes", "--lang", "ja"]).output.splitlines()[-2]
    use("en")
    assert "tea-members.csv、tea-charter.md、guardian.wallet、steward.wallet を記入" in japanese


@pytest.mark.parametrize(
    ("option", "why"),
    [
        (["--chain-id", "-5"], "--chain-id must be the number of a chain"),
        (["--name", ""], "--name must be 1 … 64 bytes"),
        (["--name", "茶" * 22], "--name must be 1 … 64 bytes"),
    ],
)
def test_init_writes_no_value_that_dao_toml_cannot_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: list[str], why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner(mix_stderr=False).invoke(script("init"), [*option, "--lang", "en"])
    assert done.exit_code == 2
    failed("option.unfit", setting=option[0].removeprefix("--").replace("-", "_"))
    assert done.stderr.startswith(f"✗ {why}")
    assert not list(tmp_path.iterdir())
