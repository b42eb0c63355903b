"""Formulas of the report, each on plain numbers. Ratios are exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def gini(values: Sequence[int]) -> Fraction | None:
    """How unequally `values` (none negative) are spread: 0 for equal, towards 1 for one owner.

    G = 2·Σ i·xᵢ / (n·Σ xᵢ) − (n + 1)/n, xᵢ in rising order, i = 1 … n: half the mean difference of
    two values over their mean (C. Gini, "Variabilità e mutabilità", 1912). None without a sum.
    """
    total, count = sum(values), len(values)
    if not total:
        return None
    ranked = sum(rank * value for rank, value in enumerate(sorted(values), 1))
    return Fraction(2 * ranked, count * total) - Fraction(count + 1, count)


def nakamoto(values: Sequence[int]) -> int | None:
    """The fewest owners who together have more than half; None without a sum.

    B. Srinivasan and L. Lee, "Quantifying Decentralization", 2017.
    """
    half, held = Fraction(sum(values), 2), 0
    for count, value in enumerate(sorted(values, reverse=True), 1):
        held += value
        if held > half:
            return count
    return None


def share(part: int, whole: int) -> Fraction | None:
    """`part` of `whole`; None of nothing."""
    return Fraction(part, whole) if whole else None


def mean(values: Sequence[Fraction]) -> Fraction | None:
    """The arithmetic mean; None of nothing."""
    return sum(values, Fraction(0)) / len(values) if values else None


def median(values: Sequence[int | None]) -> int | None:
    """The lower median, None being larger than every number: whoever has not done it yet counts.

    None without values, and where fewer than half have done it.
    """
    known = sorted(value for value in values if value is not None)
    middle = (len(values) - 1) // 2
    return known[middle] if values and middle < len(known) else None
