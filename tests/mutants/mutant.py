"""One seeded fault, and who is to find it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class StaleMutantError(Exception):
    """Thrown when a mutant's text is not in the contract exactly once."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A contract with one text replaced by another.

    `contract` is the one whose runtime code changes, `source` the file that is changed. `breaks` is
    the invariant or rule that no longer holds; `test` is the pytest node id that must notice (all
    cases of a parametrized test, unless one is named). With `liveness` the property is that
    something remains possible, so that the refusal of a permitted call counts as noticing. `also`
    are further texts of `source` with what replaces them, for a fault that takes two places.
    """

    name: str
    contract: str
    source: str
    old: str
    new: str
    breaks: str
    test: str
    liveness: bool = False
    also: tuple[tuple[str, str], ...] = ()

    def applied_to(self, sources: Mapping[str, str]) -> str:
        """The text of `source` with the fault in it. Raises StaleMutantError."""
        text = sources.get(self.source, "")
        for old, new in ((self.old, self.new), *self.also):
            times = text.count(old)
            if times != 1:
                raise StaleMutantError(
                    f"{self.name}: its text is {times} times in {self.source}, not once; update"
                    f" the mutant to what the contract says now: {old!r}"
                )
            text = text.replace(old, new)
        return text
