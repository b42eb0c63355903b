"""A switch: something that is set in a DAO and that the law may care about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mikoshi.papers.compliance.facts import ComplianceFacts
from mikoshi.papers.compliance.states import STATES, SwitchState
from mikoshi.text.errors import Words
from mikoshi.text.files import read_toml

_FOR_GOOD = Words("In the configuration before the deployment; afterwards it is fixed for good")


@dataclass(frozen=True)
class Switch:
    """A switch, the setting of dao.toml (`path`) behind it, and how it is read.

    `why` says why counsel may care, and `change` how it is set otherwise: with `vote`, an action of
    a proposal, by a vote.
    """

    name: str
    path: str | None
    title: Words
    why: Words
    change: Words
    vote: str
    read: Callable[[ComplianceFacts], SwitchState]

    @classmethod
    def of(cls, name: str, table: dict[str, Any]) -> Switch:
        """A switch as switches.toml has it."""
        vote, path = table.get("vote", ""), table.get("setting")
        change = Words(table["change"]) if "change" in table else _FOR_GOOD
        if vote:
            change = Words(
                "In the configuration before the deployment; afterwards by vote: {action}",
                action=vote,
            )
        title, why = Words(table["title"]), Words(table["why"])
        return cls(name, path, title, why, change, vote, STATES[name])

    @property
    def fixed(self) -> bool:
        """Whether nothing changes it after the deployment."""
        return self.change is _FOR_GOOD


@dataclass(frozen=True)
class Preset:
    """Switches that are on their quiet side together; `switches` are their names."""

    name: str
    about: Words
    switches: tuple[str, ...]


_TABLES = read_toml(Path(__file__).with_name("switches.toml"))
SWITCHES = tuple(Switch.of(name, table) for name, table in _TABLES["switches"].items())
PRESETS = tuple(
    Preset(name, Words(table["about"]), tuple(table["switches"]))
    for name, table in _TABLES["presets"].items()
)
