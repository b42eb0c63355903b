"""Parts attached and detached by votes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mikoshi.core.modules import MODULES
from mikoshi.testing.defaults import DAY
from tests.tooling.governed import Governed
from tests.tooling.test_invite import INVITATIONS, PAGE

INVITING = MODULES["invitations"]


@pytest.fixture(autouse=True)
def section(governed: Governed) -> Iterator[None]:
    """The section of dao.toml, for one test."""
    governed.place.write(more=INVITATIONS)
    yield
    governed.place.write(more="")
    for path in governed.proposals.glob("*.toml"):
        path.unlink()


def attached(governed: Governed) -> tuple[str, Path]:
    """The clone and the proposal's file."""
    told = governed.told("modules attach invitations", account="p1", yes=True)
    return told["address"], Path(told["file"])


def test_attached_by_a_vote_it_works_when_it_may(governed: Governed, tmp_path: Path) -> None:
    assert governed.told("modules list") == {"modules": []}
    address, file = attached(governed)
    contract = INVITING.at(governed.rpc, address)
    assert contract.call("settings") == {"perEpoch": 10, "perSponsor": 3, "sponsors": 1}
    assert contract.call("treasury") == governed.dao.treasury_address
    shown = governed.told(f"proposal lint {file}")
    assert address in json.dumps(shown)
    governed.community.as_treasury(governed.dao.treasury, "grantRole", INVITING.role_hash, address)
    (part,) = governed.told("modules list")["modules"]
    assert (part["part"], part["address"]) == ("invitations", address)
    governed.rpc.warp(46 * DAY)
    made = governed.told(f"invite new --at {PAGE} -o {tmp_path / 'l.csv'}", account="p1")
    assert made["seats"] == 3


def test_attached_twice_is_refused(governed: Governed) -> None:
    address, file = attached(governed)
    governed.community.as_treasury(governed.dao.treasury, "grantRole", INVITING.role_hash, address)
    result = governed.run("modules attach invitations --json", account="p1", yes=True)
    assert result.exit_code == 4
    assert json.loads(result.stdout)["error"]["kind"] == "modules.attached"
    again = governed.told("modules detach invitations")
    assert Path(again["file"]).read_text().count("revoke role") == 1
    result = governed.run("modules detach invitations --json")
    assert json.loads(result.stdout)["error"]["kind"] == "modules.file-exists"
    file.unlink()
    Path(again["file"]).unlink()
    told = governed.told("modules detach invitations")
    assert told["address"] == address


def test_without_invitations_nobody_invites(governed: Governed) -> None:
    result = governed.run(f"invite new --at {PAGE} -o l.csv --json", account="p1")
    assert json.loads(result.stdout)["error"]["kind"] == "invitations.none"


def test_a_file_without_the_section_is_refused(governed: Governed) -> None:
    governed.place.write(more="")
    result = governed.run("modules attach invitations --json", account="p1", yes=True)
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["kind"] == "modules.without-settings"
    result = governed.run("modules attach gardens --json", account="p1", yes=True)
    assert json.loads(result.stdout)["error"]["kind"] == "modules.unknown"
    result = governed.run("modules detach invitations --json")
    assert json.loads(result.stdout)["error"]["kind"] == "modules.not-attached"
