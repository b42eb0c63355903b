"""The model's arithmetic against known digits, and the machine against a broken model."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mikoshi.testing.machine import run
from mikoshi.testing.model.membership import Membership
from mikoshi.testing.model.numbers import PRECISE, RAW_MAX, Formula, root_down
from mikoshi.testing.model.refusal import Refusal, refuse
from mikoshi.testing.model.state import Standing

ROOT_2 = Decimal("1.41421356237309504880168872420969807856967187537694807317667973799")
"""√2 = 2^(1/2), from OEIS A002193."""

FORMULA = Formula(t0=1_000, half_life=200, base=10**9, k=10**17)


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


@given(st.integers(0, RAW_MAX))
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
        member = self._expect(sender, Standing.ACTIVE)
        self.state.change(member, standing=Standing.DORMANT, stamp=self.today - 1)

    monkeypatch.setattr(Membership, "rest", rest)
    with pytest.raises(AssertionError, match="stampOf") as caught:
        run(steps=2_000, setups=("soulbound",))
    history = "\n".join(caught.value.__notes__)
    assert "state.rest(" in history  # how to get there again


def test_same_seed_makes_same_history() -> None:
    first, second = (run(steps=120, first_seed=9, setups=("soulbound",)) for _ in range(2))
    assert (first.steps, first.coverage) == (second.steps, second.coverage)
