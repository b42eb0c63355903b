"""What the people of a DAO did and when, taken from its events in one pass.

Everything else in the report is counted from these facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.governor import Proposal
from mikoshi.replay.logs import Log
from mikoshi.replay.member import Standing
from mikoshi.replay.membership import NOBODY
from mikoshi.text.units import DAY

MONTH = 30 * DAY
"""An epoch of the DAO, and the length of a cohort."""

QUARTER = 90 * DAY
"""How far back "lately" goes."""


class Deed(StrEnum):
    """What counts as an act of a member: something they did, or that others said of them."""

    BALLOT = "ballot"
    PROPOSAL = "proposal"
    DELEGATION = "delegation"
    CONTRIBUTION = "contribution"
    WAKING = "waking"
    REPORTED = "reported"


BY_HAND = (Deed.BALLOT, Deed.PROPOSAL, Deed.DELEGATION, Deed.WAKING)
"""What people do themselves; a reward and a reported act are done to them."""

_FAINT = (Deed.WAKING, Deed.REPORTED)
"""Acts that count only where no other act of the same person is in the transaction."""


@dataclass(frozen=True, slots=True)
class MemberAct:
    """One act of a member at `time` (Unix seconds), and the event that shows it."""

    member: int
    deed: Deed
    log: Log

    @property
    def time(self) -> int:
        """When, in Unix seconds."""
        return self.log.time

    @property
    def by_hand(self) -> bool:
        """Whether they did it themselves."""
        return self.deed in BY_HAND


@dataclass
class GivenReward:
    """What one transaction gave a member for one kind: merit (1 point = 1e18), tokens in wei."""

    member: int
    kind: int
    time: int
    points: int = 0
    tokens: int = 0
    logs: list[Log] = field(default_factory=list)


@dataclass
class Human:
    """A person's life in the DAO. `founder` was admitted by the creation; times are ascending."""

    id: int
    wallet: str
    joined: int
    founder: bool
    standings: list[tuple[int, Standing]] = field(default_factory=list)
    acts: list[MemberAct] = field(default_factory=list)

    @property
    def standing(self) -> Standing:
        """Where the person stands now."""
        return self.standings[-1][1]

    @property
    def own_acts(self) -> list[MemberAct]:
        """What they did by their own hand."""
        return [act for act in self.acts if act.by_hand]

    def acted(self, start: int, end: int) -> bool:
        """Whether they did something by their own hand in [start, end)."""
        return any(start <= act.time < end for act in self.acts if act.by_hand)

    def first(self, *deeds: Deed) -> int | None:
        """Seconds from admission to the first act of these kinds, of any kind if none is named."""
        times = (act.time for act in self.acts if not deeds or act.deed in deeds)
        return next((time - self.joined for time in times), None)


