"""What a deployment refuses, with nothing sent."""

from __future__ import annotations

import pytest

from mikoshi.chain.node import DevRpc
from mikoshi.core import artifacts
from mikoshi.core.dao import DEPLOYMENT_PROXY, shared_deployments
from mikoshi.deploy.plan import make_plan
from mikoshi.text.errors import BadInputError, ChainError
from tests.support import inner, told
from tests.tooling.deploying import refused
from tests.tooling.live import Place, deployer, fund

pytestmark = pytest.mark.slow


def test_refused_when_the_account_has_too_little(place: Place, sepolia: DevRpc) -> None:
    fund(sepolia, deployer().address, 10**15)
    error = refused(place, sepolia, BadInputError)
    assert "0.001 ETH" in error.what
    assert "is missing" in error.reasons[0]


def test_refused_when_dao_toml_has_changed(place: Place, sepolia: DevRpc) -> None:
    place.deploy(sepolia)
    place.write(more='\n[governance]\nquorum = "25%"\n')
    error = refused(place, sepolia, BadInputError)
    told(
        error,
        "deploy.config-changed",
        file="dao.toml",
        name="PM DAO",
        record=place.journal.path.name,
    )
    change = inner(error, "changes")
    told(change, "setting.differs", setting="governance.quorum", new="25 %", old="30 %")
    assert error.reasons == ["governance.quorum is 25 %, and the DAO was created with 30 %"]


def test_refused_when_the_salt_has_changed(place: Place, sepolia: DevRpc) -> None:
    place.deploy(sepolia)
    salted = place.toml.read_text().replace('slug = "pm-dao"', 'slug = "pm-dao"\nsalt = "2027"')
    place.toml.write_text(salted)
    error = refused(place, sepolia, BadInputError)
    told(error, "deploy.config-changed", name="PM DAO")
    told(inner(error, "changes"), "salt.differs")


def test_refused_when_a_live_chain_lost_the_dao(place: Place, sepolia: DevRpc) -> None:
    with sepolia.isolate():
        place.deploy(sepolia)
    error = refused(place, sepolia, ChainError)
    assert "has no PM DAO" in error.what
    assert place.deploy(sepolia, live=False).block == sepolia.block_number()


def test_refused_when_the_chain_has_no_deployment_proxy(place: Place, sepolia: DevRpc) -> None:
    sepolia.call("anvil_setCode", DEPLOYMENT_PROXY, "0x")
    error = refused(place, sepolia, ChainError)
    told(error, "chain.no-deployment-proxy", chain_id=11_155_111, proxy=DEPLOYMENT_PROXY)


def test_refused_when_an_address_has_other_code(place: Place, sepolia: DevRpc) -> None:
    card = shared_deployments(artifacts.project())[0].address
    sepolia.call("anvil_setCode", card, "0x00")
    error = refused(place, sepolia, ChainError)
    told(error, "chain.other-code", contract="MembershipCard", address=card)


def test_refused_when_the_factory_would_refuse(place: Place, sepolia: DevRpc) -> None:
    place.deploy(sepolia)
    place.journal.path.unlink()
    place.write(more='\n[membership]\nseason = "60 days"\n')
    config = place.config
    object.__setattr__(config.membership, "season", 86_400)  # past its own check
    with pytest.raises(BadInputError) as caught:
        make_plan(config, sepolia, place.journal, place.sender(sepolia))
    told(caught.value, "deploy.factory-refuses", file="dao.toml")
    (reason,) = caught.value.reasons
    assert "season" in reason
    assert "86,400" in reason


def test_refused_when_the_record_is_damaged(place: Place, sepolia: DevRpc) -> None:
    place.deploy(sepolia)
    text = place.journal.path.read_text()
    place.journal.path.write_text(text[: len(text) // 2])
    error = refused(place, sepolia, BadInputError)
    assert "cannot be used" in error.what


def test_refused_when_records_cannot_be_written(place: Place, sepolia: DevRpc) -> None:
    place.records.write_text("not a folder")
    error = refused(place, sepolia, BadInputError)
    told(error, "deploy.folder-unwritable", folder=place.journal.path.parent)
