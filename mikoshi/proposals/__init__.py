"""Proposals: typed actions in a file, the calls that follow, and calls back in words."""

from mikoshi.proposals.action import Action, FieldError, Step
from mikoshi.proposals.actions import ACTIONS
from mikoshi.proposals.book import ETH, Book, Coin
from mikoshi.proposals.decode import decode, does, in_words
from mikoshi.proposals.file import Composed, load

__all__ = [
    "ACTIONS",
    "ETH",
    "Action",
    "Book",
    "Coin",
    "Composed",
    "FieldError",
    "Step",
    "decode",
    "does",
    "in_words",
    "load",
]
