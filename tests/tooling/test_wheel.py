"""The wheel in a fresh environment, in a folder that has nothing to do with this checkout."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mikoshi.chain.node import Node, NodeOptions
from mikoshi.core import artifacts
from mikoshi.text.paths import ROOT, foundry_tool

DAY = 86_400
Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Elsewhere:
    """A computer without the checkout: an environment with the wheel, a home, and a folder."""

    venv: Path
    home: Path
    club: Path

    @property
    def package(self) -> Path:
        """Where the wheel was unpacked."""
        (found,) = self.venv.glob("lib/python*/site-packages/mikoshi")
        return found

    def run(self, *words: str | Path, anvil: bool = True, folder: Path | None = None) -> Done:
        """A program of the environment; with anvil on its PATH, and nothing else of the checkout.

        There is no compiler either: neither solc nor the node that runs it.
        """
        path = [str(self.venv / "bin"), "/usr/bin", "/bin"]
        path += [str(foundry_tool("anvil").parent)] if anvil else []
        return subprocess.run(
            [self.venv / "bin" / str(words[0]), *words[1:]],
            cwd=folder or self.club,
            env={"HOME": str(self.home), "PATH": os.pathsep.join(path), "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pip wheel .` makes, with the build tools that are locked, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--no-cache-dir", "-q"]
    command = [sys.executable, "-m", "pip", "wheel", str(ROOT), *options, "-w", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def elsewhere(wheel: Path) -> Iterator[Elsewhere]:
    """A real temporary folder: under the checkout's own, its dao.toml would be found."""
    with tempfile.TemporaryDirectory(prefix="mikoshi-", dir="/tmp") as name:
        there = Path(name)
        venv, home, club = there / "venv", there / "home", there / "club"
        home.mkdir()
        club.mkdir()
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
        (packages,) = venv.glob("lib/python*/site-packages")
        (packages / "locked.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
        pip = [sys.executable, "-m", "pip", "--python", str(venv / "bin" / "python"), "install"]
        options = ["-q", "--no-index", "--no-deps", "--no-cache-dir", "--no-compile"]
        subprocess.run([*pip, *options, str(wheel)], check=True)
        ape = venv / "bin" / "ape"  # whose own wheel would bring it
        ape.write_text(f"#!{venv}/bin/python\nfrom ape._cli import cli\n\ncli()\n")
        ape.chmod(0o755)
        yield Elsewhere(venv, home, club)
        assert not list(home.iterdir())  # nothing is written outside the community's folder


def refused(done: Done, *lines: str) -> None:
    """Three lines, and exit code 2."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert [line[2:] for line in done.stderr.splitlines()] == list(lines)


def test_it_has_all_that_is_read_at_run_time(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    kept = subprocess.run(
        ["git", "ls-files", "mikoshi"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert {name for name in kept if not name.endswith(".po")} <= packed
    catalogs = {name.removesuffix("po") + "mo" for name in kept if name.endswith(".po")}
    assert catalogs | {"mikoshi/core/artifacts.json"} <= packed
    assert all(name.startswith(("mikoshi/", "mikoshi-")) for name in packed)


def test_its_contracts_are_those_of_the_sources(elsewhere: Elsewhere) -> None:
    kept = artifacts.unpacked(
        elsewhere.package / "core" / "artifacts.json", artifacts.fingerprint()
    )
    assert kept == artifacts.compile_sources(artifacts.project_sources())


def test_every_command_has_two_doors(elsewhere: Elsewhere) -> None:
    """`mikoshi` and `ape mikoshi`; hints repeat the one that was typed."""
    for door in (("mikoshi",), ("ape", "mikoshi")):
        helped = elsewhere.run(*door, "--help")
        assert helped.returncode == 0, helped.stderr
        assert "wake" in helped.stdout
        assert "bench" not in helped.stdout  # it measures the sources
        refused(
            elsewhere.run(*door, "status"),
            "dao.toml: cannot be read",
            "No such file or directory",
            f"Write one with `{' '.join(door)} init`, or name another with --config",
        )


def test_help_speaks_of_the_door(elsewhere: Elsewhere) -> None:
    for command in ("vote", "wake", "cancel"):
        helped = elsewhere.run("mikoshi", command, "--help").stdout
        assert helped.startswith(f"Usage: mikoshi {command} ")
        assert "ape run" not in helped
        assert "`mikoshi " in " ".join(helped.split())


def test_one_command_does_not_load_the_others(elsewhere: Elsewhere) -> None:
    script = (
        "import sys; from mikoshi.commands.main import cli;"
        "cli(['wake', '--help'], standalone_mode=False);"
        "print([name for name in sys.modules if name.startswith('mikoshi.commands.')])"
    )
    done = elsewhere.run("python", "-c", script)
    loaded = done.stdout.splitlines()[-1]
    assert loaded == str(["mikoshi.commands.main", "mikoshi.commands.wake"])


def test_without_its_contracts(elsewhere: Elsewhere) -> None:
    kept = elsewhere.package / "core" / "artifacts.json"
    away = kept.rename(elsewhere.package / "away.json")
    try:
        for text in (None, '{"contracts"'):
            if text:
                kept.write_text(text)
            done = elsewhere.run("mikoshi", "demo", "--config", ROOT / "dao.toml")
            assert done.returncode == 2
            what, why, hint = done.stderr.splitlines()[-3:]
            assert what == "✗ The compiled contracts are missing"
            assert str(kept) in why
            assert hint == "→ Install Mikoshi again: its wheel has them"
    finally:
        away.rename(kept)


def test_without_anvil(elsewhere: Elsewhere) -> None:
    """The command that needs it says how to get it, and another works."""
    done = elsewhere.run("mikoshi", "demo", "--config", ROOT / "dao.toml", anvil=False)
    assert done.returncode == 2
    what, why, hint = done.stderr.splitlines()[-3:]
    assert what == "✗ anvil is not installed"
    assert why.startswith("  node_modules/@foundry-rs/anvil-")
    assert hint == "→ Put it on PATH, or run `npm install @foundry-rs/anvil` here"
    assert elsewhere.run("mikoshi", "doctor", "--help", anvil=False).returncode == 0
    folder = elsewhere.club / "node_modules" / "@foundry-rs"
    native = foundry_tool("anvil")
    there = folder / native.parent.parent.name / "bin"
    there.mkdir(parents=True)
    (there / "anvil").symlink_to(native)
    findings = json.loads(elsewhere.run("mikoshi", "doctor", "--json", anvil=False).stdout)
    assert findings["ok"], findings
    assert [each["name"] for each in findings["checks"]][:4] == [
        "python",
        "anvil",
        "contracts",
        "python packages",
    ]
    shutil.rmtree(elsewhere.club / "node_modules")


def test_another_project_founds_a_dao_in_its_tests(elsewhere: Elsewhere) -> None:
    """With the files of docs/extending.md."""
    folder = elsewhere.club / "theirs"
    folder.mkdir()
    text = (ROOT / "docs" / "extending.md").read_text("utf-8")
    for name, code in re.findall(r"```python\n# (\S+)\n(.*?)```", text, re.DOTALL):
        (folder / name).write_text(code)
    done = elsewhere.run("python", "-m", "pytest", "-q", folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("2 passed")
    shutil.rmtree(folder)


@pytest.mark.slow
def test_a_community_from_its_first_file_to_its_first_payment(elsewhere: Elsewhere) -> None:
    club = elsewhere.club
    with Node(NodeOptions(history=True)) as node:
        options: Sequence[str] = ("--network", node.url, "--json")

        def told(command: str, *words: str, folder: Path = club) -> dict[str, Any]:
            done = elsewhere.run("mikoshi", *command.split(), *words, *options, folder=folder)
            assert done.returncode == 0, done.stdout + done.stderr
            answer: dict[str, Any] = json.loads(done.stdout)
            return answer

        begun = elsewhere.run("mikoshi", "init", "--template", "pm-dao", "--name", "Tea", "--yes")
        assert begun.returncode == 0, begun.stderr
        assert begun.stdout.splitlines()[-1].split()[:2] == ["mikoshi", "deploy"]
        people = "".join(f"{wallet},P{number}\n" for number, wallet in enumerate(node.accounts[:5]))
        (club / "members.csv").write_text(f"wallet,name\n{people}")
        (club / "charter.md").write_text("# Charter\n\nWe drink tea.\n")
        deployed = told("deploy")
        assert deployed["sent"]
        below = club / "notes" / "2027"
        below.mkdir(parents=True)
        assert told("check", folder=below)["passed"]
        treasury = told("status")  # nothing is proposed yet
        assert treasury["proposals"] == []
        record = json.loads((club / "deployments" / "31337" / "tea.json").read_text())
        node.rpc.call("anvil_setBalance", record["addresses"]["treasury"], hex(10**18))

        node.rpc.warp(DAY)
        file = told("proposal new", "Buy a kettle")["file"]
        text = 'title = "Buy a kettle"\ntext = "Ours leaks."\n\n[[actions]]\ndo = "pay"\n'
        (club / file).write_text(f'{text}to = "{node.accounts[9]}"\namount = "0.25 ETH"\n')
        told("proposal submit", file, "--account", "TEST::0", "--yes")
        assert list((club / "proposals" / "31337" / "tea").glob("*.json"))
        node.rpc.warp(2 * DAY + 60)
        for number in range(5):
            told("vote 1 --for", "--account", f"TEST::{number}")
        node.rpc.warp(8 * DAY)
        before = node.rpc.balance(node.accounts[9])
        told("execute 1", "--account", "TEST::0")
        assert node.rpc.balance(node.accounts[9]) - before == 10**18 // 4
        done = elsewhere.run("mikoshi", "report", "-o", "report.html", *options)
        assert json.loads(done.stdout)
        assert "Tea" in (club / "report.html").read_text()
        assert list((club / ".mikoshi" / "index" / "31337").glob("tea-*.sqlite"))
