"""Each command, killed at three moments, is completed by the next run; `make soak` kills more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mikoshi.chain.node import Node
from tests.tooling.killed import COMMANDS, KilledDao, deployment

pytestmark = pytest.mark.slow

MOMENTS = 3


@pytest.fixture(scope="module")
def world(sepolia_node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KilledDao]:
    with sepolia_node.rpc.isolate():
        yield KilledDao(sepolia_node.rpc, tmp_path_factory.mktemp("killed"))


def test_a_deployment_that_is_killed_is_completed(sepolia_node: Node, tmp_path: Path) -> None:
    with sepolia_node.rpc.isolate():
        told = deployment(sepolia_node.rpc, tmp_path).play(MOMENTS, seed=1)
    assert told["killed"] > 0


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_killed_is_completed(world: KilledDao, name: str) -> None:
    with world.rpc.isolate():
        told = world.command(name).play(MOMENTS, seed=1)
    assert told["killed"] > 0


@pytest.mark.parametrize(("name", "seed"), [("execute", 2), ("admit", 1)])
def test_a_command_that_is_killed_while_its_transaction_waits_is_completed(
    world: KilledDao, name: str, seed: int
) -> None:
    with world.rpc.isolate():
        told = world.command(name).play(2, seed=seed, slow=2)
    assert told["killed"] > 0
    assert told["after_sending"] > 0
