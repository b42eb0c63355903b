"""What can be said of a word on a seat before it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mikoshi.ballots.messages import Message
from mikoshi.ballots.signed import Signed
from mikoshi.replay.member import Member
from mikoshi.replay.succession import Asking, SeatPlan, guardians_of
from mikoshi.text.errors import ProblemError
from mikoshi.text.language import N_, _
from mikoshi.text.people import short
from mikoshi.text.units import format_when

if TYPE_CHECKING:
    from mikoshi.replay.dao import RebuiltDao


def problem_of(rebuilt: RebuiltDao, signed: Signed, now: int) -> ProblemError | None:
    """Why the Succession would not take it at `now` (Unix seconds); None if nothing is known."""
    return next(_problems(rebuilt, signed, now), None)


def done_by(rebuilt: RebuiltDao, message: Message, now: int) -> str:
    """How what was signed for is the case already, in words; empty if it is not."""
    seats, person = rebuilt.succession, rebuilt.membership.members.get(message["id"])
    if person is None or message["nonce"] >= seats.nonce(person.id):
        return ""
    request = seats.open_request(person, now)
    if message.kind == "SetPlan":
        return _("it is so already") if _is_plan(message, seats.plans.get(person.id)) else ""
    if message.kind == "Veto":
        gone = request is None and person.id not in seats.plans
        return _("it is so already") if gone else ""
    if person.wallet == message["wallet"]:
        return _("the seat has moved there")
    if request is not None and request.wallet == message["wallet"]:
        return _("asked for already; ready {ready}", ready=format_when(request.ready_at, now))
    return ""


def _is_plan(message: Message, plan: SeatPlan | None) -> bool:
    return plan is not None and SeatPlan.of(message.values) == plan


def _problems(rebuilt: RebuiltDao, signed: Signed, now: int) -> Iterator[ProblemError]:
    message, seats = signed.message, rebuilt.succession
    person = rebuilt.membership.members.get(message["id"])
    if person is None:
        yield ProblemError("seat.of-nobody", N_("nobody is #{member}"), member=message["id"])
        return
    next_ = seats.nonce(person.id)
    if message["nonce"] != next_:
        yield ProblemError(
            "seat.word-outdated",
            N_(
                "it is no. {nonce} on the seat of #{member}, and no. {next} comes now: the plan, a "
                "request or a veto made the words before it void"
            ),
            nonce=message["nonce"],
            next=next_,
            member=person.id,
        )
    if message.kind in ("SetPlan", "Veto"):
        if signed.signer != person.wallet:
            yield ProblemError(
                "seat.of-another",
                N_("only #{member} can say this, by the wallet {wallet}"),
                member=person.id,
                wallet=short(person.wallet),
            )
        nothing = person.id not in seats.plans and seats.open_request(person, now) is None
        if message.kind == "Veto" and nothing:
            yield nothing_to_end(person)
    else:
        yield from _request_problems(rebuilt, signed, person, now)


def nothing_to_end(person: Member) -> ProblemError:
    """There is neither a plan nor a request."""
    return ProblemError(
        "seat.nothing-to-end",
        N_("nothing is asked for the seat of #{member}, and there is no plan"),
        member=person.id,
    )


def _request_problems(
    rebuilt: RebuiltDao, signed: Signed, person: Member, now: int
) -> Iterator[ProblemError]:
    message, seats = signed.message, rebuilt.succession
    plan = seats.plans.get(person.id)
    if plan is None or plan.hash != message["planHash"]:
        yield ProblemError(
            "seat.other-plan",
            N_("it is about another plan than #{member} has now"),
            member=person.id,
        )
        return
    if message.kind == "Recover":
        accounts = {each.account for each in guardians_of(plan, rebuilt.membership) if each.counts}
        if signed.signer not in accounts - {person.wallet}:
            yield ProblemError(
                "seat.no-guardian",
                N_("{signer} is no guardian of #{member} whose word counts now"),
                signer=short(signed.signer),
                member=person.id,
            )
    if message.kind == "Inherit" and signed.signer != plan.heir:
        yield ProblemError(
            "seat.not-the-heir",
            N_("{signer} is not the heir of #{member}"),
            signer=short(signed.signer),
            member=person.id,
        )
    if message.kind == "Inherit" and (early := not_silent(rebuilt, person, plan, now)):
        yield early
    yield from seat_problems(rebuilt, person, message["wallet"], message.kind != "Inherit", now)


def not_silent(
    rebuilt: RebuiltDao, person: Member, plan: SeatPlan, now: int
) -> ProblemError | None:
    """That a person has not been silent for as long as their plan says, if so."""
    ready = rebuilt.succession.silent_since(person) + plan.silence
    if now >= ready:
        return None
    return ProblemError(
        "seat.not-silent",
        N_("#{member} has not been silent for long enough: the heir may ask {ready}"),
        member=person.id,
        ready=format_when(ready, now),
        ready_at=ready,
    )


def seat_problems(
    rebuilt: RebuiltDao, person: Member, wallet: str, by_guardians: bool, now: int
) -> Iterator[ProblemError]:
    """What stands against asking for a person's seat for a wallet, whoever asks."""
    request = rebuilt.succession.open_request(person, now)
    replaces = by_guardians and request is not None and request.kind == Asking.INHERITANCE
    if request is not None and not replaces:
        yield ProblemError(
            "seat.asked-for",
            N_("the seat of #{member} is asked for already, for the wallet {wallet}, until {end}"),
            member=person.id,
            wallet=short(request.wallet),
            end=format_when(request.expires_at, now),
        )
    other = rebuilt.membership.member_at(wallet)
    if other is not None and (other.id == person.id or not rebuilt.membership.never_spoke(other)):
        yield ProblemError(
            "seat.wallet-taken",
            N_("the wallet {wallet} is that of #{member}, and one wallet is one person"),
            wallet=short(wallet),
            member=other.id,
        )
