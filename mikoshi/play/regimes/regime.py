"""What the two regimes share, and the one thing that sets them apart.

Published by PM DAO: just under 20 members; about 10 % of newcomers stayed ("定着率は10%ほど"); the
fall was visible after half a year; after ten months only the form was left; everything hung on one
person, and nobody knew what to do tomorrow; it was rebuilt around products, whose leads hand out
the work. The rest of the figures here are assumptions, chosen so that histories have these traits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mikoshi.text.units import DAY

ROUND = 10 * DAY
"""From one proposal to the next: two days until voting, five of voting, two until execution."""

ROUNDS_A_MONTH = 3
MONTH = ROUNDS_A_MONTH * ROUND

MONTHS = 10
"""How long a history is."""

FOUNDERS = (4, 5)
"""How many begin."""

SIZE = (17, 18, 19)
"""How many have been admitted after four months: just under 20."""

ARRIVALS = range(1, 13)
"""Rounds in which these newcomers arrive, more of them early."""

TURN = range(6, 8)
"""Rounds in which the work may turn to products: early in the third month, as the fall shows."""

BURNOUT = range(11, 15)
"""Rounds, of the fourth and fifth month, in which the founder may burn out."""

DRIFT_WELCOME = 0.008
"""Chance in a round that somebody who drifts finds a place where nobody hands out work."""

FADE = (0.25, 0.40)
"""The part of their drive that people without a place lose in a round."""

LOSS = 0.035
"""Chance in a round that somebody loses their place: another job, a child."""

ORPHANED = 0.15
"""The same where everything hung on the founder, and the founder has stopped."""

COMPANY = 3
"""Others who must have taken part lately, or people with a place lose heart too."""


@dataclass(frozen=True)
class Regime:
    """How a community lives from the turn on. Until then all regimes of one seed are the same.

    `welcome` is the chance in a round that somebody who drifts is given work, and with it a place;
    `leads` how many people with a place make the proposals; `growth` how many newcomers a round
    brings when the first ones have arrived, on average (at most 1).
    """

    name: str
    welcome: float
    leads: int
    growth: float
    month: ClassVar[int] = MONTH
    months: ClassVar[int] = MONTHS


COLLAPSE = Regime("collapse", welcome=DRIFT_WELCOME, leads=1, growth=0.0)
"""No turn comes: everything hangs on the founder, and nobody knows what to do tomorrow."""

RECOVERY = Regime("recovery", welcome=0.15, leads=3, growth=0.3)
"""Products with leads: most who come find something to do, and the founder can be missed."""

REGIMES = {each.name: each for each in (COLLAPSE, RECOVERY)}
