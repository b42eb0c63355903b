"""More first members than a transaction holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mikoshi.chain.node import DevRpc
from mikoshi.chain.refusals import GAS_CAP
from mikoshi.chain.rpc import Rpc
from mikoshi.deploy.plan import make_plan
from mikoshi.testing.community import person
from mikoshi.text.errors import BadInputError
from tests.support import refuses, told
from tests.tooling.deploying import interrupt, refused
from tests.tooling.faulty import faulty
from tests.tooling.live import ALL_STEPS, Place, fund

pytestmark = pytest.mark.slow

STEWARD = f"""
[steward]
wallet = "{person(1).address}"
members_per_epoch = 50
"""


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
    told(refused(place, sepolia, BadInputError), "deploy.beyond-steward", count=60, cap=50)


def test_refused_when_nobody_could_admit_them(place: Place, sepolia: DevRpc) -> None:
    place.write(members=130, more=STEWARD)
    nobody = replace(place.config, steward=None)  # past the check of dao.toml
    with refuses("deploy.nobody-admits", count=30, file="dao.toml"):
        make_plan(nobody, sepolia, place.journal, place.sender(sepolia))


def test_refused_when_the_creation_is_too_large(place: Place, sepolia: DevRpc) -> None:
    grant = '[[token.grants]]\nwallet = "{}"\namount = "1 PMC"\n'
    place.write(more="".join(grant.format(person(number).address) for number in range(500)))
    told(refused(place, sepolia, BadInputError), "deploy.creation-too-large", most=GAS_CAP)


def test_member_list_that_has_grown_is_no_change(place: Place, sepolia: DevRpc) -> None:
    place.deploy(sepolia)
    place.write(members=7)
    plan = place.plan(sepolia)
    assert plan.steps == []
    assert plan.later == [person(6).address, person(7).address]
