"""Calls in words: made from the bytes that would be executed, and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from mikoshi.ballots.proposal import TreasuryCall
from mikoshi.config.kinds import ValueProblemError
from mikoshi.context.address_book import AddressBook
from mikoshi.proposals.action import Action, FieldError
from mikoshi.proposals.actions import ACTIONS
from mikoshi.proposals.actions.call import CallAction
from mikoshi.text.language import _


def decode(step: TreasuryCall, book: AddressBook) -> Action:
    """The action that makes exactly this call, byte for byte; `call` where no other does."""
    for kind in ACTIONS.values():
        try:
            action = kind.read(step, book)
            if action is not None and action.steps(book) == [step]:
                return action
        except (FieldError, ValueProblemError, ValueError):  # names what this DAO does not have
            continue
    return CallAction.bare(step, step.target)  # where a node contradicts itself about who is who


def does(step: TreasuryCall, book: AddressBook, said: Action | None = None) -> str:
    """What a call does, in the language spoken now.

    The arguments of a function that nobody here knows are read by the name that the file's action,
    which `said` it, has for it.
    """
    found = decode(step, book)
    if isinstance(found, CallAction) and found.data and isinstance(said, CallAction):
        named = said.read_by_it(step, book)
        if named is not None:
            return _("{does} (so named by the file)", does=named.words(book))
    return found.words(book)


def in_words(steps: Iterable[TreasuryCall], book: AddressBook) -> list[str]:
    """What each call does, in the language spoken now."""
    return [does(step, book) for step in steps]
