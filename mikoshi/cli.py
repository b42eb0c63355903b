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
import shlex
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from mikoshi import language
from mikoshi.console import Console
from mikoshi.errors import NotNowError
from mikoshi.language import pick

if TYPE_CHECKING:
    from mikoshi.config import Config
    from mikoshi.rpc import Rpc
    from mikoshi.sender import Sender

P = ParamSpec("P")
T = TypeVar("T")

DAO_TOML = "dao.toml"
"""What is read where --config is not given."""


@dataclass(frozen=True)
class Options:
    """What was given on the command line."""

    config: str | None = None
    network: str | None = None
    account: str | None = None
    dry_run: bool = False
    yes: bool = False
    as_json: bool = False
    lang: language.Language | None = None
    debug: bool = False


class Session:
    """One run of a command. What it opened is closed at the end."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.out = Console(options.as_json)
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
        from mikoshi.config import Config

        return Config.load(Path(self.options.config or DAO_TOML))

    @cached_property
    def rpc(self) -> Rpc:
        """A connection to the chain that the command is for.

        Raises BadInputError if it is not the chain of dao.toml, ChainError and UnreachableError.
        """
        from mikoshi.networks import node_url
        from mikoshi.rpc import Rpc
        from mikoshi.sender import wrong_chain

        expected = self.config.chain_id if self.options.config is not None else None
        rpc = self.keep(Rpc(self.keep(node_url(self.options.network))))
        actual = rpc.chain_id()
        if expected not in (None, actual):
            raise wrong_chain(expected, actual, self.config.source.name)
        return rpc

    @cached_property
    def chain_id(self) -> int:
        """The id of the chain."""
        return self.rpc.chain_id()

    @property
    def live(self) -> bool:
        """Whether the chain is more than a local development chain."""
        from mikoshi.networks import LOCAL_CHAINS

        return self.chain_id not in LOCAL_CHAINS

    @cached_property
    def sender(self) -> Sender:
        """The account that sends, on the chain. Raises BadInputError."""
        from mikoshi.accounts import find_account
        from mikoshi.sender import Sender

        account = find_account(self.options.account, self.rpc, local=not self.live)
        return Sender(self.rpc, account, self.chain_id)

    def command(self, name: str, *, account: bool = False) -> str:
        """`ape run <name>` with the options typed for this run, to be typed as it is printed.

        With `account` for commands that sign: on a live chain they need one. Of a URL no more than
        the host is repeated. What comes from the environment comes from there again.
        """
        from mikoshi.networks import shown_choice

        options = self.options
        network = _typed("network", options.network)
        given = {
            "--config": _typed("config", options.config),
            "--network": shown_choice(network) if network else None,
            "--account": _typed("account", options.account) if account else None,
            "--deployments": _typed("deployments", None),
            "--lang": _typed("lang", options.lang),
        }
        if account and options.account is None and "rpc" in vars(self) and self.live:
            given["--account"] = "ALIAS"
        words = [f"{option} {_quoted(value)}" for option, value in given.items() if value]
        return " ".join(["ape run", name, *words])

    def go_ahead(self, question: str = "") -> bool:
        """Whether to send what was shown.

        Not in a dry run. With `--yes`, and on a local chain, without a question. On a live chain
        the person is asked; where nobody can be asked, it stays a dry run. Raises NotNowError if
        the person says no.
        """
        options = self.options
        if not options.dry_run:
            if options.yes or not self.live:
                self.sender.account.unlock()
                return True
            if at_a_terminal() and not options.as_json:
                if self.out.ask(question or pick("Send?", "送信しますか?")):
                    self.sender.account.unlock()
                    return True
                raise NotNowError(
                    pick("Nothing was sent", "何も送りませんでした"),
                    pick("you said no", "「いいえ」が選ばれました"),
                    pick("Run the command again to send", "送るときは、もう一度実行してください"),
                )
        self.out.next_step(
            pick(
                "nothing was sent; the same command with --yes sends it",
                "まだ何も送っていません。--yes を付けると送信します",
            )
        )
        return False


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

    All have --json, --lang and --debug; `writes` adds --dry-run and --yes. Exceptions end as three
    lines and an exit code. With `config`, a chain other than that of dao.toml is refused.
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
            except Exception as error:
                _end(session, error)
            finally:
                session.close()

        command: Callable[P, None] = run
        wanted = [
            *([_CONFIG] if config else []),
            *([_NETWORK] if network else []),
            *([_ACCOUNT] if account else []),
            *([_DRY_RUN, _YES] if writes else []),
            *_ALWAYS,
        ]
        for option in reversed(wanted):
            command = option(command)
        return command

    return decorate


def _end(session: Session, error: Exception) -> None:
    if isinstance(error, click.ClickException | click.exceptions.Exit | click.Abort):
        raise error
    if session.options.debug:
        import traceback

        traceback.print_exception(error)
    from mikoshi.failures import explained

    known = explained(error)
    session.out.fail(known)
    raise click.exceptions.Exit(known.exit_code)


_NAMES = ("config", "network", "account", "dry_run", "yes", "as_json", "lang", "debug")
_CONFIG = click.option(
    "--config", default=DAO_TOML, show_default=True, metavar="FILE", help="What the DAO shall be."
)
_NETWORK = click.option(
    "--network",
    metavar="NETWORK",
    help="Chain: ethereum:sepolia:node, ethereum:local:foundry, or the URL of a node.",
)
_ACCOUNT = click.option("--account", metavar="ALIAS", help="Who signs: an account of Ape.")
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Show what would be sent; send nothing.")
_YES = click.option("--yes", "-y", is_flag=True, help="Send without asking.")
_ALWAYS = (
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout."),
    click.option(
        "--lang", type=click.Choice(["en", "ja"]), help="Language; default: the locale's."
    ),
    click.option("--debug", is_flag=True, help="Show the traceback of an error."),
)
