"""Any call of any contract, by the signature of its function and its arguments by name."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, Self

from eth_abi.exceptions import EncodingError, ParseError
from pydantic import Field
from typing_extensions import override

from mikoshi.abi import Item
from mikoshi.config.kinds import Kind, Label, ValueProblemError, unfit
from mikoshi.language import pick
from mikoshi.people import ZERO_ADDRESS
from mikoshi.proposals.action import Action, FieldError, Money, Step, Whom, resolve
from mikoshi.proposals.book import ETH, Book

_FUNCTION = re.compile(r"\s*(?:function\s+)?(\w+)\s*\((.*)\)\s*", re.S)


@dataclass(frozen=True)
class Data(Kind):
    """Bytes in hexadecimal."""

    @override
    def read(self, value: Any) -> bytes:
        if isinstance(value, str) and re.fullmatch(r"0x(?:[0-9a-fA-F]{2})*", value):
            return bytes.fromhex(value[2:])
        raise unfit("must be bytes in hexadecimal: 0x…", "は16進数(0x…)で書いてください", value)


@dataclass(frozen=True)
class Arguments(Kind):
    """A table of arguments by name."""

    @override
    def read(self, value: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        raise unfit(
            'must be a table of arguments by name, such as { to = "#7" }',
            'は { to = "#7" } のような名前付きの引数にしてください',
            value,
        )


class Call(Action):
    """A call of a function, by its signature with names: `mint(address to, uint256 amount)`."""

    verb = "call"
    about = Label("Call any contract", "任意のコントラクトを呼び出す")
    example = (
        'to = "0x…"\nfunction = "approve(address spender, uint256 amount)"\n'
        'args = { spender = "0x…", amount = 1_000_000 }'
    )

    to: Annotated[str, Whom(), Label("The contract", "コントラクト")]
    function: Annotated[str, Whom(), Label("Its signature with names", "関数(引数の名前付き)")] = ""
    args: Annotated[dict[str, Any], Arguments(), Label("Arguments by name", "引数")] = Field(
        default_factory=dict
    )
    value: Annotated[str, Money(), Label("ETH that it sends", "送るETH")] = "0 ETH"
    data: Annotated[
        bytes | None, Data(), Label("Bytes, in place of a function; 0x: none", "生データ")
    ] = None

    @override
    def steps(self, book: Book) -> list[Step]:
        to = _address(self.to, "to", book)
        coin, wei = resolve(book.money, "value", self.value)
        if coin is not ETH:
            raise FieldError("value", pick("must be in ETH", "は ETH で書いてください"))
        if bool(self.function) == (self.data is not None):
            raise FieldError(
                "function", pick("or data is needed, not both", "と data のどちらか1つが必要です")
            )
        data = self._encoded(book) if self.data is None else self.data
        return [Step(to, wei, data)]

    @override
    def words(self, book: Book) -> str:
        (made,) = self.steps(book)
        who = book.show(made.target)
        money = pick(f" with {ETH.show(made.value)}", f"({ETH.show(made.value)})")
        with_money = money if made.value else ""
        if not made.data:
            wei = ETH.show(made.value)
            return pick(f"send {wei} to {who}", f"{who} に {wei} を送る")
        if not self.function:
            data = _brief(made.data)
            return pick(
                f"call {who}{with_money}, unknown function: {data}",
                f"{who} を呼び出す{with_money}。未知の関数: {data}",
            )
        item = self._item()
        kinds = {entry["name"]: entry["type"] for entry in item.inputs}
        args = ", ".join(
            f"{name}: {_shown(kinds[name], value, book)}" for name, value in self.args.items()
        )
        name = item.name
        return pick(
            f"call {who}: {name}({args}){with_money}",
            f"{who} の {name}({args}) を呼び出す{with_money}",
        )

    @classmethod
    @override
    def read(cls, found: Step, book: Book) -> Self:
        to, value = book.reference(found.target), ETH.show(found.value)
        named = cls._named(found, book)
        if named is None:
            return cls.of(to=to, value=value, data=f"0x{found.data.hex()}")
        function, args = named
        return cls(to=to, value=value, function=function, args=args)

    @staticmethod
    def _named(found: Step, book: Book) -> tuple[str, dict[str, Any]] | None:
        """Signature and arguments, where the contract is the DAO's own."""
        contracts = (
            book.dao.treasury,
            book.dao.membership,
            book.dao.token,
            book.dao.governor,
        )
        contract = next((each for each in contracts if each.address == found.target), None)
        item = contract.interface.function(found.data[:4]) if contract else None
        if item is None:
            return None
        try:
            values = item.decode_inputs(found.data)
            if item.encode(values) != found.data:
                return None
        except Exception:  # whatever eth_abi says of bytes that nobody encoded
            return None
        names = [entry["name"] or f"arg{index}" for index, entry in enumerate(item.inputs)]
        kinds = zip(item.types, names, strict=True)
        signature = f"{item.name}({', '.join(f'{kind} {name}' for kind, name in kinds)})"
        return signature, {name: _toml(value) for name, value in zip(names, values, strict=True)}

    def _item(self) -> Item:
        match = _FUNCTION.fullmatch(self.function)
        if match is None:
            raise FieldError(
                "function",
                pick(
                    'must be a signature such as "mint(address to, uint256 amount)",'
                    f" got {self.function}",
                    "は「mint(address to, uint256 amount)」のような形にしてください"
                    f"(今の値: {self.function})",
                ),
            )
        inputs = []
        for index, text in enumerate(_split(match[2])):
            kind, _, name = _typed(text)
            inputs.append({"type": kind, "name": name or f"arg{index}"})
        return Item(match[1], inputs, [])

    def _encoded(self, book: Book) -> bytes:
        item = self._item()
        names = [entry["name"] for entry in item.inputs]
        wrong = [name for name in self.args if name not in names]
        missing = [name for name in names if name not in self.args]
        if wrong or missing:
            raise FieldError(
                f"args.{(wrong or missing)[0]}",
                pick(
                    f"{'is no argument' if wrong else 'is missing'}; the function takes"
                    f" {', '.join(names) or 'none'}",
                    f"{'という引数はありません' if wrong else 'がありません'}"
                    f"(引数: {', '.join(names) or 'なし'})",
                ),
            )
        values = [
            _argument(entry["type"], self.args[entry["name"]], f"args.{entry['name']}", book)
            for entry in item.inputs
        ]
        try:
            return item.encode(values)
        except (EncodingError, ParseError, ValueError, TypeError) as error:
            raise FieldError("args", str(error)) from error


