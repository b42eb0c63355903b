"""The report's formulas, each computed a second way."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mikoshi.report.formulas import gini, mean, median, nakamoto, share

VALUES = st.lists(st.integers(0, 10**20), max_size=8)


def mean_difference(values: list[int]) -> Fraction:
    """Gini's own definition: the mean difference of two values over twice the mean."""
    count, total = len(values), sum(values)
    differences = sum(abs(one - other) for one in values for other in values)
    return Fraction(differences, 2 * count * total)


@given(VALUES)
def test_gini_is_half_the_relative_mean_difference(values: list[int]) -> None:
    found = gini(values)
    if sum(values) == 0:
        assert found is None
    else:
        assert found == mean_difference(values)
        assert 0 <= found < 1


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=6), st.integers(2, 4))
def test_gini_knows_neither_unit_nor_size(values: list[int], times: int) -> None:
    assert gini([times * each for each in values]) == gini(values)
    assert gini(values * times) == gini(values)


def test_gini_of_known_spreads() -> None:
    assert gini([5, 5, 5, 5]) == 0
    assert gini([0, 0, 0, 8]) == Fraction(3, 4)  # 1 − 1/n: one has it all
    assert gini([1, 3]) == Fraction(1, 4)


@given(VALUES)
def test_nakamoto_is_the_smallest_group_with_more_than_half(values: list[int]) -> None:
    total = sum(values)
    sizes = (
        size
        for size in range(1, len(values) + 1)
        if any(2 * sum(group) > total for group in combinations(values, size))
    )
    assert nakamoto(values) == (next(sizes) if total else None)


@given(st.lists(st.one_of(st.none(), st.integers(0, 100)), max_size=9))
def test_median_counts_those_who_have_not(values: list[int | None]) -> None:
    found = median(values)
    known = [each for each in values if each is not None]
    if found is None:
        assert 2 * len(known) < len(values) + len(values) % 2 or not values
    else:
        assert 2 * sum(each <= found for each in known) >= len(values)
        assert 2 * sum(each < found for each in known) < len(values) or found == min(known)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], None),
        ([3], 3),
        ([None], None),
        ([3, None], 3),
        ([3, None, None], None),
        ([9, 1, None, 4], 4),
        ([1, 2, 3, 4], 2),
    ],
)
def test_median_of_known_lists(values: list[int | None], expected: int | None) -> None:
    assert median(values) == expected


def test_nothing_has_no_share_and_no_mean() -> None:
    assert share(0, 0) is None
    assert share(1, 4) == Fraction(1, 4)
    assert mean([]) is None
    assert mean([Fraction(1, 2), Fraction(1, 4)]) == Fraction(3, 8)
