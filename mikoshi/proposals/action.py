"""What a proposal may do, by name: typed actions become calls, calls are read back as actions.

A part of the DAO adds its actions in a module of its own under `mikoshi.proposals.actions`. An
action's words are made from its fields, and its fields are read back from the bytes of a call, so
that what is shown is what would be executed.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

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
    def of(cls, **fields: Any) -> Self:
        """The action with these fields, each as a file has it."""
        return cls.model_validate(fields)

    def entries(self) -> dict[str, Any]:
        """The action as a file has it."""
        return {"do": self.verb} | self.model_dump(exclude_defaults=True)


class FieldError(ValueError):
    """Thrown when a `field` names what does not exist; the words of its `problem` follow it."""

    def __init__(self, field: str, problem: ProblemError) -> None:
        self.field = field
        self.problem = problem
        super().__init__(field)

    def __str__(self) -> str:
        return str(self.problem)


def resolve(lookup: Callable[[str], T], field: str, text: str) -> T:
    """What the text of a field means. Raises FieldError where `lookup` finds nothing."""
    try:
        return lookup(text)
    except ValueProblemError as error:
        raise FieldError(field, error) from error


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


@dataclass(frozen=True)
class Whom(Kind):
    """`#7`, a name of the members' file, a part such as `treasury`, or an address."""

    @override
    def read(self, value: Any) -> str:
        if isinstance(value, str) and value.strip():
            return value
        raise ValueProblemError(
            "person.not-a-text",
            N_("must be #id, a name of the members' file or an address in quotes, got {got}"),
            got=written(value),
        )


@dataclass(frozen=True)
class Money(Kind):
    """`2,500 USDC`: which coins there are is known only with the DAO."""

    @override
    def read(self, value: Any) -> str:
        if isinstance(value, str) and value.strip():
            return value
        raise ValueProblemError(
            "money.not-a-text",
            N_('must be an amount with its unit in quotes, such as "0.5 ETH", got {got}'),
            got=written(value),
        )


@dataclass(frozen=True)
class ListOf(Kind):
    """A list in which each entry is of one kind."""

    kind: Kind

    @override
    def read(self, value: Any) -> list[Any]:
        if isinstance(value, list) and value:
            return [self.kind.read(each) for each in value]
        raise ValueProblemError(
            "value.not-a-list", N_("must be a list in [ ], got {got}"), got=written(value)
        )


TO = Label("Who gets it")
