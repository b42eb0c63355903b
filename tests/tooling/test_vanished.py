"""A record whose DAO the chain does not have ends every command before anything else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mikoshi.chain.node import DevRpc
from mikoshi.context.context import require_presence
from mikoshi.core.manifest import Manifest
from mikoshi.deploy import readiness
from mikoshi.testing.community import person
from mikoshi.text.paths import shown
from tests.support import refuses
from tests.tooling.governed import ADVISORY, Governed
from tests.tooling.live import Place

COMMANDS = [
    "check",
    "index",
    "report",
    "status",
    "members list",
    "proposal list",
    "power #1",
    "compliance",
    "metadata build",
    "execute 1 --account p1",
    "delegate P1 --account p2",
    "vote 1 --for --account p1",
    "deploy",
]


@pytest.fixture
def restarted(governed: Governed) -> Governed:
    """A DAO of which the node knows nothing any more: its contracts are gone."""
    record = governed.place.manifest
    for address in [*record.addresses.values(), *record.shared.values()]:
        governed.rpc.call("anvil_setCode", address, "0x")
    return governed


def said(governed: Governed, command: str, *args: str) -> dict[str, object]:
    """What a command that the chain refuses says to programs."""
    result = governed.run(command, *args, json=True)
    assert result.exit_code == 3, (result.stdout, result.stderr)
    error: dict[str, object] = json.loads(result.stdout)["error"]
    return error


@pytest.mark.parametrize("command", COMMANDS)
def test_command_says_that_the_dao_is_not_on_the_chain(restarted: Governed, command: str) -> None:
    error = said(restarted, command)
    assert (error["kind"], error["data"]) == ("deployment.vanished", vanished(restarted))
    assert "intrusion" not in str(error)


def vanished(governed: Governed) -> dict[str, object]:
    """What a program is told of a DAO that is not there."""
    record = governed.place.manifest
    return {
        "chain_id": 11155111,
        "name": "PM DAO",
        "treasury": record.addresses["treasury"],
        "path": shown(governed.place.journal.path),
        "block": record.block,
    }


def test_proposal_is_not_submitted_to_a_chain_without_the_dao(restarted: Governed) -> None:
    error = said(restarted, "proposal submit", str(restarted.write(ADVISORY)), "--account", "p1")
    assert (error["kind"], error["data"]) == ("deployment.vanished", vanished(restarted))


def test_people_are_not_admitted_to_a_chain_without_the_dao(restarted: Governed) -> None:
    people = restarted.write(f"wallet,name\n{person(9).address},P9\n", "new.csv")
    error = said(restarted, "members admit", str(people), "--account", "p1", "--yes")
    assert (error["kind"], error["data"]) == ("deployment.vanished", vanished(restarted))


def test_node_that_lags_behind_the_creation_is_refused(place: Place, sepolia: DevRpc) -> None:
    made = place.deploy(sepolia)
    require_presence(sepolia, made, place.journal.path)
    later = replace(made, block=sepolia.block_number() + 1)
    with refuses(
        "deployment.vanished",
        chain_id=11155111,
        name="PM DAO",
        treasury=made.addresses["treasury"],
        path=shown(place.journal.path),
        block=later.block,
    ):
        require_presence(sepolia, later, place.journal.path)


def test_doctor_says_whether_the_dao_is_on_the_chain(
    place: Place, sepolia: DevRpc, tmp_path: Path
) -> None:
    assert list(readiness.record(sepolia, place.config, tmp_path / "none")) == []
    made: Manifest = place.deploy(sepolia)
    (found,) = readiness.record(sepolia, place.config, place.records)
    assert (found.name, found.good) == ("deployment record", True)
    assert found.value == "PM DAO: the DAO is on this chain"
    sepolia.call("anvil_setCode", made.addresses["treasury"], "0x")
    (found,) = readiness.record(sepolia, place.config, place.records)
    assert not found.good
    assert found.value.startswith(f"Chain 11155111 has no PM DAO at {made.addresses['treasury']}")
    assert found.hint.startswith("Name a node of the right chain")
