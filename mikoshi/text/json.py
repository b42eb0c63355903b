"""What programs read and write."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

Json = Any
"""A value that came out of JSON or goes into it: its shape is the sender's."""

LARGEST = 2**53 - 1
"""The largest integer that every reader of JSON keeps exact."""

_DEEPEST = 2_000
"""Calls inside each other while JSON is read; libraries of Ape allow more than fit the stack."""


def parsed(text: str | bytes) -> Json:
    """What JSON says. Raises ValueError if it is none, or is nested deeper than any of use."""
    allowed = sys.getrecursionlimit()
    sys.setrecursionlimit(min(allowed, _DEEPEST))
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
    finally:
        sys.setrecursionlimit(allowed)


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


class Packing(NamedTuple):
    """How the values of a type are kept as JSON, and made of it again: by place, without names.

    `unpack` raises ValueError for what `pack` does not make.
    """

    pack: Callable[[Any], Json]
    unpack: Callable[[Json], Any]


@cache
def packing_of(kind: Any) -> Packing:
    """The packing of a type: numbers and texts, collections, and classes made of annotated fields.

    A class may say it itself (`packed` and `unpacked`). Raises TypeError for any other type.
    """
    inner = [] if isinstance(kind, type) else [packing_of(each) for each in _types_in(kind)]
    match get_origin(kind) or kind:
        case at if at in _SIMPLE:
            return Packing(_same, _only(_SIMPLE[at]))
        case at if at is bytes:
            return Packing(bytes.hex, bytes.fromhex)
        case at if at is UnionType:
            return Packing(_unless_none(inner[0].pack), _unless_none(inner[0].unpack))
        case at if at is list:
            pack, unpack = inner[0]
            return Packing(lambda them: [pack(each) for each in them], _each(unpack, list))
        case at if at is set:
            pack, unpack = inner[0]
            return Packing(lambda them: sorted(map(pack, them)), _each(unpack, set))
        case at if at is dict:
            return _packing_of_dict(*inner)
        case at if at is tuple and get_args(kind)[-1] is Ellipsis:
            pack, unpack = inner[0]
            return Packing(lambda them: [pack(each) for each in them], _each(unpack, tuple))
        case at if at is tuple:
            return packing_of_row(inner, lambda value: value, lambda *them: them)
        case at if issubclass(at, Enum):
            return Packing(lambda value: value.value, at)
        case at if hasattr(at, "packed"):
            return Packing(at.packed, at.unpacked)
        case at if is_dataclass(at) or issubclass(at, tuple):
            return packing_of_fields(at, at)
    raise TypeError(f"{kind} has no packing")


def packing_of_fields(
    kind: Any, make: Callable[..., Any], without: Collection[str] = ()
) -> Packing:
    """The packing of a class: its fields in order, `without` some; `make` is called with theirs."""
    named = kind._fields if issubclass(kind, tuple) else [each.name for each in fields(kind)]
    names, types = [each for each in named if each not in without], get_type_hints(kind)
    inner = [packing_of(types[name]) for name in names]
    return packing_of_row(inner, lambda value: [getattr(value, name) for name in names], make)


def packing_of_row(
    inner: Sequence[Packing], parts: Callable[[Any], Sequence[Any]], make: Callable[..., Any]
) -> Packing:
    """The packing of so many values in a row: `parts` takes one apart, `make` puts it together."""
    packs, unpacks = [each.pack for each in inner], [each.unpack for each in inner]
    return Packing(
        lambda value: [pack(part) for pack, part in zip(packs, parts(value), strict=True)],
        lambda row: make(*[unpack(part) for unpack, part in zip(unpacks, row, strict=True)]),
    )


_SIMPLE: dict[Any, tuple[type, ...]] = {
    int: (int,),
    str: (str,),
    bool: (bool,),
    NoneType: (NoneType,),
    Any: (int, str, bool, NoneType),
}


def _types_in(kind: Any) -> list[Any]:
    return [each for each in get_args(kind) if each not in (NoneType, Ellipsis)]


def _same(value: Any) -> Any:
    return value


def _only(types: tuple[type, ...]) -> Callable[[Json], Any]:
    def unpack(value: Json) -> Any:
        if type(value) in types:
            return value
        raise ValueError(f"{type(value).__name__} among {types}")

    return unpack


def _unless_none(how: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else how(value)


def _each(unpack: Callable[[Json], Any], make: Callable[[Any], Any]) -> Callable[[Json], Any]:
    return lambda them: make([unpack(each) for each in them])


def _packing_of_dict(key: Packing, value: Packing) -> Packing:
    def pack(them: Mapping[Any, Any]) -> Json:
        return [[key.pack(each) for each in them], [value.pack(each) for each in them.values()]]

    def unpack(them: Json) -> Any:
        keys, values = them
        if len(keys) != len(values):
            raise ValueError(f"{len(keys)} keys for {len(values)} values")
        values.reverse()  # what was unpacked is not held any longer
        return {key.unpack(each): value.unpack(values.pop()) for each in keys}

    return Packing(pack, unpack)
