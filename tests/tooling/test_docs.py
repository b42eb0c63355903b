"""What the documents say of the code is so: packages, files, functions, links."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from decimal import Decimal
from pathlib import Path

import click
import pytest

from mikoshi.commands.main import cli
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


DOORS = [ROOT / "docs" / name for name in ("door.md", "door.ja.md")]
COSTS = {
    "15,000": "vote_batch_50_per_vote",
    "59,000": "vote_by_sig",
    "185,000": "join_by_invitation",
    "90,000": "wake",
    "99,000": "delegate_first",
}


def typed_in(document: Path) -> list[list[str]]:
    """The words of each command in a document, without `mikoshi`."""
    text = document.read_text("utf-8")
    lines = re.findall(r"(?<![\w/.:-])(?:\S+/bin/)?mikoshi ((?!\.)[a-z][^\n`>#]*)", text)
    return [shlex.split(line) for line in lines]


@pytest.mark.parametrize("document", DOORS, ids=lambda path: path.name)
def test_commands_of_the_door_are_there_with_these_options(document: Path) -> None:
    typed = typed_in(document)
    assert len(typed) > 10
    for words in typed:
        command: click.Command = cli
        while isinstance(command, click.Group):
            found = command.get_command(click.Context(command), words.pop(0))
            assert found is not None, f"{document.name}: {words}"
            command = found
        known = {option for each in command.params for option in each.opts}
        options = {word.partition("=")[0] for word in words if word.startswith("-")}
        assert options <= known, f"{document.name}: {command.name} {options - known}"


@pytest.mark.parametrize("document", DOORS, ids=lambda path: path.name)
def test_costs_of_the_door_are_those_that_were_measured(document: Path) -> None:
    gas = json.loads((ROOT / "benchmarks" / "gas.json").read_text())["operations"]
    measured = {name: each["mikoshi"] for name, each in gas.items() if "mikoshi" in each}
    rows = re.findall(
        r"^\| .* \| ([\d,]+) \| ([\d.]+) ETH \| ([\d.]+) ETH \|$",
        document.read_text("utf-8"),
        re.MULTILINE,
    )
    year = 24 * 30 * measured[COSTS["15,000"]] + 20 * measured[COSTS["185,000"]]
    wanted = [round(measured[name], -3) for name in COSTS.values()] + [round(year, -3)]
    assert [int(each.replace(",", "")) for each, _, _ in rows] == wanted
    for each, at_one, at_ten in rows:
        wei = int(each.replace(",", "")) * 10**9
        assert (Decimal(at_one), Decimal(at_ten)) == (Decimal(wei) / 10**18, Decimal(wei) / 10**17)


def test_both_doors_say_the_same_commands_and_settings() -> None:
    english, japanese = (
        re.findall(r"^```\w*\n(.*?)^```", each.read_text("utf-8"), re.DOTALL | re.MULTILINE)
        for each in DOORS
    )
    without = [[re.sub("#.*", "", each) for each in blocks] for blocks in (english, japanese)]
    assert without[0] == without[1]
