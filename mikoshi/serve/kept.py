"""What the relay keeps: acts on their way, transactions, and why it takes no more."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mikoshi.text.errors import ChainError, NotNowError
from mikoshi.text.language import N_
from mikoshi.text.units import DAY, MINUTE

TRIES = 3
"""How often an act is paid for that the chain did not count."""

PAUSE = MINUTE
"""How long an act waits after something passing kept it from being sent, in seconds."""

KEPT = 90 * DAY
"""For how long the fate of an act can be asked for, in seconds."""


class Kept(StrEnum):
    """What has become of an act so far."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    COUNTED = "counted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Act:
    """A signed act as it is kept.

    `who` pays for it with their part of the budget: a member's number or a wallet. Acts of one
    `batch` are sent together, once one of them is `due` (Unix seconds of this computer), or its
    `last` moment is there (Unix seconds of the chain). `refusal` is JSON: by language, kind and
    lines.
    """

    id: str
    line: str
    who: str
    batch: str
    received: int
    due: int = 0
    last: int = 0
    fate: Kept = Kept.WAITING
    tries: int = 0
    hash: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """A signed transaction: `raw` is sent as often as it takes."""

    hash: str
    sponsor: str
    nonce: int
    raw: str
    dao: str = ""


class BudgetSpentError(NotNowError):
    """Thrown where the day's budget does not suffice, in all or for one member."""

    def __init__(self, *, member: bool) -> None:
        super().__init__(
            "serve.budget-spent",
            N_("The sponsor of this server pays no more today"),
            N_("what it may spend on one member in a day is spent")
            if member
            else N_("what it may spend in a day is spent"),
            N_("Send the line to somebody who relays it, or try again tomorrow"),
            member=member,
        )


class QueueFullError(NotNowError):
    """Thrown where too much waits already."""

    def __init__(self, waiting: int) -> None:
        super().__init__(
            "serve.queue-full",
            N_("Too much waits to be sent: {waiting}"),
            N_("this server takes no more for the moment"),
            N_("Try again in a minute, or send the line to somebody who relays it"),
            waiting=waiting,
        )


class StoreLostError(ChainError):
    """Thrown when what keeps the acts cannot be reached or written."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "serve.store-lost",
            N_("The acts that wait cannot be read or written"),
            "{reason}",
            N_("Try again in a minute; whoever runs the server looks at its --store"),
            reason=reason,
        )
