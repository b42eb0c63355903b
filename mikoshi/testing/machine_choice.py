"""Choosing from numbers: the first of everything for 0, which is where shrinking leads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from mikoshi.testing.machine_world import MachineWorld
from mikoshi.testing.model.proposal import Action
from mikoshi.testing.model.state import NO_HASH

T = TypeVar("T")
WRONG_HASH = b"\x77" * 32


def pick(choices: Sequence[T], number: int) -> T:
    """One of the choices."""
    return choices[number % len(choices)]


def call(world: MachineWorld, part: str, name: str, *args: Any) -> Action:
    """A call to a part of the DAO."""
    contract = world.contract(part)
    return Action(contract.address, 0, contract.data(name, *args), part, name, args)


def any_id(world: MachineWorld, number: int) -> int:
    """A member's id; rarely one that nobody has."""
    last = len(world.model.state.members)
    return number % (last + 1) + 1 if number % 13 == 12 else number % max(1, last) + 1


def charter(world: MachineWorld, number: int) -> bytes:
    """Mostly the current charter, else zero or another."""
    return pick((world.model.state.charter, NO_HASH, world.model.state.charter, WRONG_HASH), number)
