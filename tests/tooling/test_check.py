"""A check finds everything that is not as the record, dao.toml and the events say."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from eth_utils.crypto import keccak

from mikoshi.chain.contract import Contract
from mikoshi.chain.node import DevRpc
from mikoshi.check.check import check
from mikoshi.check.report import CheckReport, Difference
from mikoshi.check.roles import accept_voted_roles
from mikoshi.check.show import failure
from mikoshi.core import artifacts
from mikoshi.core.clones import predict, read_clone
from mikoshi.core.dao import DEPLOYMENT_PROXY, clone_code, interface, shared_deployments
from mikoshi.core.manifest import Manifest, config_hash
from mikoshi.deploy.target import aligned
from mikoshi.replay.treasury import WAITING_ROLES
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import DAY, params
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import speaking
from mikoshi.text.paths import shown
from mikoshi.text.people import short
from mikoshi.text.units import format_time
from tests.support import slot_of, told
from tests.tooling.live import Place, deployer

pytestmark = pytest.mark.slow

SECTIONS = ["wiring", "code", "roles", "parameters", "replay"]


@pytest.fixture
def manifest(place: Place, sepolia: DevRpc) -> Manifest:
    """The record of a DAO that has just been created."""
    sepolia.call("anvil_autoImpersonateAccount", True)
    made = place.deploy(sepolia)
    sepolia.call("anvil_setBalance", made.addresses["treasury"], hex(10**18))
    return made


def run(rpc: DevRpc, manifest: Manifest, wanted: dict[str, Any] | None = None) -> CheckReport:
    return check(rpc, manifest, wanted)


def differences(report: CheckReport) -> dict[str, list[Difference]]:
    return {each.name: each.differences for each in report.sections if each.differences}


def as_treasury(rpc: DevRpc, manifest: Manifest, part: str, name: str, *args: Any) -> None:
    """What only a vote can do, without one."""
    contract = Contract(rpc, manifest.addresses[part], getattr(manifest.dao(rpc), part).interface)
    contract.send(name, *args, sender=manifest.addresses["treasury"])


def test_who_holds_an_office_is_shown_by_name(sepolia: DevRpc, manifest: Manifest) -> None:
    hana, end = person(2).address, sepolia.timestamp() + 30 * DAY
    as_treasury(sepolia, manifest, "treasury", "setGuardian", hana, end)
    names: dict[str, str] = {hana: "Hana"}
    report = check(sepolia, manifest, name_of=lambda wallet: names.get(wallet, ""))
    assert report.sections[2].summary == f"treasury, guardian Hana #2 ({short(hana)})"


def test_new_dao_passes(sepolia: DevRpc, manifest: Manifest) -> None:
    report = run(sepolia, manifest)
    assert report.passed
    assert [section.name for section in report.sections] == SECTIONS
    assert [str(section) for section in report.sections][2:4] == [
        "roles ✓ (treasury only)",
        "parameters ✓ (35 of 35)",
    ]
    as_json = report.as_json()
    assert as_json["checks"] == dict.fromkeys(SECTIONS, True)
    assert as_json["differences"] == []
    assert as_json["waiting"] == []
    assert as_json["returning"] == {"newcomers": 0, "absent": 0, "ready": 0, "left": 0}
    assert (as_json["power"]["needed"], as_json["power"]["holders"]) == (2, 2)
    assert not as_json["power"]["dangerous"]  # of so few


# Roles


@pytest.mark.parametrize("role", ["ADMITTER", "REWARDER", "MINTER", "PURSE", "SUCCESSION"])
def test_kept_role_is_named(sepolia: DevRpc, manifest: Manifest, role: str) -> None:
    holder = deployer().address
    as_treasury(sepolia, manifest, "treasury", "grantRole", keccak(text=role), holder)
    (found,) = differences(run(sepolia, manifest))["roles"]
    assert found.where == "Treasury"
    assert found.what == f"role {role}"
    since = sepolia.timestamp() + (45 * DAY if role in WAITING_ROLES else 0)
    moment = format_time(since, sepolia.timestamp())
    when = f"from {moment} on" if role in WAITING_ROLES else f"since {moment}"
    assert found.found == f"held by the deployer {holder} {when}"
    assert "by no vote" in str(found.note)


def test_role_is_the_lesser_trouble_where_code_is_wrong(
    sepolia: DevRpc, manifest: Manifest
) -> None:
    holder = deployer().address
    as_treasury(sepolia, manifest, "treasury", "grantRole", keccak(text="MINTER"), holder)
    error = failure(run(sepolia, manifest), "dao.toml")
    told(error, "check.differs", count=1, sections=["roles"])
    assert error.hint.startswith("A role that no vote gave")
    sepolia.call("anvil_setCode", manifest.addresses["token"], "0x00")
    report = run(sepolia, manifest)
    error = failure(report, "dao.toml")
    told(error, "check.differs", count=len(report.differences), block=report.block)
    assert error.hint.startswith("Do not trust this DAO, or this node")
    unread = [each for each in differences(report)["parameters"] if each.found == "nothing"]
    assert [each.note for each in unread] == [""] * 4


def test_unknown_role_is_named_by_its_hash(sepolia: DevRpc, manifest: Manifest) -> None:
    role = keccak(text="BACKDOOR")
    as_treasury(sepolia, manifest, "treasury", "grantRole", role, person(77).address)
    (found,) = differences(run(sepolia, manifest))["roles"]
    assert found.what == f"role 0x{role.hex()}"


def test_role_without_an_event_is_found(sepolia: DevRpc, manifest: Manifest) -> None:
    treasury = manifest.addresses["treasury"]
    slot = slot_of("Treasury", "_since", int.from_bytes(keccak(text="MINTER")), deployer().address)
    sepolia.call("anvil_setStorageAt", treasury, hex(slot), f"0x{1:064x}")
    (found,) = differences(run(sepolia, manifest))["roles"]
    assert str(found.note) == "no event announced it"


def test_voted_role_is_accepted_once_recorded(community: Community) -> None:
    dao, rpc = community.dao, community.rpc
    role, holder = keccak(text="REWARDER"), person(50).address
    recorded = record_of(community)
    community.decide([(dao.treasury, 0, dao.treasury.data("grantRole", role, holder))])
    report = run(rpc, recorded)
    (found,) = differences(report)["roles"]
    assert "given by a vote" in str(found.note)
    accepted = accept_voted_roles(recorded, report.rebuilt)
    assert run(rpc, accepted).passed
    dao.treasury.send("revokeRole", role, holder, sender=dao.treasury_address)
    (found,) = differences(run(rpc, accepted))["roles"]
    assert found.found == "not held"


def test_unvoted_role_is_never_accepted(sepolia: DevRpc, manifest: Manifest) -> None:
    role = keccak(text="MINTER")
    as_treasury(sepolia, manifest, "treasury", "grantRole", role, deployer().address)
    report = run(sepolia, manifest)
    assert accept_voted_roles(manifest, report.rebuilt) == manifest


def record_of(community: Community) -> Manifest:
    """The record that `deploy` would have written for a community of the tests."""
    dao, rpc = community.dao, community.rpc
    t0 = dao.membership.call("voiceParams")["t0"]
    settings = params(t0, community.wallets)
    shared = {each.name: each.address for each in shared_deployments(artifacts.project())}
    digest = config_hash(settings, [])
    addresses, _ = predict(settings, bytes(32), digest, shared)
    assert addresses["treasury"] == dao.treasury_address
    (log,) = rpc.call(
        "eth_getLogs", {"fromBlock": "0x0", "address": dao.treasury_address, "topics": []}
    )[:1]
    block = int(log["blockNumber"], 16)
    return Manifest("pm-dao", 31337, settings, bytes(32), digest, addresses, shared, block)


# dao.toml


def test_changed_dao_toml_is_found(place: Place, sepolia: DevRpc, manifest: Manifest) -> None:
    place.write(more='\n[governance]\nquorum = "25%"\nvoting_period = "6 days"\n')
    wanted, _ = aligned(place.config, manifest)
    report = run(sepolia, manifest, wanted)
    found = differences(report)
    assert list(found) == ["parameters"]
    assert [(each.what, each.expected, each.found) for each in found["parameters"]] == [
        ("governance.voting_period", "6 days", "5 days"),
        ("governance.quorum", "25 %", "30 %"),
    ]
    assert str(found["parameters"][0].note) == "dao.toml was changed after the deployment"
    error = failure(report, "dao.toml")
    assert error.exit_code == 1
    changed = ["governance.voting_period", "governance.quorum"]
    told(error, "check.drifted", config="dao.toml", settings=changed)
    assert "Write what is on the chain" in error.hint
    assert error.as_json()["passed"] is False


def test_vote_that_changed_a_setting_is_named(community: Community) -> None:
    dao = community.dao
    rules, _ = dao.governor.call("settings")
    data = dao.governor.data("setSettings", rules | {"quorumBps": 4_000})
    recorded = record_of(community)
    community.decide([(dao.governor, 0, data)])
    waits = run(community.rpc, recorded)
    assert waits.passed
    (told_,) = waits.as_json()["waiting"]
    assert (told_["kind"], told_["undo"]) == ("settings", "withdraw settings")
    community.rpc.warp_to(told_["since"])
    (found,) = differences(run(community.rpc, recorded))["parameters"]
    assert (found.what, found.expected, found.found) == ("governance.quorum", "30 %", "40 %")
    assert str(found.note).startswith("changed by a vote, in block")


def test_members_named_later_must_have_been_admitted(
    place: Place, sepolia: DevRpc, manifest: Manifest
) -> None:
    place.write(members=6)
    wanted, later = aligned(place.config, manifest)
    report = check(sepolia, manifest, wanted, later)
    (found,) = differences(report)["parameters"]
    assert found.what == "members"
    assert "members admit" in str(found.note)
    assert str(report.sections[3]) == "parameters ✗ (34 of 35)"
    error = failure(report, "dao.toml", "ape run members admit FILE")
    told(error, "check.drifted", settings=["members"], command="ape run members admit FILE")
    assert error.hint.startswith("Admit the people of dao.toml")
    charter = manifest.params["charterHash"]
    as_treasury(sepolia, manifest, "membership", "admit", later[0], charter)
    assert check(sepolia, manifest, wanted, later).passed


def test_other_first_members_are_found(place: Place, sepolia: DevRpc, manifest: Manifest) -> None:
    text = (place.folder / "members.csv").read_text()
    (place.folder / "members.csv").write_text(text.replace(person(2).address, person(60).address))
    wanted, later = aligned(place.config, manifest)
    (found,) = differences(check(sepolia, manifest, wanted, later))["parameters"]
    assert found.what == "members"
    assert found.expected.startswith("5, with")


# Code and wiring


def test_replaced_clone_is_found(sepolia: DevRpc, manifest: Manifest) -> None:
    token = manifest.addresses["token"]
    code = sepolia.code(token)
    clone = read_clone(code)
    assert clone is not None
    _, args = clone
    evil = clone_code(manifest.shared["Treasury"], args)
    sepolia.call("anvil_setCode", token, f"0x{evil.hex()}")
    found = differences(run(sepolia, manifest))
    assert found["code"][0].where == "ContributionToken"
    assert "a clone of" in found["code"][0].found


def test_changed_argument_of_a_clone_is_found(sepolia: DevRpc, manifest: Manifest) -> None:
    membership = manifest.addresses["membership"]
    code = bytearray(sepolia.code(membership))
    code[-10] ^= 1
    sepolia.call("anvil_setCode", membership, f"0x{bytes(code).hex()}")
    assert "code" in differences(run(sepolia, manifest))


@pytest.mark.parametrize("name", ["Treasury", "Membership", "DAOGovernor", "MembershipCard"])
def test_changed_implementation_is_found(sepolia: DevRpc, manifest: Manifest, name: str) -> None:
    address = manifest.shared[name]
    sepolia.call("anvil_setCode", address, f"0x{sepolia.code(address).hex()}00")
    (found,) = differences(run(sepolia, manifest))["code"]
    assert (found.where, found.expected) == (name, "this version's")


def test_other_sources_are_named(sepolia: DevRpc, manifest: Manifest) -> None:
    contracts = dict(artifacts.project())
    card = contracts["MembershipCard"]
    contracts["MembershipCard"] = replace(card, bytecode=card.bytecode + b"\x00")
    found = differences(check(sepolia, manifest, contracts=contracts))
    assert {each.where for each in found["code"]} == {
        "MembershipCard",
        "Membership",
        "DAOFactory",
    }
    assert "other sources" in str(found["code"][0].note)


def test_other_governor_is_found(sepolia: DevRpc, manifest: Manifest) -> None:
    treasury = manifest.addresses["treasury"]
    as_treasury(sepolia, manifest, "treasury", "setGovernor", manifest.shared["DAOGovernor"])
    assert run(sepolia, manifest).passed
    sepolia.warp(45 * DAY)
    as_treasury(sepolia, manifest, "treasury", "installGovernor")
    found = differences(run(sepolia, manifest))
    assert [each.what for each in found["wiring"]] == ["governor"]
    assert treasury not in found["wiring"][0].found


# Records


def tampered(manifest: Manifest, **changes: Any) -> Manifest:
    return replace(manifest, **changes)


def test_address_in_the_record_is_not_believed(sepolia: DevRpc, manifest: Manifest) -> None:
    for part in manifest.addresses:
        addresses = manifest.addresses | {part: person(9).address}
        report = run(sepolia, tampered(manifest, addresses=addresses))
        assert not report.passed
        assert "wiring" in differences(report)


def test_swapped_addresses_are_found(sepolia: DevRpc, manifest: Manifest) -> None:
    at = manifest.addresses
    addresses = at | {"token": at["membership"], "membership": at["token"]}
    report = run(sepolia, tampered(manifest, addresses=addresses))
    assert {"wiring", "code", "replay"} <= differences(report).keys()


def test_parameters_in_the_record_are_not_believed(sepolia: DevRpc, manifest: Manifest) -> None:
    governor = manifest.params["governor"] | {"quorumBps": 500}
    edited = manifest.params | {"governor": governor}
    found = differences(run(sepolia, tampered(manifest, params=edited), manifest.params))
    assert "hash of its parameters" in [each.what for each in found["wiring"]]
    found = differences(
        run(sepolia, tampered(manifest, params=edited, config_hash=config_hash(edited, [])))
    )
    assert "announced parameters' hash" in [each.what for each in found["wiring"]]


def test_other_dao_of_the_same_factory_is_found(
    place: Place, sepolia: DevRpc, manifest: Manifest
) -> None:
    place.journal.path.unlink()
    place.write(members=4)
    other = place.deploy(sepolia)
    report = run(sepolia, tampered(manifest, addresses=other.addresses))
    assert {"wiring", "parameters"} <= differences(report).keys()


def test_other_factory_is_found(sepolia: DevRpc, manifest: Manifest) -> None:
    shared = manifest.shared | {"DAOFactory": DEPLOYMENT_PROXY}
    report = run(sepolia, tampered(manifest, shared=shared))
    assert {"wiring", "code"} <= differences(report).keys()


def test_wrong_block_is_found(sepolia: DevRpc, manifest: Manifest) -> None:
    sepolia.warp(DAY)
    sepolia.warp(DAY)
    assert manifest.block is not None
    report = run(sepolia, tampered(manifest, block=manifest.block + 2))
    assert {"wiring", "replay"} <= differences(report).keys()


@pytest.mark.parametrize(
    "change",
    [
        {"format": 3},
        {"addresses": {"treasury": "0x12"}},
        {"shared": {}},
        {"params": {}},
        {"config_hash": "zz"},
        {"module_addresses": 5},
        {"module_addresses": ["0x12"]},
        {"modules": {}},
        {"transactions": {"create": 5}},
        {"roles": ["x"]},
        {"block": "x"},
        {"slug": "\ud800"},
        {"slug": "x" * 100_000},
        {"chain_id": None, "params": None},
    ],
)
def test_damaged_record_is_bad_input(
    place: Place, manifest: Manifest, change: dict[str, Any]
) -> None:
    raw = json.loads(place.journal.path.read_text()) | change
    place.journal.path.write_text(json.dumps(raw))
    with pytest.raises(BadInputError) as caught:
        _ = place.manifest
    told(caught.value, "deployment.damaged", path=shown(place.journal.path))
    assert len(str(caught.value)) < 500
    assert manifest.block is not None


def test_record_survives_being_written_and_read(place: Place, manifest: Manifest) -> None:
    assert place.manifest == manifest
    module = {"implementation": person(3).address, "args": b"\x01\x02", "roles": [b"\x03" * 32]}
    fuller = replace(manifest, modules=[module], module_addresses=[person(4).address])
    fuller.save(place.journal.path)
    assert place.manifest == fuller


# Addresses


def test_addresses_are_those_of_the_factory(sepolia: DevRpc, manifest: Manifest) -> None:
    settings = params(sepolia.timestamp(), [person(5).address], name="別のDAO", tokenName="貢献")
    modules = [{"implementation": manifest.shared["Treasury"], "args": b"\x07" * 5, "roles": []}]
    factory = Contract(sepolia, manifest.shared["DAOFactory"], interface())
    for salt in (bytes(32), keccak(text="salt")):
        digest = config_hash(settings, modules)
        at, cloned = predict(settings, salt, digest, manifest.shared, modules)
        assert factory.call("predict", settings, modules, salt) == {**at, "modules": cloned}


# The command


def test_command_ends_with_one_and_the_difference(
    place: Place, sepolia: DevRpc, manifest: Manifest
) -> None:
    role = keccak(text="MINTER")
    as_treasury(sepolia, manifest, "treasury", "grantRole", role, deployer().address)
    done = place.run("check", sepolia.url, "--json")
    assert done.returncode == 1
    result = json.loads(done.stdout)
    assert result["checks"]["roles"] is False
    assert (result["error"]["code"], result["error"]["kind"]) == (1, "check.differs")
    assert result["error"]["data"]["sections"] == ["roles"]
    (found,) = result["differences"]
    assert (found["where"], found["what"]) == ("Treasury", "role MINTER")
    assert deployer().address in found["found"]
    assert "✗" in done.stderr


def test_command_without_a_record(place: Place, sepolia: DevRpc) -> None:
    done = place.run("check", sepolia.url)
    assert done.returncode == 2
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 3
    assert "ape run deploy" in lines[2]
    error = json.loads(place.run("check", sepolia.url, "--json").stdout)["error"]
    assert (error["kind"], error["code"]) == ("deployment.missing", 2)


def test_report_speaks_japanese(sepolia: DevRpc, manifest: Manifest) -> None:
    with speaking("ja"):
        report = run(sepolia, manifest)
        words = "  ".join(str(section) for section in report.sections)
    assert words.startswith(
        "つながり ✓ (4つの部品)  コード ✓ (共通コントラクト7個、クローン4個)"
        "  権限 ✓ (トレジャリーのみ)  設定 ✓ (35件中35件)  再構築 ✓ (イベント"
    )
    assert list(report.as_json()["checks"]) == SECTIONS
