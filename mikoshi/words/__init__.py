"""Standings, states, voices, points and people, in a word."""

from __future__ import annotations

from mikoshi.replay.governor import ProposalState
from mikoshi.replay.member import Standing
from mikoshi.text.language import _, ngettext, pgettext
from mikoshi.text.units import format_merit, format_voice


def standing_word(standing: str) -> str:
    """A member's standing."""
    words = {
        "active": pgettext("standing", "active"),
        "dormant": pgettext("standing", "dormant"),
        "newcomer": pgettext("standing", "newcomer"),
        "absent": pgettext("standing", "absent"),
        "exited": pgettext("standing", "exited"),
        "barred": pgettext("standing", "removed by vote"),
    }
    return words.get(standing, standing)


def standing_words(standing: int) -> str:
    """A member's standing, as the contracts number it."""
    known = {each.value: each.name.lower() for each in Standing}
    return standing_word(known.get(standing, str(standing)))


def state_word(state: ProposalState) -> str:
    """Where a proposal stands."""
    return {
        ProposalState.PENDING: pgettext("state", "pending"),
        ProposalState.ACTIVE: pgettext("state", "voting"),
        ProposalState.CANCELED: pgettext("state", "cancelled"),
        ProposalState.DEFEATED: pgettext("state", "defeated"),
        ProposalState.SUCCEEDED: pgettext("state", "agreed"),
        ProposalState.QUEUED: pgettext("state", "passed"),
        ProposalState.EXPIRED: pgettext("state", "expired"),
        ProposalState.EXECUTED: pgettext("state", "executed"),
    }[state]


def state_words(state: int) -> str:
    """Where a proposal stands, as the contracts number it, as a sentence's part."""
    words: dict[int, str] = {
        ProposalState.PENDING: _("voting has not begun yet"),
        ProposalState.ACTIVE: _("voting is open"),
        ProposalState.CANCELED: _("it was cancelled"),
        ProposalState.DEFEATED: _("it did not pass"),
        ProposalState.SUCCEEDED: _("it passed, and asked for nothing to be executed"),
        ProposalState.QUEUED: _("it passed and waits to be executed"),
        ProposalState.EXPIRED: _("the time to execute it is over"),
        ProposalState.EXECUTED: _("it was executed"),
    }
    return words.get(state, f"{state:,}")


def voices(raw: int) -> str:
    """`1.71 voices`: a number to be read; 1 voice = 1e9."""
    number = format_voice(raw)
    return ngettext("{number} voice", "{number} voices", 1 if number == "1" else 2, number=number)


def points(raw: int) -> str:
    """`99.5 points` of merit: a number to be read; 1 point = 1e18."""
    number = format_merit(raw)
    return ngettext("{number} point", "{number} points", 1 if number == "1" else 2, number=number)


def heads(count: int) -> str:
    """`1 person`, `3 people`."""
    return ngettext("{count:,} person", "{count:,} people", count, count=count)
