"""What the views of people, tickets and voice must answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mikoshi.testing.machine_world import MachineWorld
from mikoshi.testing.model.numbers import RELATIVE_ERROR, WAD
from mikoshi.testing.model.state import ZERO, Member
from mikoshi.testing.near import Near, near_voice

Reading = tuple[tuple[Any, ...], Any]
"""A view with its arguments, and what it must return."""


def of_census(world: MachineWorld) -> Reading:
    """Who is awake and counted, and their voice."""
    model = world.model
    awake, units, counted = model.membership.census()
    voice = near_voice(model.environment.formula, awake, units, world.now)
    return ("membership", "census"), (awake, counted, voice, model.state.last_id)


def of_person(world: MachineWorld, member: Member) -> Iterator[Reading]:
    """Who somebody is, and who speaks for them."""
    wallet, number = member.wallet, member.id
    yield ("membership", "walletOf", number), wallet
    yield ("membership", "memberIdOf", wallet), number
    yield ("membership", "standingOf", number), member.standing
    yield ("membership", "delegates", wallet), world.model.membership.delegates(wallet)
    yield ("membership", "ticketOf", number), member.ticket or None


def of_votes(world: MachineWorld, member: Member) -> Reading:
    """The voice that somebody has now."""
    entry = world.model.membership.entry(member.wallet)
    voice = near_voice(world.model.environment.formula, *entry, world.now)
    return ("membership", "getVotes", member.wallet), voice


def of_record(world: MachineWorld, member: Member) -> Iterator[Reading]:
    """What is written down about somebody."""
    formula = world.model.environment.formula
    merit = formula.merit(member.raw, world.now)
    points = Near(merit, merit * RELATIVE_ERROR + 1, formula.full * WAD)
    yield ("membership", "storedMeritOf", member.id), (member.raw, member.epoch, member.used)
    yield ("membership", "meritOf", member.id), points
    yield ("membership", "statusOf", member.id), member.standing.status
    yield ("membership", "joinedAt", member.id), member.joined
    yield ("membership", "balanceOf", member.wallet), int(member.standing.is_member)
    for part in ("membership", "governor"):
        nonce = world.model.state.nonces.get((part, member.wallet), 0)
        yield (part, "nonces", member.wallet), nonce
    if member.standing.is_member:
        yield ("membership", "stampOf", member.id), member.stamp
    live = len(world.model.governor.live(member.id))
    limit = world.model.governor.current["liveProposals"]
    yield ("governor", "liveProposalsOf", member.id), (live, limit)
    yield ("membership", "neverSpoke", member.id), member.never_spoke
    yield ("membership", "scheduledBar", member.id), world.model.state.bars.get(member.id, 0)


def of_ticket(world: MachineWorld, ticket: int) -> Iterator[Reading]:
    """Whose a ticket is."""
    holder = world.model.membership.holder_of(ticket)
    yield ("membership", "ownerOf", ticket), holder.wallet if holder else None
    yield ("membership", "memberOfTicket", ticket), holder.id if holder else None
    approved = world.model.state.approvals.get(ticket, ZERO) if holder else None
    yield ("membership", "getApproved", ticket), approved


def of_past(world: MachineWorld, member: Member, time: int) -> Iterator[Reading]:
    """Whom somebody spoke for at a past moment, and with what voice."""
    formula = world.model.environment.formula
    members, units = world.model.membership.entry(member.wallet, time)
    yield ("membership", "getPastMembers", member.wallet, time), members
    yield (
        ("membership", "getPastVotes", member.wallet, time),
        world.unchanged((member.id, time), near_voice(formula, members, units, time)),
    )
