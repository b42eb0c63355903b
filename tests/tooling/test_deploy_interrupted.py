"""A deployment that is interrupted anywhere is continued by the next run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import pytest

from mikoshi.chain.node import DevRpc
from mikoshi.chain.rpc import Rpc
from mikoshi.core import artifacts
from mikoshi.core.dao import shared_deployments
from mikoshi.core.manifest import Manifest
from mikoshi.deploy.perform import write_record
from mikoshi.text.files import UnwrittenError
from mikoshi.text.json import Json
from tests.support import failed, refuses
from tests.tooling.deploying import Disk, creations, interrupt
from tests.tooling.faulty import faulty
from tests.tooling.live import ALL_STEPS, Place, deployer, typed_here
from tests.tooling.proxy import Call, FaultyRpc

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "number",
    [
        number if number in (2, ALL_STEPS) else pytest.param(number, marks=pytest.mark.slow)
        for number in range(1, ALL_STEPS + 1)
    ],
)
def test_rpc_dies_and_the_next_run_continues(
    place: Place, sepolia: DevRpc, number: int, when: Literal["before", "after"]
) -> None:
    with faulty(sepolia.url) as node, Rpc(node.url) as rpc:
        node.die_at(number, when)
        interrupt(place, rpc)
        assert node.seen == number
        pending = place.journal.pending()
        assert pending is not None
        assert place.journal.record() is None
        node.revive()
        manifest = place.deploy(rpc)
    assert manifest.addresses == pending.addresses
    assert manifest.t0 == pending.t0
    assert sepolia.nonce(deployer().address) == ALL_STEPS
    assert creations(sepolia) == 1
    assert place.manifest == manifest
    assert not place.journal.pending_path.exists()
    receipt = sepolia.call("eth_getTransactionReceipt", manifest.transactions["create"])
    assert int(receipt["blockNumber"], 16) == manifest.block


@pytest.mark.slow
def test_rpc_dies_again_and_again(place: Place, sepolia: DevRpc) -> None:
    with faulty(sepolia.url) as node, Rpc(node.url) as rpc:
        for _ in range(ALL_STEPS):
            node.die_at(1, "after")
            interrupt(place, rpc)
        node.revive()
        plan = place.plan(rpc)
        assert plan.created
        manifest = write_record(plan, rpc, place.journal)
    assert sepolia.nonce(deployer().address) == ALL_STEPS
    assert creations(sepolia) == 1
    assert manifest == place.manifest


def test_node_that_forgets_what_was_made_is_told(place: Place, sepolia: DevRpc) -> None:
    card = shared_deployments(artifacts.project())[0]
    with FaultyRpc(sepolia.url) as node, Rpc(node.url) as rpc:

        def forgets(call: Call) -> Json:
            return "0x" if call.params[0] == card.address else call.forward()

        node.on("eth_getCode", forgets)
        with refuses("deploy.without-effect", step=card.name):
            place.deploy(rpc)
        node.heal()
        place.deploy(rpc)
    assert sepolia.nonce(deployer().address) == ALL_STEPS


def test_node_without_events_is_told(place: Place, sepolia: DevRpc) -> None:
    with FaultyRpc(sepolia.url) as node, Rpc(node.url) as rpc:
        node.on("eth_getLogs", lambda _: [])
        with refuses("deploy.creation-not-found"):
            place.deploy(rpc)
        node.heal()
        assert place.deploy(rpc).block is not None
    assert creations(sepolia) == 1


def test_plan_that_cannot_be_kept_stops_it_before_anything_is_sent(
    place: Place, sepolia: DevRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Manifest, path: Path) -> None:
        raise UnwrittenError(OSError(28, "No space left on device"), str(path))

    monkeypatch.setattr(Manifest, "save", full)
    path, reason = place.journal.pending_path, "No space left on device"
    with refuses("deploy.plan-unwritable", path=path, reason=reason):
        place.deploy(sepolia)
    assert sepolia.nonce(deployer().address) == 0


def test_transaction_in_flight_is_waited_for(place: Place, sepolia: DevRpc) -> None:
    place.patience = 0.9
    sepolia.call("evm_setAutomine", False)
    try:
        interrupt(place, sepolia)  # sent, and not mined in time
        assert sepolia.nonce(deployer().address) == 0
        interrupt(place, sepolia)
        assert sepolia.nonce(deployer().address) == 0
        sepolia.call("evm_mine")
    finally:
        sepolia.call("evm_setAutomine", True)
    place.patience = 60
    place.deploy(sepolia)
    assert sepolia.nonce(deployer().address) == ALL_STEPS
    assert creations(sepolia) == 1


@pytest.mark.parametrize("after", range(1, ALL_STEPS + 1))
def test_a_deployment_on_a_full_disk_says_what_it_sent(
    place: Place, sepolia: DevRpc, after: int
) -> None:
    words = ["deploy", "--config", str(place.toml), "--network", sepolia.url, "--account", "alice"]
    words += ["--yes", "--json", "--lang", "en"]
    environment = place.keys.environment() | {"MIKOSHI_DEPLOYMENTS": str(place.records)}
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(patch, after)
        result = typed_here(words, environment)
    assert result.exit_code == 2
    failed("file.unwritable", reason="No space left on device")
    assert json.loads(result.stdout)["error"]["sent"] == disk.sent
    assert len(disk.sent) == after == sepolia.nonce(deployer().address)
    assert disk.sent[-1] in result.stderr
    assert typed_here(words, environment).exit_code == 0
    assert sepolia.nonce(deployer().address) == ALL_STEPS
