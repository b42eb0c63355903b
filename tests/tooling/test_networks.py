"""From the name of a network to a URL: by hand where that is enough, else through Ape."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ape
import pytest
from ape.exceptions import ProviderError

from mikoshi.chain import networks
from mikoshi.chain.networks import node_url
from mikoshi.chain.rpc import Rpc, UnreachableError, host_of
from mikoshi.text.errors import BadInputError
from tests.support import refuses, told

pytestmark = pytest.mark.slow

CONFIG = """
ethereum:
  default_network: sepolia
  sepolia:
    default_provider: node
node:
  ethereum:
    sepolia:
      uri: ${SEPOLIA_RPC_URL}
    mainnet:
      uri: https://mainnet.example/key
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ape-config.yaml; to start Ape is a mistake."""

    def refuse(choice: str) -> None:
        raise AssertionError(choice)

    (tmp_path / "ape-config.yaml").write_text(CONFIG)
    monkeypatch.setattr(networks, "community", lambda: tmp_path)
    monkeypatch.setattr(networks, "_ape_provider", refuse)
    monkeypatch.setenv("SEPOLIA_RPC_URL", "http://127.0.0.1:8545/key")


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize(
    ("choice", "url"),
    [
        ("https://node.example/key", "https://node.example/key"),
        ("ethereum:sepolia:http://127.0.0.1:1/x", "http://127.0.0.1:1/x"),
        ("ethereum:sepolia:node", "http://127.0.0.1:8545/key"),
        ("ethereum:sepolia", "http://127.0.0.1:8545/key"),
        (":sepolia:node", "http://127.0.0.1:8545/key"),
        ("ethereum", "http://127.0.0.1:8545/key"),
        (None, "http://127.0.0.1:8545/key"),
        ("ethereum:mainnet:node", "https://mainnet.example/key"),
    ],
)
def test_node_url_needs_no_ape_for_plain_nodes(choice: str | None, url: str) -> None:
    with node_url(choice) as found:
        assert found == url


@pytest.mark.usefixtures("config")
def test_node_url_names_a_variable_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEPOLIA_RPC_URL")
    unset = refuses("network.unset", variable="${SEPOLIA_RPC_URL}")
    with unset, node_url("ethereum:sepolia:node"):
        pass


def test_node_url_lets_ape_start_its_own_node_and_stops_it() -> None:
    with node_url("ethereum:local:foundry") as url, Rpc(url) as rpc:
        assert rpc.chain_id() == 31337


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize(
    ("choice", "meant"),
    [
        ("sepolia", "ethereum:sepolia"),
        ("sepolia:node", "ethereum:sepolia"),
        ("ethereum:sepolai", "ethereum:sepolia"),
        ("etherium:sepolia:node", "ethereum:sepolia"),
        ("local", "ethereum:local"),
        ("polygon:amoy:node", ""),
        ("ethereum:holesky", "ethereum:sepolia"),
        ("ethereum:holesky:node", "ethereum:local"),
        ("ethereum:holesky-fork:foundry", ""),
        ("ethereum:holesky:foundry", ""),
    ],
)
def test_networks_without_a_node_are_refused_before_anything_is_asked(
    choice: str, meant: str
) -> None:
    known = "ethereum:local, ethereum:sepolia, ethereum:mainnet"
    unknown = refuses("network.unknown", choice=choice, known=known, meant=meant)
    with unknown, node_url(choice):
        pass


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize(
    "choice",
    [
        "ethereum:local:foundry",
        "ethereum:local",
        "ethereum:sepolia-fork:foundry",
        "ethereum:sepolia:alchemy",
    ],
)
def test_what_a_person_named_is_left_to_ape(choice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def started(asked: str) -> Iterator[str]:
        yield f"started {asked}"

    monkeypatch.setattr(networks, "_ape_provider", started)
    with node_url(choice) as url:
        assert url == f"started {choice}"


def test_a_provider_that_ape_does_not_know_is_refused() -> None:
    with pytest.raises(BadInputError) as caught, node_url("ethereum:local:nobody"):
        pass
    told(caught.value, "network.unknown-to-ape", choice="ethereum:local:nobody")
    assert "nobody" in str(caught.value.data["reason"])


def test_node_url_says_when_ape_finds_no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> None:
        raise ProviderError("No (supported) node found.")

    monkeypatch.setattr(ape.networks, "parse_network_choice", refuse)
    choice = "ethereum:local:foundry"
    reason = "No (supported) node found."
    with refuses("network.unreachable", choice=choice, reason=reason), node_url(choice):
        pass


def test_host_of_leaves_out_what_may_be_a_key() -> None:
    assert (
        host_of("https://user:pass@node.example:8545/v2/key?key=1") == "https://node.example:8545"
    )
    assert host_of("http://127.0.0.1") == "http://127.0.0.1"


def test_other_schemes_are_refused() -> None:
    with pytest.raises(UnreachableError):
        Rpc("ws://127.0.0.1:8545")


def test_without_an_ape_config_the_local_chain_is_where_anvil_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "community", lambda: tmp_path)
    monkeypatch.setenv("SEPOLIA_RPC_URL", "http://127.0.0.1:1/key")
    for choice in (None, "ethereum:local"):
        with node_url(choice) as url:
            assert url == "http://127.0.0.1:8545"
    with node_url("ethereum:sepolia") as url:
        assert url == "http://127.0.0.1:1/key"
    with pytest.raises(BadInputError), node_url("ethereum:holesky"):
        pass
