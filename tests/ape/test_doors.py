"""`pytest` and `ape test` are two doors to the same tests, and each ends alike behind both."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from mikoshi.text.paths import ROOT

pytestmark = pytest.mark.slow

TESTS = """
from hypothesis import given, settings, strategies as st


def test_accounts_and_chain(accounts, chain):
    accounts[0].transfer(accounts[1], "1 ether")
    assert chain.blocks.height > 0


def test_contract_of_this_project(project):
    assert project.Treasury.contract_type.abi


def test_that_fails(networks):
    assert networks.active_provider is None


@settings(max_examples=3, database=None)
@given(st.integers())
def test_property_that_fails(number):
    assert number < 0
"""


def endings(door: list[str], file: Path) -> dict[str, str]:
    """How each test ends behind a door: its name and "passed", "failure" or "error"."""
    report = file.with_name(f"{len(door)}.xml")
    words = [*door, "-q", str(file), str(Path(__file__).with_name("test_isolation.py"))]
    subprocess.run([*words, f"--junitxml={report}"], cwd=ROOT, capture_output=True)
    cases = Xml.parse(report).getroot().iter("testcase")
    return {str(each.get("name")): next((c.tag for c in each), "passed") for each in cases}


def test_every_test_ends_alike(tmp_path: Path) -> None:
    file = tmp_path / "test_ours.py"
    file.write_text(TESTS)
    ended = endings(["pytest"], file)
    assert endings(["ape", "test"], file) == ended
    assert {name for name, how in ended.items() if how != "passed"} == {
        "test_that_fails",
        "test_property_that_fails",
    }
    assert len(ended) > 8
