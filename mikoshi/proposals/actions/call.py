"""Any call of any contract, by the signature of its function and its arguments by name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Self

from pydantic import Field
from typing_extensions import override

from mikoshi.ballots.proposal import TreasuryCall
from mikoshi.chain.abi import Item, decode, fits
from mikoshi.config.kinds import Kind, Label, ValueProblemError, written
from mikoshi.context.address_book import ETH, AddressBook
from mikoshi.proposals.action import Action, FieldError, Money, Named, Whom, gathered, resolve
from mikoshi.proposals.signature import TOKENS, read_signature, split
from mikoshi.text.errors import Words
from mikoshi.text.language import N_, _, listed
from mikoshi.text.people import ZERO_ADDRESS, quoted


@dataclass(frozen=True)
class Data(Kind):
    """Bytes in hexadecimal."""

    @override
    def read(self, value: Any) -> bytes:
        if isinstance(value, str) and re.fullmatch(r"0x(?:[0-9a-fA-F]{2})*", value):
            return bytes.fromhex(value[2:])
        raise ValueProblemError(
            "value.not-hexadecimal",
            N_("must be bytes in hexadecimal: 0x…, got {got}"),
            got=written(value),
        )


@dataclass(frozen=True)
class Arguments(Kind):
    """A table of arguments by name."""

    @override
    def read(self, value: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        raise ValueProblemError(
            "arguments.not-a-table",
            N_('must be a table of arguments by name, such as {{ to = "#7" }}, got {got}'),
            got=written(value),
        )


@dataclass(frozen=True)
class FunctionText(Named):
    """The signature of a function."""

    @override
    def read(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        raise ValueProblemError(
            "signature.not-a-text", N_("must be a text in quotes, got {got}"), got=written(value)
        )

    @override
    def look_up(self, text: str, book: AddressBook) -> object:
        return text and read_signature(text)


@dataclass(frozen=True)
class Anyone(Whom):
    """As elsewhere, and the zero address too: some functions take it to mean nobody."""

    @override
    def look_up(self, text: str, book: AddressBook) -> str:
        return text if text == ZERO_ADDRESS else book.address(text)


class CallAction(Action):
    """A call of a function, by its signature with names: `mint(address to, uint256 amount)`."""

    verb = "call"
    about = Label("Call any contract")
    example = (
        'to = "0x…"\nfunction = "approve(address spender, uint256 amount)"\n'
        'args = { spender = "0x…", amount = 1_000_000 }'
    )

    to: Annotated[str, Anyone(), Label("The contract")]
    function: Annotated[str, FunctionText(), Label("Its signature with names")] = ""
    args: Annotated[dict[str, Any], Arguments(), Label("Arguments by name")] = Field(
        default_factory=dict
    )
    value: Annotated[str, Money(zero=True), Label("ETH that it sends")] = "0 ETH"
    data: Annotated[bytes | None, Data(), Label("Bytes, in place of a function; 0x: none")] = None

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        parts: tuple[Callable[[], Any], ...] = (
            lambda: _address(self.to, "to", book),
            lambda: self._wei(book),
            lambda: self._data(book),
        )
        to, wei, data = gathered(parts)
        return [TreasuryCall(to, wei, data)]

    def _data(self, book: AddressBook) -> bytes:
        if bool(self.function) == (self.data is not None):
            wrong = ValueProblemError("call.function-or-data", N_("or data is needed, not both"))
            raise FieldError("function", wrong)
        return self._encoded(book) if self.data is None else self.data

    def _wei(self, book: AddressBook) -> int:
        coin, wei = resolve(book.money, "value", self.value)
        if coin is not ETH:
            raise FieldError("value", ValueProblemError("call.not-in-eth", N_("must be in ETH")))
        return wei

    @override
    def words(self, book: AddressBook) -> str:
        (made,) = self.steps(book)
        who = book.show(made.target)
        amount = ETH.show(made.value)
        if not made.data:
            return _("send {amount} to {who}", amount=amount, who=who)
        if not self.function:
            text = N_("call {who}, unknown function: {data}")
            paying = N_("call {who} with {amount}, unknown function: {data}")
            data = _brief(made.data)
            return _(paying if made.value else text, who=who, amount=amount, data=data)
        item = self._item()
        kinds = {entry["name"]: entry["type"] for entry in item.inputs}
        args = ", ".join(
            f"{name}: {_shown(kinds[name], _toml(value), book)}"
            for name, value in self.args.items()
        )
        text, paying = N_("call {who}: {call}"), N_("call {who}: {call} with {amount}")
        call = f"{item.name}({args})"
        return _(paying if made.value else text, who=who, call=call, amount=amount)

    @classmethod
    @override
    def read(cls, found: TreasuryCall, book: AddressBook) -> Self:
        dao, selector = book.dao, found.data[:4]
        parts = (dao.treasury, dao.membership, dao.token, dao.governor)
        part = next((each for each in parts if each.address == found.target), None)
        item = part.interface.function(selector) if part else TOKENS.get(selector)
        if found.target == book.factory:
            item = book.factory_contract.interface.function(selector)
        if item is None and selector == dao.governor.interface.functions["initialize"].selector:
            item = dao.governor.interface.functions["initialize"]
        named = cls._by(item, found, book) if item else None
        if named is not None:
            return named
        return cls.bare(found, book.reference(found.target))

    @classmethod
    def bare(cls, found: TreasuryCall, to: str) -> Self:
        """A call by its bytes alone."""
        return cls.of(to=to, value=ETH.show(found.value), data=f"0x{found.data.hex()}")

    def read_by_it(self, found: TreasuryCall, book: AddressBook) -> Self | None:
        """The action that makes a call, by the function that this one names; None if not by it."""
        return self._by(self._item(), found, book) if self.function else None

    @classmethod
    def _by(cls, item: Item, found: TreasuryCall, book: AddressBook) -> Self | None:
        """The call of a function with the arguments in the bytes; None if they are not of it."""
        try:
            values = decode(item.types, found.data[4:])
            if item.encode(values) != found.data:
                return None
        except Exception:  # whatever eth_abi says of bytes that nobody encoded
            return None
        names = [entry["name"] or f"arg{index}" for index, entry in enumerate(item.inputs)]
        kinds = zip(item.types, names, strict=True)
        signature = f"{item.name}({', '.join(f'{kind} {name}' for kind, name in kinds)})"
        args = {name: _toml(value) for name, value in zip(names, values, strict=True)}
        to, value = book.reference(found.target), ETH.show(found.value)
        return cls(to=to, value=value, function=signature, args=args)

    def _item(self) -> Item:
        return resolve(read_signature, "function", self.function)

    def _encoded(self, book: AddressBook) -> bytes:
        item = self._item()
        names = [entry["name"] for entry in item.inputs]
        wrong = [name for name in self.args if name not in names]
        missing = [name for name in names if name not in self.args]
        takes = listed(names) or Words("none")
        problems = [
            ValueProblemError(
                "argument.unknown", N_("is no argument; the function takes {names}"), names=takes
            )
            for _ in wrong
        ] + [
            ValueProblemError(
                "argument.missing", N_("is missing; the function takes {names}"), names=takes
            )
            for _ in missing
        ]
        if problems:
            named = zip((*wrong, *missing), problems, strict=True)
            first, *more = [FieldError(f"args.{name}", problem) for name, problem in named]
            raise FieldError(first.field, first.problem, *more)
        return item.encode(gathered(partial(self._value, entry, book) for entry in item.inputs))

    def _value(self, entry: Mapping[str, Any], book: AddressBook) -> Any:
        """An argument as it is encoded."""
        kind, path, given = entry["type"], f"args.{entry['name']}", self.args[entry["name"]]
        value = _argument(kind, given, path, book)
        if not fits(kind, value):
            problem = ValueProblemError(
                "argument.misfit",
                N_("must be {type}, got {got}"),
                type=kind,
                got=quoted(str(given)),
            )
            raise FieldError(path, problem)
        return value


def _argument(kind: str, value: Any, path: str, book: AddressBook) -> Any:
    """An argument as eth_abi takes it."""
    if kind.endswith("]") and isinstance(value, list | tuple):
        inner = kind[: kind.rindex("[")]
        return [_argument(inner, each, f"{path}[{i + 1}]", book) for i, each in enumerate(value)]
    if kind.startswith("(") and isinstance(value, list | tuple):
        kinds = split(kind[1:-1])
        if len(kinds) == len(value):
            pairs = zip(kinds, value, strict=True)
            return [_argument(k, each, path, book) for k, each in pairs]
    if kind == "address" and isinstance(value, str):
        return _address(value, path, book)
    if kind.startswith("bytes") and isinstance(value, str):
        data = resolve(Data().read, path, value)
        return data if kind in ("bytes", f"bytes{len(data)}") else value
    if kind.startswith(("uint", "int")) and isinstance(value, str):
        if re.fullmatch(r"-?\d+", value):
            return int(value)
        return resolve(book.money, path, value)[1]
    return value


def _toml(value: Any) -> Any:
    """A decoded argument as a file has it."""
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if isinstance(value, dict):
        return [_toml(each) for each in value.values()]
    if isinstance(value, list | tuple):
        return [_toml(each) for each in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return str(value)
    return value


def _shown(kind: str, value: Any, book: AddressBook) -> str:
    """An argument for people: an address as whom it means, a text in quotes and on one line."""
    if isinstance(value, list):
        many = kind.endswith("]")
        kinds = [kind[: kind.rindex("[")]] * len(value) if many else split(kind[1:-1])
        parts = (_shown(k, each, book) for k, each in zip(kinds, value, strict=False))
        return f"[{', '.join(parts)}]"
    if kind == "address":
        return book.show(_address(str(value), "args", book))
    return json.dumps(value, ensure_ascii=False) if kind == "string" else str(value)


def _address(text: str, path: str, book: AddressBook) -> str:
    """As elsewhere, and the zero address too: some functions take it to mean nobody."""
    return resolve(lambda each: Anyone().look_up(each, book), path, text)


def _brief(data: bytes) -> str:
    text = f"0x{data.hex()}"
    return text if len(text) <= 74 else f"{text[:10]}…{text[-8:]} ({len(data)} bytes)"
