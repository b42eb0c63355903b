"""What programs read: every value in a form that JSON keeps exactly."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from fractions import Fraction
from pathlib import PurePosixPath
from types import MappingProxyType

import pytest

from mikoshi.text.errors import ProblemError
from mikoshi.text.json import LARGEST, entries_of, plain


class State(IntEnum):
    READY = 2


class Door(StrEnum):
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
        (State.READY, "ready"),
        (Door.OPEN, "wide open"),
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
    assert entries_of(third, "numerator", "denominator") == {"numerator": 1, "denominator": 3}
    assert list(entries_of(third, "denominator", "numerator")) == ["denominator", "numerator"]
    assert entries_of(third, "numerator", largest=-1) == {"numerator": "1"}
