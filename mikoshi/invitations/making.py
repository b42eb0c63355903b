"""Links of invitations: how many somebody may make, and until when; made and signed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from mikoshi.ballots.messages import invitations_message
from mikoshi.chain.contract import Contract
from mikoshi.context.context import Context
from mikoshi.context.modules import modules_of
from mikoshi.invitations.link import InvitationLink
from mikoshi.replay.member import Standing
from mikoshi.replay.voice import EPOCH, epoch_of
from mikoshi.text.errors import BadInputError, NotNowError
from mikoshi.text.language import N_
from mikoshi.text.people import ZERO_ADDRESS, short
from mikoshi.text.units import DAY, format_time
from mikoshi.voting.signing_options import signature_by

LONGEST = 60 * DAY
"""The most that a link may be good for, in seconds."""


@dataclass(frozen=True)
class Allowance:
    """What an account may invite now.

    `seats` are left until `renewed` (Unix seconds), `sponsors` what one link needs. A steward's
    links make Active members, others Newcomers.
    """

    sponsor: str
    by_steward: bool
    seats: int
    sponsors: int
    renewed: int
    json: ClassVar[str] = "sponsor by_steward seats sponsors renewed"


def invitations_of(context: Context) -> Contract:
    """The DAO's Invitations, those that were given the role last. Raises NotNowError."""
    found = modules_of(context, "invitations")
    if not found:
        raise NotNowError(
            "invitations.none",
            N_("This DAO has no invitations"),
            N_("it was made without [invitations], and no vote has attached them since"),
            N_("Attach them by a vote: `{command}`"),
            command=context.session.command("modules attach invitations"),
        )
    return found[-1]


def allowance(context: Context, invitations: Contract, account: str) -> Allowance:
    """What `account` may invite. Raises NotNowError for who may not."""
    now, t0 = context.now, context.manifest.t0
    renewed = t0 + (epoch_of(t0, now) + 1) * EPOCH
    ask = context.book.ask
    of_members, of_steward = ask(invitations, "left")
    if account == ask(context.dao.treasury, "steward") != ZERO_ADDRESS:
        return Allowance(account, True, of_steward, 1, renewed)
    person = context.rebuilt.membership.member_at(account)
    if person is None or person.standing is not Standing.ACTIVE:
        raise NotNowError(
            "invitations.not-active",
            N_("{who} cannot invite"),
            N_("only active members invite, and the steward while the office lasts"),
            N_("Let a member who is awake make the links"),
            who=context.book.show(account),
        )
    ready = ask(context.dao.membership, "joinedAt", person.id)
    ready += context.rebuilt.membership.settings_at(now)["season"]
    if now < ready:
        raise NotNowError(
            "invitations.too-early",
            N_("{who} cannot invite yet"),
            N_("members invite when they have been in for a season, from {moment} on"),
            N_("Let somebody make the links who has been in for longer"),
            who=context.book.show(account),
            moment=format_time(ready, now),
        )
    seats = min(ask(invitations, "leftOf", person.id), of_members)
    return Allowance(account, False, seats, ask(invitations, "sponsorsNeeded"), renewed)


def require_own(context: Context, invitations: Contract, links: Sequence[InvitationLink]) -> None:
    """Refuse links of another DAO or chain, which somebody may have slipped in."""
    here = context.session.chain_id, invitations.address
    for link in links:
        if (link.chain_id, link.invitations) != here:
            raise BadInputError(
                "invitations.of-another-dao",
                N_("The link of {key} is not of this DAO"),
                N_("it is for {invitations} on chain {chain}"),
                N_("Sign links of this DAO alone; nothing was written"),
                key=short(link.key),
                invitations=short(link.invitations),
                chain=link.chain_id,
            )


def require_room(allowed: Allowance, count: int, context: Context) -> None:
    """Refuse more links than could be accepted. Raises NotNowError."""
    if count > allowed.seats:
        raise NotNowError(
            "invitations.no-seats",
            N_("{count} links are more than could be accepted"),
            N_("{seats} seats are left for {who} until {moment}"),
            N_("Make {seats} now, and more then")
            if allowed.seats
            else N_("Make them then, or let somebody else invite"),
            count=count,
            seats=allowed.seats,
            who=context.book.show(allowed.sponsor),
            moment=format_time(allowed.renewed, context.now),
        )


def end_of(days: int, now: int) -> int:
    """When links end that are good for so many days, Unix seconds. Raises BadInputError."""
    if not 1 <= days * DAY <= LONGEST:
        raise BadInputError(
            "invitations.too-long",
            N_("--days {days} is not possible"),
            N_("a link is good for 1 to {most} days"),
            N_("Give a number between them"),
            days=days,
            most=LONGEST // DAY,
        )
    return now + days * DAY


def make(
    context: Context, invitations: Contract, count: int, deadline: int
) -> list[InvitationLink]:
    """Links with the word of the session's account. Raises what signing raises."""
    chain_id, governor = context.session.chain_id, context.dao.governor_address
    links = [
        InvitationLink(
            chain_id, governor, invitations.address, secrets.token_bytes(32), deadline, ()
        )
        for _ in range(count)
    ]
    return [sponsored(context, link) for link in links]


def sponsored(context: Context, link: InvitationLink) -> InvitationLink:
    """A link with the word of the session's account besides. Raises BadInputError."""
    account = context.session.sender.account
    if account.address in (sponsor for sponsor, _ in link.words):
        raise BadInputError(
            "invitations.signed-already",
            N_("{who} has signed this link"),
            N_("each link needs the words of different members"),
            N_("Let another member sign it"),
            who=short(account.address),
        )
    terms = {"key": link.key, "deadline": link.deadline}
    message = invitations_message("Invitation", link.chain_id, link.invitations, **terms)
    word = account.address, signature_by(account, context.session.rpc, message)
    return replace(link, words=_ordered([*link.words, word]))


def _ordered(words: Sequence[tuple[str, bytes]]) -> tuple[tuple[str, bytes], ...]:
    return tuple(sorted(words, key=lambda each: int(each[0], 16)))
