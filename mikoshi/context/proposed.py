"""Proposals on the chain, numbered in the order in which they were made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

from mikoshi.ballots.proposal import ProposalDraft, TreasuryCall, text_of
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.governor import Proposal
from mikoshi.text.console import Console, shortened
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_, _
from mikoshi.text.language import listed as list_of
from mikoshi.text.units import normalize

_TITLE = 200  # characters
_BRIEF = 8
"""Digits of an id from which on it is taken for one; numbers are shorter."""


@dataclass(frozen=True)
class Proposed:
    """A proposal that was made: its `number` in this DAO (1, 2, 3 …) and what its events say."""

    number: int
    proposal: Proposal
    json: ClassVar[str] = "number id:str title"

    @property
    def id(self) -> int:
        """The Governor's id."""
        return self.proposal.id

    @cached_property
    def draft(self) -> ProposalDraft:
        """Its calls and its description, byte for byte."""
        made = self.proposal
        lists = tuple(made.targets), tuple(made.values), tuple(made.calldatas)
        return ProposalDraft(*lists, made.description)

    @property
    def proven(self) -> bool:
        """Whether its id follows from its calls and its text, as the node tells them."""
        return self.draft.id == self.id

    def with_draft(self, draft: ProposalDraft) -> Proposed:
        """The same proposal with the calls and the text of `draft`."""
        targets, values, calldatas = draft.calls
        told = replace(
            self.proposal,
            targets=targets,
            values=values,
            calldatas=calldatas,
            description=draft.description,
        )
        return Proposed(self.number, told)

    @property
    def title(self) -> str:
        """That of its description, cut where it is longer than a file may have it."""
        return shortened(self.draft.title, _TITLE) or _("(no title)")

    @property
    def text(self) -> str:
        """Its description without the title and without the line that names the proposer."""
        return text_of(self.proposal.description)

    @property
    def steps(self) -> list[TreasuryCall]:
        """Its calls in their order."""
        return [TreasuryCall(*each) for each in zip(*self.draft.calls, strict=True)]

    @property
    def brief(self) -> str:
        """`3 "Fund the docs team"`."""
        return _('{number} "{title}"', number=self.number, title=self.title)


def listed(rebuilt: RebuiltDao) -> list[Proposed]:
    """Every proposal, in the order in which they were made."""
    return [Proposed(number, each) for number, each in enumerate(rebuilt.proposals, 1)]


def find(text: str, proposed: Sequence[Proposed]) -> Proposed:
    """The proposal that `3`, `#3` or the Governor's id (whole, or from its start) names.

    Raises BadInputError with what there is.
    """
    digits = normalize(text).removeprefix("#").partition("…")[0]
    if digits.isascii() and digits.isdigit():
        for each in proposed:
            if each.number == int(digits):
                return each
        # What ended with its governor may have been proposed to the next one: the last one counts.
        named = {each.id: each for each in proposed if str(each.id).startswith(digits)}
        if len(digits) >= _BRIEF and len(named) == 1:
            return next(iter(named.values()))
    last = [each.brief for each in proposed[-3:]]
    raise BadInputError(
        "proposal.unknown",
        N_("There is no proposal {text}"),
        N_("this DAO has {count}: {last}")
        if proposed
        else N_("nobody has proposed anything in this DAO yet"),
        N_("Name one by its number: `ape run proposal list` shows them"),
        text=text,
        count=len(proposed),
        last=list_of(["…"] * (len(proposed) > 3) + last),
    )


def warn_unproven(out: Console, each: Proposed) -> None:
    """Say so where what is shown is not what the proposal's id stands for."""
    if not each.proven:
        out.warn(
            _(
                "the id does not follow from this text and these calls: the node says "
                "something else than was proposed, or the text is not UTF-8"
            )
        )
