"""Who signs a transaction: an account of Ape, or one that a development node holds.

Ape keeps an account as an encrypted file, `accounts/<alias>.json` in its data folder. It is opened
here without Ape, and only when something is signed: a dry run needs no passphrase.
"""

from __future__ import annotations

import json
import os
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from mikoshi.chain.rpc import Rpc, RpcError
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_, _, listed
from mikoshi.text.people import WalletError, parse_wallet, short

if TYPE_CHECKING:
    from eth_account.messages import SignableMessage
    from eth_account.signers.local import LocalAccount

_TEST_PREFIX = "TEST::"


class Account(Protocol):
    """Sends transactions in its own name."""

    @property
    def name(self) -> str:
        """What it is called on the command line."""

    @property
    def address(self) -> str:
        """Its address, checksummed."""

    def unlock(self) -> None:
        """Ask for what signing needs, before a progress bar hides the question."""

    def sign(self, transaction: dict[str, Any]) -> bytes | None:
        """The signed transaction; None if the node must sign. Raises BadInputError."""

    def sign_message(self, message: SignableMessage) -> bytes | None:
        """The signature under a message; None if the node must sign. Raises BadInputError."""


class KeyfileAccount:
    """An account that `ape accounts generate` or `ape accounts import` made.

    The passphrase is asked for, or read from `APE_ACCOUNTS_<alias>_PASSPHRASE`. Raises
    BadInputError if the file is no account.
    """

    def __init__(self, alias: str, path: Path) -> None:
        self.name = alias
        try:
            self._keyfile: dict[str, Any] = json.loads(path.read_text())
            self.address = parse_wallet("0x" + str(self._keyfile["address"]).removeprefix("0x"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadInputError(
                "account.damaged",
                N_("{path} is not an account of Ape"),
                "{reason}",
                N_("Make one with `ape accounts generate NAME`"),
                path=path,
                reason=f"{type(error).__name__}: {error}",
            ) from error

    def unlock(self) -> None:
        """Open the key. Raises BadInputError if the passphrase is wrong or missing."""
        __ = self._key

    def sign(self, transaction: dict[str, Any]) -> bytes:
        """The signed transaction. Raises BadInputError if the passphrase is wrong or missing."""
        return bytes(self._key.sign_transaction(transaction).raw_transaction)

    def sign_message(self, message: SignableMessage) -> bytes:
        """The 65 bytes under a message. Raises BadInputError as `sign` does."""
        return bytes(self._key.sign_message(message).signature)

    @cached_property
    def _key(self) -> LocalAccount:
        from eth_account import Account as EthAccount

        passphrase = self._passphrase()
        try:
            key: LocalAccount = EthAccount.from_key(EthAccount.decrypt(self._keyfile, passphrase))
        except ValueError as error:
            raise BadInputError(
                "account.wrong-passphrase",
                N_("The passphrase of account {name} is wrong"),
                N_("its key cannot be opened"),
                N_("Give the right one, or set {variable}; nothing was sent"),
                name=self.name,
                variable=self._variable,
            ) from error
        return key

    @property
    def _variable(self) -> str:
        return f"APE_ACCOUNTS_{self.name}_PASSPHRASE"

    def _passphrase(self) -> str:
        if self._variable in os.environ:
            return os.environ[self._variable]
        if sys.stdin.isatty():
            import click

            question = _("Passphrase of {name}", name=self.name)
            return str(click.prompt(question, hide_input=True, err=True))
        raise BadInputError(
            "account.locked",
            N_("The passphrase of account {name} is needed"),
            N_("there is no terminal to ask for it"),
            N_("Set {variable} and run the command again; nothing was sent"),
            name=self.name,
            variable=self._variable,
        )


class NodeAccount:
    """An account whose key a development node holds."""

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.address = address

    def unlock(self) -> None:
        """Nothing: the node has the key."""

    def sign(self, transaction: dict[str, Any]) -> None:
        """Nothing: the node signs."""

    def sign_message(self, message: SignableMessage) -> None:
        """Nothing: the node signs."""


def accounts_folder() -> Path:
    """Where Ape keeps its accounts."""
    data = os.environ.get("APE_DATA_FOLDER")
    return (Path(data) if data else Path.home() / ".ape") / "accounts"


def aliases() -> list[str]:
    """The accounts that Ape has."""
    return sorted(path.stem for path in accounts_folder().glob("*.json"))


def find_account(choice: str | None, rpc: Rpc, local: bool) -> Account:
    """The account called `choice`: an alias, `TEST::0`, or an address that the node holds.

    Without a choice a `local` development chain offers its first account; elsewhere nobody is
    taken by default. Raises BadInputError.
    """
    if choice is None:
        held = _held(rpc) if local else []
        if not held:
            raise _unknown(None)
        return NodeAccount(f"{_TEST_PREFIX}0", held[0])
    path = accounts_folder() / f"{choice}.json"
    if path.is_file() and path.parent == accounts_folder():
        return KeyfileAccount(choice, path)
    held = _held(rpc)
    if choice.startswith(_TEST_PREFIX):
        number = choice.removeprefix(_TEST_PREFIX)
        if number.isdecimal() and int(number) < len(held):
            return NodeAccount(choice, held[int(number)])
        raise _unknown(choice)
    try:
        address = parse_wallet(choice)
    except WalletError:
        raise _unknown(choice) from None
    if address not in held:
        raise _unknown(choice)
    return NodeAccount(short(address), address)


def _held(rpc: Rpc) -> list[str]:
    """The accounts that the node signs for; a public node has none."""
    try:
        return [parse_wallet(address) for address in rpc.call("eth_accounts") or []]
    except RpcError:
        return []


def _unknown(choice: str | None) -> BadInputError:
    known = aliases()
    return BadInputError(
        "account.unknown",
        N_("Say who sends: --account ALIAS")
        if choice is None
        else N_("There is no account {choice}"),
        N_("there are: {known}") if known else N_("Ape has no accounts yet"),
        N_("Give one of these, or make another with `ape accounts generate NAME`")
        if known
        else N_(
            "Make one with `ape accounts generate NAME`, or bring one with "
            "`ape accounts import NAME`"
        ),
        choice=choice,
        known=listed(known),
    )
