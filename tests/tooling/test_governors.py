"""Commands on a DAO whose governor was replaced: by one of this kit, or by another contract."""

from __future__ import annotations

import dataclasses
import json

import pytest

from mikoshi.chain.contract import Contract
from mikoshi.context.context import in_office
from mikoshi.core.dao import governor_args, interface
from mikoshi.core.manifest import Manifest
from mikoshi.index.index import Index
from mikoshi.replay.dao import RebuiltDao, replay
from mikoshi.replay.logs import Logs
from mikoshi.replay.voice import Voice
from mikoshi.testing.community import person
from mikoshi.testing.defaults import DAY, VOICE
from tests.support import failed
from tests.tooling.governed import ADVISORY, PAY, Governed

pytestmark = pytest.mark.slow

REPLACE = 'title = "Another governor"\n\n[[actions]]\ndo = "replace governor"\n'


def submit(governed: Governed, text: str, name: str) -> int:
    """The number of a proposal that P1 makes of a file."""
    file = governed.write(text, name)
    return int(governed.told(f"proposal submit {file}", account="p1", yes=True)["number"])


def decide(governed: Governed, number: int) -> None:
    """Three members vote For, and a fourth one executes it: all by commands."""
    (course,) = governed.told(f"status {number}")["proposals"]
    governed.rpc.warp_to(course["opens"] + 1)
    for member in ("p1", "p2", "p3"):
        assert governed.told(f"vote {number} --for", account=member, yes=True)["transaction"]
    governed.rpc.warp_to(course["eta"])
    assert governed.told(f"execute {number}", account="p4", yes=True)["sent"]


def replaced(governed: Governed) -> Governed:
    """With the next governor in office, whose contracts are then those of `dao`."""
    decide(governed, submit(governed, REPLACE, "010-governor.toml"))
    (waits,) = governed.told("enforce")["waiting"]
    governed.rpc.warp_to(waits["since"])
    governed.told("enforce governor", account="p4", yes=True)
    record = governed.place.manifest
    at = governed.dao.treasury.call("governor")
    dao = record.following(governed.rpc, [at]).dao(governed.rpc)
    assert (dao.governor_address, dao.former) == (at, (record.addresses["governor"],))
    return dataclasses.replace(governed, community=dataclasses.replace(governed.community, dao=dao))


def test_commands_follow_the_governor_in_office(governed: Governed) -> None:
    founding = governed.dao.governor_address
    governed = replaced(governed)
    told = governed.told("status")["governor"]
    assert told["governor"] == governed.dao.governor_address
    assert (told["founding"], told["known"]) == (founding, True)
    assert "the deployment record was made with" in governed.run("status").stdout
    before = governed.rpc.balance(person(2).address)
    number = submit(governed, PAY, "011-docs.toml")
    assert number == 2
    decide(governed, number)
    assert governed.rpc.balance(person(2).address) > before
    rows = governed.told("proposal list")["proposals"]
    assert [each["state"] for each in rows] == ["executed", "executed"]
    checked = governed.run("check", json=True)
    assert checked.exit_code == 0, checked.stderr
    assert "the deployment record was made with" in governed.run("check").stdout
    clones = governed.told("verify", output=governed.folder / "verify")["clones"]
    first, second = (each for each in clones if each["part"] == "governor")
    assert (first["address"], second["address"]) == (founding, governed.dao.governor_address)
    assert second == first | {"address": second["address"]}
    assert governed.rpc.code(second["address"]) == governed.rpc.code(founding)
    # Written again, as by `check --accept-votes`, the record is as before.
    path = governed.place.records / "11155111" / "pm-dao.json"
    record = Manifest.load(path)
    record.following(governed.rpc, [governed.dao.governor_address]).save(path)
    assert Manifest.load(path) == record


def test_what_ended_with_its_governor_is_listed_and_can_be_proposed_again(
    governed: Governed,
) -> None:
    decide(governed, submit(governed, REPLACE, "010-governor.toml"))
    (waits,) = governed.told("enforce")["waiting"]
    governed.rpc.warp_to(waits["since"] - DAY)
    lost, asked = submit(governed, PAY, "011-docs.toml"), submit(governed, ADVISORY, "012-ask.toml")
    governed.rpc.warp_to(waits["since"])
    governed.told("enforce governor", account="p4", yes=True)
    assert governed.told(f"status {lost}")["proposals"][0]["state"] == "canceled"
    assert governed.run(f"execute {lost}", account="p4", yes=True).exit_code == 4
    assert governed.run(f"vote {lost} --for", account="p2", yes=True).exit_code == 4
    # The founding governor goes on taking ballots on what only asks.
    (course,) = governed.told(f"status {asked}")["proposals"]
    governed.rpc.warp_to(course["opens"] + 1)
    assert governed.told(f"vote {asked} --for", account="p2", yes=True)["transaction"]
    signed = governed.folder / "p3.ballot"
    governed.told(f"vote {asked} --for", account="p3", sign_only=True, output=signed)
    assert governed.told(f"relay {signed}", account="p4", yes=True)["transactions"]
    (course,) = governed.told(f"status {asked}")["proposals"]
    assert course["people"]["have"] == 2
    # The same text and the same calls have the same id; the next governor takes them anew.
    again = submit(governed, PAY, "011-docs.toml")
    assert again == 4
    decide(governed, again)
    rows = governed.told("proposal list")["proposals"]
    assert [each["state"] for each in rows] == ["executed", "canceled", "succeeded", "executed"]
    assert governed.run("check", json=True).exit_code == 0


