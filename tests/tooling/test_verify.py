"""Sources for explorers: what is written compiles to the code on the chain, and is what is sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import decode

from mikoshi.core import artifacts
from mikoshi.core.dao import CONTRACTS, PARTS, clone_code, shared_deployments
from mikoshi.verify import standard_input as inputs
from mikoshi.verify.standard_input import StandardInput, standard_input
from tests.support import failed, refuses
from tests.tooling.explorer import Explorer
from tests.tooling.governed import Governed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def given() -> StandardInput:
    """The input of the project's contracts, compiled again."""
    return standard_input()


def test_input_needs_no_other_file_and_makes_the_same_code(given: StandardInput) -> None:
    known = artifacts.project()
    assert given.contracts.keys() == known.keys()
    for name, contract in known.items():
        again = given.contracts[name]
        assert (again.bytecode, again.runtime, again.abi) == (
            contract.bytecode,
            contract.runtime,
            contract.abi,
        )
    assert given.version.startswith("0.8.37+commit.")
    assert given.question["settings"]["metadata"] == {"bytecodeHash": "none"}
    assert "@openzeppelin" in " ".join(given.question["sources"])


def test_an_installed_mikoshi_has_no_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "checkout", lambda: None)
    with refuses("verify.no-sources"):
        standard_input()


def test_files_have_sources_and_arguments_of_every_contract(
    governed: Governed, given: StandardInput, tmp_path: Path
) -> None:
    done = governed.run("verify", output=tmp_path / "out", json=True)
    told = json.loads(done.stdout)
    written = json.loads((tmp_path / "out" / "contracts.json").read_text())
    standard = json.loads((tmp_path / "out" / "standard-input.json").read_text())
    assert standard == given.question
    deployments = {each.name: each for each in shared_deployments(artifacts.project())}
    assert [each["contract"] for each in written["contracts"]] == list(deployments)
    for each in written["contracts"]:
        name = each["contract"]
        arguments = bytes.fromhex(each["constructor_arguments"])
        assert artifacts.load(name).bytecode + arguments == deployments[name].initcode
        request = json.loads(
            (tmp_path / "out" / "sourcify" / f"{each['address']}.json").read_text()
        )
        assert request["stdJsonInput"] == standard
        assert request["contractIdentifier"] == each["identifier"]
        assert each["identifier"] == f"{artifacts.load(name).source}:{name}"
    factory = bytes.fromhex(written["contracts"][-1]["constructor_arguments"])
    at = [deployments[name].address.lower() for name in PARTS]
    assert list(decode(["address"] * len(PARTS), factory)) == at
    assert told["files"] == [str(path) for path in map(Path, told["files"])]
    assert len(told["files"]) == 2 + len(deployments)


def test_a_clone_is_named_with_its_implementation(governed: Governed, tmp_path: Path) -> None:
    told = json.loads(governed.run("verify", output=tmp_path / "out", json=True).stdout)
    assert {each["part"]: each["clone_of"] for each in told["clones"]} == CONTRACTS
    for each in told["clones"]:
        args = bytes.fromhex(each["clone_arguments"])
        code = clone_code(each["implementation"], args if each["part"] != "treasury" else None)
        assert governed.rpc.code(each["address"]) == code
    shown = governed.run("verify", output=tmp_path / "out").stdout
    assert "Sourcify can only say `match`" in shown
    assert f"https://sourcify.dev/server/v2/verify/{governed.rpc.chain_id()}/0x…" in shown


def test_sources_of_other_code_are_refused(governed: Governed, tmp_path: Path) -> None:
    treasury = governed.place.manifest.shared["Treasury"]
    governed.rpc.call("anvil_setCode", treasury, "0x60")
    done = governed.run("verify", output=tmp_path / "out")
    assert done.exit_code == 1
    failed("verify.other-code", name="PM DAO")
    assert not (tmp_path / "out").exists()


def test_nothing_is_sent_without_the_plugin(governed: Governed, tmp_path: Path) -> None:
    done = governed.run("verify", output=tmp_path / "out", submit=True)
    assert done.exit_code == 2
    failed("explorer.no-plugin")


def submitted(governed: Governed, explorer: Explorer, folder: Path) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON of `ape run verify --submit` with the plugin."""
    words = ["--submit", "--json", "-o", str(folder / "out")]
    typed = governed.place.typed("verify", *words)
    done = explorer.run(typed, governed.place.environment(governed.rpc.url))
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_the_plugin_sends_our_input_and_arguments(
    governed: Governed, given: StandardInput, tmp_path: Path
) -> None:
    explorer = Explorer(tmp_path / "site", ["Pending in queue", "Pass - Verified"])
    code, told = submitted(governed, explorer, tmp_path)
    assert code == 0
    assert set(told["submitted"].values()) == {"Pass - Verified"}
    sent = explorer.sent()
    assert [each["address"] for each in sent] == [each["address"] for each in told["contracts"]]
    for each, contract in zip(sent, told["contracts"], strict=True):
        assert each["standard_json"] == given.question
        assert each["version"] == given.version
        assert each["contract_name"] == given.identifier(contract["contract"])
        assert each["constructor_arguments"] == contract["constructor_arguments"]
        assert (each["evm_version"], each["optimization_runs"]) == ("cancun", 200)
        assert each["uri"] == "https://sepolia.explorer.example"


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        (["Fail - Unable to verify"], "explorer.refused"),
        (["raise: Contract source code already verified"], ""),
        (["raise: rate limit reached"], "explorer.refused"),
    ],
)
def test_what_the_explorer_says_is_told(
    governed: Governed, tmp_path: Path, says: list[str], kind: str
) -> None:
    code, told = submitted(governed, Explorer(tmp_path / "site", says), tmp_path)
    assert (code, told.get("error", {}).get("kind", "")) == (3 if kind else 0, kind)
    if kind:
        assert told["error"]["data"]["reason"] == says[0].removeprefix("raise: ")


def test_a_chain_that_no_explorer_knows(governed: Governed, tmp_path: Path) -> None:
    explorer = Explorer(tmp_path / "site", [], network="holesky")
    code, told = submitted(governed, explorer, tmp_path)
    assert (code, told["error"]["kind"]) == (2, "explorer.unknown-chain")
    assert told["error"]["data"] == {"chain_id": 11155111}
