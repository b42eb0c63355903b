"""A DAO with [succession]: deployed, recorded, checked, and rebuilt from its events."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from mikoshi.chain.contract import Contract
from mikoshi.chain.node import DevRpc
from mikoshi.check.check import check
from mikoshi.core.dao import DEPLOYMENT_PROXY, interface, module_args
from mikoshi.core.modules import MODULES
from mikoshi.deploy.adopt import adopt
from mikoshi.testing.community import person
from mikoshi.testing.defaults import DAY, ZERO
from mikoshi.text.errors import BadInputError
from tests.support import inner, told
from tests.tooling.deploying import refused
from tests.tooling.live import Place

SUCCESSION = MODULES["succession"]
SECTION = "\n[succession]\n"


def test_dao_with_the_section_has_succession_in_force(sepolia: DevRpc, place: Place) -> None:
    place.write(more=SECTION)
    manifest = place.deploy(sepolia)
    assert manifest.succession == manifest.module_addresses[0]
    report = check(sepolia, manifest, place.config.params(manifest.t0))
    assert report.differences == []


def test_record_is_adopted_with_its_module(sepolia: DevRpc, place: Place) -> None:
    place.write(more=SECTION)
    made = place.deploy(sepolia)
    place.journal.path.unlink()
    found = adopt(place.config, sepolia, place.journal, made.addresses["treasury"])
    assert found.succession == made.succession


@pytest.mark.parametrize("sections", [(SECTION, ""), ("", SECTION)])
def test_dao_toml_that_lost_or_gained_the_section_is_refused(
    sepolia: DevRpc, place: Place, sections: tuple[str, str]
) -> None:
    founded, wanted = sections
    place.write(more=founded)
    place.deploy(sepolia)
    place.write(more=wanted)
    error = refused(place, sepolia, BadInputError)
    told(error, "deploy.config-changed")
    told(inner(error, "changes"), "modules.differ")


def test_code_of_the_module_is_that_of_this_version(sepolia: DevRpc, place: Place) -> None:
    place.write(more=SECTION)
    manifest = place.deploy(sepolia)
    sepolia.call("anvil_setCode", manifest.shared["Succession"], "0x6001")
    differing = check(sepolia, manifest).differences
    assert "Succession" in [each.where for each in differing]


def test_request_that_no_event_told_is_a_difference(sepolia: DevRpc, place: Place) -> None:
    place.write(more=SECTION)
    manifest = place.deploy(sepolia)
    dao, wallet = manifest.dao(sepolia), person(1).address
    sepolia.fund(wallet)
    sepolia.call("anvil_impersonateAccount", wallet)
    plan: tuple[Any, ...] = ([2], [], 1, 3 * DAY, ZERO, 0)
    dao.succession.send("setPlan", plan, sender=wallet)
    assert check(sepolia, manifest).passed
    slot = keccak(encode(["uint256", "uint256"], [1, 0]))  # the hash of the plan of #1
    sepolia.call("anvil_setStorageAt", manifest.succession, f"0x{slot.hex()}", f"0x{'11' * 32}")
    (difference,) = check(sepolia, manifest).differences
    assert difference.what == "hash of the plan of #1"


def test_succession_that_a_vote_gave_its_role_is_followed(sepolia: DevRpc, place: Place) -> None:
    manifest = place.deploy(sepolia)
    assert manifest.succession == ""
    code, wallet = SUCCESSION.deployment(), person(1).address
    sepolia.fund(wallet)
    sepolia.call("anvil_impersonateAccount", wallet)
    sepolia.send(DEPLOYMENT_PROXY, bytes(32) + code.initcode, sender=wallet)
    factory = Contract(sepolia, manifest.shared["DAOFactory"], interface())
    args = module_args(manifest.addresses, manifest.t0)
    holders = []
    for number, content in enumerate((args + b"\1", args)):  # the first is of no DAO
        salt = number.to_bytes(32)
        receipt = factory.send("cloneModule", code.address, content, salt, sender=wallet)
        holders.append(receipt.only("ModuleCloned").args["module"])
    roles = [{"role": f"0x{SUCCESSION.role_hash.hex()}", "holder": each} for each in holders]
    voted = replace(manifest, roles=roles)
    assert voted.following(sepolia, [manifest.addresses["governor"]]).succession == holders[1]
    voted.save(place.journal.path)
    assert place.journal.record() == voted
