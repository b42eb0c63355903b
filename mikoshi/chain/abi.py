"""Calls, results, events and errors of a contract, to bytes and back.

Structs are given as mappings by field name or as sequences in order, and come back as dicts.
Addresses come back checksummed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from eth_abi.codec import ABICodec
from eth_abi.decoding import UnsignedIntegerDecoder
from eth_abi.encoding import UnsignedIntegerEncoder
from eth_abi.exceptions import DecodingError
from eth_abi.registry import BaseEquals, registry
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.text.json import Json


def _strict() -> ABICodec:
    """A codec of our own: Ape puts a lenient `uint` into the one that all share."""
    own = registry.copy()  # type: ignore[no-untyped-call]
    own.unregister("uint")
    uint = BaseEquals("uint")  # type: ignore[no-untyped-call]
    own.register(uint, UnsignedIntegerEncoder, UnsignedIntegerDecoder, label="uint")
    return ABICodec(own)


_CODEC = _strict()


def decode(types: Sequence[str], data: bytes) -> tuple[Any, ...]:
    """The values in `data`. Raises DecodingError where there are too few bytes."""
    return _CODEC.decode(types, data)


def is_type(kind: str) -> bool:
    """Whether a contract's interface can have values of this type."""
    return bool(_CODEC.is_encodable_type(kind))


def fits(kind: str, value: Any) -> bool:
    """Whether a value is one of this type."""
    return bool(_CODEC.is_encodable(kind, value))


@lru_cache(maxsize=10_000)
def checksummed(address: str) -> str:
    """The checksum costs as much as all the rest of an event, and the same people come again."""
    return to_checksum_address(address)


@dataclass(frozen=True, slots=True)
class Event:
    """A decoded log: `name`, `args` by name, and the `address` that emitted it."""

    name: str
    args: dict[str, Any]
    address: str


@dataclass(frozen=True, slots=True)
class Revert:
    """A decoded revert: the error's `name`, its `args` in order, and what the ABI calls them."""

    name: str
    args: tuple[Any, ...] = field(default=())
    names: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.args))})"

    @property
    def named(self) -> dict[str, Any]:
        """The arguments by their names."""
        return dict(zip(self.names, self.args, strict=True))


@dataclass(frozen=True)
class Item:
    """A function, event or error of an ABI."""

    name: str
    inputs: list[Json]
    outputs: list[Json]

    @cached_property
    def signature(self) -> str:
        """For example `transfer(address,uint256)`."""
        return f"{self.name}({','.join(self.types)})"

    @cached_property
    def types(self) -> list[str]:
        """The types of the inputs, structs as tuples."""
        return [_type_of(item) for item in self.inputs]

    @cached_property
    def topic(self) -> bytes:
        """The hash of the signature: an event's first topic; a selector is its first four bytes."""
        return keccak(text=self.signature)

    @cached_property
    def parted(self) -> tuple[list[Json], list[Json]]:
        """The inputs of an event: those that are indexed, and the others."""
        indexed = [entry for entry in self.inputs if entry["indexed"]]
        return indexed, [entry for entry in self.inputs if not entry["indexed"]]

    @cached_property
    def selector(self) -> bytes:
        """The first four bytes of a call or a revert."""
        return self.topic[:4]

    def encode(self, args: Sequence[Any]) -> bytes:
        """A call's data, selector included."""
        if len(args) != len(self.inputs):
            raise TypeError(f"{self.signature} takes {len(self.inputs)} arguments, got {len(args)}")
        words = _in_words(self.inputs, args)
        if words is not None:
            return self.selector + words
        values = [_to_plain(item, arg) for item, arg in zip(self.inputs, args, strict=True)]
        return self.selector + _CODEC.encode(self.types, values)

    def decode_inputs(self, data: bytes) -> list[Any]:
        """The arguments behind a selector."""
        return _decode(self.inputs, data[4:])

    def decode_output(self, data: bytes) -> Any:
        """One value, or a tuple of several, or None."""
        words = _words(self.outputs, data)
        values = _decode(self.outputs, data) if words is None else words
        return None if not values else values[0] if len(values) == 1 else tuple(values)


