"""The mutants fit the contracts and the tests of today, and a kill is a kill."""

from __future__ import annotations

import ast
import dataclasses
import functools
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from mikoshi.chain.abi import Revert
from mikoshi.chain.contract import ContractRevertedError
from mikoshi.core.artifacts import project_sources
from mikoshi.text.paths import ROOT
from tests.mutants import plugin
from tests.mutants.catalogue import MUTANTS
from tests.mutants.mutant import Mutant, StaleMutantError
from tests.mutants.plugin import Ending
from tests.mutants.run import differs, is_case, judge
from tests.mutants.table import INVARIANTS, with_table
from tests.support import reverts

MUTANT = Mutant("m", "A", "contracts/A.sol", "x > y", "x >= y", "a rule", "tests/test_a.py::test_a")
NODE = MUTANT.test
PASSES = [Ending(NODE, plugin.PASSED)]

each_mutant = pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)


@functools.cache
def sources() -> dict[str, str]:
    return project_sources()


@functools.cache
def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_there_are_many_and_each_has_a_name() -> None:
    assert len(MUTANTS) >= 25
    assert Counter(mutant.name for mutant in MUTANTS).most_common(1)[0][1] == 1


@each_mutant
def test_mutant_fits_the_contract(mutant: Mutant) -> None:
    changed = mutant.applied_to(sources())
    assert changed != sources()[mutant.source]
    assert any(f"contract {mutant.contract} " in text for text in sources().values())


@each_mutant
def test_mutant_names_a_test_that_exists(mutant: Mutant) -> None:
    path, _, name = mutant.test.partition("::")
    assert name.partition("[")[0] in functions(ROOT / path)


def test_table_in_the_invariants_is_that_of_today() -> None:
    text = INVARIANTS.read_text("utf-8")
    assert text == with_table(text), "run: python -m tests.mutants.table"


# Where the text must be


@pytest.mark.parametrize("text", ["", "x < y", "x > y; x > y;"])
def test_mutant_whose_text_is_not_there_once_is_out_of_date(text: str) -> None:
    with pytest.raises(StaleMutantError, match=r"^m: its text is [02] times in contracts/A.sol"):
        MUTANT.applied_to({"contracts/A.sol": text})


def test_mutant_of_a_file_that_is_gone_is_out_of_date() -> None:
    with pytest.raises(StaleMutantError):
        MUTANT.applied_to({})


# What is a fault


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [("x = 1", "x = 2", True), ("return x", "return x + 1", True), ("// why", "// so", False)],
    ids=["constructor", "function", "comment"],
)
def test_fault_is_what_changes_the_code(old: str, new: str, fault: bool) -> None:
    text = """// why
    pragma solidity ^0.8.0;
    contract A {
        uint256 x;
        constructor() { x = 1; }
        function f() external view returns (uint256) { return x; }
    }
    """
    mutant = dataclasses.replace(MUTANT, old=old, new=new)
    sources = {MUTANT.source: text}
    assert differs(mutant, sources, {MUTANT.source: mutant.applied_to(sources)}) == fault


# What is a kill


@pytest.mark.parametrize(
    ("how", "killed"),
    [
        (plugin.ASSERTED, True),
        (plugin.NOT_REFUSED, True),
        (plugin.REFUSED_OTHERWISE, True),
        (plugin.REFUSED, False),
        (plugin.BROKEN, False),
    ],
)
def test_only_an_assertion_kills(how: str, killed: bool) -> None:
    verdict = judge(MUTANT, PASSES, [Ending(NODE, how, "why")])
    assert (verdict.killed, verdict.how, verdict.words) == (killed, how, "why")


def test_refusal_kills_where_the_property_is_liveness() -> None:
    mutant = dataclasses.replace(MUTANT, liveness=True)
    assert judge(mutant, PASSES, [Ending(NODE, plugin.REFUSED)]).killed
    assert not judge(mutant, PASSES, [Ending(NODE, plugin.BROKEN)]).killed


def test_mutant_that_nobody_notices_survives() -> None:
    verdict = judge(MUTANT, PASSES, PASSES)
    assert (verdict.killed, verdict.how) == (False, "survives")


@pytest.mark.parametrize("before", [[], [Ending(NODE, plugin.ASSERTED)]])
def test_a_test_that_fails_without_the_fault_kills_nothing(before: list[Ending]) -> None:
    assert not judge(MUTANT, before, [Ending(NODE, plugin.ASSERTED)]).killed


def test_the_first_failing_case_decides() -> None:
    cases = [Ending(f"{NODE}[1]", plugin.PASSED), Ending(f"{NODE}[2]", plugin.BROKEN)]
    assert not judge(MUTANT, PASSES, [*cases, Ending(f"{NODE}[3]", plugin.ASSERTED)]).killed


def test_cases_belong_to_their_test() -> None:
    assert is_case(NODE, NODE)
    assert is_case(f"{NODE}[x]", NODE)
    assert not is_case(f"{NODE}_too", NODE)


# How a test ends


def not_refused() -> None:
    with reverts("A"):
        pass


def refused_otherwise() -> None:
    with reverts("A"):
        refused()


def refused() -> None:
    raise ContractRevertedError("f", Revert("B", ()), b"")


def asserted() -> None:
    assert [1] == [2]


def crashed() -> None:
    raise TypeError("x")


def failed_by_word() -> None:
    pytest.fail("timeout")


def skipped() -> None:
    pytest.skip("x")


@pytest.mark.parametrize(
    ("ends", "how"),
    [
        (asserted, plugin.ASSERTED),
        (not_refused, plugin.NOT_REFUSED),
        (refused_otherwise, plugin.REFUSED_OTHERWISE),
        (refused, plugin.REFUSED),
        (crashed, plugin.BROKEN),
        (failed_by_word, plugin.BROKEN),
        (skipped, plugin.BROKEN),
    ],
)
def test_endings_are_told_apart(ends: Callable[[], None], how: str) -> None:
    with pytest.raises(BaseException) as caught:  # noqa: PT011 (any of them)
        ends()
    assert plugin.how_of(caught) == how


def test_assertion_outside_of_the_tests_is_no_kill() -> None:
    with pytest.raises(AssertionError) as caught:
        exec(compile("assert False", "library.py", "exec"))
    assert plugin.how_of(caught) == plugin.BROKEN
