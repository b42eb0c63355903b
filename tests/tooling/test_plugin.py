"""Plugins of Ape: keys that are kept elsewhere sign, refuse and raise anything; nodes of theirs."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account as EthAccount

from mikoshi.ballots.messages import governor_message
from mikoshi.chain.accounts import NodeAccount
from mikoshi.chain.ape import ApeAccount
from mikoshi.chain.node import DevRpc
from mikoshi.chain.sender import Sender
from mikoshi.testing.community import FOR, person
from mikoshi.text.paths import ROOT
from mikoshi.voting.signing_options import signature_by
from tests.support import refuses
from tests.tooling import plugin
from tests.tooling.governed import Governed
from tests.tooling.live import SEPOLIA, typed_apart

ALICE, BOB = person(1), person(2)
Opened = Callable[..., ApeAccount]
MESSAGE = governor_message(
    "MemberBallot", 31337, person(8).address, proposalId=1, support=FOR, deadline=2**32
)


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Opens an account of the vault, which does as it is told."""
    plugin.install(tmp_path / "site")
    monkeypatch.syspath_prepend(tmp_path / "site")
    vault = importlib.import_module("ape_vault")

    def open_(does: str = "sign", key: Any = ALICE, **more: Any) -> ApeAccount:
        plugin.keep(tmp_path, "v", key, does, **more)
        account = vault.VaultAccount(file=tmp_path / "vault" / "v.json")
        return ApeAccount(account.alias, account.address, lambda: account)

    yield open_
    del sys.modules["ape_vault"]


def test_transactions_go_through_the_account_of_the_plugin(opened: Opened, rpc: DevRpc) -> None:
    rpc.fund(ALICE.address)
    receipt = Sender(rpc, opened(), 31337).send(BOB.address, value=5)
    assert receipt["from"].lower() == ALICE.address.lower()
    assert receipt["status"] == "0x1"


def test_typed_data_goes_through_the_account_of_the_plugin(opened: Opened, rpc: DevRpc) -> None:
    signature = signature_by(opened(), rpc, MESSAGE)
    assert EthAccount.recover_message(MESSAGE.signable, signature=signature) == ALICE.address


def test_what_a_plugin_prints_is_kept_off_stdout(
    opened: Opened, rpc: DevRpc, capsys: pytest.CaptureFixture[str]
) -> None:
    signature_by(opened(), rpc, MESSAGE)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "please confirm on the device" in captured.err


@pytest.mark.parametrize(
    ("does", "kind", "reason"),
    [
        ("refuse", "account.refused", None),
        ("not implemented", "account.unable", None),
        ("time out", "account.failed", "timed out"),
        ("exit", "account.failed", "3"),
        ("LedgerError: 0x6985", "account.failed", "LedgerError: 0x6985"),
        ("", "account.failed", "RuntimeError"),
        ("POST https://u:p@kms.example/key?token=1", "account.failed", "POST https://kms.example"),
    ],
)
def test_whatever_a_plugin_does_is_told_and_nothing_is_sent(
    opened: Opened, rpc: DevRpc, does: str, kind: str, reason: str | None
) -> None:
    rpc.fund(ALICE.address)
    told = {"name": "v"} | ({} if reason is None else {"reason": reason})
    with refuses(kind, **told):
        Sender(rpc, opened(does), 31337).send(BOB.address, value=5)
    with refuses(kind, **told):
        signature_by(opened(does), rpc, MESSAGE)
    assert rpc.nonce(ALICE.address) == 0


def test_ctrl_c_at_the_device_stops_the_command(opened: Opened) -> None:
    def stop() -> None:
        raise SystemExit(130)  # what Ape makes of Ctrl-C

    account = opened()
    account.api  # noqa: B018 (opens it)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(account.api), "_key", lambda _: stop())
        with pytest.raises(SystemExit):
            account.sign_message(MESSAGE.signable)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"value": 6}, ALICE),
        ({"to": ALICE.address}, ALICE),
        ({"chainId": 1}, ALICE),
        ({"nonce": 7}, ALICE),
        ({"data": "0x01"}, ALICE),
        ({}, BOB),
    ],
)
def test_a_transaction_that_was_not_asked_for_is_never_sent(
    opened: Opened, rpc: DevRpc, changes: dict[str, Any], key: Any
) -> None:
    rpc.fund(ALICE.address)
    account = opened(key=key, changes=changes)
    account.address = ALICE.address
    with refuses("account.signed-another", name="v"):
        Sender(rpc, account, 31337).send(BOB.address, value=5)
    assert rpc.nonce(ALICE.address) == 0


def test_an_unsigned_transaction_is_not_left_to_the_node(opened: Opened, rpc: DevRpc) -> None:
    """Only an account that the node holds is signed for by the node."""
    held = rpc.call("eth_accounts")[0]
    before = rpc.nonce(held)
    account = opened(unsigned=True)
    account.address = NodeAccount("", held).address
    with refuses("account.signed-another", name="v"):
        Sender(rpc, account, 31337).send(BOB.address, value=5)
    assert rpc.nonce(held) == before