class Interface:
    """The ABI of a contract, or of several merged."""

    def __init__(self, *abis: Iterable[Json]) -> None:
        self._entries = [entry for abi in abis for entry in abi]

    @cached_property
    def functions(self) -> dict[str, Item]:
        """By name and by signature; an overloaded name means its first declaration."""
        found: dict[str, Item] = {}
        for item in self._of("function"):
            found.setdefault(item.name, item)
            found[item.signature] = item
        return found

    @cached_property
    def _by_selector(self) -> dict[bytes, Item]:
        return {item.selector: item for item in reversed(self._of("function"))}

    @cached_property
    def _errors(self) -> dict[bytes, Item]:
        return _BUILT_IN_ERRORS | {item.selector: item for item in self._of("error")}

    @cached_property
    def _events(self) -> dict[tuple[bytes, int], Item]:
        """By topic and number of indexed fields, in which ERC-20 and ERC-721 differ."""
        return {
            (item.topic, sum(bool(each["indexed"]) for each in item.inputs)): item
            for item in self._of("event")
        }

    def _of(self, kind: str) -> list[Item]:
        return [
            Item(entry.get("name", ""), entry.get("inputs", []), entry.get("outputs", []))
            for entry in self._entries
            if entry["type"] == kind
        ]

    def function(self, selector: bytes) -> Item | None:
        """The function with this selector."""
        return self._by_selector.get(selector)

    def encode(self, name: str, *args: Any) -> bytes:
        """The data of a call to the function `name` (or signature, where overloaded)."""
        return self.functions[name].encode(args)

    def decode_output(self, name: str, data: bytes) -> Any:
        """What the function `name` returned."""
        return self.functions[name].decode_output(data)

    def decode_revert(self, data: bytes) -> Revert | None:
        """The error in revert data; None for an unknown one, a senseless one, or none."""
        item = self._errors.get(data[:4])
        if item is None:
            return None
        try:
            names = tuple(each["name"] for each in item.inputs)
            return Revert(item.name, tuple(item.decode_inputs(data)), names)
        except (DecodingError, OverflowError):  # anybody may revert with anything
            return None

    def event(self, topic: bytes, indexed: int) -> Item | None:
        """The event with this first topic and so many indexed fields."""
        return self._events.get((topic, indexed))

    def decode_log(self, log: Mapping[str, Json]) -> Event | None:
        """The event in a JSON-RPC log; None for an unknown one."""
        topics = [_bytes(topic) for topic in log["topics"]]
        item = self.event(topics[0], len(topics) - 1) if topics else None
        if item is None:
            return None
        data = _bytes(log["data"])
        indexed, plain = item.parted
        values = _words(plain, data)
        if values is None:
            values = _decode(plain, data)
        found = dict(zip((entry["name"] for entry in plain), values, strict=True))
        for entry, topic in zip(indexed, topics[1:], strict=True):
            value = _words([entry], topic)
            found[entry["name"]] = (_decode([entry], topic) if value is None else value)[0]
        ordered = {entry["name"]: found[entry["name"]] for entry in item.inputs}
        return Event(item.name, ordered, checksummed(log["address"]))


def _bytes(value: str | bytes) -> bytes:
    return bytes.fromhex(value.removeprefix("0x")) if isinstance(value, str) else value


def _type_of(item: Json) -> str:
    if not item["type"].startswith("tuple"):
        return str(item["type"])
    inner = ",".join(_type_of(part) for part in item["components"])
    return f"({inner}){item['type'].removeprefix('tuple')}"


def _to_plain(item: Json, value: Any) -> Any:
    kind = item["type"]
    if not kind.startswith("tuple"):
        return value
    if kind.endswith("[]"):
        return [_to_plain({**item, "type": kind[:-2]}, element) for element in value]
    parts = item["components"]
    if isinstance(value, Mapping):
        value = [value[part["name"]] for part in parts]
    return [_to_plain(part, element) for part, element in zip(parts, value, strict=True)]


def _to_named(item: Json, value: Any) -> Any:
    kind = item["type"]
    if kind.endswith("[]"):
        return [_to_named({**item, "type": kind[:-2]}, element) for element in value]
    if kind == "address":
        return checksummed(value)
    if kind == "string":
        return value.decode(errors="backslashreplace")  # anybody may write other bytes
    if kind != "tuple":
        return value
    return {
        part["name"]: _to_named(part, element)
        for part, element in zip(item["components"], value, strict=True)
    }


def _decode(items: Sequence[Json], data: bytes) -> list[Any]:
    values = decode([_type_of(item).replace("string", "bytes") for item in items], data)
    return [_to_named(item, value) for item, value in zip(items, values, strict=True)]


_WORD = 32


def _words(items: Sequence[Json], data: bytes) -> list[Any] | None:
    """The values where each is one plain word: ten times faster than the codec, which must agree.

    None where one is of another type, or has bits that its type has not: the codec tells.
    """
    values: list[Any] = []
    for place, item in enumerate(items):
        word = data[_WORD * place : _WORD * (place + 1)]
        kind = item["type"]
        if len(word) < _WORD:
            return None
        if kind == "address":
            if word[:12] != _NO_HIGH_BITS:
                return None
            values.append(checksummed(f"0x{word[12:].hex()}"))
        elif kind == "bytes32":
            values.append(word)
        elif kind == "bool":
            if word not in _BOOLS:
                return None
            values.append(_BOOLS[word])
        elif kind in _UINTS:
            number = int.from_bytes(word)
            if number >> _UINTS[kind]:
                return None
            values.append(number)
        else:
            return None
    return values


def _in_words(items: Sequence[Json], values: Sequence[Any]) -> bytes | None:
    """The opposite of `_words`; None likewise."""
    words = []
    for item, value in zip(items, values, strict=True):
        kind = item["type"]
        if kind in _UINTS and type(value) is int and 0 <= value < 1 << _UINTS[kind]:
            words.append(value.to_bytes(_WORD))
        elif kind == "address" and isinstance(value, str) and _ADDRESS.fullmatch(value):
            words.append(_NO_HIGH_BITS + bytes.fromhex(value[2:]))
        else:
            return None
    return b"".join(words)


_ADDRESS = re.compile("0x[0-9a-fA-F]{40}")
_NO_HIGH_BITS = bytes(12)
_BOOLS = {bytes(_WORD): False, bytes(_WORD - 1) + b"\1": True}
_UINTS = {f"uint{bits}": bits for bits in range(8, 257, 8)}

_BUILT_IN_ERRORS = {
    item.selector: item
    for item in (
        Item("Error", [{"name": "message", "type": "string"}], []),
        Item("Panic", [{"name": "code", "type": "uint256"}], []),
    )
}
