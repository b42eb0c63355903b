"""The house: no circle between files, one meaning a name, and how much a command reaches."""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from types import ModuleType

import pytest

from mikoshi.text.paths import ROOT

MODEL = "mikoshi.testing.model."
"""The model says again, in words of its own, what the code says: its names are the same."""


@pytest.fixture(scope="module")
def reach() -> ModuleType:
    """The script that counts what a command reaches."""
    path = str(ROOT / "tools" / "reach")
    loader = importlib.machinery.SourceFileLoader("reach", path)
    spec = importlib.util.spec_from_loader("reach", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def circles(graph: Mapping[str, set[str]]) -> list[str]:
    """What remains when everything that imports nothing that remains is taken away, and back."""
    left = set(graph)
    while True:
        inner = {name for name in left if graph[name] & left}
        inner = {name for name in inner if any(name in graph[other] for other in inner)}
        if inner == left:
            return sorted(left)
        left = inner


def test_circles_are_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == ["b", "c"]


def test_no_file_imports_itself_through_others(reach: ModuleType) -> None:
    known = reach.modules()
    assert circles({name: reach.imports(name, known) for name in known}) == []


def test_a_class_name_has_one_meaning(reach: ModuleType) -> None:
    places = defaultdict(list)
    for name, path in reach.modules().items():
        if name.startswith(MODEL):
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


@pytest.mark.parametrize(("command", "most"), [("wake", 75), ("vote", 90), ("execute", 120)])
def test_a_command_reaches_what_it_needs(reach: ModuleType, command: str, most: int) -> None:
    assert len(reach.reach(command)) <= most


@pytest.mark.parametrize("args", [[], ["nope"]])
def test_reach_says_what_it_was_not_told(args: list[str]) -> None:
    done = subprocess.run([ROOT / "tools" / "reach", *args], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 3
