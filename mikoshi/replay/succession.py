"""Plans for lost wallets, and what is asked for, rebuilt from Succession's events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from mikoshi.chain.abi import Event
from mikoshi.replay.member import Member
from mikoshi.replay.membership import NOBODY, RebuiltMembership
from mikoshi.text.units import DAY

MOST_GUARDIANS = 7
LEAST_DELAY, MOST_DELAY = 3 * DAY, 60 * DAY
LEAST_SILENCE, MOST_SILENCE = 180 * DAY, 1825 * DAY
HEIR_DELAY, VOTE_DELAY = 30 * DAY, 45 * DAY
TERM = 30 * DAY
"""For how long a request can be finished, in seconds."""

UNRECORDED = 30 * DAY
"""A record is less than this older than the last act, in seconds."""

NO_PLAN = bytes(32)
"""The hash of no plan, which is what a new wallet signs where a vote asks."""

_TYPE = "(uint256[],address[],uint8,uint40,address,uint40)"


class Asking(IntEnum):
    """Who asks for a seat, as in `ISuccession.Kind`."""

    NONE = 0
    RECOVERY = 1
    INHERITANCE = 2
    VOTE = 3


class SeatPlan(NamedTuple):
    """Whom a person trusts, as `ISuccession.Plan`: guardians by id and by address, ascending.

    `needed` of them ask together, and what they ask for waits `delay`; the heir may ask after
    `silence`. Seconds; nobody and 0 where there is no heir.
    """

    members: tuple[int, ...]
    others: tuple[str, ...]
    needed: int
    delay: int
    heir: str
    silence: int

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> SeatPlan:
        """As an event or a message has it."""
        own = {name: values[name] for name in cls._fields}
        return cls(**own | {name: tuple(own[name]) for name in ("members", "others")})

    @property
    def hash(self) -> bytes:
        """What the contract keeps of it."""
        return bytes(keccak(encode([_TYPE], [tuple(self)])))

    @property
    def size(self) -> int:
        """How many guardians there are."""
        return len(self.members) + len(self.others)


@dataclass(frozen=True)
class SeatRequest:
    """What was asked for: by whom, for which wallet, from when until when it can be finished.

    Unix seconds; `stamp` is the day of the person's last record when it was asked for.
    """

    kind: Asking
    wallet: str
    asked_at: int
    ready_at: int
    expires_at: int
    stamp: int
    by: tuple[str, ...]
    json: ClassVar[str] = "kind wallet asked_at ready_at expires_at by"


@dataclass
class RebuiltSuccession:
    """The Succession as its events tell it, by member id.

    `heard` is when somebody made their plan or got their seat back, Unix seconds.
    """

    plans: dict[int, SeatPlan] = field(default_factory=dict)
    requests: dict[int, SeatRequest] = field(default_factory=dict)
    nonces: dict[int, int] = field(default_factory=dict)
    heard: dict[int, int] = field(default_factory=dict)

    def nonce(self, number: int) -> int:
        """What the next word on a seat contains."""
        return self.nonces.get(number, 0)

    def plan_hash(self, number: int) -> bytes:
        """The hash of a member's plan."""
        plan = self.plans.get(number)
        return plan.hash if plan else NO_PLAN

    def open_request(self, person: Member, time: int) -> SeatRequest | None:
        """What is asked for a person's seat at `time`, if it has not expired and no act ended it.

        Where the events do not tell whether an act did, it is open.
        """
        request = self.requests.get(person.id)
        if request is None or time > request.expires_at:
            return None
        ended = request.kind != Asking.RECOVERY and not person.may_have_recorded(request.stamp)
        return None if ended else request

    def silent_since(self, person: Member) -> int:
        """From when on a person's silence is counted, Unix seconds."""
        return max(person.stamp * DAY + UNRECORDED, self.heard.get(person.id, 0))

    def apply(self, event: Event, time: int, people: RebuiltMembership) -> None:
        """Take an event of a block at `time`.

        Raises KeyError and ValueError for what does not follow from the events before.
        """
        args = event.args
        person = people.members[args["id"]]
        number = person.id
        self.nonces[number] = self.nonce(number) + 1
        match event.name:
            case "PlanSet":
                plan = SeatPlan.of(args["plan"])
                if plan.hash != args["planHash"]:
                    raise ValueError(f"the plan of #{number} has another hash")
                self.plans[number], self.heard[number] = plan, time
                self.requests.pop(number, None)
            case "SuccessionRequested":
                by, kind = tuple(args["by"]), Asking(args["kind"])
                ready, end = args["readyAt"], args["expiresAt"]
                stamp = 0 if kind == Asking.RECOVERY else person.stamp
                made = SeatRequest(kind, args["wallet"], time, ready, end, stamp, by)
                self.requests[number] = made
            case "SuccessionVetoed":
                self.plans.pop(number, None)
                self.requests.pop(number, None)
            case "SuccessionFinished":
                self.requests.pop(number)
                self.heard[number] = time
                if Asking(args["kind"]) == Asking.INHERITANCE:
                    self.plans.pop(number, None)
            case unknown:
                raise ValueError(f"{unknown} is none of Succession's")


@dataclass(frozen=True)
class Guardian:
    """One of a plan: the place there, and the account that counts now.

    `member` is 0 for who was named by address; nobody's is the account of who is no member.
    """

    place: int
    account: str
    member: int = 0

    @cached_property
    def counts(self) -> bool:
        """Whether a word of theirs counts now."""
        return self.account != NOBODY


def guardians_of(plan: SeatPlan, people: RebuiltMembership) -> list[Guardian]:
    """Everybody of a plan, by their places."""
    found = []
    for place, number in enumerate(plan.members):
        person = people.members.get(number)
        counts = person is not None and person.standing.is_member
        found.append(Guardian(place, person.wallet if person and counts else NOBODY, number))
    first = len(plan.members)
    return found + [Guardian(first + at, account) for at, account in enumerate(plan.others)]
