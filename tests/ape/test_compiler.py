"""What Ape compiles is what the kit deploys: the code and the interface of every contract."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mikoshi.core import artifacts
from mikoshi.text.paths import ROOT

pytestmark = pytest.mark.slow

SOURCE = """// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

contract Answer {
    uint256 public constant answer = 42;
}
"""


def test_ape_compiles_every_contract_to_the_same_code_and_abi(project: Any) -> None:
    compiled = {
        name: json.loads(container.contract_type.model_dump_json())
        for name, container in project.load_contracts().items()
    }
    known = artifacts.project()
    assert compiled.keys() == known.keys()
    for name, artifact in known.items():
        ape = compiled[name]
        assert ape["abi"] == artifact.abi, name
        assert ape["deploymentBytecode"]["bytecode"] == "0x" + artifact.bytecode.hex(), name
        assert ape["runtimeBytecode"]["bytecode"] == "0x" + artifact.runtime.hex(), name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with this one's tools, one contract, and no dependency."""
    (tmp_path / "tools" / "bin").mkdir(parents=True)
    for name in ("env.sh", "tools/run", "tools/bin/ape", "tools/solc/", ".venv", "node_modules"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "ape-config.yaml").write_text("name: answer\nsolidity:\n  version: 0.8.37\n")
    (tmp_path / "contracts" / "one").mkdir(parents=True)
    (tmp_path / "contracts" / "one" / "Answer.sol").write_text(SOURCE)
    return tmp_path


def compiled(folder: Path) -> str:
    """The code of the contract after `ape compile`, typed as people type it."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    done = subprocess.run(
        ["bash", "-c", ". ./env.sh && ape compile"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    built = json.loads((folder / ".build" / "__local__.json").read_text())
    return str(built["contractTypes"]["Answer"]["runtimeBytecode"]["bytecode"])


def test_leftovers_of_ape_hide_no_source(folder: Path) -> None:
    before = compiled(folder)
    left = folder / "contracts" / ".cache" / "dependency"
    left.mkdir(parents=True)
    for number in range(600):
        (left / f"{number}.sol").touch()
    source = folder / "contracts" / "one" / "Answer.sol"
    source.write_text(SOURCE.replace("42", "43"))
    assert compiled(folder) != before
    assert not left.exists()
