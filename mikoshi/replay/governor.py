"""Proposals, ballots and settings, rebuilt from the Governor's events and the people's."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Any, Self

from mikoshi.chain.abi import Event
from mikoshi.config.danger import people_needed
from mikoshi.replay.membership import RebuiltMembership
from mikoshi.text.errors import Words
from mikoshi.text.json import Json, packing_of_fields

_BPS = 10_000
_HOUR = 3_600
_MAX_TALLY = 2**60 - 1

AGAINST, FOR, ABSTAIN = 0, 1, 2


class ProposalState(IntEnum):
    """Where a proposal stands, as in OpenZeppelin's `IGovernor`."""

    PENDING = 0
    ACTIVE = 1
    CANCELED = 2
    DEFEATED = 3
    SUCCEEDED = 4
    QUEUED = 5
    EXPIRED = 6
    EXECUTED = 7


@dataclass(frozen=True, slots=True)
class Ballot:
    """How a member voted: support, weight (1 voice = 1e9), people spoken for, and when."""

    support: int
    weight: int
    people: int
    time: int


@dataclass
class Proposal:
    """A proposal with its ballots by member id, and the governor that took it.

    Times are in Unix seconds.
    It turned `too_late` where it began to pass when nobody had time to answer any more.
    """

    id: int
    proposer: int
    snapshot: int
    deadline: int
    version: int
    settings: dict[str, int]
    targets: list[str]
    values: list[int]
    calldatas: list[bytes]
    description: str
    governor: RebuiltGovernor = field(repr=False, compare=False)
    ballots: dict[int, Ballot] = field(default_factory=dict)
    executed: bool = False
    canceled: bool = False
    too_late: bool = False

    @property
    def advisory(self) -> bool:
        """Whether it is a signal without actions."""
        return not self.targets

    @property
    def binding(self) -> bool:
        """Whether it does something."""
        return not self.advisory

    @property
    def eta(self) -> int:
        """When it can be executed if it passes; 0 for an advisory one."""
        return 0 if self.advisory else self.deadline + self.settings["executionDelay"]

    @property
    def expiry(self) -> int:
        """Until when it can be executed; 0 for an advisory one."""
        return 0 if self.advisory else self.eta + self.settings["expiry"]

    @property
    def people(self) -> int:
        """Members that the For and Abstain ballots spoke for."""
        return sum(each.people for each in self.ballots.values() if each.support != AGAINST)

    def votes(self, support: int) -> int:
        """Voice of the ballots of one kind. 1 voice = 1e9."""
        sum_ = sum(each.weight for each in self.ballots.values() if each.support == support)
        return sum_ if support == ABSTAIN else min(sum_, _MAX_TALLY)


