"""Proposals, ballots and settings, rebuilt from the Governor's events and the people's."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from mikoshi.chain.abi import Event
from mikoshi.replay.membership import RebuiltMembership
from mikoshi.text.errors import Words

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
    """A proposal with its ballots by member id. Times are in Unix seconds."""

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
    ballots: dict[int, Ballot] = field(default_factory=dict)
    executed: bool = False
    canceled: bool = False

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

    `oddities` says what no honest contract would have announced.
    """

    membership: RebuiltMembership
    settings: dict[int, dict[str, int]] = field(default_factory=dict)
    version: int = 0
    proposals: dict[int, Proposal] = field(default_factory=dict)
    oddities: list[Words] = field(default_factory=list)
    _live: dict[int, list[int]] = field(default_factory=dict)  # member id -> hours, rounded up

    def needed(self, proposal: Proposal) -> int:
        """People that a proposal needs, known from its snapshot on."""
        total = self.membership.total.at(proposal.snapshot)
        rules = proposal.settings
        share = -(-total.members * rules["quorumBps"] // _BPS)
        floor = -(-total.counted * rules["floorBps"] // _BPS)
        return max(1, share, floor)

    def state(self, proposal: Proposal, time: int) -> ProposalState:
        """Where a proposal stands at `time`."""
        if proposal.executed:
            return ProposalState.EXECUTED
        if proposal.canceled:
            return ProposalState.CANCELED
        if time <= proposal.snapshot:
            return ProposalState.PENDING
        if time <= proposal.deadline:
            return ProposalState.ACTIVE
        passed = proposal.votes(FOR) > proposal.votes(AGAINST)
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
                self.version = args["version"]
                self.settings[self.version] = args["settings"]
            case "ProposalCreated":
                self._propose(args, time)
            case "VoteCast":
                self._vote(args, time)
            case "ProposalExtended":
                self.proposals[args["proposalId"]].deadline = args["extendedDeadline"]
            case "ProposalExecuted":
                self._open(args["proposalId"]).executed = True
            case "ProposalCanceled":
                self._open(args["proposalId"]).canceled = True

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
            self.version,
            self.settings[self.version],
            args["targets"],
            args["values"],
            args["calldatas"],
            args["description"],
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
