"""Changing what dao.toml calls settings: quorum, periods, caps, each under its name there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from typing_extensions import override

from mikoshi.ballots.proposal import TreasuryCall
from mikoshi.chain.contract import Contract
from mikoshi.config.kinds import Kind, Label, ValueProblemError
from mikoshi.config.model import NAMES
from mikoshi.config.sections import kind_of
from mikoshi.config.words import OneOf
from mikoshi.context.address_book import AddressBook
from mikoshi.proposals.action import Action, FieldError, arguments, gathered, step
from mikoshi.text.errors import Words
from mikoshi.text.language import N_, _, listed
from mikoshi.text.units import Amount

_STRUCTS = ("governor", "membership", "token")
"""The contracts with settings, as `IDAOFactory.Params` calls them."""

_WITHDRAWN = {"governance": "governor", "membership": "membership"}
"""Whose settings can wait, as a file says it, and the contract that keeps them."""

PARAMETERS: dict[str, tuple[str, str]] = {
    setting: (part, field)
    for path, setting in NAMES.items()
    for part, _, field in [path.partition(".")]
    if part in _STRUCTS and field
}
"""Setting of dao.toml → the contract that keeps it, and the field of its settings."""


class SetParameters(Action):
    """Changes settings; those that are not named stay as they are when it is composed.

    `settings` are by name, as `governance.quorum`, in the units of the contracts.
    """

    verb = "set parameter"
    about = Label("Change settings")
    example = 'governance.quorum = "25%"\nmembership.season = "45 days"'

    settings_: Mapping[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _collect(cls, given: Any) -> Any:
        flat = dict(_flat(given.get("settings_") or given))
        values = gathered(partial(_value, name, value) for name, value in flat.items())
        return {"settings_": dict(zip(flat, values, strict=True))}

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        if not self.settings_:
            wrong = ValueProblemError("settings.none", N_("or another setting is needed"))
            raise FieldError("governance.quorum", wrong)
        found: dict[str, dict[str, Any]] = {}
        for name, value in self.raw(book).items():
            part, field = PARAMETERS[name]
            found.setdefault(part, {})[field] = value
        return [
            step(_contract(book, part), "setSettings", current(book, part) | found[part])
            for part in _STRUCTS
            if part in found
        ]

    def raw(self, book: AddressBook) -> dict[str, Any]:
        """The settings by their names, as the contracts keep them. Raises FieldError."""
        given = self.settings_
        raw = gathered(partial(_raw, name, value, book) for name, value in given.items())
        return dict(zip(given, raw, strict=True))

    @override
    def words(self, book: AddressBook) -> str:
        changes = []
        for name, value in self.raw(book).items():
            part, field = PARAMETERS[name]
            before = shown(name, current(book, part)[field], book)
            changes.append(f"{name} {before} → {shown(name, value, book)}")
        return _("set {changes}", changes=listed(changes))

    @classmethod
    @override
    def read(cls, found: TreasuryCall, book: AddressBook) -> Self | None:
        for part in _STRUCTS:
            args = arguments(found, _contract(book, part), "setSettings")
            if args is None:
                continue
            now = current(book, part)
            changed = {
                name: _literal(name, args[0][field], book)
                for name, (where, field) in PARAMETERS.items()
                if where == part and args[0][field] != now[field]
            }
            return cls.model_validate(changed) if changed else None
        return None

    @override
    def entries(self) -> dict[str, Any]:
        shown = {name: _kind(name).show(value) for name, value in self.settings_.items()}
        return {"do": self.verb} | shown


class WithdrawSettings(Action):
    """Takes back settings that wait: those in force stay."""

    verb = "withdraw settings"
    about = Label("Take back settings that wait")
    example = 'of = "governance"'

    of_: Annotated[
        str,
        OneOf(tuple(_WITHDRAWN)),
        Label("Whose: those of governance, or those of membership and merit"),
    ] = Field(alias="of")

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        return [step(_contract(book, _WITHDRAWN[self.of_]), "withdrawSettings")]

    @override
    def words(self, book: AddressBook) -> str:
        if self.of_ == "governance":
            return _("take back the settings of governance that wait")
        return _("take back the settings of membership and merit that wait")

    @classmethod
    @override
    def read(cls, found: TreasuryCall, book: AddressBook) -> Self | None:
        for name, part in _WITHDRAWN.items():
            if arguments(found, _contract(book, part), "withdrawSettings") is not None:
                return cls.model_validate({"of": name})
        return None

    @override
    def entries(self) -> dict[str, Any]:
        return {"do": self.verb, "of": self.of_}


def current(book: AddressBook, part: str) -> dict[str, Any]:
    """The settings of a contract as they were asked for last: those that wait, if some do."""
    contract = _contract(book, part)
    if part == "membership":
        return dict(book.ask(book.dao.lens, "waitingSettings", contract.address)[0])
    if part == "token":
        return dict(book.ask(contract, "settings"))
    waiting, version, __ = book.ask(contract, "waitingSettings")
    return dict(waiting if version else book.ask(contract, "settings")[0])


def _contract(book: AddressBook, part: str) -> Contract:
    return {
        "governor": book.dao.governor,
        "membership": book.dao.membership,
        "token": book.dao.token,
    }[part]


def _flat(given: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def _kind(name: str) -> Kind:
    kind = kind_of(name)
    if name not in PARAMETERS or kind is None:
        part = name.partition(".")[0] + "."
        near = [each for each in PARAMETERS if each.startswith(part)]
        parts = dict.fromkeys(f"{each.partition('.')[0]}.…" for each in PARAMETERS)
        wrong = ValueProblemError(
            "settings.unknown",
            N_("is no setting that a vote can change; they are: {known}"),
            known=Words(listed(near or parts)),
        )
        raise FieldError(name, wrong)
    return kind


def _value(name: str, value: Any) -> Any:
    try:
        return _kind(name).read(value)
    except ValueProblemError as error:
        raise FieldError(name, error) from error


def _raw(name: str, value: Any, book: AddressBook) -> Any:
    """A value as the contract keeps it."""
    if not isinstance(value, Amount):
        return value
    if value.unit != book.token.symbol:
        wrong = ValueProblemError(
            "tokens.of-another",
            N_("must be in {symbol}, the token's symbol, got {got}"),
            symbol=book.token.symbol,
            got=value.unit,
        )
        raise FieldError(name, wrong)
    return value.raw


def shown(name: str, raw: Any, book: AddressBook) -> str:
    """A value that a contract keeps, in words."""
    is_amount = PARAMETERS[name] == ("token", "epochCap")
    return _kind(name).show(Amount(raw, book.token.symbol) if is_amount else raw)


def _literal(name: str, raw: Any, book: AddressBook) -> Any:
    """A value as a file has it."""
    return raw if isinstance(raw, bool) else shown(name, raw, book)


ACTIONS: tuple[type[Action], ...] = (SetParameters, WithdrawSettings)
