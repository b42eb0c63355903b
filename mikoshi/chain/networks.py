"""From the name of a network to a connection with its node.

A URL stands for itself, and plain `node` networks are looked up in ape-config.yaml: neither needs
Ape. Every other choice, such as `ethereum:local:foundry` or one of a provider plugin, is Ape's own
provider, started by Ape and stopped at the end. For a live network whose node nobody named Ape
would ask public ones of third parties: that is refused.
"""

from __future__ import annotations

import difflib
import re
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, chdir, contextmanager, redirect_stdout
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, cast

from mikoshi.chain.answers import result_of
from mikoshi.chain.refusals import no_own_node, own_node_stopped
from mikoshi.chain.rpc import Rpc, RpcError, UnreachableError
from mikoshi.chain.settings import LOCAL, ApeConfig, NetworkSettings, expanded, redacted
from mikoshi.chain.transport import Address, Passing, host_of
from mikoshi.text.errors import BadInputError, ChainError
from mikoshi.text.files import reason_of
from mikoshi.text.json import Json
from mikoshi.text.language import N_, listed
from mikoshi.text.paths import community

if TYPE_CHECKING:
    from ape.api import ProviderAPI
    from web3.providers.base import JSONBaseProvider
    from web3.types import RPCEndpoint

LOCAL_CHAINS = (1337, 31337)
"""Chains that live on one computer and for a while; every other one is live."""

_URL = re.compile("(https?|wss?)://.*")
_TOLD = 200
"""Characters of Ape's own words that are told."""


@contextmanager
def connected(choice: str | None = None, timeout: float = 60) -> Iterator[Rpc]:
    """A connection to the node behind a network choice, for as long as the context is open.

    `choice` is `ecosystem:network:provider` as Ape writes it, the last part or all of it may be a
    URL; None is the default of ape-config.yaml. `timeout` is in seconds and for each answer. Raises
    BadInputError and ChainError.
    """
    config = ApeConfig.read()
    typed = choice or ""
    alone = _URL.match(typed)  # on a network without a name
    ecosystem, network, provider = ("", "", typed) if alone else config.triple(typed)
    url = provider if _URL.match(provider) else None
    node = url or (config.node(ecosystem, network) if provider == "node" else None)
    settings = config.of(ecosystem, network, "node" if node else provider)
    if node:
        with _raw(url or expanded(node), timeout, settings) as rpc:
            if node == config.own:
                _bring_up(rpc)
            yield rpc
        return
    if choice is None and network == LOCAL:
        raise no_own_node()
    if "/" in provider or not config.names(ecosystem, network, provider):
        raise _unnamed(typed, config)
    with _provided(f"{ecosystem}:{network}:{provider}", timeout) as rpc:
        rpc.settings = replace(settings, headers=rpc.settings.headers)
        yield rpc


def _raw(place: str, timeout: float, settings: NetworkSettings) -> Rpc:
    if place.startswith("http"):
        return Rpc(place, timeout, settings)
    from web3 import IPCProvider, LegacyWebSocketProvider

    if not _URL.match(place):
        path = Path(place).expanduser()
        return ProviderRpc(f"ipc://{path.name}", IPCProvider(path, int(timeout)), settings)
    Address.parse(place, "ws wss")
    options = {"extra_headers": settings.headers}
    return ProviderRpc(place, LegacyWebSocketProvider(place, options, int(timeout)), settings)


def _bring_up(rpc: Rpc) -> None:
    """Let a node of one's own make a block of now, later than the last: so waiting is seen.

    Raises ChainError.
    """
    try:
        moment = max(rpc.next_timestamp(), rpc.timestamp() + 1)
        rpc.batch([("evm_setNextBlockTimestamp", (moment,)), ("evm_mine", ())])
    except UnreachableError as error:
        raise own_node_stopped(host_of(rpc.url)) from error


def network_of(chain_id: int) -> str:
    """What --network is for a live chain: its name in Ape, or a URL to be filled in."""
    return {11_155_111: "ethereum:sepolia"}.get(chain_id, "https://…")


def shown_choice(choice: str) -> str:
    """A network choice as it may be shown: without what follows the host of a URL."""
    url = _URL.search(choice)
    if url is None:
        return choice
    host = host_of(url[0])
    return choice if url[0].rstrip("/") == host else f"{choice[: url.start()]}{host}/…"


def _unnamed(choice: str, config: ApeConfig) -> BadInputError:
    """The refusal of a network whose node nobody named, and the one that was meant."""
    known = list(dict.fromkeys(["ethereum:local", *config.nodes()]))
    meant = [each for each in known if each.partition(":")[2] in choice.split(":")]
    name = [*choice.split(":"), choice][1]  # of one ecosystem all choices are alike but for it
    close = difflib.get_close_matches(name, [each.partition(":")[2] for each in known])
    meant = meant or [each for each in known if each.partition(":")[2] in close]
    return BadInputError(
        "network.unknown",
        N_("--network {choice} is not known"),
        N_("ape-config.yaml names {known}; public nodes that nobody named are not asked"),
        N_("Did you mean {meant}? Choose one of these, or give the URL: --network https://…")
        if meant
        else N_("Choose one of these, or give the URL of a node: --network https://…"),
        choice=shown_choice(choice),
        known=listed(known),
        meant=meant[0] if meant else "",
    )


