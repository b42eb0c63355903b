"""From the name of a network to the URL of its node.

A URL stands for itself, and plain `node` networks are looked up in ape-config.yaml: neither needs
Ape, which takes two seconds to start. Every other choice, such as `ethereum:local:foundry`, is
Ape's own provider, started by Ape and stopped at the end. For a live network without a node in
ape-config.yaml Ape would ask public ones of third parties, whom nobody named: that is refused.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mikoshi.chain.rpc import host_of
from mikoshi.text.errors import BadInputError, ChainError
from mikoshi.text.language import N_, listed
from mikoshi.text.paths import community

LOCAL_CHAINS = (1337, 31337)
"""Chains that live on one computer and for a while; every other one is live."""

_WITHOUT_CONFIG: dict[str, Any] = {
    "ethereum": {},
    "node": {
        "ethereum": {
            "local": {"uri": "http://127.0.0.1:8545"},
            "sepolia": {"uri": "${SEPOLIA_RPC_URL}"},
        }
    },
}
"""The networks of a folder without an ape-config.yaml: the local one is where anvil listens."""


@contextmanager
def node_url(choice: str | None = None) -> Iterator[str]:
    """The URL of the node behind a network choice, for as long as the context is open.

    `choice` is `ecosystem:network:provider` as Ape writes it, the last part or all of it may be a
    URL; None is the default of ape-config.yaml. Raises BadInputError and ChainError.
    """
    config = _ape_config()
    ecosystem, network, provider = _parts(choice or "", config)
    if provider.startswith(("http://", "https://")):
        yield provider
        return
    nodes = _nodes(config)
    if provider == "node" and (ecosystem, network) in nodes:
        yield _expanded(nodes[ecosystem, network])
        return
    live = network.removesuffix("-fork")
    named = provider not in ("node", "foundry") or (ecosystem, live) in nodes
    if ecosystem not in config or (live != "local" and not named):
        raise _unnamed(choice or "", config)
    with _ape_provider(choice or f"{ecosystem}:{network}:{provider}") as url:
        yield url


def network_of(chain_id: int) -> str:
    """What --network is for a live chain: its name in Ape, or a URL to be filled in."""
    return {11_155_111: "ethereum:sepolia"}.get(chain_id, "https://…")


def shown_choice(choice: str) -> str:
    """A network choice as it may be shown: without what follows the host of a URL."""
    start = choice.find("http")
    if "://" not in choice or start < 0:
        return choice
    url = choice[start:]
    host = host_of(url)
    return choice if url.rstrip("/") == host else f"{choice[:start]}{host}/…"


def _parts(choice: str, config: dict[str, Any]) -> tuple[str, str, str]:
    if choice.startswith(("http://", "https://")):
        return "", "", choice
    given = [*choice.split(":", 2), "", "", ""]
    ecosystem = given[0] or config.get("default_ecosystem", "ethereum")
    settings = config.get(ecosystem) or {}
    network = given[1] or settings.get("default_network", "local")
    default = (settings.get(network) or {}).get("default_provider", "node")
    return str(ecosystem), str(network), given[2] or str(default)


def _nodes(config: dict[str, Any]) -> dict[tuple[str, str], str]:
    """The URLs of ape-config.yaml by ecosystem and network; a variable may stand for one."""
    return {
        (ecosystem, network): str(settings["uri"])
        for ecosystem, networks in (config.get("node") or {}).items()
        for network, settings in (networks or {}).items()
        if str((settings or {}).get("uri")).startswith(("http", "$"))
    }


def _unnamed(choice: str, config: dict[str, Any]) -> BadInputError:
    """The refusal of a network that ape-config.yaml does not name, and the one that was meant."""
    known = ["ethereum:local", *(":".join(each) for each in _nodes(config))]
    meant = [each for each in known if each.partition(":")[2] in choice.split(":")]
    meant = meant or difflib.get_close_matches(choice, known)
    return BadInputError(
        "network.unknown",
        N_("--network {choice} is not known"),
        N_("ape-config.yaml names {known}; public nodes that nobody named are not asked"),
        N_("Did you mean {meant}? Choose one of these, or give the URL: --network https://…")
        if meant
        else N_("Choose one of these, or give the URL of a node: --network https://…"),
        choice=choice,
        known=listed(known),
        meant=meant[0] if meant else "",
    )


def _ape_config() -> dict[str, Any]:
    import yaml  # type: ignore[import-untyped]

    path = community() / "ape-config.yaml"
    loaded = yaml.safe_load(path.read_text()) if path.is_file() else _WITHOUT_CONFIG
    return loaded if isinstance(loaded, dict) else {}


def _expanded(text: str) -> str:
    url = os.path.expandvars(text)
    if "$" in url:
        raise BadInputError(
            "network.unset",
            N_("{variable} is not set"),
            N_("ape-config.yaml takes the node's URL from it"),
            N_("Set it, or give the URL: --network https://…"),
            variable=text,
        )
    return url


@contextmanager
def _ape_provider(choice: str) -> Iterator[str]:
    import ape
    from ape.exceptions import ApeException, NetworkError
    from ape.logging import LogLevel, logger

    logger.set_level(LogLevel.WARNING)  # what it says of starting and stopping goes to stdout
    try:
        context = ape.networks.parse_network_choice(choice)
        provider = context.__enter__()
    except NetworkError as error:
        raise BadInputError(
            "network.unknown-to-ape",
            N_("--network {choice} is not known"),
            "{reason}",
            N_("Choose one that `ape networks list` names, or give a URL: --network https://…"),
            choice=choice,
            reason=str(error).splitlines()[0].removesuffix(" Options:"),
        ) from error
    except (ApeException, ImportError) as error:
        raise ChainError(
            "network.unreachable",
            N_("{choice} cannot be reached"),
            "{reason}",
            N_("Start its node, or name another with --network"),
            choice=choice,
            reason=str(error),
        ) from error
    try:
        yield str(provider.http_uri)
    finally:
        context.__exit__(None, None, None)
