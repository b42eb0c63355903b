"""What became of invitations: accepted, taken back, over, or open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from mikoshi.chain.contract import Contract, Snapshot
from mikoshi.context.context import Context
from mikoshi.context.modules import modules_of
from mikoshi.invitations.link import InvitationLink


class LinkFate(StrEnum):
    """What a link is good for."""

    OPEN = "open"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Accepted:
    """A seat that was taken by a link: whose, when (Unix seconds), and whom the sponsors were.

    No sponsors: the steward invited. `stayed` is whether they are a member now.
    """

    key: str
    member: int
    time: int
    sponsors: tuple[int, ...]
    stayed: bool
    json: ClassVar[str] = "key member time sponsors stayed"


@dataclass(frozen=True)
class FateOfLink:
    """A link of a file, and what became of it."""

    link: InvitationLink
    fate: LinkFate
    json: ClassVar[str] = "key=link.key until=link.deadline fate"


def accepted_of(context: Context) -> dict[str, Accepted]:
    """The seats that were taken by links, by key, as the events tell."""
    members, modules = context.rebuilt.membership.members, modules_of(context, "invitations")
    ours = {each.address for each in modules}
    found = {}
    for log in context.index.logs(names=["InvitationAccepted"]):
        if log.event.address not in ours:
            continue
        args = log.event.args
        stayed = members[args["id"]].standing.is_member
        sponsors = tuple(args["sponsors"])
        found[args["key"]] = Accepted(args["key"], args["id"], log.time, sponsors, stayed)
    return found


def fates_of(
    context: Context,
    invitations: Contract,
    links: Sequence[InvitationLink],
    accepted: Mapping[str, Accepted],
) -> list[FateOfLink]:
    """What became of links."""
    pairs = [(link.key, who) for link in links for who, _word in link.words]
    told = Snapshot(context.session.rpc).ask((invitations, "isRevoked", pair) for pair in pairs)
    doubted = {key for (key, _who), revoked in zip(pairs, told, strict=True) if revoked}
    found = []
    for link in links:
        if link.key in accepted:
            fate = LinkFate.USED
        elif link.key in doubted:
            fate = LinkFate.REVOKED
        else:
            fate = LinkFate.EXPIRED if link.deadline < context.now else LinkFate.OPEN
        found.append(FateOfLink(link, fate))
    return found
