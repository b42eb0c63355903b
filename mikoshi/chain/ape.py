"""Accounts of Ape: whatever `ape accounts list` shows signs here, through Ape's `AccountAPI`.

A key file, a test account, a hardware wallet, an account of a plugin: each may refuse, and may
raise anything. Ape is imported when an account is opened, and not before.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mikoshi.chain.networks import opened, quiet, told_by
from mikoshi.text.errors import BadInputError, MikoshiError, NotNowError
from mikoshi.text.language import N_, _, command
from mikoshi.text.people import short

if TYPE_CHECKING:
    from ape.api import AccountAPI
    from eth_account.messages import SignableMessage

INTERRUPTED = 130
"""The exit code that Ape makes of Ctrl-C."""


class ApeAccount:
    """An account of Ape, opened when it signs; `load` gives Ape's own object."""

    def __init__(self, name: str, address: str, load: Callable[[], AccountAPI]) -> None:
        self.name = name
        self.address = address
        self._load = load

    @cached_property
    def api(self) -> AccountAPI:
        """What Ape calls it. Raises BadInputError."""
        with self._asked():
            return self._load()

    def unlock(self) -> None:
        """Let it sign without a question of Ape's: the plan was agreed to already.

        The passphrase of a key file is asked for, or Ape reads `APE_ACCOUNTS_<alias>_PASSPHRASE`.
        Raises BadInputError if it is wrong or missing.
        """
        from ape.exceptions import AccountsError
        from ape_accounts.accounts import KeyfileAccount

        if not isinstance(self.api, KeyfileAccount):
            return
        with self._asked():
            try:
                self.api.set_autosign(True, self._passphrase())
            except AccountsError as error:
                raise BadInputError(
                    "account.wrong-passphrase",
                    N_("The passphrase of account {name} is wrong"),
                    N_("its key cannot be opened"),
                    N_("Give the right one, or set it for one run: {set_it}; nothing was sent"),
                    name=self.name,
                    set_it=self._set_it,
                ) from error

    def sign(self, fields: dict[str, Any]) -> bytes:
        """The transaction of these fields, signed, and no other that Ape may give instead.

        Raises NotNowError if the account refuses, BadInputError if it cannot sign.
        """
        from ape.exceptions import SignatureError
        from ape_ethereum.transactions import DynamicFeeTransaction

        named: dict[str, Any] = {**fields, "from": self.address}
        ours, asked = (DynamicFeeTransaction(**named) for __ in range(2))
        with self._asked():
            signed = self.api.sign_transaction(asked)
            if signed is None:
                raise self._refused()
            ours.signature = signed.signature
            try:
                return bytes(ours.serialize_transaction())
            except SignatureError as error:
                raise BadInputError(
                    "account.signed-another",
                    N_("{name} did not sign what it was asked to"),
                    N_("the signature is missing, or is that of another account or transaction"),
                    N_("Look whether --account names the right one; this was not sent"),
                    name=self.name,
                ) from error

    def sign_message(self, message: SignableMessage) -> bytes:
        """The 65 bytes under a message. Raises as `sign` does."""
        with self._asked():
            signature = self.api.sign_message(message)
            if signature is None:
                raise self._refused()
            return bytes(signature.encode_rsv())

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Turn whatever a plugin raises into three lines, and keep what it prints off stdout."""
        try:
            with quiet():
                yield
        except (MikoshiError, click.Abort):
            raise
        except NotImplementedError as error:
            raise BadInputError(
                "account.unable",
                N_("Account {name} cannot sign this"),
                N_("its plugin does not do that"),
                N_(
                    "Name another account with --account, or sign with a wallet elsewhere "
                    "(--typed-data, --export); this was not sent"
                ),
                name=self.name,
            ) from error
        except (Exception, SystemExit) as error:
            if isinstance(error, SystemExit) and error.code == INTERRUPTED:
                raise
            raise BadInputError(
                "account.failed",
                N_("Account {name} did not sign"),
                "{reason}",
                N_(
                    "Look whether it is plugged in, unlocked and confirmed there, and run the "
                    "command again; this was not sent"
                ),
                name=self.name,
                reason=told_by(error),
            ) from error

    def _refused(self) -> NotNowError:
        return NotNowError(
            "account.refused",
            N_("Account {name} was not willing to sign"),
            N_("it refused, or somebody said no"),
            N_("Run the command again and confirm it there; this was not sent"),
            name=self.name,
        )

    def _passphrase(self) -> str | None:
        """What a person types; None where Ape finds it in the environment."""
        if os.environ.get(f"APE_ACCOUNTS_{self.name}_PASSPHRASE"):
            return None
        if not sys.stdin.isatty():
            raise BadInputError(
                "account.locked",
                N_("The passphrase of account {name} is needed"),
                N_("there is no terminal to ask for it"),
                N_("Set it for one run: {set_it}; nothing was sent"),
                name=self.name,
                set_it=self._set_it,
            )
        question = _("Passphrase of {name}", name=self.name)
        return str(click.prompt(question, hide_input=True, err=True))

    @property
    def _set_it(self) -> str:
        """How to give the passphrase; a shell cannot `export` a name with a dash."""
        return f"env 'APE_ACCOUNTS_{self.name}_PASSPHRASE=…' {command('…')}"


def key_file(path: Path, address: str) -> ApeAccount:
    """The account in one of Ape's files, `accounts/<alias>.json`."""

    def load() -> AccountAPI:
        from ape_accounts.accounts import KeyfileAccount

        return KeyfileAccount(keyfile_path=path)

    return ApeAccount(path.stem, address, load)


def test_account(number: int) -> ApeAccount | None:
    """`TEST::<number>`, whose key everybody knows; None if Ape makes fewer."""
    ape = opened()
    with quiet():
        accounts = ape.accounts.test_accounts
        if number >= len(accounts):
            return None
        found = accounts[number]
    return ApeAccount(f"TEST::{number}", str(found.address), lambda: found)


def plugin_accounts() -> tuple[list[ApeAccount], list[str]]:
    """The accounts of Ape's plugins, and what went wrong with those that cannot be read."""
    ape = opened()
    found: list[ApeAccount] = []
    failed: list[str] = []
    with quiet():
        for plugin, container in ape.accounts.containers.items():
            if plugin == "accounts":
                continue  # the key files
            try:
                found.extend(map(_of_plugin, container.accounts))
            except (Exception, SystemExit) as error:
                failed.append(f"{plugin}: {told_by(error)}")
    return found, failed


def _of_plugin(api: AccountAPI) -> ApeAccount:
    return ApeAccount(api.alias or short(api.address), str(api.address), lambda: api)
