"""What contracts keep, in words: each takes a value as a contract has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mikoshi.replay.governor import ProposalState
from mikoshi.text.language import _, listed
from mikoshi.text.people import ZERO_ADDRESS
from mikoshi.text.units import DAY, format_amount, format_time
from mikoshi.words import heads, points, standing_words, state_word, voices

Show = Callable[[Any], str]


def tokens(symbol: str) -> Show:
    """Wei of the token called `symbol`: `100 PMC`."""
    return lambda raw: format_amount(raw, symbol)


def voice(raw: int) -> str:
    """`1.71 voices`."""
    return voices(raw)


def each_voice(votes: Sequence[int]) -> str:
    """`0 voices, 1.71 voices, 0 voices`."""
    return listed(voice(each) for each in votes)


def usage(used: tuple[int, int, int]) -> str:
    """`99.5 points, 3 people, 1`."""
    return listed([points(used[0]), heads(used[1]), f"{used[2]:,}"])


def epoch_and_merit(latest: tuple[int, int]) -> str:
    """`epoch 12, 99.5 points`."""
    return listed([_("epoch {number}", number=latest[0]), points(latest[1])])


def numbers(values: Sequence[int]) -> str:
    """`5, 4, 12`."""
    return listed(f"{each:,}" for each in values)


def moment(timestamp: int) -> str:
    """`Tue 24 Nov 2026 14:00 UTC`; none for 0."""
    return format_time(timestamp, 0) if timestamp else _("none")


def day(number: int) -> str:
    """The day with this number since 1970."""
    return moment(number * DAY)


def who(address: str) -> str:
    """An address; nobody for zero."""
    return _("nobody") if address == ZERO_ADDRESS else address


def office(held: Mapping[str, Any]) -> str:
    """Who holds an office until when."""
    if held["holder"] == ZERO_ADDRESS:
        return _("nobody")
    until = moment(held["until"])
    return _("{holder} until {until}", holder=held["holder"], until=until)


def office_from(waits: tuple[str, int]) -> str:
    """Who takes an office from when on."""
    holder, since = waits
    if holder == ZERO_ADDRESS:
        return _("nobody")
    return _("{holder} from {since}", holder=holder, since=moment(since))


def standing(value: int) -> str:
    """`active`, `dormant`."""
    return standing_words(value)


def state(value: int) -> str:
    """`voting open`, `executed`."""
    known = value in list(ProposalState)
    return state_word(ProposalState(value)) if known else str(value)
