"""People, tickets, delegations and merit, rebuilt from the Membership's events."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import ClassVar

from mikoshi.chain.abi import Event
from mikoshi.replay.voice import Voice, VoiceHistory, units_of

NOBODY = "0x" + "00" * 20

_DAY = 86_400
_MAX_DAY = 2**16 - 1
_STAMP_DAYS = 30
_MILLI = 10**15


class Standing(IntEnum):
    """Where a person stands, as in `IMembership`."""

    NONE = 0
    ACTIVE = 1
    DORMANT = 2
    NEWCOMER = 3
    ABSENT = 4
    EXITED = 5
    LEFT = 6
    BARRED = 7

    @property
    def is_member(self) -> bool:
        """Whether the person holds a ticket."""
        return Standing.ACTIVE <= self <= Standing.ABSENT

    @property
    def is_counted(self) -> bool:
        """Whether the person counts for the floor of the quorum."""
        return self in (Standing.ACTIVE, Standing.DORMANT)


@dataclass
class Member:
    """A person. `delegate` is an id (their own: nobody else), None for whoever holds no ticket.

    `joined` and `last_act`, the last act of their own, are in Unix seconds, `stamp` in days since
    the epoch: exact for who is not Active, otherwise less than a month off, for no event tells
    which acts came in a large batch (`may_have_recorded`). `raw` is inflated merit from so many
    `credits`; `used` thousandths of a point of it were credited in `epoch`.
    """

    id: int
    wallet: str
    joined: int
    standing: Standing = Standing.NONE
    delegate: int | None = None
    ticket: int | None = None
    stamp: int = 0
    last_act: int = 0
    raw: int = 0
    epoch: int = 0
    used: int = 0
    credits: int = 0
    json: ClassVar[str] = "id wallet"

    def may_have_recorded(self, day: int) -> bool:
        """Whether a contract that did right can have `day` as that of the last recorded act."""
        if self.standing != Standing.ACTIVE:
            return day == self.stamp
        last = _day(self.last_act)
        return last - _STAMP_DAYS < day <= last


@dataclass
class RebuiltMembership:
    """The Membership as its events tell it; `voice` is fixed for the life of a DAO.

    `approvals` has the account approved for a ticket, where tickets can be sold.
    """

    voice: Voice
    members: dict[int, Member] = field(default_factory=dict)
    entries: dict[int, VoiceHistory] = field(default_factory=dict)
    total: VoiceHistory = field(default_factory=VoiceHistory)
    charter_hash: bytes = bytes(32)
    charter_uri: str = ""
    settings: dict[str, int] = field(default_factory=dict)
    last_id: int = 0
    approvals: dict[int, str] = field(default_factory=dict)
    _ids: dict[str, int] = field(default_factory=dict)
    _tickets: dict[str, int] = field(default_factory=dict)
    _holders: dict[int, str] = field(default_factory=dict)
    _spoken: dict[int, tuple[int, int]] = field(default_factory=dict)  # id -> delegate, units
    _credited: dict[int, int] = field(default_factory=dict)  # epoch -> thousandths of a point
    _by_steward: dict[int, int] = field(default_factory=dict)  # epoch -> people

    # Reading

    def member_at(self, wallet: str) -> Member | None:
        """The person behind a wallet, also after exit."""
        return self.members.get(self._ids.get(wallet, 0))

    def entry(self, member: int) -> VoiceHistory:
        """What a member speaks for, now and before."""
        return self.entries.setdefault(member, VoiceHistory())

    def voice_of(self, member: int, time: int) -> int:
        """The voice that a member speaks with now, at `time`. 1 voice = 1e9."""
        latest = self.entry(member).latest
        return self.voice.of(latest.members, latest.units, time)

    def own_voice_of(self, member: int, time: int) -> int:
        """A member's own voice at `time`, whoever speaks it; 0 unless Active. 1 voice = 1e9."""
        person = self.members[member]
        if person.standing != Standing.ACTIVE:
            return 0
        return self.voice.of(1, units_of(person.raw), time)

    def delegate_of(self, person: Member) -> str:
        """The wallet of whoever speaks for a person."""
        return NOBODY if person.delegate is None else self.members[person.delegate].wallet

    def merit_used(self, time: int) -> int:
        """Thousandths of a point credited in the epoch of `time`."""
        return self._credited.get(self.voice.epoch(time), 0)

    def admitted_by_steward(self, time: int) -> int:
        """People whom the steward admitted in the epoch of `time`."""
        return self._by_steward.get(self.voice.epoch(time), 0)

    # Events

    def apply(self, event: Event, time: int) -> None:
        """Take an event of a block at `time`.

        Raises KeyError and ValueError for what does not follow from the events before.
        """
        args = event.args
        match event.name:
            case "Transfer":
                self._hand_on(args["from"], args["to"], args["tokenId"])
            case "MemberAdmitted":
                self._admit(args["id"], args["wallet"], Standing(args["standing"]), time)
            case "StandingChanged":
                self._stand(self.members[args["id"]], Standing(args["standing"]), time)
            case "WalletMoved":
                self._move(args["id"], args["from"], args["to"])
            case "DelegateChanged":
                person = self.members[self._ids[args["delegator"]]]
                self._delegate(person, args["fromDelegate"], args["toDelegate"], time)
            case "ActRecorded":
                self._stamp(self.members[args["id"]], time)
            case "MeritCredited":
                self._credit(self.members[args["id"]], args["points"], time)
            case "StewardAdmitted":
                admitted = self._by_steward.get(args["epoch"], 0)
                self._by_steward[args["epoch"]] = admitted + args["number"]
            case "CharterChanged":
                self.charter_hash, self.charter_uri = args["charterHash"], args["uri"]
            case "SettingsChanged":
                self.settings = args["settings"]
            case "Approval":
                self.approvals[args["tokenId"]] = args["approved"]

    def _hand_on(self, sender: str, receiver: str, ticket: int) -> None:
        holder = self._holders.get(ticket, NOBODY)
        if holder != sender:
            raise ValueError(f"ticket {ticket} is {holder}'s")
        self._holders[ticket] = receiver
        self._tickets.pop(sender, None)
        if sender != NOBODY:
            self.approvals.pop(ticket, None)
        if receiver != NOBODY:
            self._tickets[receiver] = ticket
        self.last_id = max(self.last_id, ticket)
        for wallet in (sender, receiver):
            person = self.member_at(wallet)
            if person is not None:
                person.ticket = self._tickets.get(person.wallet)

    def _admit(self, number: int, wallet: str, standing: Standing, time: int) -> None:
        person = self.members.setdefault(number, Member(number, wallet, time))
        if person.delegate is not None:
            raise ValueError(f"#{number} is a member already")
        self._ids[wallet] = number
        self.last_id = max(self.last_id, number)
        person.ticket = self._tickets.get(wallet)
        person.delegate = number
        self._stand(person, standing, time)

    def _stand(self, person: Member, standing: Standing, time: int) -> None:
        own_act = self._is_own_act(person, standing, time)
        change = standing.is_counted - person.standing.is_counted
        if change:
            self.total.add(time, counted=change)
        person.standing = standing
        if not standing.is_member:
            if person.delegate not in (None, person.id):
                raise ValueError(f"#{person.id} leaves a delegation behind")
            person.delegate = None
        person.stamp = _day(time)
        if own_act:
            person.last_act = time
        self._speak(person, time)

    def _move(self, number: int, sender: str, receiver: str) -> None:
        self.members[number].wallet = receiver
        self._ids.pop(sender, None)
        self._ids[receiver] = number

    def _delegate(self, person: Member, before: str, to: str, time: int) -> None:
        if before != self.delegate_of(person):
            raise ValueError(f"#{person.id} did not delegate to {before}")
        person.delegate = None if to == NOBODY else self._ids[to]
        self._speak(person, time)

    def _credit(self, person: Member, points: int, time: int) -> None:
        epoch, milli = self.voice.epoch(time), points // _MILLI
        person.used = milli + (person.used if person.epoch == epoch else 0)
        person.epoch = epoch
        person.raw = self.voice.inflated(person.raw, points, time)
        person.credits += 1
        self._credited[epoch] = self._credited.get(epoch, 0) + milli
        self._speak(person, time)

    # Acts

    def act(self, person: Member, time: int) -> None:
        """An act that rewrites the stamp only of an Active member whose stamp is a month old."""
        person.last_act = time
        stale = _day(time) >= person.stamp + _STAMP_DAYS
        if person.standing == Standing.ACTIVE and stale:
            person.stamp = _day(time)

    def _is_own_act(self, person: Member, standing: Standing, time: int) -> bool:
        """Whether the person did it: others bar and lapse.

        No event tells a rest from a lapse: whoever rests when others could lapse them is taken for
        lapsed.
        """
        if standing == Standing.DORMANT and person.standing == Standing.ACTIVE:
            silence = self.settings["dormantAfter"] + _STAMP_DAYS * _DAY
            return time < (_day(person.last_act) - _STAMP_DAYS + 1) * _DAY + silence
        return standing not in (Standing.ABSENT, Standing.BARRED)

    def _stamp(self, person: Member, time: int) -> None:
        person.stamp = _day(time)
        person.last_act = time

    # Sums

    def _speak(self, person: Member, time: int) -> None:
        """Put a member's own voice where standing, delegate and merit say it is."""
        before = self._spoken.pop(person.id, None)
        after = None
        if person.standing == Standing.ACTIVE and person.delegate is not None:
            after = self._spoken[person.id] = (person.delegate, units_of(person.raw))
        if before == after:
            return
        for spoken, sign in ((before, -1), (after, 1)):
            if spoken is not None:
                delegate, units = spoken
                self.entry(delegate).add(time, sign, sign * units)
                self.total.add(time, sign, sign * units)


def _day(time: int) -> int:
    return min(time // _DAY, _MAX_DAY)
