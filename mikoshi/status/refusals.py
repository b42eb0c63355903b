"""Why something cannot be done with a proposal now: who may, when, and until when."""

from __future__ import annotations

from mikoshi.chain.contract import ContractRevertedError
from mikoshi.context.proposed import Proposed
from mikoshi.replay.governor import AGAINST, FOR, ProposalState
from mikoshi.status.proposal_status import ProposalStatus
from mikoshi.status.words import people, standing
from mikoshi.text.errors import Final, NothingSentError, NotNowError
from mikoshi.text.language import N_, _
from mikoshi.text.units import format_when
from mikoshi.voting.power import Power
from mikoshi.words.nouns import voices

# Proposing


def same_title(live: Proposed) -> NotNowError:
    """A proposal of the same title is under way."""
    return NothingSentError(
        "refusals.same-title",
        N_("A proposal of this title is under way: {brief}"),
        N_("members could take one for the other"),
        N_("Give it another title, or wait until that one is decided"),
        brief=live.brief,
    )


def not_a_member(shown: str) -> NotNowError:
    """Somebody who is no member wants to propose."""
    return NothingSentError(
        "refusals.not-a-member",
        Final(_cannot_propose(shown)),
        N_("only members propose, and this is none"),
        N_("Ask a member to submit the file, or choose another --account"),
    )


def cannot_propose(
    error: ContractRevertedError, shown: str, power: Power, now: int
) -> NotNowError | None:
    """Why a member cannot propose, who is `shown` so; None if the error is about something else."""
    if error.revert is None:
        return None
    name, args = error.revert.name, error.revert.args
    if name == "GovernorTooManyLive":
        when = format_when(args[2], now)
        return NothingSentError(
            "refusals.cannot-propose",
            N_("{shown} has {args_1} proposals open, as many as a member may"),
            N_("the first of them ends {when}"),
            N_("Run the same command then"),
            shown=shown,
            args_1=args[1],
            when=when,
        )
    if name not in ("GovernorNotMember", "GovernorInsufficientProposerVotes"):
        return None
    return NothingSentError(
        "refusals.cannot-propose",
        Final(_cannot_propose(shown)),
        Final(power.silence or _("a voice counts from the second after it came")),
        Final(
            _("Run the same command once this has changed, or let another member submit the file")
        ),
    )


def _cannot_propose(shown: str) -> str:
    return _("{shown} cannot propose now", shown=shown)


# Executing


def not_executable(status: ProposalStatus, again: str) -> NotNowError:
    """Why a proposal that is not passed cannot be executed; `again` is the command to show it."""
    made, now = status.proposal, status.now
    if made.advisory:
        return NothingSentError(
            "refusals.not-executable",
            N_("There is nothing to execute"),
            N_("an advisory proposal only asks the members"),
            Final(_see(again)),
        )
    if status.state in (ProposalState.PENDING, ProposalState.ACTIVE):
        closes, eta = format_when(made.deadline, now), format_when(made.eta, now)
        return NothingSentError(
            "refusals.not-executable",
            N_("Not yet: voting closes {closes}"),
            N_("if it passes, it is ready {eta}"),
            Final(_see(again)),
            closes=closes,
            eta=eta,
        )
    if status.state == ProposalState.DEFEATED:
        sides = [voices(made.votes(side)) for side in (FOR, AGAINST)]
        return NothingSentError(
            "refusals.not-executable",
            N_("It did not pass"),
            [N_("For {sides_0}, Against {sides_1}"), N_("{people:,} of {needed} needed took part")],
            Final(_see(again)),
            sides_0=sides[0],
            sides_1=sides[1],
            people=made.people,
            needed=people(status.needed),
        )
    return NothingSentError(
        "refusals.not-executable",
        N_("It can no longer be executed"),
        Final(standing(status)),
        N_("Propose it anew, with another title or text, if the members want it"),
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
        "refusals.not-cancellable",
        Final(
            _("{signer} cannot cancel it by a signature", signer=signer)
            if signer
            else _("You cannot cancel it now")
        ),
        Final(_who_may(status, proposer, guardian)),
        Final(
            _("A guardian signs nothing: run the command with its --account alone")
            if signer and guarded
            else _see(again)
        ),
    )


def _who_may(status: ProposalStatus, proposer: str, guardian: str) -> str:
    made, now = status.proposal, status.now
    if status.state == ProposalState.PENDING:
        opens = format_when(made.snapshot, now)
        return _(
            "{proposer}, who proposed it, may until voting opens {opens}",
            proposer=proposer,
            opens=opens,
        )
    if status.state == ProposalState.ACTIVE:
        return _("nobody may while voting is open; vote Against")
    if status.state != ProposalState.QUEUED:
        return standing(status)
    if status.ready:
        return _("nobody may once the delay is over: it can be executed")
    if not guardian:
        return _("only a guardian could, and this DAO has none now")
    eta = format_when(made.eta, now)
    return _(
        "the guardian {guardian} may until the delay ends {eta}, unless it concerns "
        "nothing but the guardian",
        guardian=guardian,
        eta=eta,
    )


def _see(command: str) -> str:
    return _("See {command}", command=command)
