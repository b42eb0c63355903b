"""Tickets, admission and the number of seats. Written from IMembership and DESIGN.md."""
# ruff: noqa: N802, N815 (methods are named as the contract's functions)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mikoshi.testing.model.merit import Merits
from mikoshi.testing.model.refusal import ANY, refuse
from mikoshi.testing.model.state import ADMITTER, DAY, NO_HASH, ZERO, Member, Standing


class Seats(Merits):
    """Who has a seat, and how it is given, sold or taken."""

    # The numbers

    def seats_left(self) -> int:
        """What a vote may still do at once in this epoch: a twentieth of the awake, or one.

        Those awake now or a second ago, whichever are fewer.
        """
        people = min(self.census()[0], self.census(self.now - 1)[0])
        return max(0, max(1, people // 20) - self.usage().seats)

    def use_seat(self) -> None:
        """Count a seat that a vote gave or took at once."""
        used = self.usage()
        self.state.usage = replace(used, seats=used.seats + 1)

    # Admission

    def admit(self, sender: str, wallet: str, accepted: bytes) -> int:
        """A new or returning member: Active with the charter, a Newcomer with zero."""
        self.admitMany(sender, [wallet], accepted)
        return self.state.ids[wallet]

    def admitMany(self, sender: str, wallets: Sequence[str], accepted: bytes) -> None:
        """As `admit`; who cannot be admitted by this sender now is left as they are."""
        free_hand = self.may(sender, ADMITTER)
        steward, until = self.state.steward
        is_steward = not free_hand and sender == steward and self.now < until
        refuse(
            (not free_hand and not is_steward, "MembershipUnauthorized", sender, ADMITTER),
            self.wrong_charter(accepted, accepted != NO_HASH),
        )
        by_vote = sender == self.treasury
        left = self.seats_left()
        admitted = 0
        for wallet in wallets:
            came, spent = self._admit(wallet, accepted, by_vote, left > 0)
            admitted += came
            if by_vote and spent:
                left -= 1
                self.use_seat()
        if is_steward and admitted:
            used = self.usage()
            available = max(0, self.state.membership["stewardCap"] - used.admitted)
            refuse((admitted > available, "MembershipStewardCapExceeded", ANY, available))
            self.state.usage = replace(used, admitted=used.admitted + admitted)

    def _admit(
        self, wallet: str, accepted: bytes, by_vote: bool, seat_free: bool
    ) -> tuple[bool, bool]:
        """Whether they were admitted or woken, and whether they speak at once."""
        self.check_wallet(wallet)
        known = self.state.member(wallet)
        never_spoke = known is None or known.never_spoke
        at_once = accepted != NO_HASH and (seat_free if by_vote else never_spoke)
        if known is not None and known.standing.is_member:
            if known.standing != Standing.NEWCOMER or not at_once:
                return False, False
            woken = self.awaken(known)
            self.state.change(woken, seat=0 if by_vote else woken.seat)
            return True, True
        if known is not None and not by_vote:
            refuse((known.standing == Standing.BARRED, "MembershipBarred", known.id))
            if not self.environment.transferable:
                return False, False  # nobody is brought back unasked: they can rejoin themselves
        member = self.identify(wallet)
        self.enter(member, Standing.ACTIVE if at_once else Standing.NEWCOMER)
        return True, at_once

    def check_wallet(self, wallet: str) -> None:
        """No part of the DAO is a member."""
        parts = (self.environment.addresses[p] for p in ("treasury", "membership", "governor"))
        refuse((wallet in (ZERO, *parts), "MembershipInvalidWallet", wallet))

    def wrong_charter(self, accepted: bytes, needed: bool = True) -> tuple[Any, ...]:
        """The guard of who must accept the current charter."""
        current = self.state.charter
        return needed and accepted != current, "MembershipCharterMismatch", accepted, current

    def identify(self, wallet: str) -> Member:
        """The person behind a wallet, made if there is none."""
        known = self.state.member(wallet)
        if known:
            return known
        self.state.last_id += 1
        number = self.state.last_id
        self.state.ids[wallet] = number
        member = Member(number, wallet, Standing.NONE, self.today, self.now, number, 0)
        self.state.members[number] = member
        return member

    def enter(self, member: Member, standing: Standing, ticket: int = 0, seat: int = 0) -> Member:
        """Give a seat: with this ticket, with their own, or with a new one while that is held."""
        if not ticket and self.holder_of(member.id) is not None:
            self.state.last_id += 1
            ticket = self.state.last_id
        season = self.now + self.state.membership["season"]
        active = standing == Standing.ACTIVE
        return self.state.change(
            member,
            standing=standing,
            ticket=ticket or member.id,
            stamp=self.today if active else -(-season // DAY),
            delegate=member.id,
            spoke=member.spoke or active,
            seat=seat,
        )

    def leave(self, member: Member, final: Standing) -> Member:
        """Take a seat, and the ticket with it."""
        self.state.approvals.pop(member.ticket, None)
        return self.state.change(
            member, standing=final, ticket=0, stamp=self.today, delegate=member.id
        )

    def too_early(self, member: Member) -> tuple[Any, ...]:
        """A Newcomer neither wakes nor sells before their day."""
        ready = member.stamp * DAY
        early = member.standing == Standing.NEWCOMER and self.now < ready
        return early, "MembershipTooEarly", member.id, ready

    # Tickets

    def holder_of(self, ticket: int) -> Member | None:
        """Who holds a ticket."""
        return next((m for m in self.state.members.values() if m.ticket == ticket != 0), None)

    def approve(self, sender: str, to: str, ticket: int) -> None:
        """Let another sell one's ticket."""
        holder = self._check_ticket(ticket)
        may = sender == holder.wallet or (holder.wallet, sender) in self.state.operators
        refuse((not may, "ERC721InvalidApprover", sender))
        self.state.approvals[ticket] = to

    def setApprovalForAll(self, sender: str, operator: str, approved: bool) -> None:
        """Let another sell whatever ticket one holds."""
        refuse(
            (operator == ZERO, "ERC721InvalidOperator", operator),
            (approved and not self.environment.transferable, "TicketSoulbound", 0),
        )
        change = self.state.operators.add if approved else self.state.operators.discard
        change((sender, operator))

    def transferFrom(self, sender: str, source: str, to: str, ticket: int) -> None:
        """A sale: the seller's exit and the buyer's admission as a Newcomer."""
        holder = self._check_ticket(ticket)
        may = (
            sender == holder.wallet
            or (holder.wallet, sender) in self.state.operators
            or self.state.approvals.get(ticket, ZERO) == sender
        )
        refuse(
            (holder.wallet != source, "ERC721IncorrectOwner", source, ticket, holder.wallet),
            (not may, "ERC721InsufficientApproval", sender, ticket),
        )
        self.check_wallet(to)
        buyer, standing = self.state.ids.get(to, 0), self.state.standing(to)
        refuse(
            (standing.is_member, "MembershipWalletTaken", to, buyer),
            (standing == Standing.BARRED, "MembershipBarred", buyer),
            self.too_early(holder),
        )
        self.leave(holder, Standing.EXITED)
        self.enter(self.identify(to), Standing.NEWCOMER, ticket, self.now)

    safeTransferFrom = transferFrom

    def _check_ticket(self, ticket: int) -> Member:
        holder = self.holder_of(ticket)
        refuse((holder is None, "ERC721NonexistentToken", ticket))
        refuse((not self.environment.transferable, "TicketSoulbound", ticket))
        assert holder is not None
        return holder
