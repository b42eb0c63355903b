"""What programs read: every value in a form that JSON keeps exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from fractions import Fraction
from importlib import import_module
from pathlib import PurePosixPath
from pkgutil import walk_packages
from types import MappingProxyType
from typing import ClassVar

import pytest

import mikoshi
from mikoshi.text.errors import ProblemError
from mikoshi.text.json import LARGEST, entries_of, plain


class Readiness(IntEnum):
    READY = 2


class Gate(StrEnum):
    OPEN = "wide open"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (LARGEST, LARGEST),
        (-LARGEST - 1, "-9007199254740992"),
        (0.5, 0.5),
        (Fraction(2, 3), 0.666667),
        ("声", "声"),
        (b"\x00\xff", "0x00ff"),
        (Readiness.READY, "ready"),
        (Gate.OPEN, "wide open"),
        (MappingProxyType({1: (b"", [LARGEST + 1])}), {"1": ["0x", ["9007199254740992"]]}),
        (ProblemError("value.odd", "is odd", raw=3), {"kind": "value.odd", "raw": 3}),
        (PurePosixPath("a/b"), "a/b"),
    ],
)
def test_plain(value: object, expected: object) -> None:
    found = plain(value)
    assert (found, type(found)) == (expected, type(expected))


def test_integers_are_text_from_where_one_wants() -> None:
    assert plain([0, True, -7], -1) == ["0", True, "-7"]
    assert plain([2**256], None) == [2**256]


def test_attributes_are_entries_by_their_names() -> None:
    third = Fraction(1, 3)
    assert entries_of(third, "numerator denominator") == {"numerator": 1, "denominator": 3}
    assert list(entries_of(third, "denominator numerator")) == ["denominator", "numerator"]
    assert entries_of(third, "numerator", largest=-1) == {"numerator": "1"}


@dataclass
class Seat:
    owner: str
    weight: int
    json: ClassVar[str] = "who=owner weight:str"


@dataclass
class Room:
    seats: list[Seat]
    rules: dict[str, int]
    head: Seat | None = None
    json: ClassVar[str] = "seats count=seats:len quorum=rules.quorum head who=head.owner"


def test_what_has_a_shape_becomes_its_entries_however_deep() -> None:
    hana = {"who": "Hana", "weight": "7"}
    room = Room([Seat("Hana", 7)], {"quorum": 3})
    empty = {"seats": [hana], "count": 1, "quorum": 3, "head": None, "who": None}
    assert plain(room) == entries_of(room) == empty
    room.head = room.seats[0]
    assert plain({"room": room})["room"] == empty | {"head": hana, "who": "Hana"}
    assert entries_of(None, "transaction block") == {"transaction": None, "block": None}


def shaped() -> Iterator[type]:
    """Every class of Mikoshi that has a shape."""
    for found in walk_packages(mikoshi.__path__, "mikoshi."):
        if not found.name.endswith("__main__"):
            module = import_module(found.name)
            for each in vars(module).values():
                if isinstance(each, type) and isinstance(vars(each).get("json"), str):
                    yield each


def test_every_shape_names_what_its_class_has() -> None:
    classes = set(shaped())
    assert len(classes) > 15
    for each in classes:
        fields = {name for base in each.__mro__ for name in vars(base).get("__annotations__", {})}
        for entry in vars(each)["json"].split():
            name, __, path = entry.partition(":")[0].partition("=")
            first = (path or name).partition(".")[0]
            assert first in fields or hasattr(each, first), f"{each.__name__}: {entry}"
