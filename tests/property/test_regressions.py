"""What the state machine has found, each as the shortest history that shows it."""

from __future__ import annotations

import pytest

from mikoshi.testing.defaults import POINT
from mikoshi.testing.evm import Evm
from mikoshi.testing.machine_setups import SETUPS, START
from mikoshi.testing.machine_world import MachineWorld
from mikoshi.testing.model.state import NO_HASH


@pytest.fixture(scope="module")
def founded() -> MachineWorld:
    return MachineWorld(Evm(START), SETUPS["soulbound"])


@pytest.fixture
def world(founded: MachineWorld) -> MachineWorld:
    founded.reset()
    return founded


def test_delegating_again_reverts_when_delegate_fell_silent(world: MachineWorld) -> None:
    """It was taken for no change and accepted."""
    delegator, delegate = (person.address for person in world.people[:2])
    assert world.send("membership", "delegate", delegator, delegate)[0] == "ok"
    assert world.send("membership", "rest", delegate)[0] == "ok"
    again, _ = world.send("membership", "delegate", delegator, delegate)
    assert again == "VoiceDelegateNotActive"
    assert world.send("membership", "reclaim", delegator, [1]) == ("ok", 1)
    assert world.read("membership", "delegates", delegator) == delegator


def test_cards_and_delegates_that_change_are_told(world: MachineWorld) -> None:
    """Each call looks at the cards, delegates and voices that it changes, and at what it tells."""
    one, two, three = (person.address for person in world.people[:3])
    steps = (
        ("credit", world.treasury, (1, 5 * POINT, 0, NO_HASH)),
        ("delegate", one, (two,)),
        ("credit", world.treasury, (1, 5 * POINT, 0, NO_HASH)),
        ("delegate", three, (two,)),
        ("delegate", one, (three,)),
        ("rest", three, ()),
        ("reclaim", two, ([1],)),
        ("moveWallet", world.officers["succession"].address, (2, world.people[8].address)),
        ("exit", three, ()),
    )
    before = world.coverage["card", "ok"]
    for name, sender, args in steps:
        assert world.send("membership", name, sender, *args)[0] == "ok"
    assert world.coverage["card", "ok"] > before + len(steps)
