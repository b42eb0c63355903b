"""The locked versions of Ape and its plugins work together; others may not."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PROBE = """
import ape
from ape.api import AccountAPI
ape.accounts.containers["accounts"]
print(ape.networks.ethereum.local.get_provider("foundry").name)
"""


def what_is_broken(*first: Path) -> str:
    """Why Ape does not work, and what to do; nothing if it does. `first` comes before the rest."""
    path = os.pathsep.join(map(str, first))
    probed = subprocess.run(
        [sys.executable, "-c", PROBE],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    if probed.returncode == 0 and probed.stdout.endswith("foundry\n"):
        return ""
    installed = ", ".join(f"{name} {installed_version(name)}" for name in NAMES)
    return (
        f"Ape does not work: {probed.stderr.strip().splitlines()[-1]}. Installed: {installed}. "
        "Only the versions of requirements.lock are known to fit together, and PyPI's `ape` is "
        "another program: rm -rf .venv && make setup"
    )


NAMES = ("eth-ape", "ape-foundry", "ape-solidity", "evm-trace", "web3", "ape")


def installed_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "–"


def test_the_pins_of_ape_fit_together() -> None:
    assert what_is_broken() == ""


def test_a_plugin_for_another_ape_is_caught(tmp_path: Path) -> None:
    """As with eth-ape 0.8.52 and ape-foundry 0.8.5, which pip takes where nothing is pinned."""
    (tmp_path / "ape_foundry").mkdir()
    (tmp_path / "ape_foundry" / "__init__.py").write_text("from ape.types import HashBytes32\n")
    told = what_is_broken(tmp_path)
    assert "foundry" in told
    assert "Installed: eth-ape 0.8.51, ape-foundry 0.8.12, " in told


def test_another_program_called_ape_is_caught(tmp_path: Path) -> None:
    (tmp_path / "ape.py").write_text("def main(): ...\n")
    told = what_is_broken(tmp_path)
    assert told.startswith("Ape does not work: ModuleNotFoundError: No module named 'ape.api'")
    assert "another program: rm -rf .venv && make setup" in told


def test_signers_are_recovered_by_the_fast_library() -> None:
    """In Python alone each of 2,000 ballots takes 5 ms more, twice."""
    from eth_keys.backends.coincurve import CoinCurveECCBackend
    from eth_keys.main import lazy_key_api as keys

    assert isinstance(keys.backend, CoinCurveECCBackend)
