"""Roles of the Treasury's book: given, taken, and those that a module works with."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, Self

from eth_utils.crypto import keccak
from typing_extensions import override

from mikoshi.ballots.proposal import TreasuryCall
from mikoshi.config.kinds import Kind, Label, ValueProblemError, written
from mikoshi.context.address_book import AddressBook
from mikoshi.proposals.action import Action, ListOf, Whom, arguments, resolve, step
from mikoshi.replay.treasury import ROLES, role_name
from mikoshi.text.language import N_, _, listed

_HOLDER = Label("Who holds it")


@dataclass(frozen=True)
class Role(Kind):
    """`MINTER`, any other role in capitals, or its hash."""

    @override
    def read(self, value: Any) -> str:
        if isinstance(value, str) and value in (*ROLES.values(), *_hashes(value)):
            return value
        raise ValueProblemError(
            "role.unknown",
            N_("must be one of {roles}, or the hash of another role, got {got}"),
            roles=" / ".join(ROLES.values()),
            got=written(value),
        )


def _hashes(text: str) -> tuple[str, ...]:
    with suppress(ValueError):
        if text.startswith("0x") and len(bytes.fromhex(text[2:])) == 32:
            return (text,)
    return ()


def _role(text: str) -> bytes:
    return bytes.fromhex(text[2:]) if text.startswith("0x") else keccak(text=text)


class GrantRole(Action):
    """Gives an address a role of the Treasury's book."""

    verb = "grant role"
    about = Label("Give a role")
    example = 'role = "MINTER"\nto = "0x…"'

    role: Annotated[str, Role(), Label("Name of the role")]
    to: Annotated[str, Whom(), _HOLDER]

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        to = resolve(book.address, "to", self.to)
        return [step(book.dao.treasury, "grantRole", _role(self.role), to)]

    @override
    def words(self, book: AddressBook) -> str:
        who = book.show(book.address(self.to))
        return _("give {who} the role {role}", who=who, role=self.role)

    @classmethod
    @override
    def read(cls, found: TreasuryCall, book: AddressBook) -> Self | None:
        args = arguments(found, book.dao.treasury, "grantRole")
        return cls(role=_name(args[0]), to=book.reference(args[1])) if args else None


class RevokeRole(Action):
    """Takes a role away."""

    verb = "revoke role"
    about = Label("Take a role away")
    example = 'role = "MINTER"\nholder = "0x…"'

    role: Annotated[str, Role(), Label("Name of the role")]
    holder: Annotated[str, Whom(), _HOLDER]

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        holder = resolve(book.address, "holder", self.holder)
        return [step(book.dao.treasury, "revokeRole", _role(self.role), holder)]

    @override
    def words(self, book: AddressBook) -> str:
        who = book.show(book.address(self.holder))
        return _("take the role {role} from {who}", role=self.role, who=who)

    @classmethod
    @override
    def read(cls, found: TreasuryCall, book: AddressBook) -> Self | None:
        args = arguments(found, book.dao.treasury, "revokeRole")
        return cls(role=_name(args[0]), holder=book.reference(args[1])) if args else None


def _name(role: bytes) -> str:
    name = role_name(role)
    return name if name in ROLES.values() else f"0x{role.hex()}"


class AttachModule(Action):
    """Gives a module of the DAO the roles that it works with."""

    verb = "attach module"
    about = Label("Attach a module: give it its roles")
    example = 'module = "0x…"\nroles = ["REWARDER", "MINTER"]'

    module: Annotated[str, Whom(), Label("The module's address")]
    roles: Annotated[list[str], ListOf(Role()), Label("Its roles")]

    @override
    def steps(self, book: AddressBook) -> list[TreasuryCall]:
        module = resolve(book.address, "module", self.module)
        treasury = book.dao.treasury
        return [step(treasury, "grantRole", _role(role), module) for role in self.roles]

    @override
    def words(self, book: AddressBook) -> str:
        module, roles = book.show(book.address(self.module)), listed(self.roles)
        return _("attach the module {module} with: {roles}", module=module, roles=roles)


ACTIONS: tuple[type[Action], ...] = (GrantRole, RevokeRole, AttachModule)
