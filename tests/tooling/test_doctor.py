"""`ape run doctor` and `ape run init` as people run them, and what the doctor finds."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mikoshi.chain.node import DevRpc, Node
from mikoshi.chain.rpc import Rpc
from mikoshi.cli import doctor
from mikoshi.config.load import load_config
from mikoshi.config.templates.template import charter
from mikoshi.deploy import readiness
from mikoshi.text.language import speaking
from mikoshi.text.paths import ROOT, ToolMissingError
from mikoshi.text.people import parse_wallet, short
from tests.tooling import plugin
from tests.tooling.live import script


def ape(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "tools" / "run", "ape", "run", *args], capture_output=True, text=True, cwd=ROOT
    )


@pytest.mark.slow
def test_doctor_finds_this_computer_in_order() -> None:
    done = ape("doctor", "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert answer["ok"] is True
    names = [check["name"] for check in answer["checks"]]
    tools = ["python", "node", "anvil", "solc", "python packages", "ape plugins", "npm packages"]
    assert names == [*tools, "dao.toml"]
    assert answer["checks"][2]["value"] == "1.7.1"
    assert answer["checks"][3]["value"] == "0.8.37"


def test_doctor_lists_the_plugins_of_ape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = doctor._plugins()
    assert before.value == "ape-foundry 0.8.12, ape-solidity 0.8.6"
    plugin.install(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    assert doctor._plugins().value == f"{before.value}, ape-vault 0.8.1"
    with speaking("ja"):
        assert doctor._plugins().title == "Ape のプラグイン"


@pytest.mark.slow
def test_doctor_ends_with_2_and_says_what_to_do_when_the_node_is_away() -> None:
    done = ape("doctor", "--network", "http://127.0.0.1:9/secret", "--account", "nobody-here")
    assert done.returncode == 2
    assert done.stdout.splitlines()[-4:] == [
        "✗ chain: http://127.0.0.1:9: Connection refused",
        "  → Start the node, or name another with --network",
        "✗ account: nobody-here missing",
        "  → Make it: ape accounts generate nobody-here",
    ]


@pytest.mark.slow
def test_init_writes_a_file_that_only_lacks_its_people(tmp_path: Path) -> None:
    file = tmp_path / "dao.toml"
    done = ape("init", "--template", "salon", "-o", str(file), "--lang", "ja", "--name", "花の会")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == f"✓ {file} を作成しました"
    words, *commands = done.stdout.splitlines()[-3:]
    assert "steward.wallet" in words
    assert commands == [
        "  ape run play start --lang ja",
        f"  ape run deploy --config {shlex.quote(str(file))} --lang ja",
    ]
    assert 'name = "花の会"' in file.read_text()
    again = ape("init", "-o", str(file))
    assert again.returncode == 2
    assert again.stderr.splitlines()[0] == f"✗ {file} is there already"


# Newcomer's story 2


def test_doctor_names_a_missing_anvil_and_the_command_that_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> Path:
        raise ToolMissingError(name, Path("nowhere"))

    monkeypatch.setattr(doctor, "foundry_tool", missing)
    (anvil,) = [each for each in doctor.computer() if each.name == "anvil"]
    assert anvil.as_json() == {
        "name": "anvil",
        "ok": False,
        "value": "missing",
        "next": "rm -rf node_modules && make setup",
    }


def test_doctor_names_what_brings_back_a_missing_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_output", lambda *_: "")
    found = doctor._solc()
    assert (found.good, found.value) == (False, "missing")
    assert found.hint == "rm -rf node_modules && make setup"  # `make setup` alone would not


@pytest.mark.parametrize(
    ("output", "value", "good"),
    [("v20.1.0", "20.1.0", True), ("v18.19.1", "18.19.1", False), ("", "missing", False)],
)
def test_doctor_wants_node_20(
    output: str, value: str, good: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_output", lambda *_: output)
    found = doctor._node()
    assert (found.value, found.good) == (value, good)


@pytest.mark.parametrize(
    ("version", "good"), [((3, 10), False), ((3, 11), True), ((3, 12), True), ((3, 13), False)]
)
def test_doctor_wants_python_3_11_or_3_12(
    version: tuple[int, int], good: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", (*version, 7, "final", 0))
    found = doctor._python()
    assert (found.value, found.good) == (f"{version[0]}.{version[1]}.7", good)


def test_doctor_says_which_package_is_not_the_locked_one(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {"rich": "1.0", "web3": ""}
    installed = doctor._installed
    monkeypatch.setattr(doctor, "_installed", lambda name: versions.get(name, installed(name)))
    found = doctor._python_packages()
    locked = doctor._locked(ROOT / "requirements.lock")
    assert not found.good
    assert found.value == f"rich 1.0 ≠ {locked['rich']}, web3 – ≠ {locked['web3']}"
    assert found.hint == "rm -rf .venv && make setup"


def test_doctor_stops_where_packages_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_installed", lambda _: "")
    findings = list(readiness.examine(str(ROOT / "dao.toml"), "http://127.0.0.1:9", "alice"))
    assert findings[-1].name == "npm packages"


def test_doctor_knows_packages_of_other_systems_apart(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "a==1.0 \\\n    --hash=sha256:00\nb==2 ; sys_platform == 'none' \\\n    --hash=sha256:00\n"
        "c-d==3.1 ; python_version >= '3.11' \\\n    --hash=sha256:00\n"
    )
    assert doctor._locked(lock) == {"a": "1.0", "c-d": "3.1"}


def test_doctor_says_which_npm_package_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    assert not doctor._npm_packages().good
    shutil.copy(ROOT / "package-lock.json", tmp_path)
    solc = tmp_path / "node_modules" / "solc"
    solc.mkdir(parents=True)
    (solc / "package.json").write_text('{"version": "0.8.30"}')
    found = doctor._npm_packages()
    assert not found.good
    assert "+" in found.value


# dao.toml, chain, account


def test_settings_tell_what_is_wrong(tmp_path: Path) -> None:
    finding, config = readiness.settings(ROOT / "dao.toml")
    assert config is not None
    assert (finding.good, finding.value, config.chain_id) == (
        True,
        "PM DAO, 12 members, chain 31337",
        31337,
    )
    broken = tmp_path / "dao.toml"
    broken.write_text((ROOT / "dao.toml").read_text().replace('quorum = "30%"', 'quorum = "110%"'))
    for name in ("members.csv", "charter.md"):
        shutil.copy(ROOT / name, tmp_path)
    finding, config = readiness.settings(broken)
    assert (finding.good, finding.value, config) == (
        False,
        "governance.quorum must be 5 % … 60 %, got 110 %;"
        " below it a handful decides for all, above it nothing is ever decided",
        None,
    )
    broken.write_text("[dao\n")
    finding, _ = readiness.settings(broken)
    assert finding.value == "is not TOML; line 1: [dao (this is neither [section] nor name = value)"


def test_chain_of_another_id_or_without_the_proxy_is_not_ready(node: Node, rpc: DevRpc) -> None:
    good = {finding.name: finding.good for finding in readiness.chain(rpc, 31337)}
    assert good == {"chain": True, "deployment proxy": True}
    rpc.call("anvil_setCode", "0x4e59b44847b379578588920cA78FbF26c0B4956C", "0x")
    chain, proxy = readiness.chain(rpc, 11155111)
    assert (chain.good, chain.value) == (False, f"31337 ({node.url})")
    assert chain.hint == "dao.toml is for chain 11155111: name its node with --network"
    assert (proxy.good, proxy.value) == (False, "missing on this chain")


def test_account_is_told_with_its_balance(rpc: DevRpc) -> None:
    finding = readiness.account("TEST::0", rpc)
    address = rpc.call("eth_accounts")[0]
    rpc.call("anvil_setBalance", address, hex(41 * 10**16))
    finding = readiness.account("TEST::0", rpc)
    assert (finding.good, finding.name) == (True, "account")
    assert finding.value == f"TEST::0 {short(parse_wallet(address))} 0.41 ETH"
    rpc.call("anvil_setBalance", address, "0x0")
    finding = readiness.account("TEST::0", rpc)
    assert not finding.good
    assert finding.hint.startswith("Send ETH to 0x")


def test_account_on_a_dead_line_is_not_found() -> None:
    with Rpc("http://127.0.0.1:9/secret") as nobody:
        finding = readiness.account("TEST::0", nobody)
    refused = "No answer from the node at http://127.0.0.1:9: Connection refused"
    assert (finding.good, finding.value) == (False, refused)
    with Rpc("http://127.0.0.1:9/secret") as nobody, speaking("ja"):
        finding = readiness.account("TEST::0", nobody)
        refused = "ノード http://127.0.0.1:9 から応答がありません: 接続が拒否されました"
        assert (finding.title, finding.value) == ("アカウント", refused)


def test_an_account_that_nobody_made_is_told_with_those_that_there_are(rpc: DevRpc) -> None:
    finding = readiness.account("nobody", rpc)
    assert not finding.good
    assert finding.value.startswith("There is no account nobody: ")
    assert readiness.account("nobody", None).value == "nobody missing"


def test_doctor_warns_of_a_charter_that_was_not_written(tmp_path: Path) -> None:
    toml = tmp_path / "dao.toml"
    toml.write_text((ROOT / "dao.toml").read_text())
    shutil.copy(ROOT / "members.csv", tmp_path)
    (tmp_path / "charter.md").write_text(charter("en"))
    config = load_config(toml)
    (found,) = readiness.charter(config)
    assert (found.good, found.warned) == (True, True)
    assert found.value == "charter.md is still to be filled in: 1. **What we are for.** …"
    assert found.as_json()["next"] == found.hint
    assert found.hint.startswith("Write it before `deploy`")
    (tmp_path / "charter.md").write_text(charter("ja"))
    (found,) = readiness.charter(config)
    assert "1. **何のための会か。** …" in found.value
    (tmp_path / "charter.md").write_text(charter("en").replace("for.** …", "for.** Tea."))
    assert list(readiness.charter(config)) == []
    result = CliRunner().invoke(script("doctor"), ["--config", str(toml), "--lang", "en"])
    assert "⚠ charter" not in result.output
    (tmp_path / "charter.md").write_text(charter("en"))
    result = CliRunner().invoke(script("doctor"), ["--config", str(toml), "--lang", "en"])
    said = " ".join(result.output.split())
    assert "⚠ charter: charter.md is still to be filled in" in said
