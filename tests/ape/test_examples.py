"""The examples of scripts/examples, run as a person runs them, on Ape's Foundry node."""

from __future__ import annotations

import runpy
import subprocess
import time
from pathlib import Path

import ape
import pytest
from ape.api import TestAccountAPI
from ape.managers.chain import ChainManager
from ape_accounts import KeyfileAccount
from eth_account import Account

from mikoshi import DAO
from mikoshi.core.manifest import Manifest
from mikoshi.testing.ape_fixtures import wait_until
from mikoshi.text.paths import ROOT
from tests.tooling.live import Place

EXAMPLES = ROOT / "scripts" / "examples"


@pytest.fixture(autouse=True)
def keys(
    dao: DAO,
    accounts: list[TestAccountAPI],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, KeyfileAccount]:
    """Accounts of Ape, members 1 to 3, in a community's folder where one stands."""
    place = Place(tmp_path)
    dao.record.save(Manifest.path(dao.record.chain_id, "pm-dao", place.records))
    monkeypatch.chdir(tmp_path)
    known = {}
    for name, test_account in zip(("hana", "ken", "yuki"), accounts, strict=False):
        place.add_account(name, Account.from_key(test_account.private_key))
        known[name] = KeyfileAccount(keyfile_path=place.keys.path(name))
        monkeypatch.setenv(f"APE_ACCOUNTS_{name}_PASSPHRASE", "pw")
    monkeypatch.setattr(type(ape.accounts), "load", lambda _, alias: known[alias])
    return known


def run(name: str) -> None:
    """What `ape run examples <name>` does, once Ape is connected."""
    runpy.run_path(str(EXAMPLES / f"{name}.py"))["main"]()


def test_rewards_from_a_table_are_one_proposal(
    dao: DAO, keys: dict[str, KeyfileAccount], capsys: pytest.CaptureFixture[str]
) -> None:
    keys["hana"].set_autosign(True)  # a person would be asked
    Path("rewards.csv").write_text("who,tokens,merit\n#2,100 PMC,50 points\n#3,20 PMC,\n")
    run("rewards")
    (proposal,) = dao.proposals
    second, third = dao.person(2), dao.person(3)
    told = [
        '<LiveProposal 1 "Rewards of November": pending>',
        f"mint 100 PMC to {second}",
        f"credit 50 points of merit to {second}",
        f"mint 20 PMC to {third}",
    ]
    assert [repr(proposal), *proposal.actions] == told
    assert [line for line in capsys.readouterr().out.splitlines() if line in told] == told


def test_several_accounts_vote_once_each(
    dao: DAO,
    accounts: list[TestAccountAPI],
    chain: ChainManager,
    capsys: pytest.CaptureFixture[str],
) -> None:
    proposal = dao.propose("Tea?", sender=accounts[0])
    wait_until(chain, proposal.opens)
    proposal.vote("against", sender=accounts[1])
    run("votes")
    cast = [
        (each.event.args["voter"], each.event.args["support"]) for each in dao.events("VoteCast")
    ]
    assert cast == [(accounts[1].address, 0), (accounts[0].address, 1), (accounts[2].address, 2)]
    assert "ken has voted before\n" in capsys.readouterr().out


def test_what_has_passed_is_executed_and_what_fails_stops_nothing(
    dao: DAO,
    accounts: list[TestAccountAPI],
    chain: ChainManager,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pay = {"do": "pay", "to": "#2", "amount": "1 ETH"}
    accounts[9].transfer(dao.treasury, "1 ether")
    first, second = (dao.propose(each, [pay], sender=accounts[0]) for each in ("One", "Two"))
    advice = dao.propose("Tea?", sender=accounts[0])
    wait_until(chain, advice.opens)
    for proposal in (first, second):
        for person in accounts[:3]:
            proposal.vote("for", sender=person)
    slept: list[float] = []
    patiently = time.sleep

    def sleep(seconds: float) -> None:
        if seconds < 1:  # Ape waits for a receipt
            patiently(seconds)
            return
        slept.append(seconds)
        if dao.now < second.ready:
            wait_until(chain, second.ready)

    monkeypatch.setattr(time, "sleep", sleep)
    run("watch")
    assert [each.state.name for each in dao.proposals] == ["EXECUTED", "QUEUED", "DEFEATED"]
    assert set(slept) == {60}


def test_ape_run_has_them() -> None:
    told = subprocess.run(
        ["ape", "run", "examples", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert {each.stem for each in EXAMPLES.glob("*.py")} == {"rewards", "votes", "watch"}
    for path in EXAMPLES.glob("*.py"):
        assert f"Run 'examples/{path.name}:main'" in told.stdout, told.stderr
