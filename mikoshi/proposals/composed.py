"""A proposal as its file says it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mikoshi.ballots.proposal import ProposalDraft, TreasuryCall
from mikoshi.proposals.action import Action


@dataclass(frozen=True)
class Composed:
    """A proposal as its file says it, with the calls that follow from it.

    `actions` pairs each action with its calls; none for an advisory proposal.
    """

    source: Path
    title: str
    text: str
    actions: tuple[tuple[Action, tuple[TreasuryCall, ...]], ...] = ()

    @property
    def binding(self) -> bool:
        """Whether it does something; otherwise it asks only."""
        return bool(self.actions)

    @property
    def steps(self) -> list[TreasuryCall]:
        """All calls in their order."""
        return [step for _, steps in self.actions for step in steps]

    @property
    def description(self) -> str:
        """Title and text, as they are proposed and hashed."""
        return f"# {self.title}\n\n{self.text}".rstrip()

    def draft(self, proposer: str) -> ProposalDraft:
        """The proposal as `proposer`, and nobody else, can make it."""
        return ProposalDraft.of(
            [(to, value, data) for to, value, data in self.steps], self.description, proposer
        )
