"""What the model says when a call must fail."""

from __future__ import annotations

from typing import Any

Choice = tuple[Any, ...]
"""The name of an error and its arguments."""


class Anything:
    """An argument that the model does not predict; equal to all."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "…"


ANY = Anything()


class Refusal(Exception):  # noqa: N818 (an outcome, not a fault)
    """Thrown when a call must fail, with one of `choices`.

    Interfaces do not say which guard comes first, so each that applies is a choice.
    """

    def __init__(self, *choices: Choice) -> None:
        self.choices = choices
        super().__init__(" or ".join(f"{c[0]}{c[1:]}" for c in choices))

    @property
    def names(self) -> set[str]:
        """The names of the errors."""
        return {str(choice[0]) for choice in self.choices}


def refuse(*guards: tuple[Any, ...]) -> None:
    """Check guards, (condition, error, arguments …) each. Raises Refusal with all that apply."""
    choices = [guard[1:] for guard in guards if guard[0]]
    if choices:
        raise Refusal(*choices)
