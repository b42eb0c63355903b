"""`ape run proposal`: new, lint, show and list, as they are typed."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from eth_utils.crypto import keccak

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.node import DevRpc
from mikoshi.core.dao import Dao
from mikoshi.proposals.actions import ACTIONS
from mikoshi.proposals.new import TEMPLATES, unwritten
from mikoshi.testing.community import person
from mikoshi.text.files import read_toml
from mikoshi.text.paths import ROOT
from mikoshi.text.units import DAY
from tests.support import failed, inner, told
from tests.tooling.live import Place, script

pytestmark = pytest.mark.slow

Run = Callable[..., Result]


@pytest.fixture
def dao(place: Place, sepolia: DevRpc) -> Dao:
    """Five members, P1 to P5."""
    return place.deploy(sepolia).dao(sepolia)


@pytest.fixture
def run(place: Place, sepolia: DevRpc, dao: Dao) -> Run:  # noqa: ARG001 (it must be there)
    """`ape run proposal …` against that DAO, without Ape."""

    def invoke(*args: str, network: bool = True, lang: str = "en") -> Result:
        options = ["--config", str(place.toml), "--lang", lang]
        if network:
            options += ["--network", sepolia.url, "--deployments", str(place.records)]
        runner = CliRunner(mix_stderr=False)
        return runner.invoke(script("proposal"), [*args, *options], catch_exceptions=False)

    return invoke


def propose(dao: Dao, rpc: DevRpc, title: str, by: int = 1) -> ProposalDraft:
    """Propose to pay 1 ETH to P2, and make the block."""
    rpc.warp(60)  # voice counts from the second after admission
    rpc.call("anvil_autoImpersonateAccount", True)
    wallet = person(by).address
    rpc.call("anvil_setBalance", wallet, hex(10**19))
    draft = ProposalDraft.of([(person(2).address, 10**18, b"")], f"# {title}\n\nBecause.", wallet)
    dao.governor.send("propose", *draft.calls, draft.description, sender=wallet)
    return draft


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_lint_warns_of_the_text_of_the_template(run: Run, tmp_path: Path, lang: str) -> None:
    folder = tmp_path / "proposals"
    advisory = ["--template", "advisory", "--folder", str(folder)]
    run("new", "Tea", *advisory, network=False, lang=lang)
    path = folder / "001-tea.toml"
    words = f"⚠ the text is still that of the template: write it into {path.name} before"
    for command in ("lint", "show"):
        assert words in run(command, str(path)).stdout
    assert json.loads(run("lint", str(path), "--json").stdout)["unwritten"] is True
    before, written = path.read_text(), "We like tea."
    for template in unwritten():
        path.write_text(path.read_text().replace(template, written))
    assert path.read_text() != before
    assert "⚠" not in run("lint", str(path)).stdout
    assert json.loads(run("lint", str(path), "--json").stdout)["unwritten"] is False


def test_new_writes_a_file_that_lint_can_take(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "proposals"
    result = run("new", "Fund the docs team", "--folder", str(folder), network=False)
    assert result.exit_code == 0
    path = folder / "001-fund-the-docs-team.toml"
    assert f"wrote {path}" in result.stdout
    assert f"proposal lint {shlex.quote(str(path))}" in result.stdout
    linted = run("lint", str(path))
    assert linted.exit_code == 0, linted.stderr
    path.write_text(path.read_text().replace("#5", "#3"))
    linted = run("lint", str(path))
    assert re.search(
        r"1\s+pay P3 #3 \(0x.{9}\) 0\.5 ETH\s+pay P3 #3 \(0x.{9}\) 0\.5 ETH", linted.stdout
    )
    assert "proposal simulate" in linted.stdout


def test_new_takes_the_options_of_its_sisters_and_hands_them_on(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    listed = run("list")  # which names it with every option that was typed
    command = listed.stdout.splitlines()[-1].strip()
    assert listed.stdout.splitlines()[-2] == "Next: no proposals yet; begin one:"
    assert command.startswith("ape run proposal new TITLE --config ")
    result = CliRunner(mix_stderr=False).invoke(script("proposal"), shlex.split(command)[3:])
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "proposals" / "001-title.toml").is_file()
    assert result.stdout.splitlines()[-2] == "Next: edit it, then check it:"
    options = command.partition("TITLE ")[2]
    assert result.stdout.splitlines()[-1] == (
        f"  ape run proposal lint proposals/001-title.toml {options}"
    )


def test_new_writes_where_the_environment_says(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIKOSHI_PROPOSALS", str(tmp_path / "ours"))
    assert run("new", "T", network=False).exit_code == 0
    assert (tmp_path / "ours" / "001-t.toml").is_file()


def test_new_says_where_it_cannot_write(run: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    result = run("new", "T", "--folder", str(tmp_path / "taken" / "in"), network=False)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        f"✗ {tmp_path}/taken/in/001-t.toml cannot be written",
        "  Not a directory",
        "→ Make room or name another place, then run the command again",
    ]


def test_new_numbers_the_files(run: Run, tmp_path: Path) -> None:
    (tmp_path / "041-old.toml").write_text("")
    result = run("new", "ドキュメント班に助成", "--folder", str(tmp_path), "--json", network=False)
    assert json.loads(result.stdout) == {"file": str(tmp_path / "042-ドキュメント班に助成.toml")}


@pytest.mark.parametrize("template", TEMPLATES)
def test_each_template_is_toml_whose_fields_the_action_knows(
    template: str, run: Run, tmp_path: Path, dao: Dao
) -> None:
    folder = tmp_path / "made"
    run("new", 'A "title"', "--template", template, "--folder", str(folder), network=False)
    (path,) = folder.iterdir()
    text = path.read_text().replace("#7", "#2").replace("#9", "#5")
    (tmp_path / "charter.md").write_text("We help each other.")
    text = text.replace('file = "…"', 'file = "../charter.md"')
    text = text.replace("https://…", "https://tea.example/charter")
    path.write_text(text.replace("0x…", dao.token_address).replace("2027-03-31", "2026-12-31"))
    result = run("lint", str(path), "--json")
    assert result.exit_code == 0, result.stderr
    shown = json.loads(result.stdout)
    assert shown["title"] == 'A "title"'
    assert shown["binding"] is (template != "advisory")
    assert [each["do"] for each in shown["actions"]] == [template] * (template in ACTIONS)


def test_new_names_the_charter_of_this_dao(
    run: Run, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("new", "T", "--template", "set charter", "--folder", str(tmp_path / "a" / "b"))
    run(*arguments, network=False)  # it has a hash alone
    charter = place.toml.parent / 'our "own".md'
    charter.write_text("We help each other.")
    text = place.toml.read_text()
    (line,) = (each for each in text.splitlines() if each.startswith("hash = "))
    place.toml.write_text(text.replace(line, f"file = '{charter.name}'"))
    monkeypatch.chdir(ROOT)  # where the sample's charter is
    run(*arguments, network=False)
    first, second = sorted((tmp_path / "a" / "b").iterdir())
    assert read_toml(first)["actions"][0]["file"] == "…"
    file = read_toml(second)["actions"][0]["file"]
    assert not Path(file).is_absolute()
    assert (second.parent / file).resolve() == charter.resolve()
    second.write_text(second.read_text().replace("https://…", "https://tea.example/charter"))
    (action,) = json.loads(run("lint", str(second), "--json").stdout)["actions"]
    assert keccak(charter.read_bytes()).hex() in action["says"]


def test_an_unknown_template_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("new", "T", "--template", "steal", "--folder", str(tmp_path), network=False)
    assert result.exit_code == 2
    failed("template.unknown", template="steal", templates=", ".join(TEMPLATES))
    assert not list(tmp_path.glob("*-t.toml"))


def test_advice_beside_actions_is_refused(run: Run, tmp_path: Path) -> None:
    both = ("--template", "advisory", "--template", "pay")
    result = run("new", "T", *both, "--folder", str(tmp_path), network=False)
    assert result.exit_code == 2
    failed("template.of-advice")
    assert not list(tmp_path.glob("*-t.toml"))


@pytest.mark.parametrize(
    ("title", "kind", "data"),
    [
        ("", "text.length", {"low": 1, "high": 200, "got": 0}),
        ("x" * 201, "text.length", {"low": 1, "high": 200, "got": 201}),
        ("two\nlines", "text.control-characters", {}),
    ],
)
def test_a_title_that_no_proposal_can_have_is_refused(
    run: Run, tmp_path: Path, title: str, kind: str, data: dict[str, int]
) -> None:
    assert run("new", title, "--folder", str(tmp_path), network=False).exit_code == 2
    told(inner(failed("title.unfit"), "problem"), kind, **data)
    assert not list(tmp_path.glob("0*"))


def test_list_and_show_what_is_on_the_chain(run: Run, dao: Dao, sepolia: DevRpc) -> None:
    first, second = (propose(dao, sepolia, title) for title in ("Bread", "Roses"))
    listed = run("list")
    assert re.search(r"1\s+Bread\s+binding\s+pending", listed.stdout)
    assert re.search(r"2\s+Roses\s+binding\s+pending", listed.stdout)
    shown = run("show", "2")
    assert '2 "Roses"  (binding, 1 call)' in shown.stdout
    assert re.search(r"1\s+pay P2 #2 \(0x.{9}\) 1 ETH", shown.stdout)
    assert "proposed by P1 #1" in shown.stdout
    assert "; voting closes " in shown.stdout
    assert "#proposer" not in shown.stdout
    by_id = json.loads(run("show", str(first.id), "--json").stdout)
    assert by_id["number"] == 1
    assert by_id["id"] == str(first.id)
    assert keccak(text=by_id["description"]) == first.hashed_description
    assert by_id["calls"][0]["value"] == str(10**18)
    assert run("show", str(second.id)[:12]).stdout == shown.stdout
    sepolia.warp(10 * DAY)
    assert "; voting closed " in run("show", "2").stdout
    japanese = run("show", "2", lang="ja").stdout
    assert "P2 #2" in japanese
    assert "を支払う" in japanese


def test_a_proposal_that_does_not_exist(run: Run, dao: Dao, sepolia: DevRpc) -> None:
    missing = run("show", "1")
    assert missing.exit_code == 2
    assert "nobody has proposed anything" in missing.stderr
    propose(dao, sepolia, "Bread")
    missing = run("show", "7", "--json")
    assert missing.exit_code == 2
    error = json.loads(missing.stdout)["error"]
    assert error["what"] == "There is no proposal 7"
    assert error["why"] == ['this DAO has 1: 1 "Bread"']
    assert "proposal list" in error["next"]


def test_the_list_of_a_new_dao_says_how_to_begin(run: Run) -> None:
    result = run("list")
    assert result.exit_code == 0
    assert "proposal new" in result.stdout