def test_another_contract_in_office_is_told_as_what_it_is(governed: Governed) -> None:
    foreign = governed.dao.token_address
    governed.dao.treasury.send("setGovernor", foreign, sender=governed.dao.treasury_address)
    governed.rpc.warp(45 * DAY)
    governed.propose("Bread")
    assert "is not this kit's" in governed.run("enforce governor", account="p1", yes=True).stdout
    shown = governed.run("status")
    assert f"{foreign} is the governor since" in shown.stdout
    assert "cannot be read, voted on or executed here" in shown.stdout
    assert governed.told("proposal list")["proposals"][0]["state"] == "canceled"
    file = governed.write(PAY, "011-docs.toml")
    refused = governed.run(f"proposal submit {file}", account="p1", yes=True)
    assert refused.exit_code == 4
    failed("governor.foreign", governor=foreign)
    assert len(refused.stderr.splitlines()) == 3
    assert governed.run("vote 2 --for", account="p1", yes=True).exit_code == 4
    failed("governor.foreign", governor=foreign)
    assert governed.run("rest", account="p2", yes=True).exit_code == 0
    assert governed.run("check").exit_code == 1
    failed("check.differs", sections=["wiring"])


def test_governors_in_between_are_followed_too(governed: Governed) -> None:
    rpc, dao = governed.rpc, governed.dao
    before = rpc.block_number()
    factory, code = governed.place.manifest.shared["DAOFactory"], dao.governor.call("settings")[0]
    makes = Contract(rpc, factory, interface())
    args = governor_args(dao.membership_address, VOICE, dao.treasury_address)
    for number in range(2):
        salt, by = number.to_bytes(32), dao.treasury_address
        to = makes.call("implementations")[3], args, salt
        at = makes.call("cloneModule", *to, sender=by)
        makes.send("cloneModule", *to, sender=by)
        now = dataclasses.replace(dao, governor_address=at)
        now.governor.send("initialize", code, sender=by)
        dao.treasury.send("setGovernor", at, sender=by)
        rpc.warp(45 * DAY)
        dao.treasury.send("installGovernor", sender=by)
        here = dataclasses.replace(governed.community, dao=now)
        draft = dataclasses.replace(governed, community=here).propose(f"Bread {number}")
        here.open_voting(draft)
        here.vote(draft, [2])
    assert [each["title"] for each in governed.told("proposal list")["proposals"]] == [
        "Bread 0",
        "Bread 1",
    ]
    (first,) = governed.told("status 1")["proposals"]
    assert (first["state"], first["people"]["have"]) == ("defeated", 1)
    checked = governed.run("check", json=True)
    assert checked.exit_code == 0, checked.stderr
    # What was so before is answered by the governor of that time.
    assert governed.told("report", at=str(before))["block"] == before
    now = json.loads(governed.run("report", json=True).stdout)  # in which alarms ring
    assert now["block"] > before
    assert governed.told("power P1", at="80 days ago")["voice"] == str(VOICE)


@pytest.mark.parametrize("code", ["0x00", "0x60006000fd"], ids=["answers nothing", "refuses"])
def test_what_is_no_treasury_names_no_governor(governed: Governed, code: str) -> None:
    record = governed.place.manifest
    governed.rpc.call("anvil_setCode", record.addresses["treasury"], code)
    assert in_office(governed.rpc, record) == record


def test_what_is_kept_of_a_dao_has_all_its_governors(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Index, "often", 2)
    founding = governed.dao.governor_address
    governed.told("status")
    governed = replaced(governed)
    decide(governed, submit(governed, PAY, "011-docs.toml"))
    record, rpc = governed.place.manifest, governed.rpc
    dao, voice = record.dao(rpc), Voice.of_params(record.params["voice"])
    replayed = replay(
        rpc, dao, record.shared["DAOFactory"], voice, record.block or 0, record=record
    )
    monkeypatch.setenv("MIKOSHI_INDEX", governed.environment()["MIKOSHI_INDEX"])
    with Index.open(None, record, rpc.chain_id()) as index:
        index.update(rpc)
        assert index.keeps
        kept = index.rebuilt(dao, voice)
    assert kept == replayed
    assert [*kept.governors] == [founding, governed.dao.governor_address]
    assert [each.governor.address for each in kept.proposals] == [*kept.governors]
    with pytest.raises(ValueError, match="other governors"):
        RebuiltDao.restored(dao, voice, kept.state(), Logs())
