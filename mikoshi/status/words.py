"""The course of a proposal in words: where it stands, until when, and what it would still need."""

from __future__ import annotations

from mikoshi.replay.governor import ProposalState
from mikoshi.status.proposal_status import ProposalStatus
from mikoshi.text.language import _, ngettext
from mikoshi.text.units import format_duration, format_time, format_when
from mikoshi.words import voices


def standing(status: ProposalStatus) -> str:
    """`voting is open, closes in 2 d 3 h (Tue 24 Nov 14:00 UTC)`."""
    made, now = status.proposal, status.now
    when = format_when(status.turn, now)
    match status.state:
        case ProposalState.PENDING:
            return _("voting opens {when}", when=when)
        case ProposalState.ACTIVE:
            return _("voting is open, closes {when}", when=when)
        case ProposalState.QUEUED if status.ready:
            return _("passed, ready to be executed; its time ends {when}", when=when)
        case ProposalState.QUEUED:
            return _("passed, ready {when}", when=when)
        case ProposalState.DEFEATED if made.too_late:
            return _(
                "did not pass: it turned to passing when nobody had time to answer any more; "
                "voting closed {closed}",
                closed=format_when(made.deadline, now),
            )
        case ProposalState.DEFEATED:
            closed = format_when(made.deadline, now)
            return _("did not pass; voting closed {closed}", closed=closed)
        case ProposalState.SUCCEEDED:
            closed = format_when(made.deadline, now)
            return _("agreed; there is nothing to execute (voting closed {closed})", closed=closed)
        case ProposalState.EXPIRED:
            ended = format_when(made.expiry, now)
            return _("passed, but was not executed in time, which ended {ended}", ended=ended)
        case ProposalState.CANCELED if not made.canceled:
            return _("ended with its governor, whose place another one took")
        case ProposalState.CANCELED:
            return _("cancelled")
        case ProposalState.EXECUTED:
            return _("executed")


def outlook(status: ProposalStatus) -> str:
    """What it would still need to pass, or that it passes as it stands; empty once that is over."""
    if status.state not in (ProposalState.PENDING, ProposalState.ACTIVE):
        return ""
    if status.proposal.too_late:
        return _("it turned to passing when nobody had time to answer any more: it does not pass")
    lacks = []
    if status.missing:
        lacks.append(
            ngettext(
                "{count:,} more person voting For or Abstain",
                "{count:,} more people voting For or Abstain",
                status.missing,
                count=status.missing,
            )
        )
    if status.behind:
        lead = voices(status.behind)
        lacks.append(_("more than {lead} more For", lead=lead))
    elif status.behind == 0:
        lacks.append(_("more voice For than Against"))
    match lacks:
        case [heads, lead]:
            return _("to pass it needs {people}, and {voice}", people=heads, voice=lead)
        case [lack]:
            return _("to pass it needs {lack}", lack=lack)
    return _("passes as it stands")


def turns(status: ProposalStatus) -> str:
    """What ballots do that turn the outcome from now on; empty while the end is not near."""
    made, now = status.proposal, status.now
    if status.state != ProposalState.ACTIVE or made.too_late:
        return ""
    if now <= made.deadline - status.late:
        return ""
    if now > status.wall - status.late and not status.passes:
        return _("who turns it to passing now is too late: nobody could answer any more")
    return _(
        "ballots that turn the outcome now give everyone {late} more to answer, until {wall} at "
        "the latest",
        late=format_duration(status.late),
        wall=format_time(status.wall, now),
    )
