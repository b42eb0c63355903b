"""Asking for somebody's seat: words are signed, gathered from files and lines, and sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mikoshi.ballots.signed import is_taken_by_account
from mikoshi.ballots.validate import problems
from mikoshi.context.sending import ask_and_send, receipt_json
from mikoshi.replay.member import Member
from mikoshi.replay.succession import SeatPlan
from mikoshi.succession.gathering import INHERIT, RECOVER, TAKE, Gathering, Request
from mikoshi.succession.judging import not_silent, problem_of, seat_problems
from mikoshi.succession.show import gathering_json, show_gathering
from mikoshi.text.clock import moment_text
from mikoshi.text.errors import BadInputError, NothingSentError, ProblemError
from mikoshi.text.language import N_, _
from mikoshi.text.people import ZERO_ADDRESS
from mikoshi.text.units import format_when
from mikoshi.voting.seat_acts import GOOD_FOR, sign_word
from mikoshi.voting.seat_files import incomplete
from mikoshi.voting.signed_file import SignedFile, open_files
from mikoshi.voting.signing_options import SigningOptions

if TYPE_CHECKING:
    from mikoshi.context.context import Context


def ask_for_seat(
    context: Context,
    signing: SigningOptions,
    person: Member,
    wallet: str,
    sources: Sequence[str],
    by_heir: bool,
) -> None:
    """Sign one word of a request, or send it once all its words are there.

    Raises NotNowError where it is not allowed now or words are missing, and BadInputError.
    """
    session, out = context.session, context.session.out
    found = gathered(
        context, signing, person, wallet, by_heir, open_files(sources) if sources else []
    )
    show_gathering(context, out, found)
    if signing.wanted:
        account = signing.wallet(context)
        kind = found.wanted_of(account)
        if kind is None:
            raise _not_wanted(context, account)
        message = found.request.message(kind, session.chain_id, context.dao.succession_address)
        signer = context.rebuilt.membership.member_at(account) or Member(0, account, 0)
        made = sign_word(context, signing, message, signer, _again(context, found))
        out.emit(gathering_json(found) | made)
        return
    if not found.complete:
        out.next_step(
            _("each of the missing signs, and sends you the file or the line"),
            f"{_again(context, found)} --until {moment_text(found.request.deadline)} --sign-only "
            f"-o {person.id}.ballot",
        )
        raise _missing(context, found)
    succession = context.dao.succession
    receipt = ask_and_send(
        session,
        succession,
        *found.call(),
        done=lambda: succession.call("requestOf", person.id)[1] == wallet,
    )
    if receipt is not None:
        out.good(_("asked for, {gas:,} gas", gas=receipt.gas))
        out.next_step(
            _("see when the seat can move"), session.command(f"succession status {person.id}")
        )
    out.emit(gathering_json(found) | receipt_json(receipt))


def gathered(
    context: Context,
    signing: SigningOptions,
    person: Member,
    wallet: str,
    by_heir: bool,
    files: Sequence[SignedFile],
) -> Gathering:
    """The request with every word of the files that fits it; the others are told.

    Its end is what --until says, or that of most words. Raises NotNowError and BadInputError.
    """
    seats, now = context.rebuilt.succession, context.now
    plan = _plan(context, person, by_heir)
    against = list(seat_problems(context.rebuilt, person, wallet, not by_heir, now))
    early = not_silent(context.rebuilt, person, plan, now) if by_heir else None
    if early or against:
        raise NothingSentError(
            "seat.cannot-be-asked-for",
            N_("The seat of {who} cannot be asked for now"),
            [each.words for each in (*against, *([early] if early else []))],
            N_("`ape run succession status` shows plans and what is asked for"),
            who=context.book.show_member(person.id),
            problems=[*against, *([early] if early else [])],
        )
    end = context.end(signing.until, now + GOOD_FOR)
    request = Request(person.id, plan.hash, wallet, seats.nonce(person.id), end)
    typed = Gathering.of(context.rebuilt, request, by_heir)
    by_end = {end: typed}
    for each in files:
        if problem := problem_with(context, typed, each):
            each.refuse(problem)
            continue
        end = each.content.message["deadline"]
        fresh = Gathering.of(context.rebuilt, request._replace(deadline=end), by_heir)
        by_end.setdefault(end, fresh).add(each.content)
    found = typed if signing.until else max(by_end.values(), key=lambda each: each.given)
    for each in files:
        if not each.problems and each.content.message["deadline"] != found.request.deadline:
            each.refuse(other_request(each, found.request.deadline, now))
        if each.problems:
            context.session.out.bad(f"{each.name}: {each.words}")
    return found


def _plan(context: Context, person: Member, by_heir: bool) -> SeatPlan:
    """The plan by which the seat can be asked for. Raises NotNowError."""
    plan, who = context.rebuilt.succession.plans.get(person.id), context.book.show_member(person.id)
    if plan is None:
        raise NothingSentError(
            "seat.no-plan",
            N_("{who} has no plan"),
            N_("they named neither guardians nor an heir, or have ended their plan"),
            N_("A vote can give the seat to another wallet, 45 days later"),
            who=who,
        )
    if (plan.heir == ZERO_ADDRESS) if by_heir else not plan.size:
        raise NothingSentError(
            "seat.nobody-named",
            N_("By the plan of {who} nobody can ask like this"),
            N_("it names no heir") if by_heir else N_("it names no guardian"),
            N_("`ape run succession status` shows the plan; look at `recover` and `inherit`"),
            who=who,
        )
    return plan


def problem_with(context: Context, found: Gathering, file: SignedFile) -> ProblemError | None:
    """Why a file is no word of the request."""
    if file.signed is None or file.problems:
        return file.problems[0]
    signed, kinds = file.content, (INHERIT if found.by_heir else RECOVER, TAKE)
    chain_id, contract = context.session.chain_id, context.dao.succession_address
    by_account = not signed.is_of_signer and is_taken_by_account(signed, context.session.rpc)
    against = problems(
        signed, now=context.now, chain_id=chain_id, contract=contract, by_account=by_account
    )
    if against:
        return against[0]
    if signed.message.kind not in kinds or signed.message["wallet"] != found.request.wallet:
        return other_request(file, found.request.deadline, context.now)
    if signed.message["id"] != found.request.id:
        return other_request(file, found.request.deadline, context.now)
    return problem_of(context.rebuilt, signed, context.now)


def other_request(file: SignedFile, end: int, now: int) -> ProblemError:
    """A word of another request than the one that ends at `end`; Unix seconds."""
    return ProblemError(
        "seat.other-request",
        N_(
            "it says something else than is asked for: {says}; all words name one seat, one "
            "wallet and one end, {end}"
        ),
        says=file.says,
        end=format_when(end, now),
    )


def _not_wanted(context: Context, account: str) -> BadInputError:
    return BadInputError(
        "seat.not-wanted",
        N_("{who} has nothing to sign here"),
        N_("wanted are the guardians or the heir who have not signed yet, and the new wallet"),
        N_("Name the account with --account, or the wallet with --signer"),
        who=context.book.show(account),
    )


def _missing(context: Context, found: Gathering) -> NothingSentError:
    problem = incomplete(context, found)
    return NothingSentError(
        "seat.words-missing",
        N_("Not yet: words for the seat of {who} are missing"),
        [problem.words],
        N_("Run the command again with all files, or with the pasted lines in one text"),
        who=context.book.show_member(found.person.id),
        **gathering_json(found),
    )


def _again(context: Context, found: Gathering) -> str:
    """The command by which the others sign."""
    verb = "inherit" if found.by_heir else "recover"
    name = f"succession {verb} {found.person.id} --wallet {found.request.wallet}"
    return context.session.command(name)
