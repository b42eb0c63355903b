"""Roles, settings and storage that a proposal changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from mikoshi.check.parameters import changes
from mikoshi.context.address_book import AddressBook
from mikoshi.core import artifacts
from mikoshi.core.dao import CONTRACTS
from mikoshi.core.manifest import Manifest
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.logs import Log
from mikoshi.replay.treasury import role_name
from mikoshi.simulate.calls import Target, target_of
from mikoshi.simulate.stage import StageMoment
from mikoshi.simulate.subject import SimulationSubject


@dataclass(frozen=True)
class RoleChange:
    """A role that somebody got (`given`) or lost."""

    role: str
    holder: str
    given: bool
    target: Target
    json: ClassVar[str] = "role holder given"


@dataclass(frozen=True)
class SetBack:
    """A setting that another proposal changed `to` something, and this one changes `back`."""

    setting: str
    to: str
    back: str


def read_roles(events: Iterable[Log], manifest: Manifest, after: StageMoment) -> list[RoleChange]:
    """The roles given and taken at the Treasury."""
    book = after.book
    return [
        RoleChange(
            role_name(log.event.args["role"]),
            log.event.args["account"],
            log.event.name == "RoleGranted",
            target_of(log.event.args["account"], manifest, book, after.snapshot),
        )
        for log in events
        if log.event.address == book.dao.treasury_address
        and log.event.name in ("RoleGranted", "RoleRevoked")
    ]


def read_set_backs(
    subject: SimulationSubject,
    rebuilt: RebuiltDao,
    start: StageMoment,
    before: StageMoment,
    after: StageMoment,
) -> list[SetBack]:
    """What others changed after the proposal was made or composed, and it would change back."""
    made = then(subject, rebuilt, start.parameters)
    others = {each.setting: each for each in changes(made, before.parameters)}
    own = changes(before.parameters, after.parameters)
    return [
        SetBack(each.setting, each.before, each.after)
        for each in own
        if each.setting in others and others[each.setting].before == each.after
    ]


def then(subject: SimulationSubject, rebuilt: RebuiltDao, now: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters when a proposal was made; for a file, those of `now`."""
    if subject.made is None:
        return dict(now)
    found: dict[str, Any] = dict(now)
    parts = {
        rebuilt.dao.membership_address: "membership",
        rebuilt.dao.token_address: "token",
        rebuilt.dao.governor_address: "governor",
    }
    for log in rebuilt.logs.named("ProposalCreated", "SettingsChanged"):
        name, args = log.event.name, log.event.args
        if name == "ProposalCreated" and args["proposalId"] == subject.made.id:
            break
        if name == "SettingsChanged" and log.event.address in parts:
            found[parts[log.event.address]] = args["settings"]
    return found


def slot_name(address: str, slot: int, book: AddressBook) -> str:
    """What the compiler calls a storage word of the DAO; empty for words of mappings and others."""
    part = next((name for name, at in book.parts.items() if at == address), None)
    if part is None:
        return ""
    contracts = book.dao.contracts or artifacts.project()
    layout = contracts[CONTRACTS[part]].storage.get("storage", [])
    return ", ".join(each["label"] for each in layout if int(each["slot"]) == slot)
