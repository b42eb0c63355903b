"""A pytest plugin: deploys the contracts it is given, and tells how each test ended.

    pytest -p tests.mutants.plugin --contracts FILE --endings FILE NODE...

The contracts are {"sources": {path: text}, "changed": {path: text}, "only": [name]} as JSON; the
endings a list of `Ending` as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from mikoshi.chain.contract import ContractRevertedError
from mikoshi.chain.processes import NodeError
from mikoshi.chain.rpc import UnreachableError
from mikoshi.core import artifacts
from mikoshi.core.artifacts import Artifact
from mikoshi.text.paths import ROOT

PASSED = "passed"
ASSERTED = "an assertion fails"
NOT_REFUSED = "a call is not refused"
REFUSED_OTHERWISE = "a call is refused otherwise"
REFUSED = "a permitted call is refused"
BROKEN = "the test itself breaks"
NO_NODE = "the node does not answer"

_OF_TESTS = (ROOT / "tests", ROOT / "mikoshi" / "testing")


@dataclass(frozen=True, slots=True)
class Ending:
    """How one test ended, and what its failure said."""

    node: str
    how: str
    words: str = ""


_endings = pytest.StashKey[list[Ending]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the contracts are, and where the endings go."""
    parser.addoption("--contracts", type=Path, required=True)
    parser.addoption("--endings", type=Path, required=True)


def pytest_configure(config: pytest.Config) -> None:
    """Put the given contracts in the place of the project's."""
    config.stash[_endings] = []
    given = json.loads(config.getoption("contracts").read_text("utf-8"))
    contracts = compiled(given["sources"], given["changed"], given["only"])
    artifacts.project = lambda: contracts  # type: ignore[assignment]


def compiled(
    sources: dict[str, str], changed: dict[str, str], only: list[str]
) -> dict[str, Artifact]:
    """The contracts of `sources`; those of `only` as they are with the `changed` sources."""
    contracts = artifacts.compile_sources(sources)
    if changed:
        contracts = contracts | artifacts.compile_sources(sources | changed, only=only)
    return contracts


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the tests in the order in which they are named, whatever takes longest."""
    named = [Path(each.partition("::")[0]).resolve() for each in config.args]

    def place(item: pytest.Item) -> int:
        folders = (item.path, *item.path.parents)
        return next(rank for rank, path in enumerate(named) if path in folders)

    items.sort(key=place)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note how a test ended."""
    report = yield
    if call.when == "call" or call.excinfo is not None:
        item.config.stash[_endings].append(_ending(item.nodeid, call))
    return report


def pytest_unconfigure(config: pytest.Config) -> None:
    """Hand over the endings."""
    endings = [asdict(ending) for ending in config.stash[_endings]]
    config.getoption("endings").write_text(json.dumps(endings), "utf-8")


def _ending(node: str, call: pytest.CallInfo[Any]) -> Ending:
    caught = call.excinfo
    if caught is None:
        return Ending(node, PASSED)
    words = " ".join(str(caught.value).split())[:300]
    if isinstance(caught.value, NodeError | UnreachableError):
        return Ending(node, NO_NODE, words)
    return Ending(node, how_of(caught) if call.when == "call" else BROKEN, words)


def how_of(caught: pytest.ExceptionInfo[BaseException]) -> str:
    """How a test ended that raised this while it ran."""
    error, place = caught.value, caught.traceback[-1]
    if isinstance(error, ContractRevertedError):
        return REFUSED
    if isinstance(error, pytest.fail.Exception) and str(error).startswith("DID NOT RAISE"):
        return NOT_REFUSED
    if isinstance(error, AssertionError) and _is_of_tests(Path(place.path)):
        return REFUSED_OTHERWISE if place.name == "reverts" else ASSERTED
    return BROKEN


def _is_of_tests(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in _OF_TESTS)
