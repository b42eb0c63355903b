"""Why something cannot be done with a proposal now: who may, when, and until when."""

from __future__ import annotations

from mikoshi.chain.contract import ContractRevertedError
from mikoshi.context.proposed import Proposed
from mikoshi.replay.governor import AGAINST, FOR, ProposalState
from mikoshi.status.proposal_status import ProposalStatus
from mikoshi.status.words import standing
from mikoshi.text.errors import NothingSentError, NotNowError, ProblemError
from mikoshi.text.language import N_
from mikoshi.text.units import format_when
from mikoshi.voting.power import Power
from mikoshi.words import heads, voices

# Proposing


def same_title(live: Proposed) -> NotNowError:
    """A proposal of the same title is under way."""
    return NothingSentError(
        "proposal.same-title",
        N_("A proposal of this title is under way: {proposal}"),
        N_("members could take one for the other"),
        N_("Give it another title, or wait until that one is decided"),
        proposal=live.brief,
    )


def not_a_member(shown: str) -> NotNowError:
    """Somebody who is no member wants to propose."""
    return NothingSentError(
        "proposal.by-a-stranger",
        N_("{who} cannot propose now"),
        N_("only members propose, and this is none"),
        N_("Ask a member to submit the file, or choose another --account"),
        who=shown,
    )


def cannot_propose(
    error: ContractRevertedError, shown: str, power: Power, now: int
) -> NotNowError | None:
    """Why a member cannot propose, who is `shown` so; None if the error is about something else."""
    if error.revert is None:
        return None
    name, args = error.revert.name, error.revert.args
    if name == "GovernorTooManyLive":
        return NothingSentError(
            "proposal.too-many-open",
            N_("{who} has {count} proposals open, as many as a member may"),
            N_("the first of them ends {ends}"),
            N_("Run the same command then"),
            who=shown,
            count=args[1],
            ends=format_when(args[2], now),
        )
    if name not in ("GovernorNotMember", "GovernorInsufficientProposerVotes"):
        return None
    new = ProblemError("voice.of-this-second", N_("a voice counts from the second after it came"))
    return NothingSentError(
        "proposal.without-voice",
        N_("{who} cannot propose now"),
        "{silence}",
        N_("Run the same command once this has changed, or let another member submit the file"),
        who=shown,
        silence=power.silence or new,
    )


# Executing


def not_executable(status: ProposalStatus, again: str) -> NotNowError:
    """Why a proposal that is not passed cannot be executed; `again` is the command to show it."""
    made, now = status.proposal, status.now
    if made.advisory:
        return NothingSentError(
            "proposal.advisory",
            N_("There is nothing to execute"),
            N_("an advisory proposal only asks the members"),
            N_("See {command}"),
            command=again,
        )
    if status.state in (ProposalState.PENDING, ProposalState.ACTIVE):
        closes, eta = format_when(made.deadline, now), format_when(made.eta, now)
        return NothingSentError(
            "proposal.undecided",
            N_("Not yet: voting closes {closes}"),
            N_("if it passes, it is ready {eta}"),
            N_("See {command}"),
            closes=closes,
            eta=eta,
            command=again,
        )
    if status.state == ProposalState.DEFEATED:
        return NothingSentError(
            "proposal.defeated",
            N_("It did not pass"),
            [N_("For {for_it}, Against {against}"), N_("{people:,} of {needed} needed took part")],
            N_("See {command}"),
            for_it=voices(made.votes(FOR)),
            against=voices(made.votes(AGAINST)),
            people=made.people,
            needed=heads(status.needed),
            command=again,
        )
    return NothingSentError(
        "proposal.over",
        N_("It can no longer be executed"),
        "{standing}",
        N_("Propose it anew, with another title or text, if the members want it"),
        state=status.state.name.lower(),
        standing=standing(status),
    )


# Cancelling


def not_cancellable(
    status: ProposalStatus, proposer: str, guardian: str, again: str, signer: str = ""
) -> NotNowError:
    """Who may cancel a proposal, and until when, told to somebody who may not.

    `proposer` and `guardian` are shown as people are; an empty guardian is none. So is the `signer`
    of what was to be a signature and no transaction.
    """
    guarded = bool(guardian) and status.state == ProposalState.QUEUED and not status.ready
    return NothingSentError(
        "proposal.not-cancellable",
        N_("{signer} cannot cancel it by a signature")
        if signer
        else N_("You cannot cancel it now"),
        "{reason}",
        N_("A guardian signs nothing: run the command with its --account alone")
        if signer and guarded
        else N_("See {command}"),
        signer=signer,
        reason=_who_may(status, proposer, guardian),
        command=again,
    )


def _who_may(status: ProposalStatus, proposer: str, guardian: str) -> ProblemError:
    made, now = status.proposal, status.now
    if status.state == ProposalState.PENDING:
        opens = format_when(made.snapshot, now)
        return ProblemError(
            "cancel.by-its-proposer",
            N_("{proposer}, who proposed it, may until voting opens {opens}"),
            proposer=proposer,
            opens=opens,
        )
    if status.state == ProposalState.ACTIVE:
        return ProblemError(
            "cancel.while-voting", N_("nobody may while voting is open; vote Against")
        )
    if status.state != ProposalState.QUEUED:
        return ProblemError(
            "cancel.over",
            "{standing}",
            state=status.state.name.lower(),
            standing=standing(status),
        )
    if status.ready:
        return ProblemError(
            "cancel.after-the-delay", N_("nobody may once the delay is over: it can be executed")
        )
    if not guardian:
        return ProblemError(
            "cancel.without-guardian", N_("only a guardian could, and this DAO has none now")
        )
    return ProblemError(
        "cancel.by-the-guardian",
        N_(
            "the guardian {guardian} may until the delay ends {eta}, unless it concerns "
            "nothing but the guardian"
        ),
        guardian=guardian,
        eta=format_when(made.eta, now),
    )
