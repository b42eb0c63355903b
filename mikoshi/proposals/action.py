"""What a proposal may do, by name: typed actions become calls, calls are read back as actions.

A part of the DAO adds its actions in a module of its own under `mikoshi.proposals.actions`. An
action's words are made from its fields, and its fields are read back from the bytes of a call, so
that what is shown is what would be executed.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NoReturn, Self, TypeVar

from typing_extensions import override

from mikoshi.ballots.proposal import TreasuryCall
from mikoshi.chain.contract import Contract
from mikoshi.config.kinds import Kind, Label, Section, ValueProblemError, written
from mikoshi.context.address_book import AddressBook
from mikoshi.text.errors import ProblemError
from mikoshi.text.language import N_

T = TypeVar("T")


class Action(Section):
    """An action as a proposal's file has it: `do = "<verb>"` and its fields."""

    verb: ClassVar[str]
    example: ClassVar[str]
    """Its fields as a template shows them, in TOML."""

    @abstractmethod
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        """Its calls. Raises FieldError, which names the field."""

    def beside(self, folder: Path) -> Self:  # noqa: ARG002 (most name no files)
        """The action with what is in the files that it names, as seen from the proposal's folder.

        Raises FieldError.
        """
        return self

    @abstractmethod
    def words(self, book: AddressBook) -> str:
        """What it does, in the language spoken now."""

    @classmethod
    def read(cls, step: TreasuryCall, book: AddressBook) -> Self | None:  # noqa: ARG003 (some are never read back)
        """The action that makes this one call; None if it is not of this kind."""
        return None

    @classmethod
    def unfounded(cls, fields: Mapping[str, Any], book: AddressBook) -> Iterator[FieldError]:
        """What is wrong with single fields of a file: whom or how much they name is not there."""
        for each in cls.settings():
            if each.name in fields and isinstance(each.kind, Named):
                for place, problem in each.kind.problems(fields[each.name], book):
                    yield FieldError(f"{each.name}{place}", problem)

    @classmethod
    def of(cls, **fields: Any) -> Self:
        """The action with these fields, each as a file has it."""
        return cls.model_validate(fields)

    def entries(self) -> dict[str, Any]:
        """The action as a file has it."""
        return {"do": self.verb} | self.model_dump(exclude_defaults=True)


class FieldError(ValueError):
    """Thrown when a `field` names what does not exist; the words of its `problem` follow it.

    `others` are those of further fields.
    """

    def __init__(self, field: str, problem: ProblemError, *others: FieldError) -> None:
        self.field = field
        self.problem = problem
        self.others = others
        super().__init__(field)

    def __str__(self) -> str:
        return str(self.problem)


def resolve(lookup: Callable[[str], T], field: str, text: str) -> T:
    """What the text of a field means. Raises FieldError where `lookup` finds nothing."""
    try:
        return lookup(text)
    except ValueProblemError as error:
        raise FieldError(field, error) from error


def gathered(parts: Iterable[Callable[[], T]]) -> list[T]:
    """What each of the parts gives. Raises FieldError with all that is wrong with them."""
    found: list[T] = []
    wrong: list[FieldError] = []
    for part in parts:
        try:
            found.append(part())
        except FieldError as error:
            wrong += [error, *error.others]
    if wrong:
        raise FieldError(wrong[0].field, wrong[0].problem, *wrong[1:])
    return found


def step(contract: Contract, function: str, *args: Any) -> TreasuryCall:
    """A call of a function of the DAO, without money."""
    return TreasuryCall(contract.address, 0, contract.data(function, *args))


def arguments(found: TreasuryCall, contract: Contract, function: str) -> list[Any] | None:
    """The arguments with which a call calls this function of this contract; None if it does not."""
    item = contract.interface.functions[function]
    if found.target != contract.address or found.value or found.data[:4] != item.selector:
        return None
    try:
        return item.decode_inputs(found.data)
    except Exception:  # whatever eth_abi says of bytes that nobody encoded
        return None


class Named(Kind):
    """A kind of text whose meaning is known only with the DAO."""

    def problems(self, value: Any, book: AddressBook) -> Iterator[tuple[str, ValueProblemError]]:
        """What is wrong with a value, and the place in it; empty if it is the whole."""
        try:
            self.look_up(self.read(value), book)
        except ValueProblemError as error:
            yield "", error

    def look_up(self, text: Any, book: AddressBook) -> object:
        """What it means. Raises ValueProblemError."""
        raise NotImplementedError


@dataclass(frozen=True)
class Whom(Named):
    """`#7`, a name of the members' file, a part such as `treasury`, or an address.

    Of these only a `member` may be meant; a word of `also` has a meaning of its own.
    """

    member: bool = False
    also: str = ""

    @override
    def read(self, value: Any) -> str:
        if isinstance(value, str) and value.strip():
            return value
        raise ValueProblemError(
            "person.not-a-text",
            N_("must be #id, a name of the members' file or an address in quotes, got {got}"),
            got=written(value),
        )

    @override
    def look_up(self, text: str, book: AddressBook) -> object:
        if text == self.also:
            return text
        return book.member_id(text) if self.member else book.address(text)


@dataclass(frozen=True)
class Money(Named):
    """`2,500 USDC`: which coins there are is known only with the DAO.

    It is in the DAO's own `token` alone, and `zero` may be meant, if they say so.
    """

    token: bool = False
    zero: bool = False

    @override
    def read(self, value: Any) -> str:
        if isinstance(value, str) and value.strip():
            return value
        raise ValueProblemError(
            "money.not-a-text",
            N_('must be an amount with its unit in quotes, such as "0.5 ETH", got {got}'),
            got=written(value),
        )

    @override
    def look_up(self, text: str, book: AddressBook) -> object:
        amount = book.tokens(text) if self.token else book.money(text)[1]
        return amount or self.zero or more_than_zero(text)


def more_than_zero(text: str) -> NoReturn:
    """Refuse an amount of nothing. Raises ValueProblemError."""
    raise ValueProblemError("money.zero", N_("must be more than 0, got {got}"), got=written(text))


@dataclass(frozen=True)
class ListOf(Named):
    """A list in which each entry is of one kind."""

    kind: Kind

    @override
    def read(self, value: Any) -> list[Any]:
        if isinstance(value, list) and value:
            return [self.kind.read(each) for each in value]
        raise ValueProblemError(
            "value.not-a-list", N_("must be a list in [ ], got {got}"), got=written(value)
        )

    @override
    def problems(self, value: Any, book: AddressBook) -> Iterator[tuple[str, ValueProblemError]]:
        if isinstance(self.kind, Named) and isinstance(value, list):
            for number, each in enumerate(value, 1):
                yield from ((f"[{number}]", wrong) for _, wrong in self.kind.problems(each, book))


TO = Label("Who gets it")
