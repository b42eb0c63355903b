"""One alarm: what it measured, in words, and whom and what to turn to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from mikoshi.replay.facts import Human
from mikoshi.report import words
from mikoshi.text.language import _

T = TypeVar("T")

BPS = 10_000


class AlarmState(StrEnum):
    """How an alarm stands."""

    RINGING = "ringing"
    QUIET = "quiet"
    TOO_FEW = "too few data"


Value = Fraction | int | None


@dataclass(frozen=True)
class Alarm:
    """One alarm: what it measured beside its threshold, in words, and whom and what to turn to.

    Ratios are fractions, durations seconds. `whom` are member ids; `command` is what to run next,
    without `ape run`.
    """

    name: str
    state: AlarmState
    value: Value
    threshold: Value
    text: str
    whom: tuple[int, ...] = ()
    advice: str = ""
    command: str = ""

    @property
    def rings(self) -> bool:
        """Whether it rings."""
        return self.state == AlarmState.RINGING

    @property
    def silenced(self) -> Alarm:
        """The same without ringing: of whom there is nobody to turn to, nothing is asked."""
        return replace(self, state=AlarmState.QUIET) if self.rings else self

    @property
    def title(self) -> str:
        """What it is about, in the language spoken now."""
        return _(words.ALARMS[self.name])

    @property
    def standing(self) -> str:
        """How it stands, in a word."""
        told = {
            AlarmState.RINGING: _("ringing"),
            AlarmState.QUIET: _("quiet"),
            AlarmState.TOO_FEW: _("too few data"),
        }
        return told[self.state]


def state_of(enough: bool, value: T | None, rings: Callable[[T], bool]) -> AlarmState:
    """Whether `value` rings; with not `enough` data, or without a value, nothing does."""
    if not enough or value is None:
        return AlarmState.TOO_FEW
    return AlarmState.RINGING if rings(value) else AlarmState.QUIET


def ids(people: Sequence[Human]) -> tuple[int, ...]:
    """Their member ids."""
    return tuple(human.id for human in people)