def _split(text: str) -> list[str]:
    """The parameters of a signature, at the commas outside brackets."""
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == "," and not depth:
            parts.append(text[start:index])
            start = index + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def _typed(text: str) -> tuple[str, str, str]:
    """Type and name of a parameter; the type may be a tuple in brackets."""
    kind, space, name = text.rpartition(" ")
    if not space or name.endswith((")", "]")):
        return re.sub(r"\s+", "", text), "", ""
    for word in (" memory", " calldata", " payable"):
        kind = kind.removesuffix(word)
    return re.sub(r"\s+", "", kind), space, name


def _argument(kind: str, value: Any, path: str, book: Book) -> Any:
    """An argument as eth_abi takes it."""
    if kind.endswith("]") and isinstance(value, list):
        inner = kind[: kind.rindex("[")]
        return [_argument(inner, each, f"{path}[{i + 1}]", book) for i, each in enumerate(value)]
    if kind.startswith("(") and isinstance(value, list):
        kinds = _split(kind[1:-1])
        return [_argument(k, each, path, book) for k, each in zip(kinds, value, strict=False)]
    if kind == "address" and isinstance(value, str):
        return _address(value, path, book)
    if kind.startswith("bytes") and isinstance(value, str):
        try:
            return Data().read(value)
        except ValueProblemError as error:
            raise FieldError(path, str(error)) from error
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


def _shown(kind: str, value: Any, book: Book) -> str:
    """An argument for people: an address as whom it means, a text in quotes and on one line."""
    if isinstance(value, list):
        many = kind.endswith("]")
        kinds = [kind[: kind.rindex("[")]] * len(value) if many else _split(kind[1:-1])
        parts = (_shown(k, each, book) for k, each in zip(kinds, value, strict=False))
        return f"[{', '.join(parts)}]"
    if kind == "address":
        return book.show(_address(str(value), "args", book))
    return json.dumps(value, ensure_ascii=False) if kind == "string" else str(value)


def _address(text: str, path: str, book: Book) -> str:
    """As elsewhere, and the zero address too: some functions take it to mean nobody."""
    return text if text == ZERO_ADDRESS else resolve(book.address, path, text)


def _brief(data: bytes) -> str:
    text = f"0x{data.hex()}"
    return text if len(text) <= 74 else f"{text[:10]}…{text[-8:]} ({len(data)} bytes)"
