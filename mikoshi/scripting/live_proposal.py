"""A proposal of a DAO, as scripts see one and act on it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from mikoshi.ballots.words import ABSTAIN, AGAINST, FOR
from mikoshi.context.proposed import Proposed
from mikoshi.proposals.decode import in_words
from mikoshi.replay.governor import ProposalState
from mikoshi.scripting.contracts import instance
from mikoshi.words import state_word

if TYPE_CHECKING:
    from ape.api import AccountAPI, ReceiptAPI
    from ape.contracts import ContractInstance

    from mikoshi.scripting.dao import DAO

CHOICES = {"for": FOR, "against": AGAINST, "abstain": ABSTAIN}


class LiveProposal:
    """A proposal: `number` in its DAO, the Governor's `id`, `title` and `text`.

    What it says never changes; `state` and times are those of the latest block.
    """

    def __init__(self, dao: DAO, made: Proposed) -> None:
        self.dao = dao
        self.made = made
        self.number = made.number
        self.id = made.id
        self.title = made.title
        self.text = made.text

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.made.brief}: {state_word(self.state)}>"

    @cached_property
    def governor(self) -> ContractInstance:
        """The governor that took it."""
        return instance("DAOGovernor", self.made.proposal.governor.address)

    @property
    def actions(self) -> list[str]:
        """What it would do, in words made from the very bytes that would be executed."""
        return in_words(self.made.steps, self.dao.book)

    @property
    def state(self) -> ProposalState:
        """Where it stands."""
        return ProposalState(self.governor.state(self.id))

    @property
    def waits(self) -> bool:
        """Whether something is still to come: the vote, or that it is executed."""
        return self.state in (ProposalState.PENDING, ProposalState.ACTIVE, ProposalState.QUEUED)

    @property
    def opens(self) -> int:
        """The last second before the vote, Unix seconds."""
        return int(self.governor.proposalSnapshot(self.id))

    @property
    def closes(self) -> int:
        """The last second of the vote, Unix seconds; a late majority moves it once."""
        return int(self.governor.proposalDeadline(self.id))

    @property
    def ready(self) -> int:
        """From when on it can be executed if it passes, Unix seconds; 0: it only asks."""
        return int(self.governor.proposalEta(self.id))

    def vote(self, choice: str, *, sender: AccountAPI, reason: str = "") -> ReceiptAPI:
        """Vote `for`, `against` or `abstain`. Raises KeyError, and what Ape raises of a refusal."""
        governor, support = self.governor, CHOICES[choice.lower()]
        if reason:
            return governor.castVoteWithReason(self.id, support, reason, sender=sender)
        return governor.castVote(self.id, support, sender=sender)

    def execute(self, *, sender: AccountAPI) -> ReceiptAPI:
        """Carry it out, which anybody may. Raises what Ape raises of a refusal."""
        return self.governor.execute(*self.made.draft.actions, sender=sender)

    def cancel(self, *, sender: AccountAPI) -> ReceiptAPI:
        """Take it back, as its proposer may before the vote. Raises what Ape raises."""
        return self.governor.cancel(*self.made.draft.actions, sender=sender)
