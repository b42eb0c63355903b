"""Where a proposal stands, in a word."""

from __future__ import annotations

from mikoshi.replay.governor import ProposalState
from mikoshi.text.language import pick

_STATES = {
    ProposalState.PENDING: ("pending", "投票開始前"),
    ProposalState.ACTIVE: ("voting", "投票受付中"),
    ProposalState.CANCELED: ("cancelled", "取り消し"),
    ProposalState.DEFEATED: ("defeated", "否決"),
    ProposalState.SUCCEEDED: ("agreed", "賛同"),
    ProposalState.QUEUED: ("passed", "可決"),
    ProposalState.EXPIRED: ("expired", "期限切れ"),
    ProposalState.EXECUTED: ("executed", "実行済み"),
}


def state_word(state: ProposalState) -> str:
    """Where a proposal stands, in a word."""
    return pick(*_STATES[state])
