"""Chance for state machines: evenly spread and repeatable, where Hypothesis prefers the simple.

Hypothesis begins with small examples and varies those, which is right for functions of one value
and wasteful for histories. This backend draws each history anew; failures are shrunk as always.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any, ClassVar

from hypothesis.internal.conjecture.data import ConjectureData
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
from hypothesis.stateful import RuleBasedStateMachine, RuleStrategy

BACKEND = "even chance"
_SWARM = 0.2  # the share of histories that use only some of the rules, as Hypothesis does


class EvenChance(HypothesisProvider):
    """Integers within bounds come with equal chances, from a source that `begin` sets."""

    source: ClassVar[Random] = Random(0)

    def __init__(self, data: ConjectureData | None, /) -> None:
        super().__init__(data)
        self._random = self.source

    @classmethod
    def begin(cls, seed: int) -> None:
        """Start the source anew."""
        cls.source = Random(seed)

    def draw_integer(
        self,
        min_value: int | None = None,
        max_value: int | None = None,
        *,
        weights: dict[int, float] | None = None,
        shrink_towards: int = 0,
    ) -> int:
        """An integer between the bounds, inclusive."""
        if min_value is None or max_value is None or weights is not None:
            return super().draw_integer(
                min_value, max_value, weights=weights, shrink_towards=shrink_towards
            )
        return self.source.randint(min_value, max_value)


AVAILABLE_PROVIDERS[BACKEND] = EvenChance


class Weighted(RuleStrategy):
    """Chooses rules by weight; in some histories by swarm, with a few of them switched off."""

    def __init__(self, machine: RuleBasedStateMachine, weights: Mapping[str, int]) -> None:
        super().__init__(machine)
        self._weighted = [
            rule for rule in self.rules for _ in range(weights.get(rule.function.__name__, 1))
        ]
        self._swarm: bool | None = None

    def do_draw(self, data: ConjectureData) -> Any:
        """A rule and its arguments."""
        if self._swarm is None:
            self._swarm = data.draw_boolean(_SWARM)
        if self._swarm:
            return super().do_draw(data)
        rule = self._weighted[data.draw_integer(0, len(self._weighted) - 1)]
        arguments = {name: data.draw(s) for name, s in rule.arguments_strategies.items()}
        return rule, arguments
