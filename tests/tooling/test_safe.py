"""A Safe is proposed to: commands that need a receipt stop there and say what comes next."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import distributions, version
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from mikoshi.core.dao import DEPLOYMENT_PROXY
from mikoshi.text.paths import ROOT

pytestmark = pytest.mark.slow

SAFE = ROOT / ".cache" / "safe"  # `make test` installs it


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What was seen of a Safe of three owners, two of whom have to confirm."""
    folder = tmp_path_factory.mktemp("safe")
    place = {"APE_DATA_FOLDER": str(folder / ".ape"), "PYTHONPATH": str(SAFE)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.tooling.safe_played", folder],
        cwd=ROOT,
        env=os.environ | place,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_ape_safe_fits_beside_the_locked_packages() -> None:
    beside = {canonicalize_name(each.name): each for each in distributions(path=[str(SAFE)])}
    assert beside[canonicalize_name("ape-safe")].version == "0.8.23"
    for package in beside.values():
        for line in package.requires or ():
            needed = Requirement(line)
            if needed.marker and not needed.marker.evaluate({"extra": ""}):
                continue
            found = beside.get(canonicalize_name(needed.name))
            installed = found.version if found else version(needed.name)
            assert needed.specifier.contains(installed), (package.name, line, installed)


def test_a_safe_is_an_account_like_others(said: dict[str, Any]) -> None:
    assert said["aliases"] == ["alice", "ours"]
    assert (said["dry run"]["exit"], said["dry run"]["sent"]) == (0, False)


def test_a_command_makes_a_proposal_and_says_what_comes_next(said: dict[str, Any]) -> None:
    first = said["first"]
    assert (first["exit"], first["error"]["kind"]) == (4, "safe.proposed")
    data = first["error"]["data"]
    assert data == {"name": "ours", "confirmed": 1, "needed": 2, "hash": said["waiting"][0][3]}
    assert "run the same command again" in first["error"]["next"]
    assert said["waiting"] == [[DEPLOYMENT_PROXY, 0, 1, data["hash"]]]


def test_the_same_is_not_proposed_twice(said: dict[str, Any]) -> None:
    assert said["again"]["exit"] == 4
    assert said["again"]["error"]["data"] == said["first"]["error"]["data"]
    assert said["again"]["error"]["what"].startswith("The Safe ours has it already")


def test_a_command_goes_on_after_what_the_owners_executed(said: dict[str, Any]) -> None:
    assert (said["executed"]["exit"], said["executed"]["error"]["kind"]) == (4, "safe.proposed")
    assert said["executed"]["error"]["data"]["hash"] != said["first"]["error"]["data"]["hash"]


@pytest.mark.parametrize(
    ("case", "kind", "data"),
    [
        ("message", "account.unable", {"name": "ours"}),
        ("no owner", "safe.no-owner", {"name": "theirs"}),
        ("elsewhere", "safe.another-chain", {"name": "elsewhere", "actual": 31337, "known": "1"}),
    ],
)
def test_what_a_safe_cannot_do_is_told(
    said: dict[str, Any], case: str, kind: str, data: dict[str, Any]
) -> None:
    assert (said[case]["kind"], said[case]["data"]) == (kind, data)
