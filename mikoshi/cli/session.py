"""What all commands share: options, the session behind them, and how errors end.

A command says what it needs and gets a `Session`; nothing is read, imported or connected before
the command asks for it:

    @click.command()
    @takes(config=True, network=True, account=True, writes=True)
    def cli(session: Session) -> None:
        plan = make_plan(session.config, session.rpc)
        ...
        if session.go_ahead():
            carry_out(plan, session.sender)
"""

from __future__ import annotations

import functools
import os
import shlex
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from mikoshi.cli.options import (
    Options,
    account_option,
    config_option,
    dry_run_option,
    network_option,
    options_of_all,
    yes_option,
)
from mikoshi.text import language
from mikoshi.text.console import Console
from mikoshi.text.errors import NotNowError
from mikoshi.text.language import N_, _
from mikoshi.text.paths import dao_toml
from mikoshi.text.people import on_chain

if TYPE_CHECKING:
    from pathlib import Path

    from mikoshi.chain.rpc import Rpc
    from mikoshi.chain.sender import Sender
    from mikoshi.config.model import Config

P = ParamSpec("P")
T = TypeVar("T")


class Session:
    """One run of a command. What it opened is closed at the end."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.out = Console(options.as_json)
        self.sending = False
        """Whether something may have been sent."""
        self.cramped = False
        """Whether the index could not be written."""
        self.record: Path | None = None
        """The record of the DAO, once a command has opened it."""
        self._stack = ExitStack()

    def close(self) -> None:
        """Close connections, and stop nodes that were started for this run."""
        self._stack.close()

    def keep(self, context: AbstractContextManager[T]) -> T:
        """Enter `context`; it is left when the command ends."""
        return self._stack.enter_context(context)

    @cached_property
    def config(self) -> Config:
        """The checked dao.toml. Raises BadInputError."""
        from mikoshi.config.load import load_config

        config = load_config(dao_toml(self.options.config))
        self.keep(on_chain(config.chain_id))
        return config

    @cached_property
    def rpc(self) -> Rpc:
        """A connection to the chain that the command is for.

        Raises BadInputError if it is not the chain of dao.toml, ChainError and UnreachableError.
        """
        from mikoshi.chain.networks import LOCAL_CHAINS, connected
        from mikoshi.chain.refusals import wrong_chain
        from mikoshi.chain.settings import own_node

        expected = self.config.chain_id if self.options.config is not None else None
        own = "ethereum:local" if expected in LOCAL_CHAINS and own_node() else None
        rpc = self.keep(connected(self.options.network or own))
        rpc.tell = self.out.note
        self.chain_id = actual = rpc.chain_id()
        if expected not in (None, actual):
            raise wrong_chain(expected, actual, self.config.source.name)
        return rpc

    @cached_property
    def chain_id(self) -> int:
        """The id of the chain, which opening the connection asked for."""
        rpc = self.rpc
        return int(vars(self).get("chain_id") or rpc.chain_id())

    def now(self) -> int:
        """The chain's time where one is open and answers, or the computer's. Unix seconds."""
        from mikoshi.chain.rpc import RpcError, UnreachableError
        from mikoshi.text import clock

        with suppress(RpcError, UnreachableError):
            return self.rpc.timestamp() if "rpc" in vars(self) else clock.now()
        return clock.now()

    @property
    def live(self) -> bool:
        """Whether the chain is more than a local development chain."""
        from mikoshi.chain.networks import LOCAL_CHAINS

        return self.chain_id not in LOCAL_CHAINS

    @cached_property
    def sender(self) -> Sender:
        """The account that sends, on the chain. Raises BadInputError."""
        from mikoshi.chain.accounts import find_account
        from mikoshi.chain.sender import Sender

        named = self.config.wallet_of if self.options.config is not None else lambda _: ""
        account = find_account(self.options.account, self.rpc, not self.live, named)
        return Sender(self.rpc, account, self.chain_id, tell=self.out.note)

    @property
    def sent(self) -> list[str]:
        """The hashes of the transactions that this run has sent so far."""
        return self.sender.sent if "sender" in vars(self) else []

    def command(self, name: str, *, account: bool = False) -> str:
        """The command `name` with the options typed for this run, to be typed as it is printed.

        With `account` for commands that sign: on a live chain they need one. Of a URL no more than
        the host is repeated. What comes from the environment comes from there again.
        """
        from mikoshi.chain.networks import shown_choice

        options = self.options
        network = _typed("network", options.network)
        given = {
            "--config": _typed("config", options.config),
            "--network": shown_choice(network) if network else None,
            "--account": _typed("account", options.account) if account else None,
            "--deployments": _typed("deployments", None),
            "--lang": _typed("lang", options.lang),
        }
        unknown = options.account is None and "MIKOSHI_ACCOUNT" not in os.environ
        if account and unknown and "rpc" in vars(self) and self.live:
            given["--account"] = "ALIAS"
        words = [f"{option} {_quoted(value)}" for option, value in given.items() if value]
        return " ".join([language.command(name), *words])

    def go_ahead(self, question: str = "", *, many: str = "", beside: bool = False) -> bool:
        """Whether to send what was shown; not in a dry run.

        With `--yes`, and on a local chain, without a question; on a live chain the person is asked.
        From now on no other command sends by this account from this folder; and where it sends
        `many` things that any account could send, such as "relay", no other one sends those. One
        that sends for as long as it runs sends `beside` others. Raises NotNowError if another one
        does, if the person says no, and where nobody can be asked.
        """
        if self.options.dry_run:
            self.out.next_step(_("nothing was sent; the same command without --dry-run sends it"))
            return False
        if self.live and not self.options.yes:
            self._ask(question or _("Send?"))
        self.sender.account.unlock()
        if not beside:
            self._keep_others_out(many)
        self.sending = True
        return True

    def _keep_others_out(self, many: str) -> None:
        from mikoshi.text.files import TakenError, alone

        if self.record is None:
            return
        context = click.get_current_context(silent=True)
        command = context.command_path if context else "mikoshi"
        of = [f"{self.record.stem}.{many}"] if many else []
        try:
            for name in (*of, self.sender.address):
                with suppress(OSError):  # not every file system has locks
                    if not self.keep(alone(self.record.with_name(f".{name}.lock"), command)):
                        break  # the folder itself is locked, for all of them
        except TakenError as taken:
            raise NotNowError(
                "sending.under-way",
                N_("Another command is sending this right now, or by this account"),
                N_("two at once could pay for the same twice: {holder}"),
                N_("Wait until it ends, then run the command again; nothing was sent"),
                holder=taken.holder,
            ) from taken

    def _ask(self, question: str) -> None:
        if self.options.as_json or not at_a_terminal():
            raise NotNowError(
                "sending.nobody-to-ask",
                N_("Nothing was sent"),
                N_("there is nobody to be asked"),
                N_(
                    "Add --yes to send without a question, or --dry-run to see only what would "
                    "be sent"
                ),
            )
        if not self.out.ask(question):
            raise NotNowError(
                "sending.declined",
                N_("Nothing was sent"),
                N_("you said no"),
                N_("Run the command again to send"),
            )


def _typed(name: str, value: str | None) -> str | None:
    """What was typed for an option; where there is no command line, the `value` it has."""
    context = click.get_current_context(silent=True)
    if context is None:
        return value
    typed = context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    return str(context.params[name]) if typed else None


def _quoted(text: str) -> str:
    return text if text.endswith("…") else shlex.quote(text)


def at_a_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty()


def takes(
    *,
    config: bool = False,
    network: bool = False,
    account: bool = False,
    writes: bool = False,
) -> Callable[[Callable[Concatenate[Session, P], None]], Callable[P, None]]:
    """The shared options of a command whose function takes a Session first.

    All have --json, --lang and --debug; `writes` adds --dry-run and --yes. Exceptions, Ctrl-C and
    the end of the input end as three lines and an exit code. With `config`, a chain other than that
    of dao.toml is refused.
    """

    def decorate(function: Callable[Concatenate[Session, P], None]) -> Callable[P, None]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            given: dict[str, Any] = kwargs
            options = Options(**{name: given.pop(name) for name in _NAMES if name in given})
            language.use(options.lang or language.from_locale())
            session = Session(options)
            try:
                function(session, *args, **kwargs)
            except (Exception, KeyboardInterrupt, SystemExit) as error:
                from mikoshi.cli.failures import end

                end(session, error)
            finally:
                session.close()

        command: Callable[P, None] = run
        wanted = [
            *([config_option] if config else []),
            *([network_option] if network else []),
            *([account_option] if account else []),
            *([dry_run_option, yes_option] if writes else []),
            *options_of_all,
        ]
        for option in reversed(wanted):
            command = option(command)
        return command

    return decorate


_NAMES = ("config", "network", "account", "dry_run", "yes", "as_json", "lang", "debug")
