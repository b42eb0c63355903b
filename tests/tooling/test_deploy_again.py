"""A deployment finds what was lost, changed, or done by somebody else meanwhile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mikoshi.chain.node import DevRpc
from mikoshi.core.manifest import Manifest
from mikoshi.deploy.perform import perform, write_record
from mikoshi.deploy.plan import make_plan
from mikoshi.text.files import UnwrittenError
from tests.support import refuses
from tests.tooling.deploying import creations
from tests.tooling.live import ALL_STEPS, Place, deployer

pytestmark = pytest.mark.slow


def test_lost_record_of_a_created_dao_is_written_again(place: Place, sepolia: DevRpc) -> None:
    manifest = place.deploy(sepolia)
    place.journal.path.rename(place.journal.pending_path)
    pending = place.journal.pending()
    assert pending is not None
    replace(pending, block=None, transactions={}).save(place.journal.pending_path)
    plan = place.plan(sepolia)
    assert plan.created
    again = write_record(plan, sepolia, place.journal)
    assert again.block == manifest.block
    assert again.transactions == {"create": manifest.transactions["create"]}


def test_old_plan_gets_a_new_start(place: Place, sepolia: DevRpc) -> None:
    place.journal.begin(place.plan(sepolia).manifest)
    pending = place.journal.pending()
    assert pending is not None
    sepolia.warp_to(pending.t0 + 86_400)
    manifest = place.deploy(sepolia)
    assert manifest.t0 >= pending.t0 + 86_400


def test_changed_settings_replace_a_plan_that_created_nothing(
    place: Place, sepolia: DevRpc
) -> None:
    place.journal.begin(place.plan(sepolia).manifest)
    place.write(members=6)
    assert len(place.deploy(sepolia).params["members"]) == 6
    assert creations(sepolia) == 1


def test_two_runs_at_once_create_one_dao(place: Place, sepolia: DevRpc) -> None:
    sender = place.sender(sepolia)
    plan = make_plan(place.config, sepolia, place.journal, sender)
    with place.journal.locked(), refuses("deploy.under-way"):
        perform(plan, sender, place.journal)
    sepolia.warp(5)
    place.deploy(sepolia)  # another run, with a t0 of its own
    with refuses("deploy.overtaken"):
        perform(plan, sender, place.journal)
    assert creations(sepolia) == 1


def test_somebody_else_brings_a_shared_contract_first(place: Place, sepolia: DevRpc) -> None:
    sender = place.sender(sepolia)
    plan = make_plan(place.config, sepolia, place.journal, sender)
    other = sepolia.call("eth_accounts")[0]
    for step in plan.steps[:3]:
        sepolia.send(step.to, step.data, sender=other)
    perform(plan, sender, place.journal)
    assert sepolia.nonce(deployer().address) == ALL_STEPS - 3


def test_a_disk_that_fills_up_after_sending_is_told_and_gone_on_with(
    place: Place, sepolia: DevRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = Manifest.save

    def full(manifest: Manifest, path: Path) -> None:
        if manifest.transactions:
            raise UnwrittenError(OSError(28, "No space left on device"), str(path))
        save(manifest, path)

    monkeypatch.setattr(Manifest, "save", full)
    with pytest.raises(UnwrittenError) as caught:
        place.deploy(sepolia)
    assert "nothing was sent" not in caught.value.hint
    assert sepolia.nonce(deployer().address) == 1
    monkeypatch.setattr(Manifest, "save", save)
    place.deploy(sepolia)
    assert sepolia.nonce(deployer().address) == ALL_STEPS
    assert creations(sepolia) == 1
