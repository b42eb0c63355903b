"""What programs read and write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from fractions import Fraction
from typing import Any

Json = Any
"""A value that came out of JSON or goes into it: its shape is the sender's."""

LARGEST = 2**53 - 1
"""The largest integer that every reader of JSON keeps exact."""


def plain(value: object, largest: int | None = LARGEST) -> Json:
    """A value as JSON keeps it: what is larger than `largest` (None: nothing) becomes text.

    Bytes are hexadecimal, fractions have six digits, a state is its name in lower case; what knows
    its own JSON (`as_json`) says it; everything else is its text.
    """
    if isinstance(value, Enum):
        return value.value if isinstance(value, str) else value.name.lower()
    if isinstance(value, int) and not isinstance(value, bool):
        return value if largest is None or abs(value) <= largest else str(value)
    if value is None or isinstance(value, bool | float | str):
        return value
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if isinstance(value, Fraction):
        return round(float(value), 6)
    if isinstance(value, Mapping):
        return {str(name): plain(each, largest) for name, each in value.items()}
    if isinstance(value, Sequence):
        return [plain(each, largest) for each in value]
    return value.as_json() if hasattr(value, "as_json") else str(value)


def entries_of(value: object, *names: str, largest: int | None = LARGEST) -> dict[str, Json]:
    """Attributes of a value by their names, as JSON keeps them; -1 makes all integers text."""
    return {name: plain(getattr(value, name), largest) for name in names}
