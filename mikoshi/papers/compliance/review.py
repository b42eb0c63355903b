"""All switches of a DAO at once, and the presets that hold in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mikoshi.papers.compliance.facts import ComplianceFacts
from mikoshi.papers.compliance.states import SwitchState
from mikoshi.papers.compliance.switch import PRESETS, SWITCHES, Preset, Switch
from mikoshi.text.json import entries_of
from mikoshi.text.language import _


@dataclass(frozen=True)
class Review:
    """The switches of a DAO with their states."""

    facts: ComplianceFacts
    states: list[tuple[Switch, SwitchState]]

    @property
    def presets(self) -> list[tuple[Preset, list[Switch]]]:
        """Each preset with the switches that keep it from holding."""
        loud = {switch.name: switch for switch, state in self.states if state.look}
        return [
            (preset, [loud[name] for name in preset.switches if name in loud]) for preset in PRESETS
        ]

    @property
    def looks(self) -> int:
        """How many switches ask for a look."""
        return sum(bool(state.look) for _, state in self.states)

    @property
    def title(self) -> str:
        """Which DAO, and by whose word."""
        name, number = self.facts.params["name"], self.facts.config.chain_id
        return _(
            "{name} on chain {number}, {source}", name=name, number=number, source=self.facts.source
        )

    def as_json(self) -> dict[str, Any]:
        """The review for programs."""
        return {
            **entries_of(self.facts, "dao=params.name chain_id=config.chain_id block"),
            "notice": notice(),
            "switches": [
                entries_of(switch, "name setting=path title why change")
                | entries_of(state, "value look")
                for switch, state in self.states
            ],
            "presets": [
                entries_of(preset, "name about")
                | {"holds": not against, "against": [switch.name for switch in against]}
                for preset, against in self.presets
            ],
        }


def review(facts: ComplianceFacts) -> Review:
    """Every switch, as it is set in a DAO."""
    return Review(facts, [(switch, switch.read(facts)) for switch in SWITCHES])


def notice() -> str:
    """What this is not."""
    return _(
        "Information for your counsel, not legal advice. ✓ says that a switch is set "
        "to its quiet side, not that something is lawful."
    )
