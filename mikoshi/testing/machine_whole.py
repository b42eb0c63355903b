"""All rules of the state machine in one, with what is checked after each step and at the end."""

from __future__ import annotations

import sys

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from mikoshi.testing.defaults import DAY
from mikoshi.testing.invariants import check_conservation, glance, inspect
from mikoshi.testing.machine_base import NUMBER, SMALL
from mikoshi.testing.machine_chance import Weighted
from mikoshi.testing.machine_checks import check_liveness
from mikoshi.testing.machine_choice import pick
from mikoshi.testing.machine_doors import DoorRules
from mikoshi.testing.machine_people import PeopleRules
from mikoshi.testing.machine_tickets import TicketRules
from mikoshi.testing.machine_votes import VoteRules
from mikoshi.testing.model.judging import WALL
from mikoshi.testing.model.proposal import ProposalState
from mikoshi.testing.model.state import EPOCH, Standing

INSPECT_EVERY = 25
_SHOWN = 20
_TICKS = (0, 1, 12, 0, 3_600)
YEAR = 365 * DAY
WEIGHTS = {
    "door": 12,
    "admit": 6,
    "credit": 7,
    "wait": 7,
    "carry": 7,
    "propose": 7,
    "vote": 7,
    "batch": 6,
    "delegate": 5,
    "sell": 4,
    "wake": 4,
    "execute": 4,
    "turnout": 3,
    "rejoin": 3,
    "lapse": 3,
    "move_tokens": 3,
    "change_caps": 2,
    "exit": 2,
    "reclaim": 2,
    "cancel": 2,
    "delegate_as_standard": 2,
    "turn": 4,
    "raise_twice": 2,
    "stretch": 2,
    "bar_slowly": 2,
    "return_early": 2,
    "lose_delegate": 2,
}
"""How often a rule comes up beside those that are not here, which have 1."""


class Machine(PeopleRules, TicketRules, DoorRules, VoteRules):
    """All rules. Subclasses set the `world`, which is reset before each history."""

    def __init__(self) -> None:
        super().__init__()
        self._rules_strategy = Weighted(self, WEIGHTS)
        self.world.reset()
        self._done = 0

    @rule(kind=st.integers(0, 23), number=NUMBER)
    def wait(self, kind: int, number: int) -> None:
        """Time passes: seconds to decades, or to just before, at or after what is due."""
        world = self.world
        if kind < 12:
            spans = (1, 60, 3_600, DAY, 3 * DAY, 30 * DAY, 31 * DAY, 90 * DAY, 210 * DAY, YEAR)
            span = pick((*spans, 2 * YEAR, 26 * YEAR if number % 8 == 7 else 7 * DAY), kind)
            world.warp_to(world.now + span)
            return
        dates = [time for time in self._dates() if time > world.now]
        if dates:
            world.warp_to(pick(sorted(dates), number // 3) + pick((0, 1, -1), number))

    def _dates(self) -> list[int]:
        """When something becomes due."""
        world = self.world
        state, governor = world.model.state, world.model.governor
        dates = [world.now + EPOCH - (world.now - world.params["voice"]["t0"]) % EPOCH]
        for proposal in state.proposals.values():
            final = ProposalState.CANCELED, ProposalState.EXECUTED, ProposalState.DEFEATED
            if governor.state_of(proposal) not in final:
                dates += [proposal.snapshot, proposal.deadline, proposal.first_deadline + WALL]
                dates += [governor.eta(proposal), governor.expiry(proposal)]
        for member in state.members.values():
            silent = member.stamp * DAY + world.model.membership.dormant_after() + 30 * DAY
            waking = member.standing == Standing.NEWCOMER
            dates += [member.stamp * DAY] if waking else [silent, silent + DAY + YEAR]
        dates += [*state.bars.values(), *state.roles.values()]
        dates += [state.waiting[1], state.former_dormancy[0], state.changed + YEAR + 30 * DAY]
        dates += [since for rules in state.rules if (since := rules.in_force) is not None]
        return [*dates, state.guardian[1], state.steward[1]]

    @invariant()
    def agrees(self) -> None:
        """After each step the cheap invariants, now and then all of them."""
        world = self.world
        world.steps += self._done > 0 and world.busy
        self._done += 1
        glance(world)
        if self._done % INSPECT_EVERY == 0:
            self._inspect()
        world.warp_to(world.now + pick(_TICKS, self._done))
        world.busy = False

    @rule(number=NUMBER, how=SMALL)
    def look_back(self, number: int, how: int) -> None:
        """The sums at some moment of the past."""
        world = self.world
        moments = [moment for moment, _ in world.model.environment.past]
        time = pick(moments[::-1], number) + pick((0, -1, 1, how * 3_600), how)
        if world.founded <= time < world.now:
            check_conservation(world, time)
            world.busy = True

    def teardown(self) -> None:
        """At the end everything, and whether the community could still decide."""
        error = sys.exc_info()[1]
        if error:
            calls = "\n".join(self.world.log[-_SHOWN:])
            error.add_note(f"The last calls:\n{calls}")
        elif self._done:
            self._inspect()
            check_liveness(self.world, self.stranger)

    def _inspect(self) -> None:
        world = self.world
        changes = [time for time, _ in world.model.environment.past]
        world.warp_to(world.now + 1)
        inspect(world, [pick(changes, self._done * 7), pick(changes, self._done * 3) - 1])
