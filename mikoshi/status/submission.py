"""A proposal about to be made: what would follow, and every reason why it cannot be made now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.contract import ContractRevertedError
from mikoshi.context.proposed import Proposed
from mikoshi.context.sending import GovernorCall, proposing
from mikoshi.proposals.composed import Composed
from mikoshi.replay.governor import Proposal
from mikoshi.replay.member import Member
from mikoshi.status.proposal_status import ProposalStatus
from mikoshi.status.refusals import cannot_propose, not_a_member, same_title
from mikoshi.text.people import show
from mikoshi.text.units import normalize
from mikoshi.voting.power import named, power_of

if TYPE_CHECKING:
    from mikoshi.context.context import Context


@dataclass(frozen=True)
class Submission:
    """The proposal of a file as the wallet `proposer`, `shown` so, makes it.

    `status` is what would become of it if it were made in the latest block, and `awake` how many
    people there are. `existing` is the very same proposal where it has been made already.
    """

    composed: Composed
    draft: ProposalDraft
    proposer: str
    shown: str
    status: ProposalStatus
    awake: int
    existing: Proposed | None

    @property
    def act(self) -> GovernorCall:
        """The call that makes it."""
        return proposing(self.draft)


def prepare(context: Context, composed: Composed, proposer: str) -> Submission:
    """The submission of a file by a wallet. Raises RpcError and UnreachableError."""
    draft = composed.draft(proposer)
    membership, governor = context.rebuilt.membership, context.rebuilt.governor
    mine = (each for each in context.proposed if each.proposal.governor is governor)
    existing = next((each for each in mine if each.id == draft.id), None)
    person = membership.member_at(proposer)
    number = person.id if person else 0
    rules = governor.settings_at(context.now)
    snapshot = context.now + rules["votingDelay"]
    made = Proposal(
        draft.id,
        number,
        snapshot,
        snapshot + rules["votingPeriod"],
        governor.version_at(context.now),
        rules,
        *draft.calls,
        draft.description,
        governor,
    )
    status = ProposalStatus.of(Proposed(len(context.proposed) + 1, made), governor, context.now)
    shown = show(proposer, number, context.names.get(proposer, ""))
    awake = membership.total.latest.members
    return Submission(composed, draft, proposer, shown, status, awake, existing)


def require_possible(context: Context, submission: Submission) -> Member:
    """Make sure that the Governor takes it now, and that nobody mistakes it for another one.

    The member who proposes. Raises NotNowError with the reason, ContractRevertedError, RpcError
    and UnreachableError.
    """
    context.require_governor()
    rebuilt, now = context.rebuilt, context.now
    person = rebuilt.membership.member_at(submission.proposer)
    if person is None:
        raise not_a_member(submission.shown)
    title = _plain(submission.draft.title)
    for each in context.proposed:
        if ProposalStatus.of(each, rebuilt.governor, now).live and _plain(each.title) == title:
            raise same_title(each)
    try:
        submission.act.preview(context.dao.governor, submission.proposer)
    except ContractRevertedError as error:
        power = power_of(rebuilt, person.id, now, named(rebuilt, context.names))
        raise (cannot_propose(error, submission.shown, power, now) or error) from error
    return person


def is_made(context: Context, proposal_id: int) -> bool:
    """Whether the chain has the proposal now. Raises RpcError and UnreachableError."""
    return bool(context.dao.governor.call("proposalSnapshot", proposal_id))


def _plain(title: str) -> str:
    return " ".join(normalize(title).casefold().split())