def test_a_passphrase_in_the_environment_is_shown_nowhere(
    opened: Opened, rpc: DevRpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APE_ACCOUNTS_pm-key_PASSPHRASE", "hunter2")
    with refuses("account.failed", name="v", reason="cannot open with … !"):
        signature_by(opened("cannot open with hunter2 !"), rpc, MESSAGE)


@pytest.fixture
def vault(governed: Governed, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a command with the plugin installed, whose vault has P1's key."""
    plugin.install(tmp_path / "site")
    plugin.keep(governed.place.ape, "cold", person(1))
    plugin.keep(governed.place.ape, "shy", person(2), "refuse")
    plugin.keep(governed.place.ape, "curious", person(3), "ask", chain_id=SEPOLIA)
    yield governed.environment() | {"PYTHONPATH": str(tmp_path / "site")}
    shutil.rmtree(governed.place.ape / "vault")


def typed(governed: Governed, vault: dict[str, str], command: str, *more: str) -> Any:
    words = [*command.split(), *more, "--config", str(governed.place.toml)]
    return typed_apart([*words, "--network", governed.rpc.url], vault)


@pytest.mark.slow
def test_commands_take_the_accounts_of_installed_plugins_which_may_ask_our_node(
    governed: Governed, vault: dict[str, str]
) -> None:
    file = str(governed.write())
    done = typed(governed, vault, f"proposal submit {file} --yes --json", "--account", "cold")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["transaction"]
    assert governed.nonce(person(1)) == 1

    asked = typed(governed, vault, "rest --yes --json", "--account", "curious")
    assert asked.returncode == 0, asked.stderr
    assert governed.nonce(person(3)) == 1

    refused = typed(governed, vault, "rest --yes --json", "--account", "shy")
    assert refused.returncode == 4, refused.stderr
    error = json.loads(refused.stdout)["error"]
    assert (error["kind"], error["data"]["name"]) == ("account.refused", "shy")
    assert governed.nonce(person(2)) == 0


@pytest.mark.slow
def test_a_plugin_that_cannot_be_read_is_named_and_stops_no_other(
    governed: Governed, vault: dict[str, str]
) -> None:
    plugin.keep(governed.place.ape, "broken", person(3))
    unknown = typed(governed, vault, "rest --yes --json", "--account", "nobody")
    error = json.loads(unknown.stdout)["error"]
    assert (unknown.returncode, error["kind"]) == (2, "account.unknown")
    assert error["data"]["failed"] == "vault: the vault is closed"
    assert "alice" in error["data"]["known"]
    dry = typed(governed, vault, "rest --dry-run --json", "--account", "p1")
    assert dry.returncode == 0, dry.stderr


@pytest.mark.slow
@pytest.mark.parametrize("way", ["url", "hidden"])
def test_commands_read_and_write_through_a_provider_plugin(
    governed: Governed, vault: dict[str, str], way: str
) -> None:
    node = {"VAULT_URL": governed.rpc.url, "VAULT_WAY": way}
    words = ["--config", str(governed.place.toml), "--network", "ethereum:sepolia:vault", "--json"]
    before = typed_apart(["check", *words], vault | node)
    assert before.returncode == 0, before.stderr
    sent = typed_apart(["rest", *words, "--yes", "--account", "cold"], vault | node)
    assert sent.returncode == 0, sent.stderr
    assert governed.nonce(person(1)) == 1
    again = typed_apart(["rest", *words, "--yes", "--account", "p1"], vault | node)
    assert (again.returncode, json.loads(again.stdout)["transaction"]) == (0, None)


@pytest.mark.slow
def test_a_provider_plugin_that_fails_is_told(governed: Governed, vault: dict[str, str]) -> None:
    words = ["check", "--config", str(governed.place.toml), "--network", "ethereum:sepolia:vault"]
    failed = typed_apart([*words, "--json"], vault)
    assert failed.returncode == 3, failed.stderr
    error = json.loads(failed.stdout)["error"]
    assert (error["kind"], error["data"]["reason"]) == ("network.unreachable", "'VAULT_URL'")


ALONE = """
import sys
from mikoshi.commands.main import cli
cli(sys.argv[1:], standalone_mode=False)
print("ape" in sys.modules)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "needed"),
    [
        ("status", False),
        ("power", False),
        ("rest --dry-run --account p1", False),  # an alias and an address: its file has them
        ("rest --yes --account p1", True),
    ],
)
def test_ape_is_imported_once_an_account_signs(
    governed: Governed, command: str, needed: bool
) -> None:
    options = ["--config", str(governed.place.toml), "--network", governed.rpc.url]
    done = subprocess.run(
        [sys.executable, "-c", ALONE, *command.split(), *options],
        cwd=ROOT,
        env=os.environ | governed.environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == str(needed)
