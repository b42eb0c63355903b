"""What people do about seats: make a plan, ask for a seat, end what is asked for, finish it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mikoshi.ballots.messages import Message, succession_message
from mikoshi.context.sending import ask_and_send, receipt_json
from mikoshi.replay.member import Member
from mikoshi.replay.treasury import role_name
from mikoshi.succession.planning import TypedPlan, plan_of
from mikoshi.succession.show import plan_json, show_plan, show_risks
from mikoshi.text.errors import BadInputError, NothingSentError
from mikoshi.text.language import N_, _
from mikoshi.text.people import short
from mikoshi.text.units import DAY, format_time, format_when
from mikoshi.voting.signing_options import SigningOptions, find_wallet, write_signed_act
from mikoshi.words.seats import OpenSeat

if TYPE_CHECKING:
    from mikoshi.cli.session import Session
    from mikoshi.context.context import Context

GOOD_FOR = 14 * DAY
"""How long a word on a seat is good unless said otherwise, in seconds."""


def open_seats_of(session: Session, signing: bool, *where: Any) -> Context:
    """The DAO, which must have a Succession; what the account sent before is waited for.

    Raises NotNowError where it has none, or one that may not move seats.
    """
    from mikoshi.context.context import Context
    from mikoshi.context.sending import open_context

    context = (Context.open if signing else open_context)(session, *where)
    address = context.dao.succession_address
    if not address:
        raise NothingSentError(
            "succession.none",
            N_("This DAO gives no seats back"),
            N_("its dao.toml had no [succession], and no vote has given it one since"),
            N_("A vote can give the role SUCCESSION; `ape run check --accept-votes` notes it then"),
        )
    since = {
        account: from_
        for (role, account), from_ in context.rebuilt.treasury.since.items()
        if role_name(role) == "SUCCESSION"
    }
    if address not in since:
        session.out.warn(
            _("its Succession has lost its role: plans are kept, and no seat can move")
        )
    elif since[address] > context.now:
        session.out.warn(
            _(
                "its Succession has its role from {moment} on: no seat can move before",
                moment=format_time(since[address], context.now),
            )
        )
    return context


def person_called(context: Context, text: str) -> Member:
    """The person that a number, name or address means. Raises BadInputError."""
    person = context.rebuilt.membership.member_at(find_wallet(context, text))
    if person is None:
        raise BadInputError(
            "seat.of-a-stranger",
            N_("{text} is nobody of this DAO"),
            N_("only members have a seat"),
            N_("`ape run members list` shows everyone; name the member by number"),
            text=text,
        )
    return person


def own_person(context: Context, wallet: str) -> Member:
    """Whose wallet it is. Raises BadInputError."""
    person = context.rebuilt.membership.member_at(wallet)
    if person is None:
        raise BadInputError(
            "step.of-a-stranger",
            N_("{wallet} never was a member"),
            N_("only a member can do this"),
            N_("Name a member's account with --account, or their wallet with --signer"),
            wallet=short(wallet),
        )
    return person


def make_plan(context: Context, signing: SigningOptions, typed: TypedPlan, again: str) -> None:
    """Show what a plan means, and send it or put it on paper; `again` is the command."""
    session, out, seats = context.session, context.session.out, context.rebuilt.succession
    person = own_person(context, signing.wallet(context))
    plan = plan_of(context, person, typed)
    request = seats.open_request(person, context.now)
    told = {"member": person.id, "plan": plan_json(plan)}
    if seats.plans.get(person.id) == plan and not request:
        out.good(_("it is so already; nothing was sent"))
        out.emit(told | receipt_json(None))
        return
    show_plan(context, out, person, plan)
    show_risks(context, out, person, plan)
    if request:
        out.warn(_("it ends what is asked for: {what}", what=_asked(context, person)))
    succession = context.dao.succession
    if signing.wanted:
        values = plan._asdict() | {"id": person.id}
        message = _message(context, signing, "SetPlan", person, **values)
        out.emit(told | sign_word(context, signing, message, person, again))
        return
    receipt = ask_and_send(
        session,
        succession,
        "setPlan",
        tuple(plan),
        done=lambda: bytes(succession.call("planHashOf", person.id)) == plan.hash and not request,
    )
    if receipt is not None:
        out.good(_("done, {gas:,} gas", gas=receipt.gas))
        out.next_step("", session.command(f"succession status {person.id}"))
    out.emit(told | receipt_json(receipt))


def end_request(context: Context, signing: SigningOptions) -> None:
    """The person's veto: it ends what is asked for, and the plan with it."""
    session, out, seats = context.session, context.session.out, context.rebuilt.succession
    person = own_person(context, signing.wallet(context))
    request = seats.open_request(person, context.now)
    told = {"member": person.id}
    if request is None and person.id not in seats.plans:
        out.good(_("nothing is asked for your seat, and there is no plan; nothing was sent"))
        out.emit(told | receipt_json(None))
        return
    if request:
        out.say(_("this ends what is asked for: {what}", what=_asked(context, person)))
    if person.id in seats.plans:
        out.say(_("the plan ends with it: make another one afterwards, `ape run succession plan`"))
    if signing.wanted:
        message = _message(context, signing, "Veto", person, id=person.id)
        again = session.command("succession veto")
        out.emit(told | sign_word(context, signing, message, person, again))
        return
    receipt = ask_and_send(session, context.dao.succession, "veto", person.id)
    if receipt is not None:
        out.good(_("ended, {gas:,} gas", gas=receipt.gas))
        out.next_step("", session.command("succession plan --help"))
    out.emit(told | receipt_json(receipt))


