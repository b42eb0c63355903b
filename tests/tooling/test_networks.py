"""From the name of a network to a URL: by hand where that is enough, else through Ape."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ape
import pytest
from ape.exceptions import ProviderError

from mikoshi.chain import networks
from mikoshi.chain.networks import host_of, node_url
from mikoshi.chain.rpc import Rpc, UnreachableError
from mikoshi.text.errors import BadInputError, ChainError

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
    with pytest.raises(BadInputError) as caught, node_url("ethereum:sepolia:node"):
        pass
    assert caught.value.lines == [
        "${SEPOLIA_RPC_URL} is not set",
        "ape-config.yaml takes the node's URL from it",
        "Set it, or give the URL: --network https://…",
    ]


def test_node_url_lets_ape_start_its_own_node_and_stops_it() -> None:
    with node_url("ethereum:local:foundry") as url, Rpc(url) as rpc:
        assert rpc.chain_id() == 31337


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize(
    ("choice", "meant"),
    [
        ("sepolia", "Did you mean ethereum:sepolia? "),
        ("sepolia:node", "Did you mean ethereum:sepolia? "),
        ("ethereum:sepolai", "Did you mean ethereum:sepolia? "),
        ("etherium:sepolia:node", "Did you mean ethereum:sepolia? "),
        ("local", "Did you mean ethereum:local? "),
        ("polygon:amoy:node", ""),
        ("ethereum:holesky", ""),
        ("ethereum:holesky:node", ""),
        ("ethereum:holesky-fork:foundry", ""),
        ("ethereum:holesky:foundry", ""),
    ],
)
def test_networks_without_a_node_are_refused_before_anything_is_asked(
    choice: str, meant: str
) -> None:
    with pytest.raises(BadInputError) as caught, node_url(choice):
        pass
    assert caught.value.what == f"--network {choice} is not known"
    assert caught.value.reasons == [
        "ape-config.yaml names ethereum:local, ethereum:sepolia, ethereum:mainnet;"
        " public nodes that nobody named are not asked"
    ]
    assert caught.value.hint.endswith(
        "Choose one of these, or give the URL of a node: --network https://…"
    )
    if meant:
        assert caught.value.hint.startswith(meant)


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
    assert caught.value.what == "--network ethereum:local:nobody is not known"
    assert "nobody" in caught.value.reasons[0]


def test_node_url_says_when_ape_finds_no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> None:
        raise ProviderError("No (supported) node found.")

    monkeypatch.setattr(ape.networks, "parse_network_choice", refuse)
    with pytest.raises(ChainError) as caught, node_url("ethereum:local:foundry"):
        pass
    assert caught.value.lines == [
        "ethereum:local:foundry cannot be reached",
        "No (supported) node found.",
        "Start its node, or name another with --network",
    ]


def test_host_of_leaves_out_what_may_be_a_key() -> None:
    assert (
        host_of("https://user:pass@node.example:8545/v2/key?key=1") == "https://node.example:8545"
    )
    assert host_of("http://127.0.0.1") == "http://127.0.0.1"


def test_other_schemes_are_refused() -> None:
    with pytest.raises(UnreachableError):
        Rpc("ws://127.0.0.1:8545")
