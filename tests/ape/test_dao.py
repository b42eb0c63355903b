"""`from mikoshi import DAO`: from a record, from the chain, and refused where it does not fit."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import ape
import pytest
from ape.api import TestAccountAPI
from ape.managers.chain import ChainManager
from ape.managers.networks import NetworkManager
from ape_foundry import FoundryProvider as Foundry

from mikoshi import DAO
from mikoshi.core import artifacts
from mikoshi.core.dao import CONTRACTS
from mikoshi.core.manifest import Manifest
from mikoshi.scripting.contracts import connected
from mikoshi.testing.defaults import CHARTER
from mikoshi.text.errors import BadInputError
from tests.support import refuses, told
from tests.tooling.live import Place

Accounts = list[TestAccountAPI]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A community's folder where one stands, with a dao.toml of `pm-dao` and no record."""
    Place(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", "DEPLOYMENTS", "INDEX"):
        monkeypatch.delenv(f"MIKOSHI_{name}", raising=False)
    return tmp_path


def test_a_record_and_the_chain_give_the_same_dao(dao: DAO, folder: Path) -> None:
    dao.record.save(Manifest.path(dao.record.chain_id, "pm-dao"))
    (folder / "people.csv").write_text(f"wallet,name\n{dao.people[1].wallet},Hana\n")
    loaded = DAO.load("pm-dao", names="people.csv")
    assert loaded.record == DAO.at(dao.treasury.address).record == dao.record
    assert repr(loaded) == "<DAO PM DAO on chain 31337>"
    assert loaded.person("Hana").number == 2
    assert str(loaded.person(2)).startswith("Hana #2 (0x")


def test_records_in_another_folder(dao: DAO, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dao.record.save(Manifest.path(dao.record.chain_id, "pm-dao", folder / "records"))
    monkeypatch.setenv("MIKOSHI_DEPLOYMENTS", "records")
    assert DAO.load("pm-dao").record == dao.record


def test_parts_are_contracts_of_ape_with_the_interface_of_the_code(dao: DAO) -> None:
    assert dao.parts.keys() == CONTRACTS.keys()
    for part, name in CONTRACTS.items():
        contract = getattr(dao, part)
        assert contract is dao.parts[part]
        assert contract.address == dao.record.addresses[part]
        abi = artifacts.load(name).abi
        functions = {each["name"] for each in abi if each["type"] == "function"}
        assert {each.name for each in contract.contract_type.methods} == functions


def test_errors_of_other_parts_are_known(dao: DAO, accounts: Accounts) -> None:
    stranger = accounts[9]
    with ape.reverts(dao.membership.MembershipInvalidWallet, wallet=dao.treasury.address):
        treasury = accounts[dao.treasury.address]
        treasury.balance = 10**18
        dao.membership.admit(dao.treasury.address, CHARTER, sender=treasury)
    with ape.reverts(dao.governor.GovernorInsufficientProposerVotes):
        dao.propose("Let me in", sender=stranger)


def test_proposals_by_number_and_id(dao: DAO, accounts: Accounts) -> None:
    assert dao.proposals == []
    first = dao.propose("One?", sender=accounts[0])
    second = dao.propose("Two?", text="Really.", sender=accounts[1])
    assert [each.title for each in dao.proposals] == ["One?", "Two?"]
    assert dao.proposal(2).id == dao.proposal(second.id).id == second.id != first.id
    assert repr(second) == '<LiveProposal 2 "Two?": pending>'
    second.cancel(sender=accounts[1])
    assert dao.proposal("#2").state.name == "CANCELED"
    with refuses("proposal.unknown", text="3"):
        dao.proposal(3)


def test_a_proposal_from_a_file(dao: DAO, accounts: Accounts, folder: Path) -> None:
    (folder / "tea.toml").write_text('title = "Tea?"\ntext = "Green."\nbinding = false\n')
    proposal = dao.propose_file("tea.toml", sender=accounts[0])
    assert (proposal.title, proposal.text, proposal.ready) == ("Tea?", "Green.", 0)


def test_what_is_wrong_in_a_proposal_is_told_before_anything_is_sent(
    dao: DAO, accounts: Accounts
) -> None:
    nonce = accounts[0].nonce
    with pytest.raises(BadInputError) as caught:
        dao.propose("Tea", [{"do": "pay", "to": "#77", "amount": "1 ETH"}], sender=accounts[0])
    told(caught.value, "file.problems", name="dao.propose", count=1)
    assert "actions[1].to" in str(caught.value)
    assert accounts[0].nonce == nonce


@pytest.mark.usefixtures("folder")
def test_there_is_no_record(dao: DAO, monkeypatch: pytest.MonkeyPatch) -> None:
    with refuses(
        "dao.not-recorded", slug="pm-dao", others="", path="deployments/31337/pm-dao.json"
    ):
        DAO.load()
    dao.record.save(Manifest.path(11155111, "pm-dao"))
    with refuses("dao.not-recorded", slug="pm-dao", others="11155111", chain_id=31337):
        DAO.load("pm-dao")
    monkeypatch.chdir("/")
    with refuses("dao.unnamed"):
        DAO.load()


def test_ape_is_on_another_chain(
    dao: DAO, networks: NetworkManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    with refuses("dao.of-another-chain", expected=1, actual=31337, name="PM DAO"):
        DAO(replace(dao.record, chain_id=1))
    with monkeypatch.context() as patched:
        patched.setattr(networks, "active_provider", None)
        for ask in (lambda: dao.people, lambda: DAO.at(dao.record.addresses["treasury"])):
            with refuses("ape.not-connected"):
                ask()


def test_a_provider_without_http_is_read_through(
    networks: NetworkManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = networks.active_provider
    assert isinstance(used, Foundry)
    pipe = SimpleNamespace(make_request=used.web3.provider.make_request)
    hidden = SimpleNamespace(name="pipe", network=used.network, web3=SimpleNamespace(provider=pipe))
    with monkeypatch.context() as patched:
        patched.setattr(networks, "active_provider", hidden)
        rpc = connected()
        assert (rpc.url, rpc.chain_id()) == ("ape://ethereum:local:pipe", 31337)


def test_the_interface_does_not_fit_the_address(dao: DAO, chain: ChainManager) -> None:
    chain.provider.make_request("anvil_setCode", [dao.governor.address, "0x60"])
    with refuses("dao.other-code", name="PM DAO"):
        DAO(dao.record)


def test_there_is_no_dao_at_the_address(dao: DAO, chain: ChainManager) -> None:
    with refuses("adopt.unknown-treasury", treasury=dao.token.address):
        DAO.at(dao.token.address)
    with refuses("wallet.not-an-address"):
        DAO.at("pm-dao")
    chain.provider.make_request("anvil_setCode", [dao.treasury.address, "0x"])
    with refuses("deployment.vanished", name="PM DAO"):
        DAO(dao.record)


def test_mikoshi_alone_does_not_bring_ape() -> None:
    brought = "import sys; print([each for each in ('ape', 'mikoshi.text') if each in sys.modules])"
    codes: tuple[tuple[str, list[str]], ...] = (
        ("import mikoshi\n", []),
        ("from mikoshi import DAO\n", ["mikoshi.text"]),
    )
    for code, found in codes:
        done = subprocess.run(
            [sys.executable, "-c", code + brought], capture_output=True, text=True
        )
        assert done.stdout.strip() == str(found), done.stderr
