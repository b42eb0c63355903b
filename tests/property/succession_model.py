"""What Succession must do, told without its code: the model that its lives are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mikoshi.testing.defaults import CHARTER, DAY, ZERO
from tests.unit.membership.people import Standing
from tests.unit.succession.succeeding import (
    HEIR_DELAY,
    INHERITANCE,
    NO_PLAN,
    NOTHING,
    RECOVERY,
    TERM,
    VOTE,
    VOTE_DELAY,
    Plan,
)

MEMBERS = (Standing.ACTIVE, Standing.DORMANT, Standing.NEWCOMER)
SEASON = 45 * DAY


@dataclass
class Request:
    """What is asked for; `acts` is how often the person had acted then, as far as it was seen."""

    kind: int
    wallet: str
    ready: int
    acts: int


@dataclass
class Person:
    """Somebody with a number. `stamp` is a day; `acts` counts the acts that were recorded."""

    wallet: str
    stamp: int
    standing: Standing = Standing.ACTIVE
    spoke: bool = True
    acts: int = 0
    plan: Plan | None = None
    heard: int = 0
    nonce: int = 0
    request: Request | None = None


@dataclass
class Try:
    """A request by call: `signed` says whose word is good, by what they are asked for."""

    kind: int
    id: int
    plan: Plan
    wallet: str
    until: int
    nonce: int
    places: Sequence[int] = ()
    forged: str = ""


@dataclass
class Model:
    """People by number. Times in Unix seconds."""

    people: dict[int, Person] = field(default_factory=dict)

    def owner_of(self, wallet: str) -> int:
        """Whose wallet it is; 0 for nobody's."""
        return next((id_ for id_, each in self.people.items() if each.wallet == wallet), 0)

    # The Membership

    def admit(self, wallet: str, now: int) -> None:
        """A vote makes a Newcomer of who is no member."""
        id_, day = self.owner_of(wallet), -(-(now + SEASON) // DAY)
        if not id_:
            self.people[len(self.people) + 1] = Person(wallet, day, Standing.NEWCOMER, spoke=False)
        elif self.people[id_].standing not in MEMBERS:
            who = self.people[id_]
            who.standing, who.stamp = Standing.NEWCOMER, day
            who.acts += 1  # a change of the record, whoever made it

    def act(self, id_: int, what: str, now: int) -> bool:
        """Rests, wakes, delegates, leaves or returns: whether they can."""
        who, today = self.people[id_], now // DAY
        match what, who.standing:
            case "delegate", Standing.ACTIVE:
                if today < who.stamp + 30:
                    return True  # not recorded
            case "rest", Standing.ACTIVE:
                who.standing = Standing.DORMANT
            case "wake", Standing.DORMANT:
                who.standing = Standing.ACTIVE
            case "wake", Standing.NEWCOMER if now >= who.stamp * DAY:
                who.standing, who.spoke = Standing.ACTIVE, True
            case "exit", standing if standing in MEMBERS:
                who.standing = Standing.EXITED
            case "rejoin", Standing.EXITED:
                who.standing = Standing.NEWCOMER
                today = -(-(now + SEASON) // DAY)
            case _:
                return False
        if today != who.stamp:
            who.acts += 1
        who.stamp = today
        return True

    # Succession

    def silent_since(self, id_: int) -> int:
        """From when on the silence counts."""
        return max((self.people[id_].stamp + 30) * DAY, self.people[id_].heard)

    def plan_hash(self, id_: int) -> bytes:
        """What is kept of the plan."""
        plan = self.people[id_].plan
        return plan.hash if plan else NO_PLAN

    def open(self, id_: int, now: int) -> Request | None:
        """What is asked for, if it still is."""
        who = self.people[id_]
        request = who.request
        if request is None or now > request.ready + TERM:
            return None
        return request if request.kind == RECOVERY or request.acts == who.acts else None

    def request_of(self, id_: int, now: int) -> tuple[int, str, int, int]:
        """The view."""
        request = self.open(id_, now)
        if request is None:
            return NOTHING
        return request.kind, request.wallet, request.ready, request.ready + TERM

    def set_plan(self, id_: int, plan: Plan, now: int) -> None:
        """A good plan of the person's own."""
        who = self.people[id_]
        who.plan, who.request, who.heard = plan, None, now
        who.nonce += 1

    def ask(self, try_: Try, now: int) -> str:
        """The error's name, or "" and the request is open."""
        error = self._refusal(try_, now)
        if not error:
            who = self.people[try_.id]
            delay = {
                RECOVERY: try_.plan.delay,
                INHERITANCE: HEIR_DELAY,
                VOTE: VOTE_DELAY,
            }[try_.kind]
            who.request = Request(try_.kind, try_.wallet, now + delay, who.acts)
            who.nonce += 1
        return error

    def _refusal(self, try_: Try, now: int) -> str:
        who = self.people.get(try_.id)
        if who is None:
            return "SuccessionUnknownMember" if try_.kind == VOTE else "SuccessionPlanMismatch"
        if try_.kind == VOTE and who.plan:
            return "SuccessionPlanned"
        if try_.kind != VOTE and who.plan != try_.plan:
            return "SuccessionPlanMismatch"
        silent = now >= self.silent_since(try_.id) + try_.plan.silence
        if try_.kind == INHERITANCE and not silent:
            return "SuccessionNotSilent"
        if now > try_.until:
            return "SuccessionExpired"
        request = self.open(try_.id, now)
        if request and (try_.kind, request.kind) != (RECOVERY, INHERITANCE):
            return "SuccessionOpen"
        other = self.owner_of(try_.wallet)
        if other and (other == try_.id or self.people[other].spoke):
            return "SuccessionWalletTaken"
        stale = try_.nonce != who.nonce
        if stale or try_.forged == "Take":
            return "SuccessionInvalidSignature"
        if try_.kind == RECOVERY:
            return self._guardians(try_)
        if try_.kind == INHERITANCE and (try_.forged == "Inherit" or try_.plan.heir == ZERO):
            return "SuccessionInvalidSignature"
        return ""

    def _guardians(self, try_: Try) -> str:
        if len(try_.places) < max(1, try_.plan.needed):
            return "SuccessionTooFewGuardians"
        seen = {self.people[try_.id].wallet}
        for number, place in enumerate(try_.places):
            if number and place <= try_.places[number - 1]:
                return "SuccessionInvalidPlace"
            account = self.guardian(try_.plan, place)
            if account == "":
                return "SuccessionInvalidPlace"
            if account == ZERO:
                return "SuccessionGuardianLeft"
            if account in seen:
                return "SuccessionSignedTwice"
            seen.add(account)
            if number == 0 and try_.forged == "Recover":
                return "SuccessionInvalidSignature"
        return ""

    def guardian(self, plan: Plan, place: int) -> str:
        """Who it is; zero for one who is no member, nothing for none."""
        if place >= len(plan.members) + len(plan.others):
            return ""
        if place >= len(plan.members):
            return plan.others[place - len(plan.members)]
        who = self.people.get(plan.members[place])
        return who.wallet if who and who.standing in MEMBERS else ZERO

    def veto(self, id_: int, by: str, treasury: str, now: int) -> str:
        """The error's name, or "" and nothing is asked for."""
        who, request = self.people[id_], self.open(id_, now)
        if by == treasury:
            if request is None or request.kind != VOTE:
                return "SuccessionNoRequest"
        elif by != who.wallet:
            return "SuccessionUnauthorized"
        if request is None and who.plan is None:
            return "SuccessionNoRequest"
        who.plan = who.request = None
        who.nonce += 1
        return ""

    def finish(self, id_: int, now: int) -> str:
        """The error's name, or "" and the seat has moved."""
        who, request = self.people[id_], self.open(id_, now)
        if request is None:
            return "SuccessionNoRequest"
        if now < request.ready:
            return "SuccessionTooEarly"
        other = self.owner_of(request.wallet)
        if other == id_ or (other and self.people[other].spoke):
            return "MembershipWalletTaken"
        if other:
            them = self.people[other]
            if them.standing in MEMBERS:
                them.stamp = now // DAY
                them.acts += 1  # a change of the record, whoever made it
            them.standing, them.wallet = Standing.BARRED, who.wallet
        if request.kind == INHERITANCE:
            who.plan = None
        who.wallet, who.request, who.heard = request.wallet, None, now
        who.nonce += 1
        return ""


def wake_hash(standing: Standing) -> bytes:
    """What `wake` is sent with."""
    return CHARTER if standing is Standing.NEWCOMER else NO_PLAN
