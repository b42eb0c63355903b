"""People and tickets: who is admitted, leaves, returns, sleeps and wakes.

Written from IMembership and DESIGN.md, "People and tickets".
"""
# ruff: noqa: N802, N815, ARG002 (methods are named as the contract's functions)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mikoshi.testing.model.ledger import Ledger
from mikoshi.testing.model.refusal import refuse
from mikoshi.testing.model.state import (
    ADMITTER,
    DAY,
    NO_HASH,
    REWARDER,
    SUCCESSION,
    ZERO,
    Member,
    Standing,
)

STAMP_DAYS = 30
ABSENT_DAYS = 730


class Membership(Ledger):
    """People, tickets and voice."""

    # Admission

    def admit(self, sender: str, wallet: str, accepted: bytes) -> int:
        """A new or returning member: Active with the charter, a Newcomer with zero."""
        self._check_admitter(sender, 1, accepted)
        return self._admit(sender, wallet, accepted)

    def admitMany(self, sender: str, wallets: Sequence[str], accepted: bytes) -> None:
        """As `admit`, all or none."""
        self._check_admitter(sender, len(wallets), accepted)
        for wallet in wallets:
            self._admit(sender, wallet, accepted)

    def _check_admitter(self, sender: str, number: int, accepted: bytes) -> None:
        free_hand = self.may(sender, ADMITTER)
        is_steward = not free_hand and sender == self._steward()
        epoch, merit, admitted = self._usage()
        available = max(0, self.state.membership["stewardCap"] - admitted)
        refuse(
            (
                not free_hand and not is_steward,
                "MembershipUnauthorized",
                sender,
                ADMITTER,
            ),
            (
                is_steward and number > available,
                "MembershipStewardCapExceeded",
                number,
                available,
            ),
            self._wrong_charter(accepted, accepted != NO_HASH),
        )
        if is_steward:
            self.state.usage = (epoch, merit, admitted + number)

    def _steward(self) -> str:
        holder, until = self.state.steward
        return holder if self.now < until else ZERO

    def _wrong_charter(self, accepted: bytes, needed: bool = True) -> tuple[Any, ...]:
        current = self.state.charter
        return needed and accepted != current, "MembershipCharterMismatch", accepted, current

    def _admit(self, sender: str, wallet: str, accepted: bytes) -> int:
        by_vote = sender == self.treasury
        self._check_candidate(wallet, may_lift_bar=by_vote)
        known = self.state.member(wallet)
        if known and not by_vote and not self.environment.transferable:
            # Nobody is brought back unasked: they can rejoin themselves.
            refuse((True, "MembershipUnexpectedStanding", known.id, known.standing))
        standing = Standing.NEWCOMER if accepted == NO_HASH else Standing.ACTIVE
        member = self._identify(wallet)
        return self._enter(member, standing, self._free_ticket(member)).id

    def _check_candidate(self, wallet: str, may_lift_bar: bool = False) -> None:
        standing = self.state.standing(wallet)
        number = self.state.ids.get(wallet, 0)
        parts = (
            ZERO,
            *(self.environment.addresses[p] for p in ("treasury", "membership", "governor")),
        )
        refuse(
            (wallet in parts, "MembershipInvalidWallet", wallet),
            (standing.is_member, "MembershipWalletTaken", wallet, number),
            (standing == Standing.BARRED and not may_lift_bar, "MembershipBarred", number),
        )

    def _identify(self, wallet: str) -> Member:
        known = self.state.member(wallet)
        if known:
            return known
        self.state.last_id += 1
        number = self.state.last_id
        self.state.ids[wallet] = number
        member = Member(number, wallet, Standing.NONE, self.today, self.now, number, 0)
        self.state.members[number] = member
        return member

    def _free_ticket(self, member: Member) -> int:
        """The person's own number, or a new one while somebody else holds that ticket."""
        if self.holder_of(member.id) is None:
            return member.id
        self.state.last_id += 1
        return self.state.last_id

    def _enter(self, member: Member, standing: Standing, ticket: int) -> Member:
        return self.state.change(
            member, standing=standing, ticket=ticket, stamp=self.today, delegate=member.id
        )

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
        self._check_candidate(to)
        refuse(self._too_early(holder))
        self._end(holder, self._final(holder))
        self._enter(self._identify(to), Standing.NEWCOMER, ticket)

    safeTransferFrom = transferFrom

    def _check_ticket(self, ticket: int) -> Member:
        holder = self.holder_of(ticket)
        refuse((holder is None, "ERC721NonexistentToken", ticket))
        refuse((not self.environment.transferable, "TicketSoulbound", ticket))
        assert holder is not None
        return holder

    # Leaving and returning

    def exit(self, sender: str) -> None:
        """Leave; needs nobody's consent."""
        member = self._expect(sender, *(s for s in Standing if s.is_member))
        self._end(member, self._final(member))

    def _final(self, member: Member) -> Standing:
        return Standing.LEFT if member.standing == Standing.NEWCOMER else Standing.EXITED

    def _end(self, member: Member, final: Standing) -> None:
        self.state.approvals.pop(member.ticket, None)
        self.state.change(member, standing=final, ticket=0, stamp=self.today, delegate=member.id)

    def _expect(self, account: str, *standings: Standing) -> Member:
        standing = self.state.standing(account)
        number = self.state.ids.get(account, 0)
        refuse((standing not in standings, "MembershipUnexpectedStanding", number, standing))
        return self.state.members[number]

    def rejoin(self, sender: str, accepted: bytes) -> None:
        """Come back; with transferable tickets only when nobody holds one any more."""
        member = self._expect(sender, Standing.EXITED, Standing.LEFT)
        held = any(other.ticket for other in self.state.members.values())
        needs_ticket = self.environment.transferable and held
        refuse(self._wrong_charter(accepted), (needs_ticket, "MembershipTicketRequired"))
        left = member.standing == Standing.LEFT
        standing = Standing.NEWCOMER if left else Standing.ACTIVE
        self._enter(member, standing, self._free_ticket(member))

    def bar(self, sender: str, number: int) -> None:
        """Remove a person until a vote readmits them."""
        refuse((sender != self.treasury, "MembershipUnauthorized", sender, NO_HASH))
        member = self.state.members.get(number)
        standing = member.standing if member else Standing.NONE
        barrable = standing.is_member or standing in (Standing.EXITED, Standing.LEFT)
        refuse((not barrable, "MembershipUnexpectedStanding", number, standing))
        assert member is not None
        self._end(member, Standing.BARRED)

    # Dormancy

    def lapse(self, sender: str, numbers: Sequence[int]) -> int:
        """Make the silent Dormant and the long Dormant Absent; others are skipped."""
        changed = 0
        for number in numbers:
            member = self.state.members.get(number)
            final = self._lapsed(member) if member else None
            if member and final:
                self.state.change(member, standing=final, stamp=self.today)
                changed += 1
        return changed

    def _lapsed(self, member: Member) -> Standing | None:
        silent = self.now - member.recorded * DAY
        if member.standing == Standing.ACTIVE:
            due = silent >= self.state.membership["dormantAfter"] + STAMP_DAYS * DAY
            return Standing.DORMANT if due else None
        if member.standing in (Standing.DORMANT, Standing.NEWCOMER):
            return Standing.ABSENT if silent >= (1 + ABSENT_DAYS) * DAY else None
        return None

    def rest(self, sender: str) -> None:
        """Fall Dormant by choice."""
        member = self._expect(sender, Standing.ACTIVE)
        self.state.change(member, standing=Standing.DORMANT, stamp=self.today)

    def wake(self, sender: str, accepted: bytes) -> None:
        """End dormancy; for a Newcomer after the season."""
        member = self._expect(sender, Standing.DORMANT, Standing.NEWCOMER, Standing.ABSENT)
        refuse(
            self._too_early(member),
            self._wrong_charter(accepted, member.standing != Standing.DORMANT),
        )
        self.awaken(member)

    def _too_early(self, member: Member) -> tuple[Any, ...]:
        """A Newcomer neither wakes nor sells before the season has passed."""
        ready = (member.stamp + 1) * DAY + self.state.membership["season"]
        early = member.standing == Standing.NEWCOMER and self.now < ready
        return early, "MembershipTooEarly", member.id, ready

    # Doors and settings

    def moveWallet(self, sender: str, number: int, wallet: str) -> None:
        """A person's record goes to another wallet."""
        member = self.state.members.get(number)
        taken = self.state.ids.get(wallet, 0)
        parts = (
            ZERO,
            *(self.environment.addresses[p] for p in ("treasury", "membership", "governor")),
        )
        refuse(
            (not self.may(sender, SUCCESSION), "MembershipUnauthorized", sender, SUCCESSION),
            (member is None, "VoiceUnknownMember", number),
            (wallet in parts, "MembershipInvalidWallet", wallet),
            (taken != 0, "MembershipWalletTaken", wallet, taken),
        )
        assert member is not None
        del self.state.ids[member.wallet]
        self.state.ids[wallet] = number
        self.state.approvals.pop(member.ticket, None)
        self.state.change(member, wallet=wallet)

    def act(self, sender: str, wallet: str) -> tuple[int, int]:
        """Who a wallet is; recorded as an act for those who reward."""
        member = self.state.member(wallet)
        if member is None:
            return 0, 0
        if member.standing == Standing.ACTIVE and self.may(sender, REWARDER):
            self.stamp(member)
        return member.id, member.standing.status

    def setCharter(self, sender: str, new: bytes, uri: str) -> None:
        """Replace the charter."""
        field = b"charterHash".ljust(32, b"\0")
        refuse(
            (sender != self.treasury, "MembershipUnauthorized", sender, NO_HASH),
            (new == NO_HASH, "MembershipInvalidSetting", field, 0, 1, 2**256 - 1),
        )
        self.state.charter = new

    def setSettings(self, sender: str, new: Mapping[str, int]) -> None:
        """Replace the settings within their limits."""
        rules = self.state.settings[-1]
        voting = rules["votingDelay"] + rules["votingPeriod"]
        if self.state.governor != self.environment.addresses["governor"]:
            voting = self.environment.other_voting
        limits = {
            "dormantAfter": (90 * DAY, 730 * DAY),
            "season": (voting, 365 * DAY),
            "stewardCap": (0, 10_000),
            "meritCap": (0, 10**12),
            "meritCapPerMember": (0, new["meritCap"]),
        }
        refuse(
            (sender != self.treasury, "MembershipUnauthorized", sender, NO_HASH),
            *(
                (
                    not low <= new[key] <= high,
                    "MembershipInvalidSetting",
                    key.encode().ljust(32, b"\0"),
                    new[key],
                    low,
                    high,
                )
                for key, (low, high) in limits.items()
            ),
        )
        self.postpone_raise(new)
        self.state.membership = dict(new)

    # By signature

    def exitBySig(self, sender: str, account: str, deadline: int, signature: bytes) -> None:
        """As `exit`."""
        self._check_signed(account, deadline, signature, "Exit")
        self.exit(account)

    def restBySig(self, sender: str, account: str, deadline: int, signature: bytes) -> None:
        """As `rest`."""
        self._check_signed(account, deadline, signature, "Rest")
        self.rest(account)

    def wakeBySig(
        self,
        sender: str,
        account: str,
        accepted: bytes,
        deadline: int,
        signature: bytes,
    ) -> None:
        """As `wake`."""
        self._check_signed(account, deadline, signature, "Wake", accepted)
        self.wake(account, accepted)

    def rejoinBySig(
        self,
        sender: str,
        account: str,
        accepted: bytes,
        deadline: int,
        signature: bytes,
    ) -> None:
        """As `rejoin`."""
        self._check_signed(account, deadline, signature, "Rejoin", accepted)
        self.rejoin(account, accepted)
