"""What ape-config.yaml says of networks: their nodes, and how to speak and send there.

Read without Ape, which takes a second to start: from the community's folder, over what Ape's data
folder says for all folders, as Ape does it.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_
from mikoshi.text.paths import community, shown

LOCAL = "local"
"""The network of a development node, in every ecosystem."""

OWN = Path(".mikoshi") / "play"
"""Where a node of one's own is kept, in the community's folder: `ape run play`."""

_SECRETS = re.compile(r"\b([a-z]+)://(?:[^\n'\"]*@)?([^\s/?#]+)[^\s'\")]*")
_PHRASE = re.compile(r"APE_ACCOUNTS_.+_PASSPHRASE")
_VARIABLE = re.compile(r"\$\{(\w+)\}|^\$(\w+)$")
_FILES = ("ape-config.yaml", "ape-config.yml", "ape-config.json")
_NODES = ("uri", "url", "http_uri", "ws_uri", "ipc_path")
_WITHOUT_CONFIG: dict[str, Any] = {
    "node": {
        "ethereum": {
            "local": {"uri": "http://127.0.0.1:8545"},
            "sepolia": {"uri": "${SEPOLIA_RPC_URL}"},
        }
    },
}
"""The networks of a folder without an ape-config.yaml: the local one is where anvil listens."""


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """How to speak and send on a network.

    `headers` go with every request. A transaction counts once `confirmations` blocks follow its
    own. The most that is paid for gas is `fee_multiplier` times the base fee, and the tip.
    """

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # they may hold a key
    confirmations: int = 0
    fee_multiplier: float = 2


class ApeConfig:
    """The settings of a folder."""

    def __init__(self, settings: dict[str, Any], own: str | None = None) -> None:
        """`own` is the node of one's own, where there is one: the local network is there."""
        self._settings = settings
        self.own = own

    @classmethod
    def read(cls) -> ApeConfig:
        """Those of the community's folder. Raises BadInputError if the file cannot be read."""
        data = os.environ.get("APE_DATA_FOLDER")
        everywhere = _read(Path(data) if data else Path.home() / ".ape")
        here = _read(community())
        settings = _merged(everywhere or {}, _WITHOUT_CONFIG if here is None else here)
        return cls(settings, own_node())

    def triple(self, choice: str) -> tuple[str, str, str]:
        """Ecosystem, network and provider of a choice as Ape writes it; a provider may be a URL."""
        given = [*choice.split(":", 2), "", "", ""]
        ecosystem = given[0] or str(self._settings.get("default_ecosystem") or "ethereum")
        network = given[1] or str(self._of(ecosystem).get("default_network") or LOCAL)
        return ecosystem, network, given[2] or self._provider(ecosystem, network)

    def node(self, ecosystem: str, network: str) -> str | None:
        """Where the node of a network is: a URL, the path of a socket, or a variable for one."""
        if self.own and (ecosystem, network) == ("ethereum", LOCAL):
            return self.own
        entry = _table(_table(self._table("node"), ecosystem), network)
        return next((str(entry[name]) for name in _NODES if entry.get(name)), None)

    def nodes(self) -> list[str]:
        """The networks that have one, as `ethereum:sepolia`."""
        node = self._table("node")
        return [
            f"{ecosystem}:{network}"
            for ecosystem in node
            for network in _table(node, ecosystem)
            if self.node(ecosystem, network)
        ]

    def names(self, ecosystem: str, network: str, provider: str) -> bool:
        """Whether somebody named what Ape would ask, for a choice that `node` does not answer.

        Of a live network without one, Ape's own `node` asks public nodes of third parties.
        """
        if network == LOCAL:
            return ecosystem in {"ethereum", *self._settings}
        live = network.removesuffix("-fork")
        if live == network:
            return provider not in ("node", "foundry")
        forks = _table(_table(_table(self._table(provider), "fork"), ecosystem), live)
        upstream = forks.get("upstream_provider") or self._provider(ecosystem, live)
        return upstream != "node" or str(self.node(ecosystem, live)).startswith(("http", "$"))

    def of(self, ecosystem: str, network: str, provider: str) -> NetworkSettings:
        """How to speak and send on a network. Raises BadInputError for a value that is none."""
        own = _table(self._of(ecosystem), network)
        headers: dict[str, str] = {}
        for each in (self._settings, self._of(ecosystem), own, self._table(provider)):
            headers |= {
                str(name): expanded(str(value))
                for name, value in _table(each, "request_headers").items()
            }
        return NetworkSettings(
            headers,
            int(_number(own, "required_confirmations", 0, least=0)),
            _number(own, "base_fee_multiplier", 2, least=1),
        )

    def test(self) -> dict[str, Any]:
        """What the folder says of Ape's test accounts: mnemonic, hd_path, number_of_accounts."""
        said = self._table("test")
        names = ("mnemonic", "hd_path", "number_of_accounts")
        return {name: said[name] for name in names if said.get(name)}

    def _provider(self, ecosystem: str, network: str) -> str:
        """What Ape takes where a choice names no provider."""
        if self.own and network == LOCAL:
            return "node"
        custom = self._table("networks").get("custom")
        entries = [*(custom if isinstance(custom, list) else []), {}]
        named = (each for each in entries if isinstance(each, dict) and each.get("name") == network)
        own = next(named, {}) | _table(self._of(ecosystem), network)
        return str(own.get("default_provider") or "node")

    def _of(self, ecosystem: str) -> dict[str, Any]:
        return self._table(ecosystem)

    def _table(self, name: str) -> dict[str, Any]:
        return _table(self._settings, name)


