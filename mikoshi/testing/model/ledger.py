"""Voice: merit, delegation and acts. Written from IVoiceLedger and DESIGN.md, "Voice"."""
# ruff: noqa: N802, ARG002 (methods are named as the contract's functions)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mikoshi.testing.model.numbers import RAW_MAX
from mikoshi.testing.model.part import NONCE, Part, awake, counted, spoken_for
from mikoshi.testing.model.refusal import ANY, Refusal, refuse
from mikoshi.testing.model.state import REWARDER, ZERO, Member, Standing

MILLI = 10**15
STAMP_DAYS = 30


class Ledger(Part):
    """Who speaks for whom, and with what voice."""

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

    # Acts

    def stamp(self, member: Member, large_batch: bool = False) -> Member:
        """Record an act, if the last that was recorded alone is 30 days old."""
        if self.today < member.stamp + STAMP_DAYS:
            return member
        if large_batch:
            return self.state.change(member, batch_stamp=self.today)
        return self.state.change(member, stamp=self.today)

    def is_large(self, batch: int) -> bool:
        """Whether so many ballots are at least four, and four for every 16 numbers given."""
        return batch >= 4 and 16 * batch >= 4 * self.state.last_id

    def awaken(self, member: Member) -> None:
        """Make Active; a delegate who is gone is replaced by the member."""
        standing = self.state.members[member.delegate].standing
        gone = member.delegate != member.id and standing != Standing.ACTIVE
        self.state.change(
            member,
            standing=Standing.ACTIVE,
            stamp=self.today,
            delegate=member.id if gone else member.delegate,
        )

    def past_voice(self, account: str, time: int) -> int:
        """What an account spoke with at the end of a past second."""
        return self.environment.formula.voice_down(*self.entry(account, time), time)

    def ballot_of(self, account: str, time: int, large_batch: bool = False) -> tuple[int, int, int]:
        """What a ballot weighs, recorded as an act: id, members and voice at `time`, or zeros."""
        member = self.state.member(account)
        if member is None or member.standing not in (Standing.ACTIVE, Standing.DORMANT):
            return 0, 0, 0
        members, units = self.entry(account, time)
        if members == 0:
            return 0, 0, 0
        if member.standing == Standing.ACTIVE:
            self.stamp(member, large_batch)
        else:
            self.awaken(member)
        return member.id, members, self.environment.formula.voice_down(members, units, time)

    @property
    def governors(self) -> tuple[str, str]:
        """The governor of the founding, and the one in office."""
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

    # Merit

    def _usage(self) -> tuple[int, int, int]:
        epoch, merit, admitted = self.state.usage
        return (epoch, merit, admitted) if epoch == self.epoch else (self.epoch, 0, 0)

    def postpone_raise(self, new: Mapping[str, int]) -> None:
        """Let a raise of a cap on merit count from the epoch after the next one."""
        current = self.state.membership
        if any(new[cap] > current[cap] for cap in ("meritCap", "meritCapPerMember")):
            self.state.former_caps = (self.epoch + 2, *self.merit_caps())

    def merit_caps(self) -> tuple[int, int]:
        """What may be credited in this epoch, to all and to one member: a cut counts at once."""
        current = self.state.membership
        caps = current["meritCap"], current["meritCapPerMember"]
        until, *former = self.state.former_caps
        if self.epoch >= until:
            return caps
        return min(caps[0], former[0]), min(caps[1], former[1])

    def credit(self, sender: str, number: int, points: int, kind: int, ref: bytes) -> None:
        """Credit merit to a member."""
        self.creditMany(sender, [number], [points], kind, ref)

    def creditMany(
        self,
        sender: str,
        numbers: Sequence[int],
        points: Sequence[int],
        kind: int,
        ref: bytes,
    ) -> None:
        """Credit merit to many; ids may repeat."""
        epoch, merit, admitted = self._usage()
        available = max(0, self.merit_caps()[0] - merit)
        total = sum(points)
        ragged = len(numbers) != len(points)
        refuse(
            (not self.may(sender, REWARDER), "MembershipUnauthorized", sender, REWARDER),
            (ragged, "VoiceRaggedLists", len(numbers), len(points)),
            (total % MILLI != 0, "VoicePointsNotMilli", total),
            (
                total > available * MILLI,
                "VoiceMeritCapExceeded",
                total,
                available * MILLI,
            ),
        )
        self.state.usage = (epoch, merit + total // MILLI, admitted)
        for number, amount in zip(numbers, points, strict=True):
            self._credit(number, amount)

    def _credit(self, number: int, points: int) -> None:
        member = self.state.members.get(number)
        refuse((member is None, "VoiceUnknownMember", number))
        assert member is not None
        used = member.used if member.epoch == self.epoch else 0
        available = max(0, self.merit_caps()[1] - used) * MILLI
        refuse(
            (points % MILLI != 0, "VoicePointsNotMilli", points),
            (points > available, "VoiceMemberCapExceeded", number, points, available),
        )
        raw = member.raw + self.environment.formula.inflate_down(points, self.now)
        self.state.change(
            member, raw=min(RAW_MAX, raw), epoch=self.epoch, used=used + points // MILLI
        )

    # By signature

    def delegateVotesBySig(
        self,
        sender: str,
        to: str,
        nonce: int,
        expiry: int,
        signature: bytes,
    ) -> None:
        """The standard's `delegateBySig`, which recovers the signer."""
        refuse((self.now > expiry, "VotesExpiredSignature", expiry))
        signed = self.environment.signatures(signature)
        if signed.text != (self.NAME, "Delegation", to, nonce, expiry) or signed.signer is None:
            # The signature recovers to somebody else, who has never signed anything.
            raise Refusal(("InvalidAccountNonce", ANY, ANY), ("VoiceNotActive", ANY))
        current = self.state.nonces.get((self.NAME, signed.signer), 0)
        refuse((nonce != current, "InvalidAccountNonce", signed.signer, current))
        self.use_nonce(signed.signer)
        self.delegate(signed.signer, to)

    def delegateBySig(
        self,
        sender: str,
        account: str,
        to: str,
        deadline: int,
        signature: bytes,
    ) -> None:
        """As `delegate`."""
        self._check_signed(account, deadline, signature, "Delegate", to)
        self.delegate(account, to)

    def _check_signed(
        self, account: str, deadline: int, signature: bytes, name: str, *values: Any
    ) -> None:
        good = self.signed_by(account, signature, name, account, *values, NONCE, deadline)
        refuse(
            (self.now > deadline, "MembershipExpiredSignature", deadline),
            (not good, "MembershipInvalidSignature", account),
        )
        self.use_nonce(account)
