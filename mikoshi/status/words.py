"""The course of a proposal in words: where it stands, until when, and what it would still need."""

from __future__ import annotations

from mikoshi.replay.governor import ProposalState
from mikoshi.status.proposal_status import ProposalStatus
from mikoshi.text.language import _, ngettext
from mikoshi.text.units import format_when
from mikoshi.words.nouns import voices


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
        case ProposalState.DEFEATED:
            closed = format_when(made.deadline, now)
            return _("did not pass; voting closed {closed}", closed=closed)
        case ProposalState.SUCCEEDED:
            closed = format_when(made.deadline, now)
            return _("agreed; there is nothing to execute (voting closed {closed})", closed=closed)
        case ProposalState.EXPIRED:
            ended = format_when(made.expiry, now)
            return _("passed, but was not executed in time, which ended {ended}", ended=ended)
        case ProposalState.CANCELED:
            return _("cancelled")
        case ProposalState.EXECUTED:
            return _("executed")


def outlook(status: ProposalStatus) -> str:
    """What it would still need to pass, or that it passes as it stands; empty once that is over."""
    if status.state not in (ProposalState.PENDING, ProposalState.ACTIVE):
        return ""
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