def own_node() -> str | None:
    """The URL of the community's node of its own, running or not; None if it has none."""
    try:
        port = json.loads((community() / OWN / "node.json").read_text("utf-8"))["port"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    known = isinstance(port, int) and 0 < port < 2**16
    return f"http://127.0.0.1:{port}" if known else None


def expanded(text: str) -> str:
    """A setting with the variables in it filled in. Raises BadInputError if one is not set."""
    for found in _VARIABLE.finditer(text):
        if (found[1] or found[2]) not in os.environ:
            raise BadInputError(
                "network.unset",
                N_("{variable} is not set"),
                N_("ape-config.yaml takes a node's URL or a header from it"),
                N_("Set it, or give the URL: --network https://…"),
                variable=found[0],
            )
    return os.path.expandvars(text)


def redacted(text: str) -> str:
    """A text without the passphrases of the environment, and of URLs no more than the host."""
    for variable, phrase in os.environ.items():
        if phrase and _PHRASE.fullmatch(variable):
            text = text.replace(phrase, "…")
    return _SECRETS.sub(r"\1://\2", text)


def _number(table: dict[str, Any], name: str, usual: float, least: int) -> float:
    value = table.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= least:
        raise BadInputError(
            "network.bad-setting",
            N_("ape-config.yaml: {name} must be a number of {least} or more"),
            N_("got {value}"),
            N_("Correct it, or remove the line"),
            name=name,
            least=least,
            value=value,
        )
    return value


def _table(settings: dict[str, Any], name: str) -> dict[str, Any]:
    """A section; none where something else stands there."""
    found = settings.get(name, settings.get(name.replace("-", "_")))
    return found if isinstance(found, dict) else {}


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    both = {
        name: _merged(base[name], value)
        for name, value in over.items()
        if isinstance(value, dict) and isinstance(base.get(name), dict)
    }
    return base | over | both


def _read(folder: Path) -> dict[str, Any] | None:
    """The settings in a folder; None if it has none."""
    import yaml  # type: ignore[import-untyped]

    project = folder / "pyproject.toml"
    path = next((folder / name for name in _FILES if (folder / name).is_file()), None)
    try:
        if project.is_file() and "[tool.ape" in (text := project.read_text("utf-8")):
            path = project
            return _table(_table(tomllib.loads(text), "tool"), "ape")
        loaded = yaml.safe_load(path.read_text("utf-8-sig")) if path else None
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise BadInputError(
            "network.bad-config",
            N_("{path} cannot be read"),
            "{reason}",
            N_("Correct the file; it says which networks there are"),
            path=shown(path or project),
            reason=_why(error),
        ) from error
    return loaded if isinstance(loaded, dict) else None if path is None else {}


def _why(error: Exception) -> str:
    """What is wrong with a file; never a line of it, which may hold a key."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return f"{getattr(error, 'problem', '')} (line {mark.line + 1})"
    return str(error).split("\n", maxsplit=1)[0]
