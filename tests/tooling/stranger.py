"""Somebody else's project, which installed the contracts from npm's tarball."""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path

from mikoshi.text.paths import ROOT

EXTENDING = ROOT / "docs" / "extending.md"
STRANGER = ROOT / "tests" / "stranger"
LIBRARIES = ("@openzeppelin/contracts", "solady")


def run(command: Sequence[str | Path], folder: Path) -> str:
    """What a program that succeeds prints; its home, where tools keep notes, is `folder`."""
    env = os.environ | {"HOME": str(folder)}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pack(folder: Path) -> Path:
    """The package, unpacked into `folder`."""
    run(["npm", "pack", ROOT, "--pack-destination", folder, "--silent"], folder)
    (tarball,) = folder.glob("*.tgz")
    with tarfile.open(tarball) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def install(packed: Path, folder: Path) -> None:
    """`npm install` in a project: the package, and what it brings."""
    (folder / "package.json").write_text('{"name": "stranger", "private": true}\n')
    sources = {name: ROOT / "node_modules" / name for name in LIBRARIES}
    for name, source in {"mikoshi": packed, **sources}.items():
        there = folder / "node_modules" / name
        there.parent.mkdir(parents=True, exist_ok=True)
        there.symlink_to(source)


def settings(language: str) -> str:
    """The settings that the docs give: `toml` for Foundry, `js` for Hardhat."""
    found = re.search(rf"```{language}\n(.*?)```", EXTENDING.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]