class ProviderRpc(Rpc):
    """A connection through a provider of web3 that has no http:// URL, one call at a time."""

    def __init__(
        self, url: str, provider: JSONBaseProvider, settings: NetworkSettings | None = None
    ) -> None:
        """`url` is what it is called where a host is shown."""
        self._open(url, settings)
        self._provider = provider

    def close(self) -> None:
        """Nothing: who opened the provider closes it."""

    def _ask(self, named: Sequence[tuple[str, list[Json]]]) -> list[Json | RpcError]:
        return [self._result(*each) for each in named]

    def _result(self, name: str, params: list[Json]) -> Json | RpcError:
        try:
            answer = self._provider.make_request(cast("RPCEndpoint", name), params)
        except (Exception, SystemExit) as error:
            raise UnreachableError(self.url, told_by(error), Passing.ONCE_ANSWERED) from error
        return result_of(name, params, answer)


@contextmanager
def _provided(choice: str, timeout: float) -> Iterator[Rpc]:
    """A connection with the provider that Ape has for `ecosystem:network:provider`.

    Raises BadInputError and ChainError.
    """
    with ExitStack() as stack:
        yield stack.enter_context(through(started(choice, stack), choice, timeout))


def through(provider: ProviderAPI, choice: str, timeout: float = 60) -> Rpc:
    """A connection of our own to what a provider of Ape, called by `choice`, is connected to."""
    web3 = provider.web3.provider  # Ape's own `http_uri` may be a public node that nobody named
    url = getattr(web3, "endpoint_uri", None)
    if isinstance(url, str) and url.startswith("http"):
        return Rpc(url, timeout, NetworkSettings(_headers(choice)))
    return ProviderRpc(f"ape://{choice}", web3)


def started(choice: str, stack: ExitStack) -> ProviderAPI:
    """Ape's provider for `ecosystem:network:provider`, connected until the stack is left.

    Raises BadInputError and ChainError.
    """
    ape = opened()
    from ape.exceptions import NetworkError, ProviderNotFoundError
    from ape.logging import LogLevel, logger

    try:
        with quiet():
            named = ape.networks.parse_network_choice(choice, provider_settings=_free(ape, choice))
            provider: ProviderAPI = stack.enter_context(named)
    except ProviderNotFoundError as error:
        raise BadInputError(
            "network.no-plugin",
            N_("--network {choice}: Ape has no provider {provider}"),
            N_("a plugin of that name is not installed, or not for this network"),
            N_(
                "Install it with `ape plugins install {provider}`, choose one that "
                "`ape networks list` names, or give a URL: --network https://…"
            ),
            choice=choice,
            provider=error.provider,
        ) from error
    except NetworkError as error:
        raise BadInputError(
            "network.unknown-to-ape",
            N_("--network {choice} is not known"),
            "{reason}",
            N_("Choose one that `ape networks list` names, or give a URL: --network https://…"),
            choice=choice,
            reason=str(error).splitlines()[0].removesuffix(" Options:"),
        ) from error
    except (Exception, SystemExit) as error:
        raise ChainError(
            "network.unreachable",
            N_("{choice} cannot be reached"),
            "{reason}",
            N_("Start its node, or name another with --network"),
            choice=choice,
            reason=told_by(error),
        ) from error
    logger.set_level(LogLevel.WARNING)  # what it says at the end goes to stdout
    return provider


def _free(ape: ModuleType, choice: str) -> dict[str, str]:
    """Where Ape is to start a node of Foundry's, if it would draw a port by itself.

    It draws blindly, and waits 20 seconds in vain where a connection has that port, or had it a
    minute ago.
    """
    if not choice.endswith(":foundry") or ape.config.get_config("foundry").host != "auto":
        return {}
    with socket.create_server(("127.0.0.1", 0)) as free:
        return {"host": f"http://127.0.0.1:{free.getsockname()[1]}"}


def _headers(choice: str) -> dict[str, str]:
    with quiet():
        return dict(opened().networks.get_request_headers(*choice.split(":", 2)))


def opened() -> ModuleType:
    """Ape, with the settings of the community's folder wherever one stands in it."""
    with chdir(community()), quiet():
        import ape

        ape.project.path  # noqa: B018 (Ape looks for the settings once)
    return ape


@contextmanager
def quiet() -> Iterator[None]:
    """Ape and its plugins speak on stderr meanwhile, and Ape of errors alone."""
    from ape.logging import LogLevel, logger

    level = logger.level
    logger.set_level(LogLevel.ERROR)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        logger.set_level(level)


def told_by(error: BaseException) -> str:
    """Why something of Ape's failed, in its words, on one line and without secrets."""
    said = reason_of(error) if isinstance(error, OSError) else str(error)
    said = redacted(" ".join(said.split()) or type(error).__name__)
    return said if len(said) <= _TOLD else f"{said[:_TOLD]}…"
