"""A switch: something that is set in a DAO and that the law may care about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from mikoshi.papers.compliance.facts import ComplianceFacts
from mikoshi.text.errors import Words
from mikoshi.text.language import _


class SwitchState(NamedTuple):
    """How a switch is set, in words, and whether that asks for a look; None: not applicable."""

    value: str
    look: bool | None


@dataclass(frozen=True)
class Switch:
    """A switch, the setting of dao.toml (`path`) behind it, and how it is read.

    `why` says why counsel may care, and `change` how it is set otherwise.
    """

    name: str
    path: str
    title: Words
    why: Words
    change: Words
    read: Callable[[ComplianceFacts], SwitchState]


@dataclass(frozen=True)
class Preset:
    """Switches that are on their quiet side together; `switches` are their names."""

    name: str
    about: Words
    switches: tuple[str, ...]


def without(part: str) -> Callable[[ComplianceFacts], SwitchState]:
    """The state of a switch whose part this DAO does not have."""
    return lambda __: SwitchState(_("not applicable: {part}", part=part), None)


FOR_GOOD = Words("In the configuration before the deployment; afterwards it is fixed for good")


def by_vote(action: str) -> Words:
    """A change that a vote can make, with this action of a proposal."""
    return Words(
        "In the configuration before the deployment; afterwards by vote: {action}", action=action
    )
