"""Who signs: key files and test accounts of Ape, and accounts of a development node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account as EthAccount

from mikoshi.chain import accounts
from mikoshi.chain.accounts import NodeAccount, aliases, find_account
from mikoshi.chain.ape import ApeAccount
from mikoshi.chain.node import DevRpc
from mikoshi.chain.sender import Sender
from mikoshi.testing.community import person
from mikoshi.text.errors import BadInputError
from tests.support import inner, refuses, told

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


def opened(choice: str, rpc: DevRpc) -> ApeAccount:
    """An account of Ape, ready to sign."""
    account = find_account(choice, rpc, local=False)
    assert isinstance(account, ApeAccount)
    account.unlock()
    return account


def test_account_of_ape_signs_with_the_passphrase_of_the_environment(
    rpc: DevRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APE_ACCOUNTS_alice_PASSPHRASE", "carry")
    account = opened("alice", rpc)
    assert (account.name, account.address) == ("alice", ALICE.address)
    signed = account.sign(FIELDS)
    assert EthAccount.recover_transaction(signed) == ALICE.address
    assert signed == ALICE.sign_transaction(FIELDS).raw_transaction


def test_account_of_ape_is_known_without_its_passphrase(rpc: DevRpc) -> None:
    assert find_account("alice", rpc, local=False).address == ALICE.address
    assert aliases() == ["alice"]


def test_account_of_ape_asks_for_a_passphrase_it_cannot_ask_for(rpc: DevRpc) -> None:
    set_it = "env 'APE_ACCOUNTS_alice_PASSPHRASE=…' ape run …"
    with refuses("account.locked", name="alice", set_it=set_it):
        opened("alice", rpc)


def test_account_of_ape_refuses_a_wrong_passphrase(
    rpc: DevRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APE_ACCOUNTS_alice_PASSPHRASE", "drop")
    with refuses("account.wrong-passphrase", name="alice"):
        opened("alice", rpc)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("{}", "key-file.lacking"),
        ("[]", "key-file.lacking"),
        ('{"data": "", "iv": "", "salt": ""}', "key-file.lacking"),  # a vault of MetaMask
        ('{"address": 5, "crypto": {}}', "wallet.not-an-address"),
        ("{", "json.malformed"),
        ("0x" + "5e" * 32, "json.malformed"),
    ],
)
def test_a_file_that_is_no_account_is_refused(
    content: str, kind: str, folder: Path, rpc: DevRpc
) -> None:
    path = folder / "bob.json"
    path.write_text(content)
    with pytest.raises(BadInputError) as caught:
        find_account("bob", rpc, local=False)
    told(caught.value, "account.damaged", path=path)
    told(inner(caught.value, "reason"), kind)
    assert "5e5e" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("prefix", ["", "0x", "0X"])
def test_key_files_of_other_programs_sign(
    prefix: str, encoding: str, folder: Path, rpc: DevRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyfile = json.loads((folder / "alice.json").read_text())
    address = prefix + keyfile["address"].removeprefix("0x")
    geth = {"address": address, "Crypto": keyfile["crypto"], "id": keyfile["id"], "version": 3}
    (folder / "geth.json").write_text(json.dumps(geth), encoding)
    monkeypatch.setenv("APE_ACCOUNTS_geth_PASSPHRASE", "carry")
    account = opened("geth", rpc)
    assert account.address == ALICE.address
    assert EthAccount.recover_transaction(account.sign(FIELDS)) == ALICE.address


def test_what_macos_leaves_beside_a_key_file_is_no_account(folder: Path) -> None:
    (folder / "._alice.json").write_bytes(b"\0\5\x16\7")
    assert aliases() == ["alice"]


def test_key_file_of_another_program_without_an_address_is_named(folder: Path, rpc: DevRpc) -> None:
    path = folder / "cast.json"
    keyfile = json.loads((folder / "alice.json").read_text())
    path.write_text(json.dumps({"crypto": keyfile["crypto"], "version": 3}))
    with refuses("account.without-address", path=path):
        find_account("cast", rpc, local=False)


def test_key_file_of_an_old_version_is_refused_in_three_lines(
    folder: Path, rpc: DevRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyfile = json.loads((folder / "alice.json").read_text())
    (folder / "old.json").write_text(json.dumps(keyfile | {"version": 1}))
    monkeypatch.setenv("APE_ACCOUNTS_old_PASSPHRASE", "carry")
    with refuses("account.unable", name="old"):
        opened("old", rpc)


def test_key_file_with_a_byte_order_mark_is_an_account(folder: Path, rpc: DevRpc) -> None:
    text = (folder / "alice.json").read_text()
    (folder / "alice.json").write_text(text, "utf-8-sig")
    assert find_account("alice", rpc, local=False).address == ALICE.address


@pytest.mark.parametrize(
    "choice", ["bob", "TEST::10", "TEST::x", "TEST::-1", "../alice", person(2).address, ""]
)
def test_unknown_account_is_refused_naming_those_that_exist(rpc: DevRpc, choice: str) -> None:
    with refuses("account.unknown", choice=choice, known="alice"):
        find_account(choice, rpc, local=False)


def test_account_of_ape_is_found_by_its_address(rpc: DevRpc) -> None:
    for address in (ALICE.address, ALICE.address.lower()):
        assert find_account(address, rpc, local=False).name == "alice"


def test_test_account_signs_with_the_key_that_ape_derives(rpc: DevRpc) -> None:
    held = rpc.call("eth_accounts")
    third = opened("TEST::2", rpc)
    assert third.name == "TEST::2"
    assert third.address.lower() == held[2].lower()
    assert EthAccount.recover_transaction(third.sign(FIELDS)) == third.address


def test_test_account_is_not_known_on_a_live_chain_whose_node_holds_nobody(
    rpc: DevRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "_held", lambda _: [])
    with refuses("account.unknown", choice="TEST::2"):
        find_account("TEST::2", rpc, local=False)
    assert find_account("TEST::2", rpc, local=True).name == "TEST::2"


def test_account_of_the_node_is_found_by_its_address(rpc: DevRpc) -> None:
    held = rpc.call("eth_accounts")
    account = find_account(held[2], rpc, local=False)
    assert isinstance(account, NodeAccount)
    assert account.address.lower() == held[2].lower()


def test_any_address_is_impersonated_on_a_local_chain_alone(rpc: DevRpc) -> None:
    address = person(2).address
    with rpc.isolate():
        rpc.fund(address)
        account = find_account(address, rpc, local=True)
        assert isinstance(account, NodeAccount)
        receipt = Sender(rpc, account, 31337).send(ALICE.address, value=1)
        assert receipt["from"].lower() == address.lower()
        rpc.call("anvil_stopImpersonatingAccount", address)
    with refuses("account.unknown", choice=address):
        find_account(address, rpc, local=False)


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
