"""Who signs: accounts of Ape opened without Ape, and accounts of a development node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account as EthAccount

from mikoshi.chain.accounts import KeyfileAccount, NodeAccount, aliases, find_account
from mikoshi.chain.node import DevRpc
from mikoshi.testing.community import person
from tests.support import refuses

pytestmark = pytest.mark.usefixtures("folder")

ALICE = person(1)
FIELDS: dict[str, Any] = {
    "chainId": 11155111,
    "nonce": 0,
    "gas": 21_000,
    "maxFeePerGas": 1,
    "maxPriorityFeePerGas": 1,
    "to": person(2).address,
    "value": 1,
    "type": 2,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ape's accounts: alice, whose passphrase is "carry"."""
    monkeypatch.setenv("APE_DATA_FOLDER", str(tmp_path))
    monkeypatch.delenv("APE_ACCOUNTS_alice_PASSPHRASE", raising=False)
    accounts = tmp_path / "accounts"
    accounts.mkdir()
    keyfile = EthAccount.encrypt(ALICE.key, "carry", "pbkdf2", 1_000)
    (accounts / "alice.json").write_text(json.dumps(keyfile))
    return accounts


def test_account_of_ape_signs_with_the_passphrase_of_the_environment(
    rpc: DevRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APE_ACCOUNTS_alice_PASSPHRASE", "carry")
    account = find_account("alice", rpc, local=False)
    assert isinstance(account, KeyfileAccount)
    assert (account.name, account.address) == ("alice", ALICE.address)
    signed = account.sign(FIELDS)
    assert EthAccount.recover_transaction(signed) == ALICE.address
    assert signed == ALICE.sign_transaction(FIELDS).raw_transaction


def test_account_of_ape_is_known_without_its_passphrase(rpc: DevRpc) -> None:
    assert find_account("alice", rpc, local=False).address == ALICE.address
    assert aliases() == ["alice"]


def test_account_of_ape_asks_for_a_passphrase_it_cannot_ask_for(rpc: DevRpc) -> None:
    with refuses("account.locked", name="alice", variable="APE_ACCOUNTS_alice_PASSPHRASE"):
        find_account("alice", rpc, local=False).sign(FIELDS)


def test_account_of_ape_refuses_a_wrong_passphrase(
    rpc: DevRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APE_ACCOUNTS_alice_PASSPHRASE", "drop")
    variable = "APE_ACCOUNTS_alice_PASSPHRASE"
    with refuses("account.wrong-passphrase", name="alice", variable=variable):
        find_account("alice", rpc, local=False).sign(FIELDS)


def test_a_file_that_is_no_account_is_refused(folder: Path, rpc: DevRpc) -> None:
    (folder / "bob.json").write_text("{}")
    path = folder / "bob.json"
    with refuses("account.damaged", path=path, reason="KeyError: 'address'"):
        find_account("bob", rpc, local=False)


@pytest.mark.parametrize("choice", ["bob", "TEST::10", "TEST::x", "../alice", ALICE.address, ""])
def test_unknown_account_is_refused_naming_those_that_exist(rpc: DevRpc, choice: str) -> None:
    with refuses("account.unknown", choice=choice, known="alice"):
        find_account(choice, rpc, local=True)


def test_account_of_the_node_is_found_by_number_and_address(rpc: DevRpc) -> None:
    held = rpc.call("eth_accounts")
    third = find_account("TEST::2", rpc, local=False)
    assert third.sign(FIELDS) is None
    assert isinstance(third, NodeAccount)
    assert third.address.lower() == held[2].lower()
    assert find_account(held[2], rpc, local=False).address == third.address


def test_nobody_is_taken_by_default_but_on_a_local_chain(rpc: DevRpc) -> None:
    first = find_account(None, rpc, local=True)
    assert first.address.lower() == rpc.call("eth_accounts")[0].lower()
    with refuses("account.unknown", choice=None, known="alice"):
        find_account(None, rpc, local=False)


def test_ape_without_accounts_is_told_so(
    tmp_path: Path, rpc: DevRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APE_DATA_FOLDER", str(tmp_path / "new"))
    with refuses("account.unknown", choice="alice", known=""):
        find_account("alice", rpc, local=False)
