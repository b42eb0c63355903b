"""Who votes: the turnout of each proposal, and whether those who still act can decide."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from mikoshi.config.danger import people_needed
from mikoshi.replay.facts import Facts, Human
from mikoshi.replay.governor import Proposal
from mikoshi.replay.member import Standing
from mikoshi.report.calendar import Calendar
from mikoshi.report.formulas import mean, share
from mikoshi.text.units import DAY

_STAMP = 30 * DAY
_VOTES = 3


@dataclass(frozen=True)
class Turnout:
    """The ballots of a proposal: members they spoke for and what they weighed, of those awake.

    `people` and `weight` take every ballot, Against too; `awake` and `voice` (1 voice = 1e9) are
    all that were awake at the snapshot. `needed` people make the quorum.
    """

    proposal: Proposal
    people: int
    awake: int
    weight: int
    voice: int
    needed: int

    @property
    def by_head(self) -> Fraction | None:
        """Members spoken for, of those awake at the snapshot."""
        return share(self.people, self.awake)

    @property
    def by_voice(self) -> Fraction | None:
        """Weight of the ballots (after the cap), of the voice awake at the snapshot."""
        return share(self.weight, self.voice)


def turnouts(facts: Facts, start: int = 0) -> list[Turnout]:
    """Of the proposals whose voting ended in [`start`, now), in the order of their deadlines."""
    ended = [
        each for each in facts.proposals if start <= each.deadline < facts.now and not each.canceled
    ]
    return [_turnout(facts, each) for each in sorted(ended, key=lambda each: each.deadline)]


def _turnout(facts: Facts, proposal: Proposal) -> Turnout:
    membership, governor = facts.rebuilt.membership, facts.rebuilt.governor
    total = membership.total.at(proposal.snapshot)
    ballots = proposal.ballots.values()
    return Turnout(
        proposal,
        sum(each.people for each in ballots),
        total.members,
        sum(each.weight for each in ballots),
        membership.voice.of(total.members, total.units, proposal.snapshot),
        governor.needed(proposal),
    )


def mean_turnout(facts: Facts, start: int, end: int) -> tuple[Fraction | None, int]:
    """Mean turnout by head of the votes that ended in [`start`, `end`), and their number."""
    membership = facts.rebuilt.membership
    heads = []
    for each in facts.proposals:
        awake = membership.total.at(each.snapshot).members
        if start <= each.deadline < end and not each.canceled and awake:
            spoken = sum(ballot.people for ballot in each.ballots.values())
            heads.append(Fraction(spoken, awake))
    return mean(heads), len(heads)


def recent_votes(facts: Facts) -> list[Turnout]:
    """The last three that ended, the latest first."""
    return turnouts(facts)[: -_VOTES - 1 : -1]


@dataclass(frozen=True)
class Reach:
    """Whether the people who act could pass a proposal made now.

    `still` are the members with a voice who acted lately, by their own hand, and `acting` is the
    number of members they speak for; `voted` is the largest number that For and Abstain spoke for
    in one of the last three votes, None before the first. `needed` make the quorum. `lapsable`,
    for whom nobody of `still` speaks, could be made dormant by anyone, and then `needed_after`
    would do.
    """

    still: tuple[Human, ...]
    acting: int
    voted: int | None
    awake: int
    counted: int
    needed: int
    lapsable: tuple[Human, ...]
    needed_after: int

    @property
    def spoken(self) -> int:
        """Members that a proposal can count on: by the last votes or by lately, what is worse."""
        return self.acting if self.voted is None else min(self.acting, self.voted)

    @property
    def passes(self) -> bool:
        """Whether they reach the quorum."""
        return self.spoken >= self.needed

    @property
    def margin(self) -> Fraction:
        """Members they speak for, of those needed."""
        return Fraction(self.spoken, self.needed)


def reach(facts: Facts, calendar: Calendar | None = None) -> Reach:
    """Of the quorum that a proposal with a snapshot now would need."""
    membership, lately = facts.rebuilt.membership, calendar or Calendar.of(facts)
    total = membership.total.at(facts.now)
    still = [
        human
        for human in facts.members(Standing.ACTIVE)
        if lately.acted(human) and membership.entry(human.id).latest.members
    ]
    voters = {human.id for human in still}
    lapsable = [
        human
        for human in lapse_candidates(facts)
        if voters.isdisjoint((human.id, membership.members[human.id].delegate))
    ]
    return Reach(
        tuple(still),
        sum(membership.entry(human.id).latest.members for human in still),
        max((each.proposal.people for each in recent_votes(facts)), default=None),
        total.members,
        total.counted,
        needed(facts, total.members, total.counted),
        tuple(lapsable),
        needed(facts, total.members - len(lapsable), total.counted),
    )


def needed(facts: Facts, awake: int, counted: int) -> int:
    """People that a quorum needs under the settings in force; two wherever two are awake."""
    rules = facts.rebuilt.governor.settings_at(facts.now)
    return people_needed(awake, counted, rules["quorumBps"], rules["floorBps"])


def lapse_candidates(facts: Facts) -> list[Human]:
    """Active members whom anyone may surely let lapse now, the longest silent first.

    The chain records an act up to 30 days late and never early, so some may be due before.
    """
    membership = facts.rebuilt.membership
    silence = membership.settings_at(facts.now)["dormantAfter"] + _STAMP
    last = {human.id: membership.members[human.id].last_act for human in facts.people.values()}
    due = [
        human for human in facts.members(Standing.ACTIVE) if facts.now >= last[human.id] + silence
    ]
    return sorted(due, key=lambda human: (last[human.id], human.id))
