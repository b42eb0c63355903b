"""The course of a proposal in words: where it stands, until when, and what it would still need."""

from __future__ import annotations

from mikoshi.replay.governor import ProposalState
from mikoshi.status.proposal_status import ProposalStatus
from mikoshi.text.language import pick
from mikoshi.text.units import format_when
from mikoshi.words.voices import voices


def people(count: int) -> str:
    """`3 people`."""
    return pick("1 person" if count == 1 else f"{count:,} people", f"{count:,}人")


def standing(status: ProposalStatus) -> str:
    """`voting is open, closes in 2 d 3 h (Tue 24 Nov 14:00 UTC)`."""
    made, now = status.proposal, status.now
    when = format_when(status.turn, now)
    match status.state:
        case ProposalState.PENDING:
            return pick(f"voting opens {when}", f"投票開始は{when}")
        case ProposalState.ACTIVE:
            return pick(f"voting is open, closes {when}", f"投票受付中、締切は{when}")
        case ProposalState.QUEUED if status.ready:
            return pick(
                f"passed, ready to be executed; its time ends {when}",
                f"可決、いま実行できます(期限は{when})",
            )
        case ProposalState.QUEUED:
            return pick(f"passed, ready {when}", f"可決、実行できるのは{when}")
        case ProposalState.DEFEATED:
            closed = format_when(made.deadline, now)
            return pick(f"did not pass; voting closed {closed}", f"否決(締切は{closed})")
        case ProposalState.SUCCEEDED:
            closed = format_when(made.deadline, now)
            return pick(
                f"agreed; there is nothing to execute (voting closed {closed})",
                f"賛同。実行するものはありません(締切は{closed})",
            )
        case ProposalState.EXPIRED:
            ended = format_when(made.expiry, now)
            return pick(
                f"passed, but was not executed in time, which ended {ended}",
                f"可決後、期限までに実行されませんでした(期限は{ended})",
            )
        case ProposalState.CANCELED:
            return pick("cancelled", "取り消し済み")
        case ProposalState.EXECUTED:
            return pick("executed", "実行済み")


def outlook(status: ProposalStatus) -> str:
    """What it would still need to pass, or that it passes as it stands; empty once that is over."""
    if status.state not in (ProposalState.PENDING, ProposalState.ACTIVE):
        return ""
    lacks = []
    if status.missing:
        word = pick("person" if status.missing == 1 else "people", "人")
        lacks.append(
            pick(
                f"{status.missing:,} more {word} voting For or Abstain",
                f"あと{status.missing:,}人の賛成か棄権",
            )
        )
    if status.behind:
        lead = voices(status.behind)
        lacks.append(pick(f"more than {lead} more For", f"賛成があと{lead}を超えること"))
    elif status.behind == 0:
        lacks.append(pick("more voice For than Against", "賛成の声が反対を上回ること"))
    if not lacks:
        return pick("passes as it stands", "このままなら可決です")
    return pick(f"to pass it needs {', and '.join(lacks)}", f"可決に必要: {'、'.join(lacks)}")
