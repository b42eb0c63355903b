"""Does the alarm ring in time? A hundred communities that nobody looked at before it was set.

The thresholds were set on other seeds: see docs/decisions/0010-alarms.md and
0018-a-report-that-can-be-believed.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from mikoshi.play.regimes.drill import Look, drill
from mikoshi.play.regimes.regime import COLLAPSE, RECOVERY

HELD_OUT = range(70_000, 70_050)
"""Seeds that took no part in setting anything. Whoever changes an alarm after seeing these fail
needs others."""

BY = 6
"""The month by which PM DAO's fall was visible."""

SIGNS = ("staying", "participation", "quiet_proposals")

Lives = list[list[Look]]
Rings = Callable[[Look], bool]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def collapses() -> Lives:
    return drill(COLLAPSE, HELD_OUT)


@pytest.fixture(scope="module")
def recoveries() -> Lives:
    return drill(RECOVERY, HELD_OUT)


def rung(lives: Lives, rings: Rings) -> int:
    """In how many histories the alarm rings at the end of one of the first six months."""
    return sum(any(rings(look) for look in looks[:BY]) for looks in lives)


def require_rates(collapses: Lives, recoveries: Lives, rings: Rings = Look.rings) -> None:
    """At least 95 % of collapses ring by month six, and at most 5 % of recoveries do."""
    assert len(collapses) == len(recoveries) == 50
    hits, false = rung(collapses, rings), rung(recoveries, rings)
    assert 100 * hits >= 95 * len(collapses), f"only {hits} collapses ring"
    assert 100 * false <= 5 * len(recoveries), f"{false} recoveries ring"


def share(pairs: Sequence[tuple[int, int]]) -> float:
    return sum(part for part, _ in pairs) / sum(whole for _, whole in pairs)


def is_over(look: Look) -> bool:
    """Whether those who act are too few for the quorum of an ordinary kit: 30 % of all members."""
    return 10 * look.acted[0] < 3 * look.members


# The alarm


def test_alarm_rings_in_collapses_by_month_six_and_not_in_recoveries(
    collapses: Lives, recoveries: Lives
) -> None:
    require_rates(collapses, recoveries)


def signs(look: Look) -> int:
    return sum(look.rings(name) for name in SIGNS)


@pytest.mark.parametrize(
    "mutilated",
    [
        pytest.param(lambda _: False, id="never rings"),
        pytest.param(lambda _: True, id="always rings"),
        pytest.param(lambda look: not look.rings(), id="turned round"),
        pytest.param(lambda look: look.month < 4 and look.rings(), id="dead from month four on"),
        pytest.param(lambda look: signs(look) == len(SIGNS), id="all signs are needed"),
        *(
            pytest.param(lambda look, name=name: look.rings(name), id=f"{name} alone")
            for name in ("core", "quiet_proposals", "retention_30", "first_act", "turnout_fall")
        ),
    ],
)
def test_mutilated_alarm_would_be_noticed(
    mutilated: Rings, collapses: Lives, recoveries: Lives
) -> None:
    with pytest.raises(AssertionError):
        require_rates(collapses, recoveries, mutilated)


# The histories, against what PM DAO published


def test_collapse_has_the_published_figures(collapses: Lives) -> None:
    peaks = [max(look.members for look in looks) for looks in collapses]
    assert max(peaks) < 20
    assert sum(peaks) / len(peaks) > 16
    sixth = [looks[BY - 1] for looks in collapses]
    assert 0.05 < share([look.stay for look in sixth]) < 0.15
    assert (
        share([look.acted for look in sixth]) < share([looks[1].acted for looks in collapses]) / 2
    )
    assert sum(is_over(looks[9]) for looks in collapses) >= 0.9 * len(collapses)


def test_recovery_goes_on(recoveries: Lives) -> None:
    assert not any(is_over(looks[9]) for looks in recoveries)
    fourth, tenth = (share([looks[month].stay for looks in recoveries]) for month in (3, 9))
    assert 0.4 < fourth < tenth < 0.9


def test_regimes_are_not_told_apart_at_once(collapses: Lives, recoveries: Lives) -> None:
    """Recoveries have the signs too, for a while; and some collapses look well for long."""
    assert rung(recoveries, lambda look: signs(look) > 0) > 0
    assert sum(looks[3].rings() for looks in collapses) < 0.6 * len(collapses)
    assert sum(looks[4].rings() for looks in collapses) < 0.95 * len(collapses)
