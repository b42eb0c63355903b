"""The model's arithmetic against known digits, and the machine against a broken model."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mikoshi.testing.machine import run
from mikoshi.testing.model.membership import Membership
from mikoshi.testing.model.numbers import PRECISE, WAD, Formula, root_down, steepness
from mikoshi.testing.model.refusal import Refusal, refuse
from mikoshi.testing.model.state import Standing

ROOT_2 = Decimal("1.41421356237309504880168872420969807856967187537694807317667973799")
"""√2 = 2^(1/2), from OEIS A002193."""

FORMULA = Formula(t0=1_000, half_life=200, base=10**9, most=20_000, full=100)
LARGEST = 10**9 * WAD * 2**100
"""Merit of the largest `full`, inflated for a hundred half-lives."""


def test_growth_has_sixty_digits() -> None:
    assert abs(FORMULA.growth(1_100) - ROOT_2) < Decimal("1e-60")
    with localcontext(PRECISE):
        assert abs(FORMULA.growth(1_100) ** 2 - 2) < Decimal("1e-60")


def test_growth_is_exact_after_whole_half_lives_and_saturates() -> None:
    assert FORMULA.growth(0) == FORMULA.growth(1_000) == 1
    assert FORMULA.growth(1_000 + 200 * 7) == 128
    assert FORMULA.growth(1_000 + 200 * 100) == 2**100 == FORMULA.growth(10**12)


def test_voice_of_hundred_points_is_two() -> None:
    units = root_down(100 * 10**18)
    assert FORMULA.voice(1, units, 1_000) == 2 * 10**9
    halved = FORMULA.voice(1, units, 1_200)
    with localcontext(PRECISE):
        assert abs(halved - (10**9 + 10**9 / ROOT_2)) < Decimal("1e-40")


def test_steepness_reaches_most_at_full_and_never_more() -> None:
    assert steepness(10**9, 15_000, 100) == 5 * 10**16
    assert steepness(10**12, 30_000, 10**9) == 2 * 10**12 * WAD // (isqrt(10**27 - 1) + 1)
    assert steepness(10**9, 10_000, 1) == 0


@given(st.integers(10**9, 10**12), st.integers(10_000, 30_000), st.integers(1, 10**9))
def test_nobody_speaks_with_more_than_most(base: int, most: int, full: int) -> None:
    formula = Formula(0, 200, base, most, full)
    voice = formula.voice(1, root_down(full * WAD), 0)
    assert voice <= Fraction(base * most, 10_000)
    assert Fraction(base * most, 10_000) - Fraction(voice) < 2 + Fraction(4 * base, 10**9)


@given(st.integers(0, 300 * WAD), st.integers(0, 300_000), st.integers(0, 30_000))
def test_credit_ends_at_full(points: int, thousandths: int, time: int) -> None:
    raw = FORMULA.inflate_down(points % (100 * WAD), time)
    given_, after, cut = FORMULA.credited(raw, thousandths * WAD // 1_000, time)
    assert raw <= after <= FORMULA.inflate_down(100 * WAD, time)
    assert 0 <= given_ <= thousandths
    assert cut or given_ == thousandths
    if cut:
        assert after == FORMULA.inflate_down(100 * WAD, time)
    assert FORMULA.credited(after, 100 * WAD, time)[1] == FORMULA.inflate_down(100 * WAD, time)


@given(st.integers(0, LARGEST))
def test_root_is_rounded_down(raw: int) -> None:
    assert root_down(raw) ** 2 <= raw < (root_down(raw) + 1) ** 2


@given(st.integers(0, 10**30), st.integers(0, 30_000))
def test_merit_inflates_and_decays_alike(points: int, time: int) -> None:
    raw = FORMULA.inflate_down(points, time)
    assert Fraction(0) <= points - Fraction(FORMULA.merit(raw, time)) <= 1


def test_every_guard_that_applies_is_a_choice() -> None:
    with pytest.raises(Refusal) as caught:
        refuse((True, "First", 1), (False, "Second"), (True, "Third"))
    assert caught.value.choices == (("First", 1), ("Third",))
    refuse((False, "First"))


@pytest.mark.slow
def test_machine_finds_difference_and_tells_how(monkeypatch: pytest.MonkeyPatch) -> None:
    def rest(self: Membership, sender: str) -> None:
        member = self.expect(sender, Standing.ACTIVE)
        self.state.change(member, standing=Standing.DORMANT, stamp=self.today - 1)

    monkeypatch.setattr(Membership, "rest", rest)
    with pytest.raises(AssertionError, match="stampOf") as caught:
        run(steps=2_000, setups=("soulbound",))
    history = "\n".join(caught.value.__notes__)
    assert "state.rest(" in history or "state.lose_delegate(" in history  # how to get there again


def test_same_seed_makes_same_history() -> None:
    first, second = (run(steps=120, first_seed=9, setups=("soulbound",)) for _ in range(2))
    assert (first.steps, first.coverage) == (second.steps, second.coverage)
