"""A stranger's Foundry project: the contracts from npm's tarball, with the settings of the docs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mikoshi.core import artifacts
from mikoshi.text.paths import ROOT, SOLC, foundry_tool
from tests.tooling.stranger import EXTENDING, LIBRARIES, STRANGER, install, pack, run, settings


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it lies in somebody's node_modules."""
    return pack(tmp_path_factory.mktemp("npm"))


def test_the_tarball_has_the_sources_and_nothing_else(packed: Path) -> None:
    files = {path.relative_to(packed).as_posix() for path in packed.rglob("*") if path.is_file()}
    papers = {"LICENSE", "README.md", "README.ja.md", "docs/extending.md", "package.json"}
    assert files == set(artifacts.project_sources()) | papers


def test_it_brings_the_libraries_that_it_imports(packed: Path) -> None:
    wanted = json.loads((packed / "package.json").read_text())["dependencies"]
    assert set(wanted) == set(LIBRARIES)
    for source in (packed / "contracts").rglob("*.sol"):
        for name in re.findall(r'from "([^".][^"]*)"', source.read_text("utf-8")):
            assert name.startswith(LIBRARIES)
            assert (ROOT / "node_modules" / name).is_file()  # no remapping changes the path


@pytest.mark.slow
def test_a_stranger_overrides_every_hook(packed: Path, tmp_path: Path) -> None:
    """Compiled, a DAO founded, and each hook of docs/extending.md seen at work."""
    (tmp_path / "src").mkdir()
    (tmp_path / "test").mkdir()
    (tmp_path / "src" / "Hooks.sol").write_text((STRANGER / "Hooks.sol").read_text())
    (tmp_path / "test" / "Hooks.t.sol").write_text((STRANGER / "Hooks.t.sol").read_text())
    install(packed, tmp_path)
    here = settings("toml").replace('solc = "0.8.37"', f'solc = "{SOLC}"')
    (tmp_path / "foundry.toml").write_text(
        f"{here}auto_detect_remappings = false\noffline = true\n"
    )
    forge = foundry_tool("forge")
    tests = json.loads(run([forge, "test", "--root", tmp_path, "--json"], tmp_path))
    (suite,) = tests.values()
    named = set(re.findall(r"function (test_\w+)", (STRANGER / "Hooks.t.sol").read_text()))
    assert {name.removesuffix("()") for name in suite["test_results"]} == named
    for name in artifacts.project():
        made = tmp_path / "out"
        found = list(made.rglob(f"{name}.json"))
        if not found or not artifacts.load(name).bytecode:
            continue
        (file,) = found
        code = json.loads(file.read_text())["bytecode"]["object"].removeprefix("0x")
        assert bytes.fromhex(code) == artifacts.load(name).bytecode, name


def test_the_hooks_of_the_docs_are_those_of_the_contracts() -> None:
    table = re.findall(r"^\| `(\w+)\.(\w+)\(", EXTENDING.read_text("utf-8"), re.M)
    overridden = re.findall(
        r"contract Town\w+ is (\w+)|function (_\w+)\(", (STRANGER / "Hooks.sol").read_text()
    )
    pairs, contract = set(), ""
    for opened, hook in overridden:
        contract = opened or contract
        if hook:
            pairs.add((contract, hook))
    assert set(table) == pairs
