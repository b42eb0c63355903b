"""The sampler breaks what means something, always the same places, and counts honestly."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest

from mikoshi.core.artifacts import compile_sources, project_sources
from mikoshi.text.paths import ROOT
from tests.mutants import __main__ as command
from tests.mutants import plugin, sample
from tests.mutants.equivalents import EXPLAINED, HEADING, explained
from tests.mutants.faults import Fault, all_faults, sampled
from tests.mutants.plugin import Ending
from tests.mutants.sample import UnfitTestsError, run_sample

SOURCES = {
    "contracts/L.sol": """pragma solidity ^0.8.0;
    // 二 words of more than a byte
    uint256 constant LIMIT = 3 days;
    library L {
        function half(uint256 x) internal pure returns (uint256) { return x == 0 ? 0 : x / 2; }
        function unused(uint256 x) internal pure returns (uint256) { return x + 1; }
    }
    """,
    "contracts/A.sol": """pragma solidity ^0.8.0;
    import {L, LIMIT} from "contracts/L.sol";
    contract A {
        using L for uint256;
        error Over(uint256 amount, uint256 limit);
        event Set(address who, uint256 amount);
        uint256 amount;
        string constant NAME = unicode"é sun";
        modifier some() { if (msg.value == 0) revert(); _; }
        function set(uint256 to) external payable some {
            if (to > LIMIT) revert Over(to, LIMIT);
            amount += to.half();
            emit Set(msg.sender, to);
            for (uint256 i; i < 2; ++i) { if (to < 1) delete amount; }
            assembly { if lt(to, 0x02) { sstore(0, add(to, 1)) } }
        }
    }
    contract B { bool on = true; }
    """,
}


@functools.cache
def faults() -> list[Fault]:
    return all_faults(SOURCES)


def told(operator: str) -> set[tuple[str, str, str]]:
    return {fault.key for fault in faults() if fault.operator == operator}


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        (
            "comparisons",
            {
                ("L.half", "x == 0", "x != 0"),
                ("A.some", "msg.value == 0", "msg.value != 0"),
                ("A.set", "to > LIMIT", "to >= LIMIT"),
                ("A.set", "to > LIMIT", "to <= LIMIT"),
                ("A.set", "i < 2", "i <= 2"),
                ("A.set", "i < 2", "i >= 2"),
                ("A.set", "to < 1", "to <= 1"),
                ("A.set", "to < 1", "to >= 1"),
            },
        ),
        (
            "arithmetic",
            {
                ("L.half", "x / 2", "x * 2"),
                ("A.set", "amount += to.half()", "amount -= to.half()"),
                ("A.set", "lt(to, 0x02)", "gt(to, 0x02)"),
                ("A.set", "add(to, 1)", "sub(to, 1)"),
            },
        ),
        (
            "guards",
            {
                ("A.set", "if (to > LIMIT) revert Over(to, LIMIT);", "{}"),
                (
                    "A.set",
                    "if (to > LIMIT) revert Over(to, LIMIT)",
                    "if (!(to > LIMIT)) revert Over(to, LIMIT)",
                ),
                ("A.set", "some", ""),
            },
        ),
        (
            "branches",
            {
                ("L.half", "x == 0 ? 0 : x / 2", "x == 0 ? x / 2 : 0"),
                ("A.some", "if (msg.value == 0) revert()", "if (!(msg.value == 0)) revert()"),
                ("A.set", "if (to < 1) delete amount", "if (!(to < 1)) delete amount"),
                (
                    "A.set",
                    "if lt(to, 0x02) { sstore(0, add(to, 1)) }",
                    "if iszero(lt(to, 0x02)) { sstore(0, add(to, 1)) }",
                ),
            },
        ),
        (
            "deletions",
            {
                ("A.some", "revert();", "{}"),
                ("A.set", "amount += to.half();", "{}"),
                ("A.set", "emit Set(msg.sender, to);", "{}"),
                ("A.set", "delete amount;", "{}"),
                ("A.set", "sstore(0, add(to, 1))", "{}"),
            },
        ),
        (
            "constants",
            {
                ("LIMIT", "3 days", "(3 days + 1)"),
                ("LIMIT", "3 days", "(3 days - 1)"),
                ("L.half", "x == 0", "x == (0 + 1)"),
                ("L.half", "0", "(0 + 1)"),
                ("L.half", "x / 2", "x / (2 + 1)"),
                ("L.half", "x / 2", "x / (2 - 1)"),
                ("A.NAME", 'unicode"é sun"', 'unicode"é sxn"'),
                ("A.some", "msg.value == 0", "msg.value == (0 + 1)"),
                ("A.set", "i < 2", "i < (2 + 1)"),
                ("A.set", "i < 2", "i < (2 - 1)"),
                ("A.set", "to < 1", "to < (1 + 1)"),
                ("A.set", "to < 1", "to < (1 - 1)"),
                ("A.set", "lt(to, 0x02)", "lt(to, 0x3)"),
                ("A.set", "lt(to, 0x02)", "lt(to, 0x1)"),
                ("A.set", "sstore(0, add(to, 1))", "sstore(0x1, add(to, 1))"),
                ("A.set", "add(to, 1)", "add(to, 0x2)"),
                ("A.set", "add(to, 1)", "add(to, 0x0)"),
                ("B.on", "true", "false"),
            },
        ),
        (
            "arguments",
            {
                ("A.set", "Over(to, LIMIT)", "Over(LIMIT, to)"),
                ("A.set", "lt(to, 0x02)", "lt(0x02, to)"),
                ("A.set", "sstore(0, add(to, 1))", "sstore(add(to, 1), 0)"),
            },
        ),
    ],
)
def test_operator_breaks_what_it_says_and_nothing_else(
    operator: str, expected: set[tuple[str, str, str]]
) -> None:
    assert told(operator) == expected


def test_the_arguments_of_what_takes_them_in_any_order_are_not_exchanged() -> None:
    source = """pragma solidity ^0.8.0;
    library M {
        function min(uint256 x, uint256 y) internal pure returns (uint256) { return x & y; }
        function less(uint256 x, uint256 y) internal pure returns (uint256) { return x - y; }
    }
    contract C {
        function f(uint256 x) external pure returns (uint256) { return M.less(M.min(x, 2), x); }
    }
    """
    made = all_faults({"contracts/C.sol": source})
    exchanged = [each.new for each in made if each.operator == "arguments"]
    assert exchanged == ["M.less(x, M.min(x, 2))"]


def test_each_fault_compiles_and_changes_its_place_alone() -> None:
    for fault in faults():
        text = fault.applied_to(SOURCES)
        before, after = SOURCES[fault.source].split(fault.old), text.split(fault.old)
        assert text != SOURCES[fault.source]
        assert len(text) - len(SOURCES[fault.source]) == len(fault.new) - len(fault.old)
        assert len(before) >= len(after) or fault.old in fault.new
    (deleted,) = (each for each in faults() if each.old.startswith("emit"))
    compile_sources(SOURCES | {deleted.source: deleted.applied_to(SOURCES)})


def test_only_contracts_that_reach_the_place_are_named() -> None:
    contracts = {fault.where: fault.contracts for fault in faults()}
    assert contracts == {
        "LIMIT": ("A",),
        "L.half": ("A",),
        "A.NAME": ("A",),
        "A.some": ("A",),
        "A.set": ("A",),
        "B.on": ("B",),
    }


def test_what_names_a_fault_survives_other_lines() -> None:
    moved = {path: text.replace("0;\n", "0;\n\n  // new\n") for path, text in SOURCES.items()}
    assert [fault.key for fault in all_faults(moved)] == [fault.key for fault in faults()]


def test_diff_shows_the_line() -> None:
    (fault,) = (each for each in faults() if each.new == "(3 days - 1)")
    assert fault.diff(SOURCES).splitlines()[-3:-1] == [
        "-    uint256 constant LIMIT = 3 days;",
        "+    uint256 constant LIMIT = (3 days - 1);",
    ]


def test_same_seed_makes_the_same_order() -> None:
    first = sampled(faults(), 7)
    assert first == sampled(faults(), 7)
    assert first != sampled(faults(), 8)
    assert sorted(map(str, first)) == sorted(map(str, faults()))


# Fates


class FakeTests:
    """In the place of pytest: how the tests of a contract end, and which were asked for."""

    def __init__(self, **endings: str) -> None:
        self.endings = endings
        self.asked: list[Sequence[str]] = []

    def __call__(
        self,
        _: object,
        changed: dict[str, str],
        only: Sequence[str],
        tests: Sequence[str],
        *__: str,
    ) -> list[Ending]:
        self.asked.append(tests)
        name = only[0] if changed else "unchanged"
        return [Ending("test_a", plugin.PASSED), Ending("test_b", self.endings[name])]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sample, "project_sources", lambda: SOURCES)
    monkeypatch.setattr(sample, "_FIT", tmp_path / "fit")


def played(monkeypatch: pytest.MonkeyPatch, size: int, **endings: str) -> list[sample.FaultFate]:
    monkeypatch.setattr(sample, "endings_of", FakeTests(unchanged=plugin.PASSED, **endings))
    return run_sample(size, 1, 2)


def test_as_many_count_as_were_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    fates = played(monkeypatch, 8, A=plugin.ASSERTED, B=plugin.PASSED)
    assert sum(fate.counts for fate in fates) == 8
    assert [fate.fault for fate in fates] == sampled(faults(), 1)[: len(fates)]
    assert {fate.how for fate in fates if not fate.counts} <= {
        "does not compile",
        "the code is the same",
    }
    assert {fate.noticed for fate in fates if fate.killed} == {"test_b"}


@pytest.mark.parametrize(
    ("how", "killed"),
    [
        (plugin.REFUSED, True),
        (plugin.BROKEN, True),
        (plugin.PASSED, False),
        (plugin.NO_NODE, False),
    ],
)
def test_any_failure_kills_but_that_of_the_node(
    monkeypatch: pytest.MonkeyPatch, how: str, killed: bool
) -> None:
    fates = played(monkeypatch, 1, A=how, B=how)
    assert [fate.killed for fate in fates if fate.counts] == [killed]


def test_tests_that_fail_without_a_fault_notice_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "endings_of", FakeTests(unchanged=plugin.ASSERTED))
    with pytest.raises(UnfitTestsError, match="test_b"):
        run_sample(1, 1, 1)


def test_tests_are_tried_without_a_fault_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tests = FakeTests(unchanged=plugin.PASSED, A=plugin.ASSERTED, B=plugin.ASSERTED)
    monkeypatch.setattr(sample, "endings_of", tests)
    for expected in (2 + 1, 2 + 1 + 1):
        run_sample(1, 1, 1)
        assert len(tests.asked) == expected


def test_places_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "endings_of", FakeTests(unchanged=plugin.PASSED, A=plugin.PASSED))
    fates = run_sample(1000, 1, 2, within="L.sol")
    assert {fate.fault for fate in fates} == {each for each in faults() if "L.sol" in each.source}


def test_tests_of_the_contract_come_first() -> None:
    tests = sample.tests_for(["Treasury"])
    assert tests[:2] == ["tests/unit/treasury", "tests/property"]
    assert len(tests) == len(set(tests)) == 10


@pytest.mark.parametrize("contracts", permutations(sample._OF_CONTRACT, 2))
def test_no_test_is_left_out_since_another_of_its_folder_comes_first(
    contracts: tuple[str, str],
) -> None:
    tests = [Path(each) for each in sample.tests_for(contracts)]
    assert not any(inner.is_relative_to(outer) for outer, inner in permutations(tests, 2))
    assert all((ROOT / each).exists() for each in tests)
    inside = [
        (ROOT / each).rglob("test_*.py") if (ROOT / each).is_dir() else [ROOT / each]
        for each in tests
    ]
    reached = [file.relative_to(ROOT) for files in inside for file in files]
    places = [ROOT / "tests" / each for each in ("unit", "property", "audit")]
    every = [file.relative_to(ROOT) for place in places for file in place.rglob("test_*.py")]
    assert sorted(reached) == sorted(every)


@pytest.mark.parametrize(("how", "code"), [(plugin.ASSERTED, 0), (plugin.PASSED, 1)])
def test_exit_code_is_one_when_too_many_live(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], how: str, code: int
) -> None:
    monkeypatch.setattr("tests.mutants.show.project_sources", lambda: SOURCES)
    monkeypatch.setattr(sample, "endings_of", FakeTests(unchanged=plugin.PASSED, A=how, B=how))
    monkeypatch.setattr("sys.argv", ["mutants", "--sample", "1", "--seed", "1", "--json"])
    assert command.main() == code
    assert f'"killed": {1 - code}' in capsys.readouterr().out


# What is explained

LINE = "- `A.set`: `to > LIMIT` → `to >= LIMIT`: nobody is at the limit\n"


def test_explanations_are_by_place_and_words() -> None:
    assert explained(f"# A\n{HEADING}\n{LINE}\n## B\n- other\n") == {
        ("A.set", "to > LIMIT", "to >= LIMIT"): "nobody is at the limit"
    }


@pytest.mark.parametrize("text", ["", f"{HEADING}- why\n", f"{HEADING}{LINE}{LINE}"])
def test_line_that_explains_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"mutants\.md"):
        explained(text)


def test_explanations_of_today_are_of_faults_of_today() -> None:
    reasons = explained(EXPLAINED.read_text("utf-8"))
    assert reasons.keys() <= {fault.key for fault in all_faults(project_sources())}
