"""The cap on what a ballot weighs: a share of the awake voice, and never less than the base."""

from __future__ import annotations

from mikoshi.text.language import pick
from mikoshi.text.units import format_percent
from mikoshi.voting.power import Power, voices

_BPS = 10_000


def heard_from(cap_bps: int) -> int:
    """How many must be awake until a ballot can weigh more than the base voice.

    People with the base voice alone; where others have earned more, it may be fewer.
    """
    return _BPS // cap_bps + 1


def cap_words(power: Power) -> str:
    """`the cap of 10 %`; where that is less than the base, both are named."""
    share = format_percent(power.cap_bps)
    if power.cap <= power.awake * power.cap_bps // _BPS:
        return pick(f"the cap of {share}", f"上限 {share} ")
    base = voices(power.cap)
    return pick(
        f"the cap ({share} of the awake voice, at least {base})",
        f"上限(起きている声の合計の {share}、最低 {base})",
    )
