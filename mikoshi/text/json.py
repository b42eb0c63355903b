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

    What has a shape becomes its entries (`entries_of`). Bytes are hexadecimal, fractions have six
    digits, a state is its name in lower case; what knows its own JSON (`as_json`) says it;
    everything else is its text.
    """
    if isinstance(getattr(type(value), "json", None), str):
        return entries_of(value, largest=largest)
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


def entries_of(value: object, shape: str = "", *, largest: int | None = LARGEST) -> dict[str, Json]:
    """What programs get of a value: the entries of `shape`, or of its class's own, which is `json`.

    An entry is an attribute's name, or `name=path` where it lies deeper (`proposal.title`) or has
    another name; where the way ends before, it is null. `:str` behind it makes its integers text,
    `:len` counts what it has.
    """
    found = {}
    for entry in (shape or str(getattr(type(value), "json", ""))).split():
        place, __, how = entry.partition(":")
        name, __, path = place.partition("=")
        there = _at(value, path or name)
        if how == "len":
            there = len(there)
        found[name] = plain(there, -1 if how == "str" else largest)
    return found


def _at(value: Any, path: str) -> Any:
    for name in path.split("."):
        if value is not None:
            value = value[name] if isinstance(value, Mapping) else getattr(value, name)
    return value