@dataclass
class RebuiltGovernor:
    """The Governor as its events tell it; `membership` is rebuilt beside it.

    `settings` are those ever asked for by version, and `retired_at` is when another governor took
    its place, Unix seconds; 0 while it is in office. `oddities` says what no honest contract would
    have announced.
    """

    membership: RebuiltMembership
    address: str = ""
    settings: dict[int, dict[str, int]] = field(default_factory=dict)
    retired_at: int = 0
    oddities: list[Words] = field(default_factory=list)
    _live: dict[int, list[int]] = field(default_factory=dict)  # member id -> hours, rounded up
    _from: list[tuple[int, int]] = field(default_factory=list)  # Unix seconds, version
    proposals: dict[int, Proposal] = field(default_factory=dict)

    def packed(self) -> Json:
        """As it is kept (`mikoshi.text.json.Packing`), without the membership."""
        return [_OWN.pack(self), [_PROPOSAL.pack(each) for each in self.proposals.values()]]

    @classmethod
    def unpacked(cls, kept: Json, membership: RebuiltMembership) -> Self:
        """What `packed` made this of."""
        own, proposals = kept
        made = cls(membership, *_OWN.unpack(own))
        for each in proposals:
            proposal = Proposal(**_PROPOSAL.unpack(each), governor=made)
            made.proposals[proposal.id] = proposal
        return made

    def version_at(self, time: int) -> int:
        """The number of the settings in force at `time`; before the first ones, theirs."""
        found = (version for since, version in reversed(self._from) if since <= time)
        return next(found, self._from[0][1] if self._from else 0)

    def settings_at(self, time: int) -> dict[str, int]:
        """The settings in force at `time`."""
        return self.settings[self.version_at(time)]

    def waiting(self, time: int) -> tuple[int, int]:
        """The version that waits at `time`, and from when on it is in force; zeros if none does."""
        since, version = self._from[-1] if self._from else (0, 0)
        return (version, since) if since > time else (0, 0)

    @property
    def asked(self) -> dict[str, int]:
        """The settings asked for last, in force or not."""
        return self.settings[self._from[-1][1]]

    def needed(self, proposal: Proposal) -> int:
        """People that a proposal needs, known from its snapshot on."""
        total, rules = self.membership.total.at(proposal.snapshot), proposal.settings
        return people_needed(total.members, total.counted, rules["quorumBps"], rules["floorBps"])

    def state(self, proposal: Proposal, time: int) -> ProposalState:
        """Where a proposal stands at `time`, whichever governor of the DAO took it."""
        if proposal.executed:
            return ProposalState.EXECUTED
        if proposal.canceled:
            return ProposalState.CANCELED
        retired = proposal.governor.retired_at
        if proposal.advisory or not 0 < retired <= time:
            return self._judged(proposal, time)
        # What a governor that was replaced can no longer execute is Canceled.
        then = self._judged(proposal, retired)
        over = then in (ProposalState.DEFEATED, ProposalState.EXPIRED)
        return then if over else ProposalState.CANCELED

    def _judged(self, proposal: Proposal, time: int) -> ProposalState:
        """By ballots and time alone."""
        if time <= proposal.snapshot:
            return ProposalState.PENDING
        if time <= proposal.deadline:
            return ProposalState.ACTIVE
        passed = proposal.votes(FOR) > proposal.votes(AGAINST) and not proposal.too_late
        if not passed or proposal.people < self.needed(proposal):
            return ProposalState.DEFEATED
        if proposal.advisory:
            return ProposalState.SUCCEEDED
        return ProposalState.QUEUED if time <= proposal.expiry else ProposalState.EXPIRED

    def live(self, member: int, time: int) -> int:
        """Proposals of a member that are before their deadline at `time`."""
        return sum(hours * _HOUR > time for hours in self._live.get(member, ()))

    # Events

    def apply(self, event: Event, time: int) -> None:
        """Take an event of a block at `time`.

        Raises KeyError and ValueError for what does not follow from the events before.
        """
        args = event.args
        match event.name:
            case "SettingsChanged":
                self._ask(args["version"], args["settings"], args["inForceAt"], time)
            case "SettingsWithdrawn":
                if self.waiting(time)[0] != args["version"]:
                    raise ValueError(f"settings {args['version']} do not wait")
                self._from.pop()
            case "ProposalCreated":
                self._propose(args, time)
            case "VoteCast":
                self._vote(args, time)
            case "ProposalExtended":
                self.proposals[args["proposalId"]].deadline = args["extendedDeadline"]
            case "ProposalTooLate":
                self.proposals[args["proposalId"]].too_late = True
            case "ProposalExecuted":
                self._open(args["proposalId"]).executed = True
            case "ProposalCanceled":
                self._open(args["proposalId"]).canceled = True

    def _ask(self, version: int, settings: dict[str, int], since: int, time: int) -> None:
        """What waited before is dropped."""
        if self.waiting(time)[0]:
            self._from.pop()
        self.settings[version] = settings
        self._from.append((since, version))

    def _open(self, number: int) -> Proposal:
        """A proposal that is neither executed nor cancelled."""
        proposal = self.proposals[number]
        if proposal.executed or proposal.canceled:
            raise ValueError(f"proposal {number} is over")
        return proposal

    def _propose(self, args: dict[str, Any], time: int) -> None:
        number: int = args["proposalId"]
        if number in self.proposals:
            raise ValueError(f"proposal {number} was made before")
        person = self.membership.member_at(args["proposer"])
        if person is None:
            self.oddities.append(
                Words(
                    "proposal {proposal} was made by no member: {account}",
                    proposal=number,
                    account=args["proposer"],
                )
            )
            return
        self.proposals[number] = Proposal(
            number,
            person.id,
            args["voteStart"],
            args["voteEnd"],
            self.version_at(time),
            self.settings_at(time),
            args["targets"],
            args["values"],
            args["calldatas"],
            args["description"],
            self,
        )
        live = [hours for hours in self._live.get(person.id, ()) if hours * _HOUR > time]
        self._live[person.id] = [*live, -(-args["voteEnd"] // _HOUR)]

    def _vote(self, args: dict[str, Any], time: int) -> None:
        number, weight = args["proposalId"], args["weight"]
        person = self.membership.member_at(args["voter"])
        proposal = self.proposals.get(number)
        if person is None or proposal is None or person.id in proposal.ballots:
            self.oddities.append(
                Words(
                    "a ballot of {account} on {proposal} should not exist",
                    account=args["voter"],
                    proposal=number,
                )
            )
            return
        spoken = self.membership.entry(person.id).at(proposal.snapshot)
        expected, slack = self._weight(proposal, spoken.members, spoken.units)
        if abs(expected - weight) > slack:
            self.oddities.append(
                Words(
                    "the ballot of #{member} on {proposal} weighs {weight}, rebuilt {rebuilt}",
                    member=person.id,
                    proposal=number,
                    weight=weight,
                    rebuilt=expected,
                )
            )
        proposal.ballots[person.id] = Ballot(args["support"], weight, spoken.members, time)
        self.membership.act(person, time)

    def _weight(self, proposal: Proposal, members: int, units: int) -> tuple[int, int]:
        """What a ballot weighs after the cap, and by how much that may be off."""
        voice, total = self.membership.voice, self.membership.total.at(proposal.snapshot)
        own = voice.of(members, units, proposal.snapshot)
        slack = voice.tolerance(own, members)
        if own <= voice.base:
            return own, slack
        awake = voice.of(total.members, total.units, proposal.snapshot)
        cap = max(awake * proposal.settings["voiceCapBps"] // _BPS, voice.base)
        return min(own, cap), max(slack, voice.tolerance(awake, total.members))


def _row(*values: Any) -> tuple[Any, ...]:
    return values


def _named(*values: Any) -> dict[str, Any]:
    names = (each.name for each in fields(Proposal) if each.name != "governor")
    return dict(zip(names, values, strict=True))


_PROPOSAL = packing_of_fields(Proposal, _named, without=("governor",))
_OWN = packing_of_fields(RebuiltGovernor, _row, without=("membership", "proposals"))
