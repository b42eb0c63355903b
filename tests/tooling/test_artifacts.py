"""Contracts compiled from Python are what the sources say, and what Ape compiles."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from mikoshi.core import artifacts
from mikoshi.core.artifacts import CompileError, compile_sources, project_sources
from mikoshi.text.errors import BadInputError
from mikoshi.text.paths import ROOT, ToolMissingError
from tests.support import inner, told

pytestmark = pytest.mark.slow

HEADER = "// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n"
TOKEN = (
    HEADER
    + """
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";
import {ICap} from "./ICap.sol";

contract Token is ERC20, ICap {
    uint256 public immutable cap;
    uint256 private _used;

    constructor(uint256 cap_) ERC20("Token", "T") {
        cap = LibBit.popCount(cap_);
        _mint(msg.sender, cap);
    }

    function used() external view returns (uint256) {
        return _used * cap;
    }
}
"""
)
CAP = HEADER + "interface ICap { function cap() external view returns (uint256); }"
SOURCES = {"contracts/token/Token.sol": TOKEN, "contracts/token/ICap.sol": CAP}


def test_artifact_has_what_a_deployment_needs() -> None:
    artifacts = compile_sources(SOURCES)
    token = artifacts["Token"]
    assert sorted(artifacts) == ["ICap", "Token"]  # not what they import
    assert (token.name, token.source) == ("Token", "contracts/token/Token.sol")
    assert token.runtime in token.bytecode
    assert token.methods["transfer(address,uint256)"].hex() == "a9059cbb"
    assert {entry["name"] for entry in token.abi if entry["type"] == "event"} == {
        "Approval",
        "Transfer",
    }
    assert [slot["label"] for slot in token.storage["storage"]][-1] == "_used"
    assert artifacts["ICap"].bytecode == artifacts["ICap"].runtime == b""


def test_code_is_recognised_whatever_its_immutables() -> None:
    token = compile_sources(SOURCES)["Token"]
    deployed = bytearray(token.runtime)
    assert [length for _, length in token.immutables] == [32, 32]
    for offset, length in token.immutables:
        deployed[offset : offset + length] = b"\x07" * length
    assert token.is_code_of(bytes(deployed))
    assert not token.is_code_of(bytes(deployed[:-1]))
    deployed[0] ^= 1
    assert not token.is_code_of(bytes(deployed))


def test_changed_source_changes_the_code_and_writes_nothing(tmp_path: Path) -> None:
    mutant = SOURCES | {"contracts/token/Token.sol": TOKEN.replace("_used * cap", "_used + cap")}
    before = compile_sources(SOURCES, tmp_path)["Token"].runtime
    assert compile_sources(mutant, tmp_path)["Token"].runtime != before
    assert list(tmp_path.iterdir()) == []


def test_imports_outside_the_sources_are_read_from_the_base_folder(tmp_path: Path) -> None:
    (tmp_path / "contracts" / "token").mkdir(parents=True)
    (tmp_path / "contracts" / "token" / "ICap.sol").write_text(CAP)
    artifacts = compile_sources({"contracts/token/Token.sol": TOKEN}, tmp_path)
    assert list(artifacts) == ["Token"]
    assert artifacts["Token"].bytecode == compile_sources(SOURCES)["Token"].bytecode


def test_project_sources_leave_out_copies_of_dependencies(tmp_path: Path) -> None:
    contracts = tmp_path / "contracts"
    for name in ("a/A.sol", "B.sol", ".cache/x/C.sol", "notes.txt"):
        (contracts / name).parent.mkdir(parents=True, exist_ok=True)
        (contracts / name).write_text(name)
    assert project_sources(contracts) == {
        "contracts/B.sol": "B.sol",
        "contracts/a/A.sol": "a/A.sol",
    }


@pytest.mark.parametrize(
    ("sources", "kind", "data"),
    [
        (
            {"A.sol": HEADER + "contract A {}", "B.sol": HEADER + "contract A {}"},
            "contracts.twice",
            {"contract": "A", "first": "A.sol", "second": "B.sol"},
        ),
        (
            {
                "A.sol": HEADER
                + "library L { function f() external {} }"
                + "contract A { function g() external { L.f(); } }"
            },
            "contracts.unlinked",
            {"contract": "A", "source": "A.sol"},
        ),
    ],
    ids=["one name twice", "needs linking"],
)
def test_bad_sources_are_refused_with_the_reason(
    sources: dict[str, str], kind: str, data: dict[str, str]
) -> None:
    with pytest.raises(CompileError) as caught:
        compile_sources(sources)
    told(caught.value, "contracts.not-compiled")
    told(inner(caught.value, "problem"), kind, **data)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("contract A { uint256 x = y; }", r"Undeclared identifier[\s\S]+A\.sol:3"),
        ('import "./B.sol";', r"B\.sol"),
    ],
    ids=["does not compile", "missing import"],
)
def test_what_the_compiler_refuses_is_told_in_its_words(code: str, said: str) -> None:
    with pytest.raises(CompileError) as caught:
        compile_sources({"A.sol": HEADER + code})
    told(caught.value, "contracts.not-compiled")
    problem = inner(caught.value, "problem")
    told(problem, "contracts.refused")
    assert re.search(said, str(problem.data["compiler"]))


def test_ape_compiles_the_same_bytecode(tmp_path: Path) -> None:
    for path, text in SOURCES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / "ape-config.yaml").write_text((ROOT / "ape-config.yaml").read_text())
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    run = [
        str(ROOT / "tools" / "run"),
        "env",
        f"APE_DATA_FOLDER={tmp_path / '.ape'}",
        "ape",
        "compile",
    ]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    compiled = json.loads((tmp_path / ".build" / "__local__.json").read_text())["contractTypes"]
    token = compile_sources(SOURCES)["Token"]
    assert compiled["Token"]["deploymentBytecode"]["bytecode"] == "0x" + token.bytecode.hex()
    assert compiled["Token"]["runtimeBytecode"]["bytecode"] == "0x" + token.runtime.hex()


def test_only_the_contracts_named_are_compiled() -> None:
    (token,) = compile_sources(SOURCES, only=["Token"]).values()
    assert token == compile_sources(SOURCES)["Token"]


# Packed


def test_packed_contracts_are_what_was_compiled(tmp_path: Path) -> None:
    kept = tmp_path / "artifacts.json"
    artifacts.pack(kept)
    assert artifacts.unpacked(kept, artifacts.fingerprint()) == artifacts.compile_sources(
        artifacts.project_sources()
    )


def test_every_source_is_in_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before, sources = artifacts.fingerprint(), artifacts.project_sources()
    name = "contracts/libraries/Epochs.sol"
    monkeypatch.setattr(artifacts, "project_sources", lambda: sources | {name: sources[name] + " "})
    assert artifacts.fingerprint() != before


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (None, "artifacts.missing"),
        ("{", "artifacts.missing"),
        ('{"fingerprint": "00", "contracts": {"A": {}}}', "artifacts.of-other-sources"),
    ],
)
def test_packed_contracts_that_are_missing_or_do_not_fit(
    text: str | None, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "artifacts.json"
    if text:
        kept.write_text(text)
    monkeypatch.setattr(artifacts, "PACKED", kept)
    compiled = artifacts.project.__wrapped__()  # a checkout has a compiler
    assert compiled == artifacts.project()
    with pytest.raises(BadInputError) as caught:
        artifacts.unpacked(kept, artifacts.fingerprint())
    assert (caught.value.kind, len(caught.value.lines)) == (kind, 3)


def test_without_a_compiler_contracts_of_other_sources_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "artifacts.json"
    monkeypatch.setattr(artifacts, "PACKED", kept)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissingError, match="node is not installed"):
        artifacts.project.__wrapped__()
    kept.write_text('{"fingerprint": "00", "contracts": {}}')
    with pytest.raises(BadInputError) as caught:
        artifacts.project.__wrapped__()
    assert caught.value.kind == "artifacts.of-other-sources"
