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
from typing import TYPE_CHECKING, Any, NoReturn

import click

from mikoshi.chain.networks import LOCAL_CHAINS, opened, quiet, told_by
from mikoshi.chain.rpc import Rpc
from mikoshi.text.errors import BadInputError, MikoshiError, NotNowError
from mikoshi.text.language import N_, _, command, listed
from mikoshi.text.people import short

if TYPE_CHECKING:
    from ape.api import AccountAPI, TransactionAPI
    from eth_account.messages import SignableMessage

INTERRUPTED = 130
"""The exit code that Ape makes of Ctrl-C."""


class ApeAccount:
    """An account of Ape, opened when it signs; `load` gives Ape's own object.

    One of a plugin may want to ask a node: then Ape speaks to that of `rpc`.
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

        ours = self._transaction(fields)
        with self._asked():
            signed = self.api.sign_transaction(self._transaction(fields))
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

    def _transaction(self, fields: dict[str, Any]) -> TransactionAPI:
        from ape_ethereum.transactions import DynamicFeeTransaction

        named: dict[str, Any] = {**fields, "from": self.address}
        return DynamicFeeTransaction(**named)

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Turn whatever a plugin raises into three lines, and keep what it prints off stdout."""
        try:
            with quiet(), _speaking_to(self._rpc):
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
        with self._asked():
            waiting = self._waiting(transaction)
            new = waiting is None
            if new:
                self._safe.propose(transaction, submitter=owner)
                waiting = self._waiting(transaction)
        raise NotNowError(
            "safe.proposed",
            N_("Proposed to the Safe {name} as its transaction {nonce}: {hash}")
            if new
            else N_("The Safe {name} has it already as its transaction {nonce}: {hash}"),
            N_("{confirmed} of {needed} owners have confirmed it; nothing has happened yet"),
            N_(
                "Let the others confirm it and one of them execute it (`ape safe pending`, or "
                "app.safe.global), then run the same command again: it finds what was done"
            ),
            name=self.name,
            nonce=waiting.nonce,
            hash=str(waiting.safe_tx_hash),
            confirmed=len(waiting.confirmations),
            needed=waiting.confirmations_required,
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
        with self._asked():
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
        """The same transaction among those that wait in the Safe; None if there is none."""
        wanted = (transaction.receiver, transaction.value, bytes(transaction.data))
        for each in self._safe.client.get_transactions(starting_nonce=self._safe.next_nonce):
            if (each.to, each.value, bytes(each.data or b"")) == wanted:
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
