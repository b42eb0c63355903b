"""What the documents say of the code is so: packages, files, functions, links."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from mikoshi.text.paths import ROOT

ARCHITECTURE = ROOT / "docs" / "architecture.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def walks() -> list[tuple[str, str]]:
    """Each step of the walks: the file that it begins with, and a function that it names."""
    text = ARCHITECTURE.read_text("utf-8").split("## A ballot", 1)[1]
    steps = re.findall(r"^\d+\. `([^`]+)` (.*(?:\n +.*)*)", text, re.MULTILINE)
    return [(file, name) for file, said in steps for name in re.findall(r"`(\w+)\(\)`", said)]


def test_walks_name_functions_that_are_there() -> None:
    steps = walks()
    assert len(steps) > 60
    for file, name in steps:
        source = (ROOT / file).read_text("utf-8")
        assert re.search(rf"\b(?:def|function) {name}\b", source), f"{file} has no {name}"


def test_map_names_every_package_on_its_floor() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (floors,) = project["tool"]["importlinter"]["contracts"]
    listed: list[list[str]] = []
    for floor, package in re.findall(
        r"^\| ?(\d*) \| `(\w+)` \|", ARCHITECTURE.read_text("utf-8"), re.MULTILINE
    ):
        if floor:
            listed.append([])
        listed[-1].append(package)
    assert listed == [layer.split(" | ") for layer in floors["layers"]]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    text = re.sub(r"^```.*?^```", "", document.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        found = (document.parent / file) if file else document
        assert found.exists(), f"{document.name}: {target}"
        if anchor:
            assert anchor in anchors(found), f"{document.name}: {target}"


def anchors(document: Path) -> set[str]:
    """The names under which the headings of a document can be reached, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
