"""A DAO whose record is lost is not made twice unawares, and its record can be written anew."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mikoshi.chain.node import DevRpc
from mikoshi.core.manifest import PARTS, Manifest
from mikoshi.deploy.adopt import adopt
from mikoshi.testing.community import person
from mikoshi.text.errors import (
    BadInputError,
    ChainError,
    CheckFailedError,
    MikoshiError,
    NotNowError,
)
from mikoshi.text.json import plain
from mikoshi.text.paths import shown
from tests.support import inner, told
from tests.tooling.deploying import creations
from tests.tooling.live import Place, script

pytestmark = pytest.mark.slow


@pytest.fixture
def lost(place: Place, sepolia: DevRpc) -> Manifest:
    """The record of a DAO, which is there no more."""
    made = place.deploy(sepolia)
    place.journal.path.unlink()
    sepolia.warp(60)
    return made


def run(place: Place, rpc: DevRpc, *args: str) -> Result:
    options = ["--network", rpc.url, "--config", str(place.toml), "--lang", "en", *args]
    return CliRunner(mix_stderr=False, env=place.environment(rpc.url)).invoke(
        script("deploy"), options
    )


def refused(place: Place, rpc: DevRpc, treasury: str, kind: type[MikoshiError]) -> MikoshiError:
    with pytest.raises(kind) as caught:
        adopt(place.config, rpc, place.journal, treasury)
    assert not place.journal.path.exists() or kind is NotNowError
    return caught.value


def test_plan_names_the_dao_that_is_there(place: Place, sepolia: DevRpc, lost: Manifest) -> None:
    done = run(place, sepolia, "--dry-run")
    assert done.exit_code == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert "⚠ This chain has a PM DAO with these members and this charter already" in said
    assert f"created in block {lost.block}" in said
    for part in PARTS:
        assert f"{part} {lost.addresses[part]}" in said
    result = json.loads(run(place, sepolia, "--dry-run", "--json").stdout)
    assert result["plan"]["twin"] == {"block": lost.block, "addresses": lost.addresses}


def test_second_dao_is_made_only_on_demand(place: Place, sepolia: DevRpc, lost: Manifest) -> None:
    args = ["--account", "alice", "--yes", "--json"]
    done = run(place, sepolia, *args)
    error: dict[str, Any] = json.loads(done.stdout)["error"]
    assert (done.exit_code, creations(sepolia)) == (4, 1)
    assert error["kind"] == "deploy.twin"
    data, treasury = error["data"], lost.addresses["treasury"]
    assert (data["name"], data["block"], data["treasury"]) == ("PM DAO", lost.block, treasury)
    assert data["command"].startswith(f"ape run deploy --adopt {treasury} --config ")
    assert run(place, sepolia, *args, "--second").exit_code == 0
    assert creations(sepolia) == 2
    assert place.manifest.addresses != lost.addresses


@pytest.mark.parametrize("other", ["name", "members", "charter"])
def test_dao_of_others_is_no_twin(
    place: Place, sepolia: DevRpc, lost: Manifest, other: str
) -> None:
    assert place.plan(sepolia).twin == replace(
        lost, transactions={"create": lost.transactions["create"]}
    )
    text = place.toml.read_text()
    if other == "members":
        place.write(members=4)
    elif other == "name":
        place.toml.write_text(text.replace('"PM DAO"', '"Tea DAO"'))
    else:
        place.toml.write_text(text.replace("c4" * 32, "c5" * 32))
    assert place.plan(sepolia).twin is None


def test_dao_with_other_settings_or_more_members_is_a_twin(
    place: Place, sepolia: DevRpc, lost: Manifest
) -> None:
    steward = f'[steward]\nwallet = "{person(1).address}"\nmembers_per_epoch = 6\n'
    place.write(members=6, more=f'\n[governance]\nquorum = "25%"\n{steward}')
    twin = place.plan(sepolia).twin
    assert twin is not None
    assert twin.addresses == lost.addresses


def test_adopted_record_is_the_one_that_was_lost(
    place: Place, sepolia: DevRpc, lost: Manifest
) -> None:
    done = run(place, sepolia, "--adopt", lost.addresses["treasury"].lower())
    assert done.exit_code == 0, done.stderr
    found = place.manifest
    assert found == replace(lost, transactions={"create": lost.transactions["create"]})
    assert f"PM DAO was created in block {lost.block}" in done.stdout
    assert place.plan(sepolia).created
    assert creations(sepolia) == 1
    again = adopt(place.config, sepolia, place.journal, lost.addresses["treasury"])
    assert again == found


def test_adoption_leaves_the_record_of_another_dao_alone(
    place: Place, sepolia: DevRpc, lost: Manifest
) -> None:
    second = place.deploy(sepolia)
    error = refused(place, sepolia, lost.addresses["treasury"], NotNowError)
    told(
        error,
        "adopt.other-record",
        path=shown(place.journal.path),
        treasury=second.addresses["treasury"],
    )
    assert place.manifest == second


def test_adoption_wants_a_dao_of_this_factory(
    place: Place, sepolia: DevRpc, lost: Manifest
) -> None:
    error = refused(place, sepolia, lost.addresses["governor"], ChainError)
    told(
        error,
        "adopt.unknown-treasury",
        treasury=lost.addresses["governor"],
        factory=lost.shared["DAOFactory"],
    )
    error = refused(place, sepolia, "0x12", BadInputError)
    told(error, "adopt.no-address", got="0x12")


def test_adoption_wants_the_dao_of_dao_toml(place: Place, sepolia: DevRpc, lost: Manifest) -> None:
    place.write(more='\n[governance]\nquorum = "25%"\n')
    error = refused(place, sepolia, lost.addresses["treasury"], BadInputError)
    told(error, "deploy.config-changed", name="PM DAO")
    change = inner(error, "changes")
    told(change, "setting.differs", setting="governance.quorum", new="25 %", old="30 %")


def test_adoption_wants_the_code_of_this_version(
    place: Place, sepolia: DevRpc, lost: Manifest
) -> None:
    sepolia.call("anvil_setCode", lost.addresses["token"], "0x6001")
    error = refused(place, sepolia, lost.addresses["treasury"], CheckFailedError)
    told(error, "adopt.impostor", treasury=lost.addresses["treasury"])
    differing = plain(error.data["differences"])
    assert "2 bytes that are no clone" in {each["found"].split(" (")[0] for each in differing}
    assert any("2 bytes that are no clone" in reason for reason in error.reasons)


def test_adoption_refuses_what_another_contract_created(
    place: Place, sepolia: DevRpc, lost: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = type(sepolia).call

    def elsewhere(rpc: DevRpc, method: str, *params: Any) -> Any:
        answer = call(rpc, method, *params)
        if method == "eth_getTransactionByHash":
            return answer | {"to": person(1).address}
        return answer

    monkeypatch.setattr(type(sepolia), "call", elsewhere)
    error = refused(place, sepolia, lost.addresses["treasury"], ChainError)
    told(
        error,
        "adopt.unreadable-creation",
        treasury=lost.addresses["treasury"],
        transaction=lost.transactions["create"],
    )
    assert place.plan(sepolia).twin is None
