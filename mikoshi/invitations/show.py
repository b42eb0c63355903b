"""Invitations for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mikoshi.context.context import Context
from mikoshi.invitations.fate import Accepted, FateOfLink, LinkFate
from mikoshi.invitations.link import InvitationLink
from mikoshi.invitations.making import Allowance
from mikoshi.text.console import Console
from mikoshi.text.json import entries_of, plain
from mikoshi.text.language import N_, _, listed, pgettext
from mikoshi.text.people import short
from mikoshi.text.units import format_time

_FATES = {
    LinkFate.OPEN: N_("open"),
    LinkFate.USED: N_("used"),
    LinkFate.REVOKED: N_("taken back"),
    LinkFate.EXPIRED: N_("over"),
}


def show_links(
    out: Console, context: Context, allowed: Allowance, count: int, deadline: int
) -> None:
    """What the links will be, before they are made."""
    who, until = context.book.show(allowed.sponsor), format_time(deadline, context.now)
    out.say(_("{count} links by {who}, good until {until}", count=count, who=who, until=until))
    if allowed.by_steward:
        out.say(_("who takes a seat by one is an active member at once, with a voice"))
    else:
        out.say(_("who takes a seat by one is a newcomer, and has a voice after the season"))
    renewed = format_time(allowed.renewed, context.now)
    out.say(_("{seats} seats are left until {renewed}", seats=allowed.seats, renewed=renewed))
    if allowed.sponsors > 1:
        out.warn(_("each link needs the words of {needed} members", needed=allowed.sponsors))
    out.note(_("whoever has a link has its seat: send each to one person, and to nobody else"))


def links_json(
    allowed: Allowance, links: Sequence[InvitationLink], path: Path | None
) -> dict[str, Any]:
    """What was made, for programs: the keys, for the links are in the file alone."""
    made = [{"key": link.key, "until": link.deadline} for link in links]
    return entries_of(allowed) | {"links": made, "file": str(path) if path else None}


def show_fates(
    out: Console, context: Context, accepted: Mapping[str, Accepted], fates: Sequence[FateOfLink]
) -> None:
    """Who came by links, and what became of those of a file."""
    rows = [_accepted_row(context, each) for each in accepted.values()]
    if rows:
        out.table([_("Member"), _("Since"), _("Invited by"), _("Still in")], rows)
    else:
        out.say(_("nobody has come by a link yet"))
    if fates:
        columns = [_("Key"), _("Until"), _("Signed by"), ""]
        out.table(columns, [_fate_row(context, each) for each in fates])


def _accepted_row(context: Context, each: Accepted) -> list[str]:
    members = context.rebuilt.membership.members
    show = context.book.show
    inviting = listed([show(members[number].wallet) for number in each.sponsors])
    return [
        show(members[each.member].wallet),
        format_time(each.time, context.now),
        inviting or _("the steward"),
        _("yes") if each.stayed else pgettext("still a member", "no"),
    ]


def _fate_row(context: Context, each: FateOfLink) -> list[str]:
    link = each.link
    signed = listed([context.book.show(sponsor) for sponsor, _word in link.words])
    return [short(link.key), format_time(link.deadline, context.now), signed, _(_FATES[each.fate])]


def fates_json(accepted: Mapping[str, Accepted], fates: Sequence[FateOfLink]) -> dict[str, Any]:
    """The same for programs."""
    return {"accepted": plain(list(accepted.values())), "links": plain(list(fates))}
