"""Calls in words: made from the bytes that would be executed, and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from mikoshi.config.kinds import ValueProblemError
from mikoshi.proposals.action import Action, FieldError, Step
from mikoshi.proposals.actions import ACTIONS
from mikoshi.proposals.book import Book


def decode(step: Step, book: Book) -> Action:
    """The action that makes exactly this call, byte for byte; `call` where no other does."""
    for kind in ACTIONS.values():
        try:
            action = kind.read(step, book)
            if action is not None and action.steps(book) == [step]:
                return action
        except (FieldError, ValueProblemError, ValueError):  # names what this DAO does not have
            continue
    raise AssertionError("every call can be read as `call`")


def in_words(steps: Iterable[Step], book: Book) -> list[str]:
    """What each call does, in the language spoken now."""
    return [decode(step, book).words(book) for step in steps]
