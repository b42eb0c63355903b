"""What the tests of the Membership look at: a member, the totals, the books as a whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from mikoshi.chain.abi import Event, Interface
from mikoshi.chain.contract import Contract, ContractRevertedError, Receipt
from mikoshi.chain.node import DevRpc
from mikoshi.core import artifacts
from mikoshi.testing.community import Community
from mikoshi.testing.defaults import DAY, VOICE, ZERO
from tests.support import slot_of

NO_CHARTER = bytes(32)


class Standing(IntEnum):
    """`Standing` of IMembership.sol."""

    NONE = 0
    ACTIVE = 1
    DORMANT = 2
    NEWCOMER = 3
    ABSENT = 4
    EXITED = 5
    BARRED = 6


class Status(IntEnum):
    """`Status` of IMembership.sol."""

    NONE = 0
    ACTIVE = 1
    DORMANT = 2
    EXITED = 3


HOLDING = (Standing.ACTIVE, Standing.DORMANT, Standing.NEWCOMER, Standing.ABSENT)
"""Standings of those who hold a ticket."""

SHORT = {
    Standing.NONE: Status.NONE,
    Standing.ACTIVE: Status.ACTIVE,
    Standing.DORMANT: Status.DORMANT,
    Standing.NEWCOMER: Status.DORMANT,
    Standing.ABSENT: Status.DORMANT,
    Standing.EXITED: Status.EXITED,
    Standing.BARRED: Status.EXITED,
}


@dataclass(frozen=True)
class Member:
    """All that the contract tells of a person. `ticket` is 0 for none, `stamp` a day."""

    wallet: str
    standing: Standing
    stamp: int
    ticket: int
    delegate: str
    votes: int


def seen(membership: Contract, name: str, *args: Any) -> Any:
    """What the lens of this Membership answers."""
    contracts = artifacts.project()  # the Membership's errors pass through
    interface = Interface(contracts["MembershipLens"].abi, contracts["Membership"].abi)
    lens = Contract(membership.chain, membership.call("lens"), interface)
    return lens.call(name, membership.address, *args)


def member(membership: Contract, number: int) -> Member:
    """The person with this id; the views must agree with each other."""
    wallet = membership.call("walletOf", number)
    standing = Standing(seen(membership, "standingOf", number))
    assert membership.call("statusOf", number) == SHORT[standing]
    ticket = ticket_of(membership, number)
    assert (ticket != 0) == (standing in HOLDING)
    if standing != Standing.NONE:
        assert membership.call("memberIdOf", wallet) == number
        assert membership.call("balanceOf", wallet) == (1 if ticket else 0)
        assert membership.call("act", wallet) == (number, SHORT[standing])
    if ticket:
        assert membership.call("ownerOf", ticket) == wallet
        assert seen(membership, "memberOfTicket", ticket) == number
    return Member(
        wallet,
        standing,
        membership.call("stampOf", number),
        ticket,
        membership.call("delegates", wallet),
        membership.call("getVotes", wallet),
    )


def ticket_of(membership: Contract, number: int) -> int:
    """The number of someone's ticket, 0 for none."""
    try:
        return int(seen(membership, "ticketOf", number))
    except ContractRevertedError as error:
        if error.revert is None or error.revert.name != "MembershipUnexpectedStanding":
            raise
        return 0


@dataclass(frozen=True)
class Totals:
    """The whole DAO now. `voice` as 1 voice = 1e9."""

    awake: int
    counted: int
    voice: int
    last_id: int


def totals(membership: Contract) -> Totals:
    """The whole DAO now."""
    return Totals(*membership.call("census"))


def set_last_id(rpc: DevRpc, membership: Contract, number: int) -> None:
    """Pretend that `number` ids were given."""
    slot = slot_of("Membership", "_total")
    word = rpc.storage(membership.address, slot)
    data = number.to_bytes(3) + word[3:]
    rpc.call("anvil_setStorageAt", membership.address, f"0x{slot:064x}", data)
    assert totals(membership).last_id == number


def today(rpc: DevRpc) -> int:
    """The day of the latest block since the Unix epoch."""
    return rpc.timestamp() // DAY


def waking_day(rpc: DevRpc, season: int = 45 * DAY) -> int:
    """The day from which somebody who entered by themselves in the latest block may wake."""
    return -(-(rpc.timestamp() + season) // DAY)


def facts(receipt: Receipt) -> list[tuple[str, tuple[Any, ...]]]:
    """The events of a receipt, in order, as names and arguments."""
    return [fact(event) for event in receipt.events]


def fact(event: Event) -> tuple[str, tuple[Any, ...]]:
    """An event's name and arguments."""
    return event.name, tuple(event.args.values())


def check_books(community: Community) -> None:
    """Assert that every person, ticket and sum of the DAO agrees with the others.

    Σ delegates' entries = Σ Active members = total; counted and ids too; one ticket a wallet.
    """
    membership = community.dao.membership
    now = community.rpc.timestamp()
    community.rpc.warp(1)
    whole = totals(membership)
    people = [member(membership, number) for number in range(1, whole.last_id + 1)]
    people = [each for each in people if each.standing != Standing.NONE]
    assert len({each.wallet for each in people}) == len(people)
    tickets = [each.ticket for each in people if each.ticket]
    assert len(set(tickets)) == len(tickets)
    for number in range(1, whole.last_id + 1):
        if number not in tickets:
            assert _owner(membership, number) == ZERO

    active = [each for each in people if each.standing == Standing.ACTIVE]
    spoken_for = Counter(each.delegate for each in active)
    for each in people:
        entry = seen(membership, "getPastMembers", each.wallet, now)
        assert entry == spoken_for[each.wallet], each
        if each.standing not in HOLDING:
            assert each.delegate == ZERO
    assert whole.awake == len(active)
    dormant = sum(each.standing == Standing.DORMANT for each in people)
    assert whole.counted == len(active) + dormant
    spoken = sum(each.votes for each in people)
    assert whole.voice - len(people) <= spoken <= whole.voice
    assert whole.voice >= VOICE * whole.awake
    awake, counted, voice = membership.call("getPastCensus", now)
    assert (awake, counted) == (whole.awake, whole.counted)
    assert voice == membership.call("getPastTotalSupply", now)


def _owner(membership: Contract, ticket: int) -> str:
    try:
        return str(membership.call("ownerOf", ticket))
    except ContractRevertedError as error:
        if str(error.revert) != f"ERC721NonexistentToken({ticket})":
            raise
        return ZERO
