"""Who speaks for whom, now and at any past moment. Written from IVoiceLedger and DESIGN.md."""
# ruff: noqa: N802, ARG002 (methods are named as the contract's functions)

from __future__ import annotations

from collections.abc import Sequence

from mikoshi.testing.model.part import Part, awake, counted, spoken_for
from mikoshi.testing.model.refusal import refuse
from mikoshi.testing.model.state import ZERO, Member, Standing

STAMP_DAYS = 30


class Voices(Part):
    """Delegation, acts, and what a ballot weighs."""

    NAME = "membership"
    SET_UP_TWICE = "MembershipAlreadyInitialized"

    # Reading

    def entry(self, account: str, time: int | None = None) -> tuple[int, int]:
        """Members and units that `account` speaks for, now or at the end of a past second.

        The account is that of today: a record that moved took its history along.
        """
        number = self.state.ids.get(account, 0)
        people = self.state.members if time is None else self.environment.people_at(time)
        return spoken_for(people, number) if number else (0, 0)

    def census(self, time: int | None = None) -> tuple[int, int, int]:
        """Awake members, their units, and counted members."""
        people = self.state.members if time is None else self.environment.people_at(time)
        return (*awake(people), counted(people))

    def delegates(self, account: str) -> str:
        """The delegate's wallet; zero for who is no member."""
        member = self.state.member(account)
        if member is None or not member.standing.is_member:
            return ZERO
        return self.state.members[member.delegate].wallet

    def past_voice(self, account: str, time: int) -> int:
        """What an account spoke with at the end of a past second."""
        return self.environment.formula.voice_down(*self.entry(account, time), time)

    # Acts

    def stamp(self, member: Member) -> Member:
        """Record an act, if the last recorded one is 30 days old."""
        if self.today < member.stamp + STAMP_DAYS:
            return member
        return self.state.change(member, stamp=self.today)

    def awaken(self, member: Member) -> Member:
        """Make Active; a delegate who is gone is replaced by the member."""
        standing = self.state.members[member.delegate].standing
        gone = member.delegate != member.id and standing != Standing.ACTIVE
        return self.state.change(
            member,
            standing=Standing.ACTIVE,
            stamp=self.today,
            delegate=member.id if gone else member.delegate,
            spoke=True,
        )

    # The governor's doors

    def ballot_of(self, account: str, time: int) -> tuple[int, int, int]:
        """What a ballot weighs, recorded as an act: id, members and voice at `time`, or zeros."""
        member = self.state.member(account)
        if member is None or member.standing not in (Standing.ACTIVE, Standing.DORMANT):
            return 0, 0, 0
        members, units = self.entry(account, time)
        if members == 0:
            return 0, 0, 0
        if member.standing == Standing.ACTIVE:
            self.stamp(member)
        else:
            self.awaken(member)
        return member.id, members, self.environment.formula.voice_down(members, units, time)

    @property
    def governors(self) -> tuple[str, str]:
        """The governor of the founding, and the one in office: both may take ballots."""
        return self.environment.addresses["governor"], self.state.governor

    def receiveBallotOf(self, sender: str, account: str, time: int) -> int:
        """The governor's door; nobody else may use it."""
        refuse((sender not in self.governors, "VoiceNotGovernor", sender))
        number, members, voice = self.ballot_of(account, time)
        return number << 152 | members << 128 | voice

    # Delegation

    def delegate(self, sender: str, to: str) -> None:
        """Let another member speak for oneself; zero means oneself."""
        member = self.state.member(sender)
        to = sender if to == ZERO else to
        active = member is not None and member.standing == Standing.ACTIVE
        fine = to == sender or self.state.standing(to) == Standing.ACTIVE
        refuse(
            (not active, "VoiceNotActive", sender),
            (not fine, "VoiceDelegateNotActive", to),
        )
        assert member is not None
        self.stamp(self.state.change(member, delegate=self.state.ids[to]))

    def reclaim(self, sender: str, numbers: Sequence[int]) -> int:
        """Hand voices back to Active members whose delegate is not Active."""
        changed = 0
        for number in numbers:
            member = self.state.members.get(number)
            if member is None or member.standing != Standing.ACTIVE:
                continue
            if self.state.members[member.delegate].standing != Standing.ACTIVE:
                self.state.change(member, delegate=number)
                changed += 1
        return changed
