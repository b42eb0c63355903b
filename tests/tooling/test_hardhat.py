"""A stranger's Hardhat 2 project: npm's tarball, with the settings of the docs."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from mikoshi.core import artifacts
from mikoshi.text.paths import ROOT, SOLC
from tests.tooling.stranger import STRANGER, install, pack, run, settings

pytestmark = pytest.mark.slow

HARDHAT = ROOT / ".cache" / "hardhat" / "node_modules" / "hardhat"  # `make test` installs it
COMPILER = """
const { subtask } = require("hardhat/config");
const names = require("hardhat/builtin-tasks/task-names");

// The npm solc, instead of one that Hardhat would fetch.
subtask(names.TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async () => ({
  compilerPath: %s,
  isSolcJs: false,
  version: "0.8.37",
  longVersion: "0.8.37",
}));
"""


def test_hardhat_compiles_the_same_bytecode(tmp_path: Path) -> None:
    (packages := tmp_path / "npm").mkdir()
    (project := tmp_path / "project").mkdir()
    install(pack(packages), project)
    (project / "node_modules" / "hardhat").symlink_to(HARDHAT)
    compiler = project / "solc"  # without an option that ours does not know
    compiler.write_text(f"#!/bin/sh\nexec {shlex.quote(str(SOLC))} --standard-json\n")
    compiler.chmod(0o755)
    config = COMPILER % json.dumps(str(compiler)) + settings("js")
    (project / "hardhat.config.js").write_text(config)
    (project / "contracts").mkdir()
    (project / "contracts" / "Hooks.sol").write_text((STRANGER / "Hooks.sol").read_text())
    run(["node", HARDHAT / "internal" / "cli" / "cli.js", "compile", "--quiet"], project)

    def code(path: str) -> bytes:
        kept = json.loads((project / "artifacts" / path).read_text())["bytecode"]
        return bytes.fromhex(kept.removeprefix("0x"))

    assert code("contracts/Hooks.sol/TownGovernor.json")
    for name in ("DAOGovernor", "Membership", "ContributionToken", "Treasury"):
        ours = artifacts.load(name)
        assert code(f"mikoshi/{ours.source}/{name}.json") == ours.bytecode, name
