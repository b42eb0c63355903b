"""What a member wants to vote, and every reason why it cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mikoshi.config.kinds import ValueProblemError
from mikoshi.config.words import Text
from mikoshi.replay.governor import ProposalState
from mikoshi.text.errors import BadInputError, NothingSentError, ProblemError
from mikoshi.text.language import N_
from mikoshi.text.people import show
from mikoshi.text.units import format_when
from mikoshi.voting.power import Power, Powers
from mikoshi.words import state_words
from mikoshi.words.refusals import Vote, already_cast

if TYPE_CHECKING:
    from mikoshi.context.context import Context
    from mikoshi.context.proposed import Proposed
    from mikoshi.replay.dao import RebuiltDao

SUPPORTS = ("against", "for", "abstain")
"""How the options of `vote` are called, in the order of `IBallotBox.VoteType`."""


_REASON = Text(0, 2_000)


def read_reason(text: str) -> str:
    """The reason given for a ballot, which stands on the chain for ever. Raises BadInputError."""
    try:
        return _REASON.read(text)
    except ValueProblemError as error:
        raise BadInputError(
            "vote.bad-reason",
            "--reason {problem}",
            N_("everybody reads it beside the vote"),
            N_("Write it anew; nothing was signed"),
            problem=error,
        ) from error


def support_of(against: bool, for_: bool, abstain: bool) -> int:
    """What exactly one of the three options means. Raises BadInputError."""
    chosen = [support for support, given in enumerate((against, for_, abstain)) if given]
    if len(chosen) != 1:
        raise BadInputError(
            "vote.not-one-way",
            N_("Say how you vote"),
            N_("exactly one of three must be given, got {count}"),
            N_("--for, --against or --abstain"),
            count=len(chosen),
        )
    return chosen[0]


@dataclass(frozen=True)
class VoteChoice:
    """A ballot that a member wants to cast; `who` is the member as people are shown.

    `power` is the member's at the snapshot, or now as long as that lies ahead. `weight` is what the
    ballot weighs, 1 voice = 1e9.
    """

    proposed: Proposed
    who: str
    power: Power
    support: int
    reason: str
    weight: int
    opens: int | None = None
    json: ClassVar[str] = (
        "proposal=proposed voter=power.person support=side reason weight:str "
        "speaks_for=power.speaks_for"
    )

    @property
    def number(self) -> int:
        """The member's id."""
        return self.power.person.id

    @property
    def wallet(self) -> str:
        """The member's wallet."""
        return self.power.person.wallet

    @property
    def side(self) -> str:
        """What it says, for programs."""
        return SUPPORTS[self.support]


def choose(
    context: Context,
    proposed: Proposed,
    wallet: str,
    support: int,
    reason: str = "",
    *,
    early: bool,
) -> VoteChoice:
    """The ballot of `wallet` on a proposal; `early` for one that is signed now and counted later.

    Raises NotNowError with the reason why it would not count.
    """
    rebuilt, now, proposal = context.rebuilt, context.now, proposed.proposal
    person = rebuilt.membership.member_at(wallet)
    who = show(wallet, person.id if person else None, context.names.get(wallet, ""))
    cast = proposal.ballots.get(person.id) if person else None
    if cast is not None:
        raise already_cast(who, Vote(cast.support, cast.weight, cast.time), now)
    require_open(context, proposed, early=early)
    if person is None:
        raise NothingSentError(
            "vote.by-a-stranger",
            N_("{who} has no voice on {proposal}"),
            N_("not a member of this DAO"),
            N_("Sign with the account of a member"),
            who=who,
            proposal=proposed.brief,
        )
    power = Powers(rebuilt, context.names, now).on(proposal, person.id)
    if power.silence:
        raise NothingSentError(
            "vote.no-voice",
            N_("{who} has no voice on {proposal}"),
            "{silence}",
            N_("Vote on the next proposal"),
            who=who,
            proposal=proposed.brief,
            silence=power.silence,
        )
    weight, opens = power.weight, proposal.snapshot + 1
    if opens <= now:
        weight = context.governor_of(proposed).call("castVote", proposed.id, support, sender=wallet)
    return VoteChoice(proposed, who, power, support, reason, weight, opens if opens > now else None)


def require_open(context: Context, proposed: Proposed, *, early: bool = False) -> None:
    """Make sure that ballots on a proposal count now, or will if `early`. Raises NotNowError."""
    rebuilt, now = context.rebuilt, context.now
    problem = closed(rebuilt, proposed, now)
    state = rebuilt.governor.state(proposed.proposal, now)
    if problem is None or (early and state == ProposalState.PENDING):
        return
    if state == ProposalState.PENDING:
        raise NothingSentError(
            "vote.too-early",
            "{problem}",
            N_("voices are counted as of the moment when voting opens"),
            N_("Run the same command then; with --sign-only the ballot can be signed now"),
            problem=problem,
        )
    command = context.session.command(f"status {proposed.number}")
    raise NothingSentError(
        "vote.too-late",
        "{problem}",
        "{standing}",
        N_("`{command}` shows how it ended"),
        problem=problem,
        state=state.name.lower(),
        standing=state_words(state),
        command=command,
    )


def closed(rebuilt: RebuiltDao, proposed: Proposed, now: int) -> ProblemError | None:
    """Why ballots on a proposal do not count now; None if they do."""
    proposal, brief = proposed.proposal, proposed.brief
    state = rebuilt.governor.state(proposal, now)
    if state == ProposalState.PENDING:
        return ProblemError(
            "ballot.too-early",
            N_("Not yet: voting on {proposal} opens {opens}"),
            proposal=brief,
            opens=format_when(proposal.snapshot + 1, now),
        )
    if state == ProposalState.CANCELED:
        return ProblemError(
            "ballot.on-the-cancelled", N_("{proposal} was cancelled"), proposal=brief
        )
    if state == ProposalState.ACTIVE:
        return None
    return ProblemError(
        "ballot.too-late",
        N_("Voting on {proposal} closed {closed}"),
        proposal=brief,
        closed=format_when(proposal.deadline, now),
    )
