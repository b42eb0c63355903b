"""A deployment says what it will do, does each step once, and writes down what it did."""

from __future__ import annotations

import json

import pytest

from mikoshi.chain.node import DevRpc
from mikoshi.config.templates.template import charter
from mikoshi.core.manifest import config_hash
from mikoshi.deploy.perform import write_record
from mikoshi.deploy.show import show_plan
from mikoshi.text.console import Console
from tests.tooling.live import ALL_STEPS, SEPOLIA, Place, deployer

pytestmark = pytest.mark.slow


def test_plan_warns_of_a_charter_that_was_not_written(
    place: Place, sepolia: DevRpc, capsys: pytest.CaptureFixture[str]
) -> None:
    hashed = f'hash = "0x{"c4" * 32}"'
    place.toml.write_text(place.toml.read_text().replace(hashed, 'file = "tea-charter.md"'))
    text = place.folder / "tea-charter.md"
    words = "⚠ tea-charter.md is still to be filled in: 1. **What we are for.** …"

    def warned() -> bool:
        show_plan(Console(), place.plan(sepolia), place.config)
        return words in capsys.readouterr().out.splitlines()

    text.write_text("# Tea\n")
    assert not warned()
    text.write_text(charter("en"))
    assert warned()
    place.deploy(sepolia)
    assert not warned()


def test_plan_names_every_step_when_the_chain_is_new(place: Place, sepolia: DevRpc) -> None:
    plan = place.plan(sepolia)
    assert [step.name for step in plan.steps] == [
        "MembershipCard",
        "MembershipLens",
        "Treasury",
        "Membership",
        "ContributionToken",
        "DAOGovernor",
        "DAOFactory",
        "create",
    ]
    assert not plan.created
    assert not place.records.exists()
    assert sepolia.nonce(deployer().address) == 0


def test_plan_is_close_to_what_is_used(place: Place, sepolia: DevRpc) -> None:
    plan = place.plan(sepolia)
    before = sepolia.balance(deployer().address)
    place.deploy(sepolia)
    receipts = [
        sepolia.call("eth_getTransactionReceipt", digest)
        for digest in place.manifest.transactions.values()
    ]
    used = sum(int(receipt["gasUsed"], 16) for receipt in receipts)
    assert len(receipts) == ALL_STEPS
    assert used <= plan.gas <= used * 11 // 10
    assert before - sepolia.balance(deployer().address) <= plan.needed


def test_plan_knows_the_addresses_beforehand(place: Place, sepolia: DevRpc) -> None:
    plan = place.plan(sepolia)
    place.journal.begin(plan.manifest)  # keeps t0
    manifest = place.deploy(sepolia)
    assert manifest.addresses == plan.manifest.addresses
    dao = manifest.dao(sepolia)
    assert dao.treasury.call("governor") == plan.manifest.addresses["governor"]
    assert dao.token.call("treasury") == plan.manifest.addresses["treasury"]


def test_plan_uses_the_shared_contracts_that_are_there(place: Place, sepolia: DevRpc) -> None:
    first = place.deploy(sepolia)
    place.write(more='\n[merit]\nper_epoch = "9,000 points"\n')
    place.journal.path.unlink()
    plan = place.plan(sepolia)
    assert [step.name for step in plan.steps] == ["create"]
    assert len(plan.present) == ALL_STEPS - 1
    second = place.deploy(sepolia)
    assert second.addresses != first.addresses
    assert second.shared == first.shared


# The record


def test_record_has_all_that_a_check_needs(place: Place, sepolia: DevRpc) -> None:
    manifest = place.deploy(sepolia)
    assert manifest == place.manifest
    assert manifest.block == sepolia.block_number()
    assert manifest.chain_id == SEPOLIA
    assert manifest.params == place.config.params(manifest.t0)
    assert manifest.config_hash == config_hash(manifest.params, [])
    assert set(manifest.transactions) == set(manifest.shared) | {"create"}
    assert manifest.compiler["solc"] == "0.8.37"
    assert not place.journal.pending_path.exists()
    assert [path.name for path in place.journal.path.parent.iterdir()] == ["pm-dao.json"]


def test_record_is_json_that_keeps_large_numbers(place: Place, sepolia: DevRpc) -> None:
    place.deploy(sepolia)
    raw = json.loads(place.journal.path.read_text())
    assert raw["params"]["token"]["epochCap"] == str(10_000 * 10**18)
    assert raw["params"]["voice"]["base"] == 10**9


def test_existing_dao_is_success(place: Place, sepolia: DevRpc) -> None:
    manifest = place.deploy(sepolia)
    nonce = sepolia.nonce(deployer().address)
    plan = place.plan(sepolia)
    assert plan.created
    assert plan.steps == []
    assert write_record(plan, sepolia, place.journal) == manifest
    assert sepolia.nonce(deployer().address) == nonce
