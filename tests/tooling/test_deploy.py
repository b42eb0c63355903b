"""A deployment says what it will do, does each step once, and writes down what it did."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from mikoshi import artifacts
from mikoshi.console import Console
from mikoshi.dao import DEPLOYMENT_PROXY, shared_deployments
from mikoshi.deploy import make_plan, perform, write_record
from mikoshi.deploy.show import show_plan
from mikoshi.errors import BadInputError, ChainError, MikoshiError, NotNowError
from mikoshi.failures import explained
from mikoshi.manifest import Manifest, UnwrittenError, config_hash
from mikoshi.node import DevRpc
from mikoshi.rpc import Rpc, UnreachableError
from mikoshi.templates import charter
from mikoshi.testing.community import person
from tests.tooling.live import ALL_STEPS, SEPOLIA, Place, deployer, faulty, fund

pytestmark = pytest.mark.slow

STEWARD = f"""
[steward]
wallet = "{person(1).address}"
members_per_epoch = 50
"""


def creations(rpc: DevRpc) -> int:
    """How many DAOs the factory has made."""
    factory = shared_deployments(artifacts.project())[-1].address
    return len(rpc.call("eth_getLogs", {"fromBlock": "0x0", "address": factory}))


# The plan


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


# Interruptions


def interrupt(place: Place, rpc: Rpc, alias: str = "alice") -> None:
    """Deploy through a node that goes away meanwhile."""
    place.patience = 0.9
    with pytest.raises((ChainError, UnreachableError)):
        place.deploy(rpc, alias)
    place.patience = 60


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


def test_transaction_in_flight_is_waited_for(place: Place, sepolia: DevRpc) -> None:
    sepolia.call("evm_setAutomine", False)
    try:
        interrupt(place, sepolia)  # sent, and not mined in time
        assert sepolia.nonce(deployer().address) == 0
        interrupt(place, sepolia)
        assert sepolia.nonce(deployer().address) == 0
        sepolia.call("evm_mine")
    finally:
        sepolia.call("evm_setAutomine", True)
    place.deploy(sepolia)
    assert sepolia.nonce(deployer().address) == ALL_STEPS
    assert creations(sepolia) == 1


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
    sepolia.warp(86_400)
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
    with place.journal.locked(), pytest.raises(NotNowError):
        perform(plan, sender, place.journal)
    sepolia.warp(5)
    place.deploy(sepolia)  # another run, with a t0 of its own
    with pytest.raises(NotNowError, match="Another run"):
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


# Refusals: nothing is sent


def refused(place: Place, rpc: DevRpc, kind: type[MikoshiError], live: bool = True) -> MikoshiError:
    nonce = rpc.nonce(deployer().address)
    with pytest.raises(kind) as caught:
        place.deploy(rpc, live=live)
    assert rpc.nonce(deployer().address) == nonce
    return caught.value


def test_refused_when_the_account_has_too_little(place: Place, sepolia: DevRpc) -> None:
    fund(sepolia, deployer().address, 10**15)
    error = refused(place, sepolia, BadInputError)
    assert "0.001 ETH" in error.what
    assert "is missing" in error.reasons[0]


def test_refused_when_dao_toml_has_changed(place: Place, sepolia: DevRpc) -> None:
    place.deploy(sepolia)
    place.write(more='\n[governance]\nquorum = "40%"\n')
    error = refused(place, sepolia, BadInputError)
    assert error.what == "dao.toml no longer matches the deployment of PM DAO"
    assert error.reasons == ["governance.quorum is 40 %, and the DAO was created with 30 %"]


def test_refused_when_a_live_chain_lost_the_dao(place: Place, sepolia: DevRpc) -> None:
    with sepolia.isolate():
        place.deploy(sepolia)
    error = refused(place, sepolia, ChainError)
    assert "has no PM DAO" in error.what
    assert place.deploy(sepolia, live=False).block == sepolia.block_number()


def test_refused_when_the_chain_has_no_deployment_proxy(place: Place, sepolia: DevRpc) -> None:
    sepolia.call("anvil_setCode", DEPLOYMENT_PROXY, "0x")
    error = refused(place, sepolia, ChainError)
    assert DEPLOYMENT_PROXY in error.what


def test_refused_when_an_address_has_other_code(place: Place, sepolia: DevRpc) -> None:
    card = shared_deployments(artifacts.project())[0].address
    sepolia.call("anvil_setCode", card, "0x00")
    assert "other code than MembershipCard" in refused(place, sepolia, ChainError).what


def test_refused_when_the_factory_would_refuse(place: Place, sepolia: DevRpc) -> None:
    place.deploy(sepolia)
    place.journal.path.unlink()
    place.write(more='\n[membership]\nseason = "7 days"\n')
    config = place.config
    object.__setattr__(config.membership, "season", 86_400)  # past its own check
    with pytest.raises(BadInputError) as caught:
        make_plan(config, sepolia, place.journal, place.sender(sepolia))
    assert "factory would refuse" in caught.value.what
    assert caught.value.reasons[0].startswith("MembershipInvalidSetting")


def test_refused_when_the_record_is_damaged(place: Place, sepolia: DevRpc) -> None:
    place.deploy(sepolia)
    text = place.journal.path.read_text()
    place.journal.path.write_text(text[: len(text) // 2])
    error = refused(place, sepolia, BadInputError)
    assert "cannot be used" in error.what


def test_refused_when_records_cannot_be_written(place: Place, sepolia: DevRpc) -> None:
    place.records.write_text("not a folder")
    assert "cannot be written" in refused(place, sepolia, BadInputError).what


def test_a_disk_that_fills_up_after_sending_is_told_and_gone_on_with(
    place: Place, sepolia: DevRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = Manifest.save

    def full(manifest: Manifest, path: Path) -> None:
        if manifest.transactions:
            raise UnwrittenError(28, "No space left on device", str(path))
        save(manifest, path)

    monkeypatch.setattr(Manifest, "save", full)
    with pytest.raises(UnwrittenError) as caught:
        place.deploy(sepolia)
    assert "nothing was sent" not in explained(caught.value).hint
    assert sepolia.nonce(deployer().address) == 1
    monkeypatch.setattr(Manifest, "save", save)
    place.deploy(sepolia)
    assert sepolia.nonce(deployer().address) == ALL_STEPS
    assert creations(sepolia) == 1


# More first members than a transaction holds


def test_steward_admits_those_who_do_not_fit(place: Place, sepolia: DevRpc) -> None:
    place.write(members=130, more=STEWARD)
    place.add_account("steward", person(1))
    fund(sepolia, person(1).address)
    plan = place.plan(sepolia, "steward")
    assert [step.name for step in plan.steps[-2:]] == ["create", "admit 101–130"]
    with faulty(sepolia.url) as node, Rpc(node.url) as rpc:
        node.die_at(ALL_STEPS + 1, "before")
        interrupt(place, rpc, "steward")
    assert place.manifest.block is not None
    manifest = place.deploy(sepolia, "steward")
    assert manifest.dao(sepolia).membership.call("census")[:2] == (130, 130)
    assert "admit 101–130" in manifest.transactions
    assert sepolia.nonce(person(1).address) == ALL_STEPS + 1
    assert place.plan(sepolia, "steward").steps == []


def test_others_leave_them_to_the_steward(place: Place, sepolia: DevRpc) -> None:
    place.write(members=130, more=STEWARD)
    plan = place.plan(sepolia)
    assert len(plan.later) == 30
    assert plan.steps[-1].name == "create"
    place.deploy(sepolia)
    assert len(place.plan(sepolia).later) == 30


def test_refused_when_the_steward_may_not_admit_as_many(place: Place, sepolia: DevRpc) -> None:
    place.write(members=160, more=STEWARD)
    assert "60 members" in refused(place, sepolia, BadInputError).what


def test_member_list_that_has_grown_is_no_change(place: Place, sepolia: DevRpc) -> None:
    place.deploy(sepolia)
    place.write(members=7)
    plan = place.plan(sepolia)
    assert plan.steps == []
    assert plan.later == [person(6).address, person(7).address]


# A process of its own, without a terminal


def test_command_deploys_and_checks(place: Place, sepolia: DevRpc) -> None:
    dry = place.run("deploy", sepolia.url, "--account", "alice", "--dry-run")
    assert (dry.returncode, sepolia.nonce(deployer().address)) == (0, 0)
    assert "plan, nothing sent yet" in dry.stdout
    assert re.search(r"a ballot weighs +no more than the base voice, with 5 members", dry.stdout)
    done = place.run("deploy", sepolia.url, "--account", "alice", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "created in block" in done.stdout
    options = f"--config {shlex.quote(str(place.toml))} --network ethereum:sepolia:node"
    assert done.stdout.splitlines()[-2:] == ["Next:", f"  ape run check {options}"]
    again = place.run("deploy", sepolia.url, "--account", "alice", "--yes", "--json")
    result = json.loads(again.stdout)
    assert (again.returncode, result["sent"]) == (0, False)
    assert result["plan"]["created"]
    checked = place.run("check", sepolia.url)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "replay ✓" in checked.stdout


def test_command_shows_the_plan_and_asks_nobody_where_no_account_is_named(
    place: Place, sepolia: DevRpc
) -> None:
    done = place.run("deploy", sepolia.url)
    assert done.returncode == 2
    assert "plan, nothing sent yet" in done.stdout
    assert done.stderr.splitlines()[0] == "✗ Say who sends: --account ALIAS"


def test_command_refuses_another_chain(place: Place, sepolia: DevRpc) -> None:
    place.write(chain_id=1)
    done = place.run("deploy", sepolia.url, "--account", "alice", "--yes", "--json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert "chain 11155111" in error["what"]
    assert sepolia.nonce(deployer().address) == 0


def test_command_refuses_people_whose_keys_are_public(place: Place, sepolia: DevRpc) -> None:
    place.write(accept=())
    done = place.run("deploy", sepolia.url, "--account", "alice", "--yes")
    assert (done.returncode, done.stdout) == (2, "")
    what, _, hint = done.stderr.splitlines()
    assert "anybody can vote as these people" in what
    assert '"public-keys"' in what
    assert hint.endswith("nothing was done")
    assert sepolia.nonce(deployer().address) == 0


def test_command_says_that_no_node_answers(place: Place) -> None:
    done = place.run("deploy", "http://127.0.0.1:1", "--account", "alice", "--yes")
    assert done.returncode == 3
    assert len(done.stderr.strip().splitlines()) == 3
