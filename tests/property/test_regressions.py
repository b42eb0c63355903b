"""What the state machine has found, each as the shortest history that shows it."""

from __future__ import annotations

import pytest

from mikoshi.testing.evm import Evm
from mikoshi.testing.machine_setups import SETUPS, START
from mikoshi.testing.machine_world import MachineWorld


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