def finish_request(context: Context, person: Member) -> None:
    """Move a seat for which the delay is over. Raises NotNowError before."""
    session, out, now = context.session, context.session.out, context.now
    request = context.rebuilt.succession.open_request(person, now)
    who = context.book.show_member(person.id)
    if request is None:
        raise NothingSentError(
            "seat.not-asked-for",
            N_("Nobody asks for the seat of {who}"),
            N_("it was never asked for, has moved, was vetoed, has expired or an act ended it"),
            N_("`ape run succession status` shows what is asked for"),
            who=who,
        )
    if now < request.ready_at:
        raise NothingSentError(
            "seat.not-ready",
            N_("Not yet: the seat of {who} can move {ready}"),
            N_("until then its person can end it with one word"),
            N_("Run the command again then; anybody can"),
            who=who,
            ready=format_when(request.ready_at, now),
            ready_at=request.ready_at,
        )
    out.say(
        _("the seat of {who} goes to the wallet {wallet}", who=who, wallet=request.wallet),
        style="bold",
    )
    membership = context.dao.membership
    receipt = ask_and_send(
        session,
        context.dao.succession,
        "finish",
        person.id,
        done=lambda: membership.call("walletOf", person.id) == request.wallet,
    )
    if receipt is not None:
        out.good(_("the seat has moved, {gas:,} gas", gas=receipt.gas))
    out.emit({"member": person.id, "wallet": request.wallet} | receipt_json(receipt))


def sign_word(
    context: Context, signing: SigningOptions, message: Message, signer: Member, again: str
) -> dict[str, Any]:
    """Write what somebody signs into a file, and say it as the line that a chat takes."""
    from mikoshi.ballots.file import load
    from mikoshi.ballots.line import to_line

    made = write_signed_act(context, signing, message, signer, again, None)
    if made["file"] is None or signing.typed_data:
        return made | {"line": None}
    signed = load(Path(made["file"]))
    line = to_line(signed) if signed.is_of_signer or message.signer else None
    if line:
        context.session.out.say(_("the same as a line for a chat:"))
        context.session.out.say(line)
    return made | {"line": line}


def _message(
    context: Context, signing: SigningOptions, kind: str, person: Member, **values: Any
) -> Message:
    """A word of the person on their own seat."""
    return succession_message(
        kind,
        context.session.chain_id,
        context.dao.succession_address,
        nonce=context.rebuilt.succession.nonce(person.id),
        deadline=context.end(signing.until, context.now + GOOD_FOR),
        **values,
    )


def _asked(context: Context, person: Member) -> str:
    request = context.rebuilt.succession.open_request(person, context.now)
    return OpenSeat(person, request).text(context.now) if request else ""


def typed_options(guardians: Sequence[str], **others: Any) -> str:
    """Options as they were typed, for the command that is shown again."""
    words = [f"--guardian {shlex.quote(each)}" for each in guardians]
    given = {name: value for name, value in others.items() if value is not None}
    return " ".join(
        [*words, *(f"--{name} {shlex.quote(str(each))}" for name, each in given.items())]
    )
