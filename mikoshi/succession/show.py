"""Plans and requests on the screen, and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mikoshi.replay.member import Member
from mikoshi.replay.succession import Guardian, SeatPlan, guardians_of
from mikoshi.succession.gathering import Gathering
from mikoshi.text.json import entries_of
from mikoshi.text.language import _, ngettext
from mikoshi.text.people import ZERO_ADDRESS
from mikoshi.text.units import format_duration, format_when
from mikoshi.words.seats import OpenSeat

if TYPE_CHECKING:
    from mikoshi.context.context import Context
    from mikoshi.text.console import Console


def show_plan(context: Context, out: Console, person: Member, plan: SeatPlan) -> None:
    """What a plan means, and what others can do by it."""
    for line in plan_lines(context, person, plan):
        out.say(f"  {line}")


def show_risks(context: Context, out: Console, person: Member, plan: SeatPlan) -> None:
    """What a stolen phone and false guardians can do, before somebody agrees to a plan."""
    who = context.book.show_member(person.id)
    if plan.size:
        out.warn(
            _(
                "guardians who do it falsely have the seat {delay} later, unless {who} ends it "
                "before with `ape run succession veto`: look at `ape run status` more often than "
                "that",
                delay=format_duration(plan.delay),
                who=who,
            )
        )
    if plan.needed == 1 and plan.size:
        out.warn(_("a single one of them can ask alone"))
    out.warn(
        _(
            "whoever has the phone with the wallet is {who}: they can veto and make a plan of "
            "their own. Guardians get the seat back only from a thief who does not look",
            who=who,
        )
    )


def plan_lines(context: Context, person: Member, plan: SeatPlan) -> Iterator[str]:
    """A plan, a line each."""
    if plan.size:
        yield ngettext(
            "If {who} loses the wallet, {needed} of this {count} guardian can ask for the seat:",
            "If {who} loses the wallet, {needed} of these {count} guardians can ask for the seat "
            "together:",
            plan.size,
            who=context.book.show_member(person.id),
            needed=plan.needed,
            count=plan.size,
        )
        for guardian in guardians_of(plan, context.rebuilt.membership):
            yield f"  {guardian_word(context, guardian)}"
        yield _(
            "It waits {delay} then. In that time the person ends it with one word.",
            delay=format_duration(plan.delay),
        )
    if plan.heir != ZERO_ADDRESS:
        yield _(
            "After {silence} without an act of the person, {heir} may ask for the seat. That waits "
            "30 days more, and any act ends it.",
            silence=format_duration(plan.silence),
            heir=context.book.show(plan.heir),
        )


def guardian_word(context: Context, guardian: Guardian) -> str:
    """Who a guardian is."""
    if guardian.counts:
        return context.book.show(guardian.account)
    return _("#{member}, who is no member now and does not count", member=guardian.member)


def show_gathering(context: Context, out: Console, found: Gathering) -> None:
    """Who has signed a request, who is missing, and until when the words are good."""
    book, asked = context.book, found.request
    out.say(
        _(
            "the seat of {who} for the wallet {wallet}",
            who=book.show_member(asked.id),
            wallet=asked.wallet,
        ),
        style="bold",
    )
    signed = [found.asking] if found.asking else list(found.words.values())
    rows = [(_("has asked"), book.show(each.signer)) for each in signed]
    if found.by_heir and found.asking is None:
        rows.append((_("missing"), book.show(found.plan.heir)))
    elif found.lacking:
        missing = ngettext(
            "{count} guardian of these:",
            "{count} guardians of these:",
            found.lacking,
            count=found.lacking,
        )
        rows.append((_("missing"), missing))
        rows += [("", f"  {guardian_word(context, each)}") for each in found.silent]
    taking = _("has signed") if found.taking else _("has not signed yet")
    rows.append((_("the new wallet"), taking))
    rows.append((_("signatures are good until"), format_when(asked.deadline, context.now)))
    out.table(("", ""), rows)


def gathering_json(found: Gathering) -> dict[str, Any]:
    """The same for programs."""
    return {
        "member": found.person.id,
        "wallet": found.request.wallet,
        "nonce": found.request.nonce,
        "deadline": found.request.deadline,
        "signed": [each.signer for _place, each in sorted(found.words.items())],
        "asking": found.asking.signer if found.asking else None,
        "taken": found.taking is not None,
        "lacking": found.lacking,
        "complete": found.complete,
    }


def plan_json(plan: SeatPlan | None) -> dict[str, Any] | None:
    """A plan for programs."""
    shape = "members others needed delay heir silence hash"
    return entries_of(plan, shape) if plan else None


def show_seat(context: Context, out: Console, person: Member, seat: OpenSeat | None) -> None:
    """A member's plan, and what is asked for."""
    plan = context.rebuilt.succession.plans.get(person.id)
    out.say(context.book.show_member(person.id), style="bold")
    if plan:
        show_plan(context, out, person, plan)
    else:
        out.say("  " + _("no plan: only a vote can give the seat back, 45 days later"))
    if seat:
        out.warn(seat.text(context.now))
        for account in seat.request.by:
            out.say("  " + _("asked by {who}", who=context.book.show(account)))


def seat_json(context: Context, person: Member, seat: OpenSeat | None) -> dict[str, Any]:
    """The same for programs."""
    seats = context.rebuilt.succession
    return {
        "member": person.id,
        "plan": plan_json(seats.plans.get(person.id)),
        "nonce": seats.nonce(person.id),
        "silent_since": seats.silent_since(person),
        "request": entries_of(seat) if seat else None,
    }
