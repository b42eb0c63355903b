"""What a member wants to vote, and every reason why it cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mikoshi.config.kinds import ValueProblemError
from mikoshi.config.words import Text
from mikoshi.replay.governor import ProposalState
from mikoshi.text.errors import BadInputError, Final, NothingSentError, NotNowError
from mikoshi.text.language import N_, _
from mikoshi.text.people import show
from mikoshi.text.units import format_when
from mikoshi.voting.power import Power, Powers
from mikoshi.words.nouns import state_words
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
            "choice.read-reason",
            "--reason {error}",
            N_("everybody reads it beside the vote"),
            N_("Write it anew; nothing was signed"),
            error=error,
        ) from error


def support_of(against: bool, for_: bool, abstain: bool) -> int:
    """What exactly one of the three options means. Raises BadInputError."""
    chosen = [support for support, given in enumerate((against, for_, abstain)) if given]
    if len(chosen) != 1:
        raise BadInputError(
            "choice.support-of",
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

    @property
    def number(self) -> int:
        """The member's id."""
        return self.power.person.id

    @property
    def wallet(self) -> str:
        """The member's wallet."""
        return self.power.person.wallet

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "proposal": {
                "number": self.proposed.number,
                "id": str(self.proposed.id),
                "title": self.proposed.title,
            },
            "voter": {"id": self.number, "wallet": self.wallet},
            "support": SUPPORTS[self.support],
            "reason": self.reason,
            "weight": str(self.weight),
            "speaks_for": list(self.power.speaks_for),
        }


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
        stranger = _("not a member of this DAO")
        account = _("Sign with the account of a member")
        raise no_voice(who, proposed, stranger, account)
    power = Powers(rebuilt, context.names, now).on(proposal, person.id)
    if power.silence:
        raise no_voice(who, proposed, power.silence)
    weight, opens = power.weight, proposal.snapshot + 1
    if opens <= now:
        weight = context.dao.governor.call("castVote", proposed.id, support, sender=wallet)
    return VoteChoice(proposed, who, power, support, reason, weight, opens if opens > now else None)


def require_open(context: Context, proposed: Proposed, *, early: bool = False) -> None:
    """Make sure that ballots on a proposal count now, or will if `early`. Raises NotNowError."""
    rebuilt, now = context.rebuilt, context.now
    words = closed_words(rebuilt, proposed, now)
    state = rebuilt.governor.state(proposed.proposal, now)
    if not words or (early and state == ProposalState.PENDING):
        return
    if state == ProposalState.PENDING:
        raise NothingSentError(
            "choice.require-open",
            Final(words),
            N_("voices are counted as of the moment when voting opens"),
            N_("Run the same command then; with --sign-only the ballot can be signed now"),
        )
    command = context.session.command(f"status {proposed.number}")
    raise NothingSentError(
        "choice.require-open",
        Final(words),
        Final(state_words(state)),
        N_("`{command}` shows how it ended"),
        command=command,
    )


def closed_words(rebuilt: RebuiltDao, proposed: Proposed, now: int) -> str:
    """Why ballots on a proposal do not count now; empty if they do."""
    proposal = proposed.proposal
    state = rebuilt.governor.state(proposal, now)
    if state == ProposalState.PENDING:
        when = format_when(proposal.snapshot + 1, now)
        return _("Not yet: voting on {brief} opens {when}", brief=proposed.brief, when=when)
    if state == ProposalState.CANCELED:
        return _("{brief} was cancelled", brief=proposed.brief)
    if state == ProposalState.ACTIVE:
        return ""
    when = format_when(proposal.deadline, now)
    return _("Voting on {brief} closed {when}", brief=proposed.brief, when=when)


def no_voice(who: str, proposed: Proposed, reason: str, hint: str = "") -> NotNowError:
    """The refusal of a ballot without voice; without a `hint` the next one may have one."""
    return NothingSentError(
        "choice.no-voice",
        Final(_("{who} has no voice on {brief}", who=who, brief=proposed.brief)),
        Final(reason),
        Final(hint or _("Vote on the next proposal")),
    )
