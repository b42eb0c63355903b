"""S1: what standard clients conclude is never what `state` contradicts.

The state machine asks for every proposal of its histories; here are those that clients got wrong.
"""

from __future__ import annotations

import pytest

from mikoshi.testing.clients import conclude
from mikoshi.testing.defaults import POINT
from mikoshi.testing.evm import Evm
from mikoshi.testing.invariants import inspect
from mikoshi.testing.machine_checks import lists
from mikoshi.testing.machine_setups import PAYEES, SETUPS, START
from mikoshi.testing.machine_world import MachineWorld
from mikoshi.testing.model.proposal import Action, ProposalState
from mikoshi.testing.model.state import NO_HASH


@pytest.fixture(scope="module")
def world() -> MachineWorld:
    """Four members, of whom one has enough merit to speak with 2.5 voices of a newcomer."""
    world = MachineWorld(Evm(START), SETUPS["transferable"])
    args = (1, 200 * POINT, 0, NO_HASH)
    assert world.send("membership", "credit", world.treasury, *args)[0] == "ok"
    world.warp_to(world.now + 1)
    return world


@pytest.mark.parametrize(
    ("for_", "against", "state", "concluded"),
    [
        ([0], [], ProposalState.DEFEATED, None),  # voice for two, and one person
        ([0, 1], [], ProposalState.QUEUED, None),
        ([0, 1], [2], ProposalState.QUEUED, None),
        ([1, 2], [0], ProposalState.DEFEATED, False),
        ([], [], ProposalState.DEFEATED, False),
    ],
)
def test_a_client_concludes_nothing_that_is_not_so(
    world: MachineWorld,
    for_: list[int],
    against: list[int],
    state: ProposalState,
    concluded: bool | None,
) -> None:
    actions = (Action(PAYEES[0], 1, b""),)
    with world.aside():
        proposer = world.people[0].address
        raw = (*lists(actions), "standard")
        _, number = world.send("governor", "propose", proposer, actions, "standard", raw=raw)
        world.warp_to(world.model.state.proposals[number].snapshot + 1)
        for support, places in ((1, for_), (0, against)):
            for place in places:
                voter = world.people[place].address
                assert world.send("governor", "castVote", voter, number, support)[0] == "ok"
        world.warp_to(world.model.state.proposals[number].deadline + 1)
        assert world.read("governor", "state", number) == state
        assert conclude(world, number) is concluded
        inspect(world)
