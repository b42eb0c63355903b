"""Five more shapes of a community, each of them healthy and dying.

In each of them an alarm that watches how many members act would ring at the healthy, or stay quiet
at the dying. Nothing is known of them but what people reported of theirs; the numbers here and in
`mikoshi.play.regimes.club` are assumptions. Their rounds and months are not those of the alarms.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from mikoshi.text.units import DAY, YEAR

MONTH = YEAR // 12
"""At the end of each the alarms are asked."""

MONTHS = 24
"""How long a history is."""

PACES = (10, 12, 14)
"""Days from one proposal to the next; one of them for each community."""

TURN = range(6, 14)
"""Months after which a dying one may begin to die."""

PAUSE = 42 * DAY
"""How long everybody rests in a year, where they do."""


@dataclass(frozen=True)
class Shape:
    """How a community lives. `carriers` people do what is done, and so many more are `guests`.

    The guests do nothing, or they `lend` their voice. The carriers take turns in `turns` groups, a
    month each. Where there is a `patron`, one founder thanks everybody each month and never stops.
    Where they `rest`, nobody does anything for six weeks of the year.
    """

    name: str
    carriers: tuple[int, int]
    guests: tuple[int, int]
    lend: bool = False
    turns: int = 1
    patron: bool = False
    rest: bool = False
    dies: bool = False
    month: ClassVar[int] = MONTH
    months: ClassVar[int] = MONTHS


HEALTHY = (
    Shape("loyal-readers", carriers=(6, 9), guests=(12, 20)),
    Shape("contented-delegators", carriers=(6, 8), guests=(12, 16), lend=True),
    Shape("seasonal-pause", carriers=(9, 14), guests=(6, 10), rest=True),
    Shape("thanking-founder", carriers=(8, 12), guests=(6, 10), patron=True),
    Shape("rotating-club", carriers=(18, 24), guests=(6, 10), turns=2),
)
"""Each goes on for as long as it is watched: who stops is replaced."""

DYING = tuple(replace(each, name=f"{each.name}-dying", dies=True) for each in HEALTHY)
"""From the turn on one carrier stops after the other, and nobody takes their place."""

SHAPES = {each.name: each for each in (*HEALTHY, *DYING)}
