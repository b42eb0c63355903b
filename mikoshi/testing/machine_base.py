"""What all rules of the state machine share: the world, and choosing from it."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from mikoshi.testing.machine_actors import Actor
from mikoshi.testing.machine_choice import pick
from mikoshi.testing.machine_world import MachineWorld
from mikoshi.testing.model.state import Standing

NUMBER = st.integers(0, 1023)
SMALL = st.integers(0, 31)
HOUR = 3_600

FLAWS = (
    "none",
    "compact",
    "none",
    "replayed",
    "expired",
    "stranger",
    "nonce",
    "altered",
    "garbage",
    "domain",
)
"""What may be wrong with a signature; the first three are right."""


class Base(RuleBasedStateMachine):
    """A machine with a world."""

    world: MachineWorld

    def by_standing(self, number: int, *standings: Standing, anyone: int = 5) -> Actor:
        """Mostly somebody with one of these standings; every fifth time, or for want, anybody."""
        world = self.world
        fitting = [
            world.actor(m.wallet)
            for m in world.model.state.members.values()
            if m.standing in standings
        ]
        everyone = [*world.people, *world.wallets]
        if not fitting or number % anyone == anyone - 1:
            return pick(everyone, number // anyone)
        return pick(fitting, number // anyone)

    @property
    def stranger(self) -> str:
        """Somebody who relays what others have signed."""
        return self.world.officers["stranger"].address

    @property
    def outside(self) -> list[Actor]:
        """Everybody without a ticket."""
        standing = self.world.model.state.standing
        everybody = [*self.world.people, *self.world.wallets]
        return [actor for actor in everybody if not standing(actor.address).is_member]
