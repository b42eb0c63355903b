"""People, tickets, delegations and merit, rebuilt from the Membership's events."""

from __future__ import annotations

from dataclasses import dataclass, field

from mikoshi.chain.abi import Event
from mikoshi.config.danger import seats_by_vote
from mikoshi.replay.member import FormerSettings, Member, Standing
from mikoshi.replay.voice import Voice, VoiceHistory, units_of

NOBODY = "0x" + "00" * 20

_DAY = 86_400
_MAX_DAY = 2**16 - 1
_STAMP_DAYS = 30
_MILLI = 10**15


@dataclass
class RebuiltMembership:
    """The Membership as its events tell it; `voice` is fixed for the life of a DAO.

    `asked` are the settings asked for last, of which some may wait (`settings_at`). `approvals` has
    the account approved for a ticket, where tickets can be sold, and `bars` by member from
    when on a bar that was ever scheduled can be enforced, in Unix seconds; 0 once it waits no more.
    """

    voice: Voice
    members: dict[int, Member] = field(default_factory=dict)
    entries: dict[int, VoiceHistory] = field(default_factory=dict)
    total: VoiceHistory = field(default_factory=VoiceHistory)
    charter_hash: bytes = bytes(32)
    charter_uri: str = ""
    asked: dict[str, int] = field(default_factory=dict)
    bars: dict[int, int] = field(default_factory=dict)
    last_id: int = 0
    approvals: dict[int, str] = field(default_factory=dict)
    _ids: dict[str, int] = field(default_factory=dict)
    _tickets: dict[str, int] = field(default_factory=dict)
    _holders: dict[int, str] = field(default_factory=dict)
    _spoken: dict[int, tuple[int, int]] = field(default_factory=dict)  # id -> delegate, units
    _credited: dict[int, int] = field(default_factory=dict)  # epoch -> thousandths of a point
    _by_steward: dict[int, int] = field(default_factory=dict)  # epoch -> people
    _seats: dict[int, int] = field(default_factory=dict)  # epoch -> taken and given by votes
    _former: FormerSettings = field(default_factory=FormerSettings)
    _moves: list[tuple[str, str, str]] = field(default_factory=list)  # DelegateChanged to come

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

    def spoken_for(self, member: int, time: int) -> tuple[int, ...]:
        """Whose voices a member spoke with at `time`: Active members, by id."""
        count = self.entry(member).at(time).members
        if count < 2:
            own = self.members[member].at(time) if count else None
            if own is None or _speaks(own, own.id):
                return (member,) * count
        people = (each.at(time) for each in self.members.values())
        return tuple(each.id for each in people if each and _speaks(each, member))

    def delegate_of(self, person: Member) -> str:
        """The wallet of whoever speaks for a person."""
        return NOBODY if person.delegate is None else self.members[person.delegate].wallet

    def merit_used(self, time: int) -> int:
        """Thousandths of a point credited in the epoch of `time`."""
        return self._credited.get(self.voice.epoch(time), 0)

    def admitted_by_steward(self, time: int) -> int:
        """People whom the steward admitted in the epoch of `time`."""
        return self._by_steward.get(self.voice.epoch(time), 0)

    def seats_used(self, time: int) -> int:
        """Seats that votes took, gave or woke at once in the epoch of `time`."""
        return self._seats.get(self.voice.epoch(time), 0)

    def seats_left(self, time: int) -> int:
        """How many more they may in that epoch."""
        return max(0, seats_by_vote(self.total.latest.members) - self.seats_used(time))

    @property
    def uncounted(self) -> int:
        """Members who do not count for the floor of the quorum: Newcomers and the Absent."""
        standings = (each.standing for each in self.members.values())
        return sum(each.is_member and not each.is_counted for each in standings)

    def never_spoke(self, person: Member) -> bool:
        """Whether a person was never Active: they never had a voice, neither their own nor lent."""
        return not self.entry(person.id).times

    def settings_at(self, time: int) -> dict[str, int]:
        """The settings in force at `time`, not before the latest event."""
        return self._former.in_force(self.asked, time, self.voice.epoch(time))

    @property
    def dormant_from(self) -> int:
        """When a cut of `dormantAfter` takes force, Unix seconds; 0 if none was asked for."""
        return self._former.dormant_from

    @property
    def caps_from(self) -> int:
        """The epoch from which raised caps on merit count; 0 if none was raised."""
        return self._former.caps_from

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
                self._move(args["id"], args["from"], args["to"], time)
            case "DelegateChanged" if self._moves:
                move = (args["delegator"], args["fromDelegate"], args["toDelegate"])
                if move != self._moves.pop(0):
                    raise ValueError("a moved wallet takes another delegation along")
            case "DelegateChanged":
                person = self.members[self._ids[args["delegator"]]]
                self._delegate(person, args["fromDelegate"], args["toDelegate"], time)
            case "BarScheduled":
                self.bars[args["id"]] = args["from"]
            case "BarWithdrawn":
                if not self.bars.get(args["id"]):
                    raise ValueError(f"no bar of #{args['id']} waits")
                self.bars[args["id"]] = 0
            case "ActRecorded":
                self._stamp(self.members[args["id"]], time)
            case "MeritCredited":
                self._credit(self.members[args["id"]], args["points"], args["raw"], time)
            case "StewardAdmitted":
                admitted = self._by_steward.get(args["epoch"], 0)
                self._by_steward[args["epoch"]] = admitted + args["number"]
            case "SeatsUsed":
                self._seats[args["epoch"]] = self._seats.get(args["epoch"], 0) + args["number"]
            case "CharterChanged":
                self.charter_hash, self.charter_uri = args["charterHash"], args["uri"]
            case "SettingsChanged":
                in_force, epoch = self.settings_at(time), self.voice.epoch(time)
                self._former.ask(self.asked, in_force, args["settings"], args["dormantFrom"], epoch)
                self.asked = args["settings"]
            case "SettingsWithdrawn":
                if args["settings"] != self.settings_at(time):
                    raise ValueError("other settings were in force")
                self.asked, self._former = args["settings"], FormerSettings()
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
        lapsed = self._may_have_lapsed(person, standing, time)
        own_act = not lapsed and standing not in (Standing.ABSENT, Standing.BARRED)
        change = standing.is_counted - person.standing.is_counted
        if change:
            self.total.add(time, counted=change)
        before, person.standing = person.standing, standing
        if not standing.is_member:
            if person.delegate not in (None, person.id):
                raise ValueError(f"#{person.id} leaves a delegation behind")
            person.delegate = None
        if standing == Standing.BARRED:
            self.bars |= {person.id: 0} if person.id in self.bars else {}
        if standing == Standing.DORMANT:
            person.fell = time
        person.rested = self._stamped(person, before, lapsed, time)
        if own_act:
            person.last_act = time
        person.stood = time
        self._speak(person, time)

    def _stamped(self, person: Member, before: Standing, lapsed: bool, time: int) -> int | None:
        """Stamp a person who stands elsewhere now; the other day that the stamp may have."""
        stamp = person.stamp
        if person.standing == Standing.NEWCOMER:
            person.stamp = _day(time + self.asked["season"] + _DAY - 1)
        elif (before, person.standing) == (Standing.EXITED, Standing.BARRED):
            return None  # a bar says nothing new of who left
        elif person.standing == Standing.ABSENT:
            return person.rested
        elif not lapsed:
            person.stamp = _day(time)
        return _day(time) if lapsed and stamp != _day(time) else None

    def _move(self, number: int, sender: str, receiver: str, time: int) -> None:
        person = self.members[number]
        before = self.delegate_of(person)
        person.former += ((time, person.wallet),)
        person.wallet = receiver
        if self._ids.get(sender) == number:  # two who exchange wallets are told one by one
            del self._ids[sender]
        self._ids[receiver] = number
        if person.delegate is not None:
            after = self.delegate_of(person)
            self._moves = [(sender, before, NOBODY), (receiver, NOBODY, after)]
            person.lent = time
        person.note(time)

    def _delegate(self, person: Member, before: str, to: str, time: int) -> None:
        if before != self.delegate_of(person):
            raise ValueError(f"#{person.id} did not delegate to {before}")
        former = self.members.get(self._ids.get(before, 0))
        if to != NOBODY and former and former.standing == Standing.ACTIVE:
            person.last_act = time  # others may replace a delegate who is not Active
        person.delegate = None if to == NOBODY else self._ids[to]
        person.lent = time
        self._speak(person, time)

    def _credit(self, person: Member, points: int, raw: int, time: int) -> None:
        if not self.voice.may_become(person.raw, points, raw, time):
            raise ValueError(f"{points} do not make {raw} of {person.raw}")
        epoch, milli = self.voice.epoch(time), points // _MILLI
        person.used = milli + (person.used if person.epoch == epoch else 0)
        person.epoch = epoch
        person.raw = raw
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

    def _may_have_lapsed(self, person: Member, standing: Standing, time: int) -> bool:
        """Whether others may have made a member Dormant."""
        if standing != Standing.DORMANT or person.standing != Standing.ACTIVE:
            return False
        silence = self.settings_at(time)["dormantAfter"] + _STAMP_DAYS * _DAY
        return time >= person.stamp * _DAY + silence

    def _stamp(self, person: Member, time: int) -> None:
        person.stamp = _day(time)
        person.last_act = time

    # Sums

    def _speak(self, person: Member, time: int) -> None:
        """Put a member's own voice where standing, delegate and merit say it is."""
        person.note(time)
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


def _speaks(person: Member, delegate: int) -> bool:
    """Whether a person's voice is one of those that `delegate` speaks with."""
    return person.standing == Standing.ACTIVE and person.delegate == delegate


def _day(time: int) -> int:
    return min(time // _DAY, _MAX_DAY)
