"""Leaving, returning, silence, waking, bars. Written from IMembership and DESIGN.md."""
# ruff: noqa: N802, ARG002 (methods are named as the contract's functions)

from __future__ import annotations

from collections.abc import Sequence

from mikoshi.testing.model.refusal import refuse
from mikoshi.testing.model.seats import Seats
from mikoshi.testing.model.state import ANSWER, DAY, NO_HASH, Member, Standing
from mikoshi.testing.model.voice import STAMP_DAYS

YEAR = 365 * DAY
WINDOW = 30 * DAY
"""How long a scheduled bar, or the next governor, may be put in force once it is due."""


class Lives(Seats):
    """How people come and go."""

    def exit(self, sender: str) -> None:
        """Leave; needs nobody's consent."""
        member = self.expect(sender, *(s for s in Standing if s.is_member))
        self.leave(member, Standing.EXITED)

    def expect(self, account: str, *standings: Standing) -> Member:
        """The person behind an account, of one of these standings."""
        standing = self.state.standing(account)
        number = self.state.ids.get(account, 0)
        refuse((standing not in standings, "MembershipUnexpectedStanding", number, standing))
        return self.state.members[number]

    def rejoin(self, sender: str, accepted: bytes) -> None:
        """Come back as a Newcomer; with transferable tickets only to who was left alone."""
        member = self.expect(sender, Standing.EXITED)
        alone = self.census()[2] == 0 and self.now >= self.state.changed + YEAR + 30 * DAY
        needs_ticket = self.environment.transferable and not alone
        refuse(self.wrong_charter(accepted), (needs_ticket, "MembershipTicketRequired"))
        self.enter(member, Standing.NEWCOMER, seat=self.now)

    # Silence

    def dormant_after(self) -> int:
        """Seconds of silence; a cut that waits is not in force yet."""
        until, former = self.state.former_dormancy
        return former if self.now < until else self.state.membership["dormantAfter"]

    def lapse(self, sender: str, numbers: Sequence[int]) -> int:
        """Make the silent Dormant and the long Dormant Absent; others are skipped."""
        changed = 0
        for number in numbers:
            member = self.state.members.get(number)
            final = self._lapsed(member) if member else None
            if member and final:
                self.state.change(member, standing=final, lapsed=self.epoch % 32)
                changed += 1
        return changed

    def _lapsed(self, member: Member) -> Standing | None:
        silent = self.now - member.stamp * DAY
        due = self.dormant_after() + STAMP_DAYS * DAY
        if member.standing == Standing.ACTIVE:
            return Standing.DORMANT if silent >= due else None
        if member.standing == Standing.DORMANT and member.lapsed != self.epoch % 32:
            return Standing.ABSENT if silent >= due + DAY + YEAR else None
        return None

    def rest(self, sender: str) -> None:
        """Fall Dormant by choice."""
        member = self.expect(sender, Standing.ACTIVE)
        self.state.change(
            member, standing=Standing.DORMANT, stamp=self.today, lapsed=self.epoch % 32
        )

    def wake(self, sender: str, accepted: bytes) -> None:
        """End dormancy; for a Newcomer from their day on."""
        member = self.expect(sender, Standing.DORMANT, Standing.NEWCOMER, Standing.ABSENT)
        refuse(
            self.too_early(member),
            self.wrong_charter(accepted, member.standing != Standing.DORMANT),
        )
        self.awaken(member)

    # Bars

    def bar(self, sender: str, number: int) -> None:
        """Remove a person until a vote readmits them: now, or beyond the seats after 45 days."""
        refuse((sender != self.treasury, "MembershipUnauthorized", sender, NO_HASH))
        member = self._barrable(number)
        if not member.never_spoke:
            if not self.seats_left():
                self.state.bars[number] = self.now + ANSWER
                return
            self.use_seat()
        self._bar(member)

    def _barrable(self, number: int) -> Member:
        member = self.state.members.get(number)
        standing = member.standing if member else Standing.NONE
        barrable = standing.is_member or standing == Standing.EXITED
        refuse((not barrable, "MembershipUnexpectedStanding", number, standing))
        assert member is not None
        return member

    def _bar(self, member: Member) -> None:
        self.state.bars.pop(member.id, None)
        self.leave(member, Standing.BARRED)

    def enforceBar(self, sender: str, number: int) -> None:
        """Anybody puts a bar in force that is due."""
        due = self.state.bars.get(number, 0)
        fits = due and due <= self.now <= due + WINDOW
        refuse((not fits, "MembershipNotDue", number, due, due + WINDOW))
        self._bar(self._barrable(number))

    def withdrawBar(self, sender: str, number: int) -> None:
        """A vote takes a scheduled bar back."""
        refuse(
            (sender != self.treasury, "MembershipUnauthorized", sender, NO_HASH),
            (number not in self.state.bars, "MembershipNothingWaits", number),
        )
        del self.state.bars[number]
