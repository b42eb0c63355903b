"""A chain that plays Sepolia, a key file and a dao.toml."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner, Result
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from mikoshi.chain.accounts import key_file
from mikoshi.chain.node import DevRpc, NodeOptions
from mikoshi.chain.rpc import Rpc
from mikoshi.chain.sender import Sender
from mikoshi.config.load import load_config
from mikoshi.config.model import Config
from mikoshi.core.manifest import Manifest
from mikoshi.deploy.journal import Journal
from mikoshi.deploy.perform import perform
from mikoshi.deploy.plan import DeployPlan, make_plan
from mikoshi.testing.community import person
from mikoshi.text.language import speaking
from mikoshi.text.paths import ROOT

SEPOLIA = 11_155_111
NODE = NodeOptions(chain_id=SEPOLIA, history=True, args=("--enable-tx-gas-limit",))
ETHER = 10**18
ALL_STEPS = 8
"""Transactions of a first deployment to a chain: card, four implementations, factory, DAO."""

TOML = """
[dao]
name = "PM DAO"
symbol = "PMD"
chain_id = {chain_id}
slug = "pm-dao"

[charter]
hash = "0x{charter}"
uri = "ipfs://charter"

[members]
file = "members.csv"

[token]
name = "PM DAO Contribution"
symbol = "PMC"
cap_per_epoch = "10,000 PMC"

[danger]
accept = {accept}
"""


def deployer() -> LocalAccount:
    """Who deploys in these tests."""
    account: LocalAccount = Account.from_key(keccak(text="mikoshi deployer"))
    return account


def write_members(path: Path, numbers: Sequence[int]) -> Path:
    """A CSV of made-up people."""
    lines = [f"{person(number).address},P{number}" for number in numbers]
    path.write_text("\n".join(["wallet,name", *lines]) + "\n")
    return path


@dataclass
class Keyring:
    """Accounts of Ape in a folder, by alias, each with the passphrase "pw"."""

    folder: Path
    accounts: dict[str, LocalAccount] = field(default_factory=dict)

    def add(self, alias: str, account: LocalAccount) -> None:
        """One more account."""
        self.accounts[alias] = account
        self.path(alias).parent.mkdir(parents=True, exist_ok=True)
        keyfile = Account.encrypt(account.key, "pw", iterations=2)
        cipher = keyfile["crypto"]["cipherparams"]
        cipher["iv"] = cipher["iv"].zfill(32)  # cast panics where a first zero is left out
        self.path(alias).write_text(json.dumps(keyfile))

    def path(self, alias: str) -> Path:
        """The key file of an account."""
        return self.folder / "accounts" / f"{alias}.json"

    def environment(self) -> dict[str, str]:
        """Where a command finds the accounts, and what unlocks them."""
        phrases = {f"APE_ACCOUNTS_{alias}_PASSPHRASE": "pw" for alias in self.accounts}
        return phrases | {"APE_DATA_FOLDER": str(self.folder)}


def typed_here(
    words: Sequence[str], environment: Mapping[str, str], mix_stderr: bool = False
) -> Result:
    """What `ape run <words>` does, in this process and without Ape."""
    runner = CliRunner(mix_stderr=mix_stderr, env=environment)
    return runner.invoke(script(words[0]), list(words[1:]), catch_exceptions=False)


def typed_apart(
    words: Sequence[str], environment: Mapping[str, str], stderr: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """`ape run <words>` in a process of its own, without a terminal."""
    return subprocess.run(
        ["ape", "run", *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        timeout=600,  # the contracts may have to be compiled first
        check=False,
    )


@dataclass
class Place:
    """A folder with a dao.toml, members, key files and room for records."""

    folder: Path
    chain_id: int = SEPOLIA
    more: str = ""
    members: int = 5
    accept: tuple[str, ...] = ("public-keys",)  # the people are made up
    patience: float = 60  # of the senders, in seconds

    def __post_init__(self) -> None:
        self.write()
        self.keys = Keyring(self.ape)
        self.accounts, self.add_account = self.keys.accounts, self.keys.add
        self.add_account("alice", deployer())

    def write(self, **values: Any) -> None:
        """Write dao.toml and members.csv anew, with other values of this object."""
        for name, value in values.items():
            setattr(self, name, value)
        text = TOML.format(chain_id=self.chain_id, charter="c4" * 32, accept=list(self.accept))
        self.toml.write_text(text + self.more)
        write_members(self.folder / "members.csv", range(1, self.members + 1))

    @property
    def toml(self) -> Path:
        return self.folder / "dao.toml"

    @property
    def ape(self) -> Path:
        return self.folder / ".ape"

    @property
    def records(self) -> Path:
        return self.folder / "deployments"

    @property
    def journal(self) -> Journal:
        return Journal(self.chain_id, "pm-dao", self.records)

    @property
    def config(self) -> Config:
        return load_config(self.toml)

    @property
    def manifest(self) -> Manifest:
        return Manifest.load(self.journal.path)

    def sender(self, rpc: Rpc, alias: str = "alice") -> Sender:
        """The account on a chain."""
        os.environ[f"APE_ACCOUNTS_{alias}_PASSPHRASE"] = "pw"
        account = key_file(self.keys.path(alias), self.accounts[alias].address)
        account.unlock()
        return Sender(rpc, account, patience=self.patience)

    def plan(self, rpc: Rpc, alias: str = "alice", live: bool = True) -> DeployPlan:
        return make_plan(self.config, rpc, self.journal, self.sender(rpc, alias), live)

    def deploy(self, rpc: Rpc, alias: str = "alice", live: bool = True) -> Manifest:
        """As the command does it, without a terminal."""
        sender = self.sender(rpc, alias)
        plan = make_plan(self.config, rpc, self.journal, sender, live)
        return perform(plan, sender, self.journal)

    def run(self, command: str, url: str, *args: str) -> subprocess.CompletedProcess[str]:
        """`ape run …` in a process of its own, without a terminal."""
        return typed_apart(self.typed(command, *args)[2:], self.environment(url))

    def typed(self, command: str, *args: str) -> list[str]:
        """`ape run …` word by word."""
        options = ["--network", "ethereum:sepolia:node", "--config", str(self.toml)]
        return ["ape", "run", *command.split(), *args, *options]

    def environment(self, url: str) -> dict[str, str]:
        """Where a command in a process of its own finds the node, keys and records."""
        own = {
            "SEPOLIA_RPC_URL": url,
            "MIKOSHI_DEPLOYMENTS": str(self.records),
            "MIKOSHI_INDEX": str(self.folder / "index"),
            "MIKOSHI_PROPOSALS": str(self.folder / "proposals"),
            "LANG": "C.UTF-8",
        }
        return os.environ | self.keys.environment() | own


def fund(rpc: DevRpc, address: str, wei: int = ETHER) -> None:
    """Give an account a balance."""
    rpc.fund(address, wei=wei)


def script(name: str) -> click.Command:
    """What `ape run <name>` runs, without Ape."""
    command: click.Command = importlib.import_module(f"mikoshi.commands.{name}").cli
    return command


def parsed(words: list[str]) -> None:
    """Assert that a command takes these words. Runs nothing."""
    with speaking("en"):
        command: click.Command = script(words[0])
        context = command.make_context(words[0], words[1:])
        while isinstance(command, click.Group):
            rest = [*context.protected_args, *context.args]
            name, inner, rest = command.resolve_command(context, rest)
            assert inner is not None, words
            command, context = inner, inner.make_context(name, rest, parent=context)
