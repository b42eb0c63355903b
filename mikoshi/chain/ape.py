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
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from mikoshi.chain.networks import LOCAL_CHAINS, opened, quiet, told_by
from mikoshi.chain.refusals import (
    failed,
    locked,
    refused,
    signed_another,
    unable,
    wrong_passphrase,
)
from mikoshi.chain.rpc import Rpc
from mikoshi.text.errors import BadInputError, MikoshiError, NotNowError
from mikoshi.text.language import N_, _, listed
from mikoshi.text.people import short

if TYPE_CHECKING:
    from ape.api import AccountAPI, TransactionAPI
    from eth_account.messages import SignableMessage

T = TypeVar("T")

_CALL = 0
"""What a Safe does with a transaction: not a DELEGATECALL, which would run in its own name."""

INTERRUPTED = 130
"""The exit code that Ape makes of Ctrl-C."""


class ApeAccount:
    """An account of Ape, opened when it signs; `load` gives Ape's own object.

    One of a plugin may need a node: then Ape speaks to that of `rpc`.
    """

    def __init__(
        self, name: str, address: str, load: Callable[[], AccountAPI], rpc: Rpc | None = None
    ) -> None:
        self.name = name
        self.address = address
        self._load = load
        self._rpc = rpc

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
                raise wrong_passphrase(self.name) from error

    def sign(self, fields: dict[str, Any]) -> bytes:
        """The transaction of these fields, signed, and no other that Ape may give instead.

        Raises NotNowError if the account refuses, BadInputError if it cannot sign.
        """
        from ape.exceptions import SignatureError

        ours = self._transaction(fields)
        with self._asked():
            signed = self._answer(lambda: self.api.sign_transaction(self._transaction(fields)))
            if signed is None:
                raise refused(self.name)
            ours.signature = signed.signature
            try:
                return bytes(ours.serialize_transaction())
            except SignatureError as error:
                raise signed_another(self.name) from error

    def sign_message(self, message: SignableMessage) -> bytes:
        """The 65 bytes under a message. Raises as `sign` does."""
        with self._asked():
            signature = self._answer(lambda: self.api.sign_message(message))
            if signature is None:
                raise refused(self.name)
            return bytes(signature.encode_rsv())

    def _answer(self, ask: Callable[[], T]) -> T:
        """What Ape's object answers; one that needs a node is asked again with ours."""
        from ape.exceptions import ProviderNotConnectedError

        try:
            return ask()
        except ProviderNotConnectedError:
            with _speaking_to(self._rpc):
                return ask()

    def _transaction(self, fields: dict[str, Any]) -> TransactionAPI:
        from ape_ethereum.transactions import DynamicFeeTransaction

        named: dict[str, Any] = {**fields, "from": self.address}
        return DynamicFeeTransaction(**named)

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Turn whatever a plugin raises into three lines, and keep what it prints off stdout."""
        try:
            with quiet():
                yield
        except (MikoshiError, click.Abort):
            raise
        except NotImplementedError as error:
            raise unable(self.name) from error
        except (Exception, SystemExit) as error:
            if isinstance(error, SystemExit) and error.code == INTERRUPTED:
                raise
            raise failed(self.name, told_by(error)) from error

    def _passphrase(self) -> str | None:
        """What a person types; None where Ape finds it in the environment."""
        if os.environ.get(f"APE_ACCOUNTS_{self.name}_PASSPHRASE"):
            return None
        if not sys.stdin.isatty():
            raise locked(self.name)
        question = _("Passphrase of {name}", name=self.name)
        return str(click.prompt(question, hide_input=True, err=True))


class SafeAccount(ApeAccount):
    """A Safe, whose owners decide together: it is proposed to, and signs nothing itself."""

    def unlock(self) -> None:
        """Unlock the owner who proposes. Raises BadInputError as for any account."""
        self._owner.unlock()

    def sign(self, fields: dict[str, Any]) -> NoReturn:
        """Propose the transaction, unless it waits there already.

        Raises NotNowError when that is done, since owners have to confirm it; BadInputError.
        """
        owner, transaction = self._owner.api, self._transaction(fields)
        with self._asked(), _speaking_to(self._rpc):
            waiting = self._waiting(transaction)
            digest = waiting.safe_tx_hash if waiting else None
            if digest is None:
                digest = self._safe.propose(transaction, submitter=owner)
            needed = self._safe.confirmations_required
        raise NotNowError(
            "safe.proposed",
            N_("The Safe {name} has it already, as transaction {hash}")
            if waiting
            else N_("Proposed to the Safe {name} as transaction {hash}"),
            N_("{confirmed} of {needed} owners have confirmed it; nothing has happened yet"),
            N_(
                "Let the others confirm it and one of them execute it (`ape safe pending`, or "
                "app.safe.global), then run the same command again: it finds what was done"
            ),
            name=self.name,
            hash=str(digest),
            confirmed=len(waiting.confirmations) if waiting else 1,
            needed=needed,
        )

    def require_chain(self, chain_id: int) -> None:
        """Refuse a Safe of another chain. Raises BadInputError."""
        with self._asked():
            known = list(self._safe.deployed_chain_ids)
        if chain_id not in known:
            raise BadInputError(
                "safe.another-chain",
                N_("The Safe {name} is not one of chain {actual}"),
                N_("Ape knows it on: {known}"),
                N_(
                    "Name a node of its chain with --network, or add the Safe of this chain with "
                    "`ape safe add`; nothing was sent"
                ),
                name=self.name,
                actual=chain_id,
                known=listed(map(str, known)),
            )

    @property
    def _safe(self) -> Any:
        """Ape's object; ape-safe may not be installed where this is checked."""
        return self.api

    @cached_property
    def _owner(self) -> ApeAccount:
        """The first of its owners who is an account of Ape here."""
        with self._asked(), _speaking_to(self._rpc):
            api = next(iter(self._safe.local_signers), None)
        if api is None:
            raise BadInputError(
                "safe.no-owner",
                N_("No owner of the Safe {name} is an account of Ape here"),
                N_("one of them has to propose the transaction"),
                N_("Bring one with `ape accounts import NAME`, or use the page of the Safe"),
                name=self.name,
            )
        return ApeAccount(api.alias or short(api.address), str(api.address), lambda: api, self._rpc)

    def _waiting(self, transaction: TransactionAPI) -> Any:
        """The same call among those that wait in the Safe; None if there is none."""
        wanted = (_CALL, transaction.receiver, transaction.value, bytes(transaction.data))
        for each in self._safe.client.get_transactions(starting_nonce=self._safe.next_nonce):
            if (each.operation, each.to, each.value, bytes(each.data or b"")) == wanted:
                return each
        return None


@contextmanager
def _speaking_to(rpc: Rpc | None) -> Iterator[None]:
    """Let Ape and its plugins speak to the node of a connection, where they need one."""
    if rpc is None:
        yield
        return
    ape = opened()
    provider = ape.networks.active_provider
    if provider is not None and provider.chain_id == rpc.chain_id():
        yield
        return
    if rpc.chain_id() in LOCAL_CHAINS:
        local = ape.networks.ethereum.local
        context = local.use_provider("foundry", provider_settings={"host": rpc.url})
    else:
        context = ape.networks.parse_network_choice(rpc.url)
    with context:
        yield
