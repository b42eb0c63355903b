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
from mikoshi.text.errors import BadInputError

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
    with pytest.raises(BadInputError) as caught:
        find_account("alice", rpc, local=False).sign(FIELDS)
    assert caught.value.lines == [
        "The passphrase of account alice is needed",
        "there is no terminal to ask for it",
        "Set APE_ACCOUNTS_alice_PASSPHRASE and run the command again; nothing was sent",
    ]


def test_account_of_ape_refuses_a_wrong_passphrase(
    rpc: DevRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APE_ACCOUNTS_alice_PASSPHRASE", "drop")
    with pytest.raises(BadInputError) as caught:
        find_account("alice", rpc, local=False).sign(FIELDS)
    assert caught.value.lines == [
        "The passphrase of account alice is wrong",
        "its key cannot be opened",
        "Give the right one, or set APE_ACCOUNTS_alice_PASSPHRASE; nothing was sent",
    ]


def test_a_file_that_is_no_account_is_refused(folder: Path, rpc: DevRpc) -> None:
    (folder / "bob.json").write_text("{}")
    with pytest.raises(BadInputError) as caught:
        find_account("bob", rpc, local=False)
    assert caught.value.what == f"{folder / 'bob.json'} is not an account of Ape"


@pytest.mark.parametrize("choice", ["bob", "TEST::10", "TEST::x", "../alice", ALICE.address, ""])
def test_unknown_account_is_refused_naming_those_that_exist(rpc: DevRpc, choice: str) -> None:
    with pytest.raises(BadInputError) as caught:
        find_account(choice, rpc, local=True)
    assert caught.value.lines == [
        f"There is no account {choice}",
        "there are: alice",
        "Give one of these, or make another with `ape accounts generate NAME`",
    ]


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
    with pytest.raises(BadInputError) as caught:
        find_account(None, rpc, local=False)
    assert caught.value.lines[:2] == ["Say who sends: --account ALIAS", "there are: alice"]


def test_ape_without_accounts_is_told_so(
    tmp_path: Path, rpc: DevRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APE_DATA_FOLDER", str(tmp_path / "new"))
    with pytest.raises(BadInputError) as caught:
        find_account("alice", rpc, local=False)
    assert caught.value.lines[:2] == ["There is no account alice", "Ape has no accounts yet"]