class Facts:
    """A DAO at `now` (Unix seconds). `rebuilt` has taken `logs`, and none of them is after `now`.

    `acts` and `rewards` are in the order of the chain; what the creation did is none of either.
    """

    def __init__(self, logs: Iterable[Log], rebuilt: RebuiltDao, now: int) -> None:
        self.rebuilt = rebuilt
        self.dao = rebuilt.dao
        self.now = now
        self.logs: dict[tuple[str, str], list[Log]] = {}
        self.people: dict[int, Human] = {}
        self.acts: list[MemberAct] = []
        self.rewards: list[GivenReward] = []
        self.executions: dict[int, Log] = {}
        self._ids: dict[str, int] = {}
        # Nothing can happen to a DAO before the transaction that creates it.
        self.creation, self.created = "", now
        for transaction, group in groupby(logs, key=lambda log: log.transaction):
            together = list(group)
            if not self.creation:
                self.creation, self.created = transaction, together[0].time
            self._transaction(transaction, together)

    # Reading

    @property
    def age(self) -> int:
        """Seconds since the creation."""
        return self.now - self.created

    @property
    def newcomers(self) -> list[Human]:
        """Who was admitted after the creation, by id."""
        return [human for human in self.people.values() if not human.founder]

    @property
    def proposals(self) -> list[Proposal]:
        """All proposals, the oldest first."""
        return self.rebuilt.proposals

    def members(self, *standings: Standing) -> list[Human]:
        """Who holds a ticket now; of these standings only, if any is named."""
        wanted = standings or [each for each in Standing if each.is_member]
        return [human for human in self.people.values() if human.standing in wanted]

    @cached_property
    def own_voice(self) -> dict[int, int]:
        """The own voice of each active member. 1 voice = 1e9."""
        own = self.rebuilt.membership.own_voice_of
        return {human.id: own(human.id, self.now) for human in self.members(Standing.ACTIVE)}

    @cached_property
    def spoken_voice(self) -> dict[int, int]:
        """What each active member speaks with, after delegation. 1 voice = 1e9."""
        spoken = self.rebuilt.membership.voice_of
        return {human.id: spoken(human.id, self.now) for human in self.members(Standing.ACTIVE)}

    def since(self, seconds: int) -> list[MemberAct]:
        """The acts of the last so many seconds."""
        return [act for act in self.acts if act.time > self.now - seconds]

    def member_of(self, wallet: str) -> int | None:
        """The person behind a wallet."""
        return self._ids.get(wallet)

    def events(self, address: str, *names: str) -> list[Log]:
        """The events of a contract of the DAO by name, in order."""
        found = [log for name in names for log in self.logs.get((address, name), [])]
        return sorted(found, key=lambda log: (log.block, log.index)) if len(names) > 1 else found

    # Taking events

    def _transaction(self, transaction: str, logs: list[Log]) -> None:
        for log in logs:
            self.logs.setdefault((self._part(log), log.event.name), []).append(log)
        founding = transaction == self.creation
        acts = [act for log in logs for act in self._take(log, founding)]
        if founding:
            return
        rewards = list(self._rewarded(logs))
        acts += [MemberAct(each.member, Deed.CONTRIBUTION, each.logs[0]) for each in rewards]
        plain = {act.member for act in acts if act.deed not in _FAINT}
        self.rewards += rewards
        seen: set[tuple[int, Deed]] = set()
        for act in acts:
            faint, key = act.deed in _FAINT, (act.member, act.deed)
            once = faint or act.deed == Deed.CONTRIBUTION
            if (faint and act.member in plain) or (once and key in seen):
                continue
            seen.add(key)
            self.acts.append(act)
            self.people[act.member].acts.append(act)

    def _take(self, log: Log, founding: bool) -> Iterator[MemberAct]:
        address, event, args = self._part(log), log.event.name, log.event.args
        if address == self.dao.membership_address:
            yield from self._of_membership(log, founding)
        elif address == self.dao.governor_address:
            if event == "ProposalExecuted":
                self.executions[args["proposalId"]] = log
            elif event == "VoteCast":
                yield from self._by(args["voter"], Deed.BALLOT, log)
            elif event == "ProposalCreated":
                yield from self._by(args["proposer"], Deed.PROPOSAL, log)

    def _part(self, log: Log) -> str:
        """Where an event is filed: all governors are one."""
        address = log.event.address
        return self.dao.governor_address if address in self.dao.governors else address

    def _of_membership(self, log: Log, founding: bool) -> Iterator[MemberAct]:
        args = log.event.args
        match log.event.name:
            case "MemberAdmitted":
                number, wallet = args["id"], args["wallet"]
                self._ids[wallet] = number
                human = self.people.setdefault(number, Human(number, wallet, log.time, founding))
                human.standings.append((log.time, Standing(args["standing"])))
            case "StandingChanged":
                human, standing = self.people[args["id"]], Standing(args["standing"])
                human.standings.append((log.time, standing))
                if standing == Standing.ACTIVE:
                    yield MemberAct(human.id, Deed.WAKING, log)
            case "WalletMoved":
                self._ids.pop(args["from"], None)
                self._ids[args["to"]] = args["id"]
                self.people[args["id"]].wallet = args["to"]
            case "ActRecorded":
                yield MemberAct(args["id"], Deed.REPORTED, log)
            case "DelegateChanged" if args["toDelegate"] != NOBODY:
                # A delegate who is not Active is replaced by anyone, or by waking: no choice.
                before = self._ids.get(args["fromDelegate"], 0)
                if before and self.people[before].standing == Standing.ACTIVE:
                    yield from self._by(args["delegator"], Deed.DELEGATION, log)

    def _by(self, wallet: str, deed: Deed, log: Log) -> Iterator[MemberAct]:
        if (member := self._ids.get(wallet)) is not None:
            yield MemberAct(member, deed, log)

    def _rewarded(self, logs: Iterable[Log]) -> Iterable[GivenReward]:
        """Merit and new tokens of one transaction, by member and kind."""
        given: dict[tuple[int, int], GivenReward] = {}
        minted: list[Log] = []

        def reward(member: int | None, kind: int, log: Log) -> GivenReward | None:
            if member is None:
                return None
            found = given.setdefault((member, kind), GivenReward(member, kind, log.time))
            found.logs.append(log)
            return found

        for log in logs:
            args, at = log.event.args, (log.event.address, log.event.name)
            if at == (self.dao.membership_address, "MeritCredited"):
                if credited := reward(args["id"], args["kind"], log):
                    credited.points += args["points"]
            elif at == (self.dao.token_address, "Transfer") and args["from"] == NOBODY:
                minted.append(log)
            elif at == (self.dao.token_address, "Minted"):
                for mint in minted:
                    if paid := reward(self._ids.get(mint.event.args["to"]), args["kind"], mint):
                        paid.tokens += mint.event.args["amount"]
                minted = []
        return given.values()
