"""From the name of a network to its node: by hand where that is enough, else through Ape."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import ape
import pytest
from ape.exceptions import ProviderError

from mikoshi.chain import networks, settings
from mikoshi.chain.networks import connected, shown_choice
from mikoshi.chain.node import Node, NodeOptions
from mikoshi.chain.rpc import Rpc, RpcError
from mikoshi.chain.settings import NetworkSettings
from mikoshi.chain.transport import host_of
from mikoshi.text.errors import BadInputError
from tests.support import refuses, told
from tests.tooling.proxy import FaultyRpc

pytestmark = pytest.mark.slow

CONFIG = """\
ethereum:
  default_network: sepolia
  sepolia:
    default_provider: node
  local:
    default_provider: foundry
networks:
  custom:
    - {name: hoodi, ecosystem: ethereum, chain_id: 560048, default_provider: alchemy}
node:
  ethereum:
    sepolia:
      uri: ${SEPOLIA_RPC_URL}
    mainnet:
      uri: https://mainnet.example/key
    tea:
      url: https://tea.example
  polygon:
    amoy:
      http_uri: https://amoy.example
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A community's folder with an ape-config.yaml; to start Ape is a mistake."""
    (tmp_path / "ape-config.yaml").write_text(CONFIG)
    monkeypatch.setattr(settings, "community", lambda: tmp_path)
    monkeypatch.setattr(networks, "_provided", refuse)
    monkeypatch.setenv("SEPOLIA_RPC_URL", "http://127.0.0.1:8545/key")
    monkeypatch.setenv("APE_DATA_FOLDER", str(tmp_path / "ape"))
    return tmp_path


def refuse(choice: str, _: float) -> NoReturn:
    raise AssertionError(choice)


def configured(folder: Path, more: str) -> None:
    """Say more in the ape-config.yaml."""
    (folder / "ape-config.yaml").write_text(CONFIG + more)


@pytest.mark.usefixtures("folder")
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
        ("ethereum:mainnet", "https://mainnet.example/key"),
        ("polygon:amoy:node", "https://amoy.example"),
        ("polygon:amoy", "https://amoy.example"),
        ("ethereum:tea", "https://tea.example"),
    ],
)
def test_urls_and_configured_nodes_need_no_ape(choice: str | None, url: str) -> None:
    with connected(choice) as rpc:
        assert (type(rpc), rpc.url) == (Rpc, url)


@pytest.mark.usefixtures("folder")
def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEPOLIA_RPC_URL")
    unset = refuses("network.unset", variable="${SEPOLIA_RPC_URL}")
    with unset, connected("ethereum:sepolia:node"):
        pass


@pytest.mark.parametrize("text", ["Bearer ${TEA_TOKEN}", "Basic pa$$word ${TEA_TOKEN}"])
def test_of_a_setting_only_the_missing_variable_is_named(folder: Path, text: str) -> None:
    configured(folder, f'request_headers: {{Authorization: "{text}"}}\n')
    with refuses("network.unset", variable="${TEA_TOKEN}"), connected("ethereum:mainnet"):
        pass


def test_a_dollar_that_names_no_variable_stays(folder: Path) -> None:
    configured(folder, "request_headers: {Authorization: Basic pa$$word}\n")
    assert settings_of("ethereum:mainnet").headers == {"Authorization": "Basic pa$$word"}


def test_ape_starts_its_own_node_and_stops_it() -> None:
    with connected("ethereum:local:foundry") as rpc:
        assert rpc.chain_id() == 31337
        agent = rpc.settings.headers["User-Agent"]
    assert agent.startswith("Ape/0.8.51 ")


def test_ape_starts_its_own_node_at_a_port_that_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        monkeypatch.setattr("ape_foundry.provider.random.randint", lambda *_: port)
        with connected("ethereum:local:foundry") as rpc:
            assert rpc.chain_id() == 31337


KNOWN = "ethereum:local, ethereum:sepolia, ethereum:mainnet, ethereum:tea, polygon:amoy"


def test_another_network_is_not_what_mainnet_was_mistyped_for(folder: Path) -> None:
    only = "node:\n  ethereum:\n    sepolia:\n      uri: https://sepolia.example\n"
    (folder / "ape-config.yaml").write_text(only)
    known = "ethereum:local, ethereum:sepolia"
    unknown = refuses("network.unknown", choice="ethereum:mainnet", known=known, meant="")
    with unknown, connected("ethereum:mainnet"):
        pass


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("choice", "meant"),
    [
        ("sepolia", "ethereum:sepolia"),
        ("sepolia:node", "ethereum:sepolia"),
        ("ethereum:sepolai", "ethereum:sepolia"),
        ("etherium:sepolia:node", "ethereum:sepolia"),
        ("local", "ethereum:local"),
        ("polygon:mumbai:node", ""),
        ("ethereum:holesky", ""),
        ("ethereum:holesky:node", ""),
        ("ethereum:mainet", "ethereum:mainnet"),
        ("ethereum:lokal:foundry", "ethereum:local"),
        ("ethereum:holesky-fork:foundry", ""),
        ("ethereum:holesky:foundry", ""),
        ("polygon:mainnet", "ethereum:mainnet"),
    ],
)
def test_public_nodes_that_nobody_named_are_not_asked(choice: str, meant: str) -> None:
    unknown = refuses("network.unknown", choice=choice, known=KNOWN, meant=meant)
    with unknown, connected(choice):
        pass


@pytest.mark.usefixtures("folder")
def test_the_rest_of_a_url_is_not_shown_where_it_is_misplaced() -> None:
    unknown = refuses("network.unknown", choice="sepolia:https://node.example/…")
    with unknown, connected("sepolia:https://u:p@node.example/key"):
        pass
    assert shown_choice("wss://u:p@node.example/key") == "wss://node.example/…"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("choice", "asked"),
    [
        ("ethereum:local:foundry", "ethereum:local:foundry"),
        ("ethereum:local", "ethereum:local:foundry"),
        ("ethereum:sepolia-fork:foundry", "ethereum:sepolia-fork:foundry"),
        ("ethereum:sepolia:alchemy", "ethereum:sepolia:alchemy"),
        ("polygon:mainnet:alchemy", "polygon:mainnet:alchemy"),
        ("ethereum:hoodi", "ethereum:hoodi:alchemy"),
        ("ethereum:hoodi-fork:foundry", "ethereum:hoodi-fork:foundry"),
        ("ethereum:holesky-fork:foundry", "ethereum:holesky-fork:foundry"),
    ],
)
def test_what_a_person_named_is_left_to_ape(
    folder: Path, choice: str, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def started(found: str, _: float) -> Iterator[Rpc]:
        assert found == asked
        yield Rpc("http://127.0.0.1:1", 1, NetworkSettings({"X-Ape": "says"}))

    configured(folder, "foundry: {fork: {ethereum: {holesky: {upstream_provider: alchemy}}}}\n")
    monkeypatch.setattr(networks, "_provided", started)
    with connected(choice) as rpc:
        assert rpc.settings.headers == {"X-Ape": "says"}


def test_a_provider_plugin_that_is_not_installed_is_named() -> None:
    choice = "ethereum:sepolia:alchemy"
    missing = refuses("network.no-plugin", choice=choice, provider="alchemy")
    with missing, connected(choice):
        pass


def test_a_network_that_ape_does_not_know_is_refused() -> None:
    with pytest.raises(BadInputError) as caught, connected("ethereum:atlantis:alchemy"):
        pass
    told(caught.value, "network.unknown-to-ape", choice="ethereum:atlantis:alchemy")
    assert "atlantis" in str(caught.value.data["reason"])


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ProviderError("No (supported) node found."), "No (supported) node found."),
        (KeyError("WEB3_ALCHEMY_API_KEY"), "'WEB3_ALCHEMY_API_KEY'"),
        (ConnectionRefusedError(), "Connection refused"),
        (
            ValueError("HTTPConnectionPool: https://eth.example/v2/SECRET is down"),
            "HTTPConnectionPool: https://eth.example is down",
        ),
    ],
)
def test_a_network_that_ape_knows_and_that_is_down_is_told_without_its_key(
    error: Exception, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: str, **_settings: Any) -> NoReturn:
        raise error

    monkeypatch.setattr(ape.networks, "parse_network_choice", fail)
    choice = "ethereum:local:foundry"
    with refuses("network.unreachable", choice=choice, reason=reason), connected(choice):
        pass


# What ape-config.yaml says of a network holds for what we send


def settings_of(choice: str) -> NetworkSettings:
    with connected(choice) as rpc:
        return rpc.settings


def test_headers_come_from_every_place_where_ape_takes_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEA_TOKEN", "s3cret")
    configured(
        folder,
        """
request_headers: {X-All: "1", X-Over: all}
polygon:
  request_headers: {X-Ecosystem: "2", X-Over: ecosystem}
  amoy:
    request_headers: {Authorization: "Bearer ${TEA_TOKEN}"}
""",
    )
    found = settings_of("polygon:amoy")
    assert found.headers == {
        "X-All": "1",
        "X-Over": "ecosystem",
        "X-Ecosystem": "2",
        "Authorization": "Bearer s3cret",
    }
    assert "s3cret" not in repr(found)
    assert settings_of("polygon:amoy:https://other.example").headers == found.headers
    assert settings_of("https://other.example").headers == {"X-All": "1", "X-Over": "all"}


def test_headers_are_sent_with_every_request(folder: Path, node: Node) -> None:
    configured(folder, "request_headers: {Authorization: Bearer tea}\n")
    with FaultyRpc(node.url) as line, connected(f"ethereum:local:{line.url}") as rpc:
        assert rpc.chain_id() == 31337
        rpc.batch([("eth_chainId", ()), ("eth_chainId", ())])
    assert [each["Authorization"] for each in line.headers] == ["Bearer tea"] * 2
    assert line.headers[0]["Content-Type"] == "application/json"


def test_confirmations_and_fees_are_those_of_the_folder(folder: Path) -> None:
    usual = settings_of("ethereum:mainnet")
    assert (usual.confirmations, usual.fee_multiplier) == (0, 2)
    configured(folder, "polygon: {amoy: {required_confirmations: 3, base_fee_multiplier: 1.25}}\n")
    found = settings_of("polygon:amoy")
    assert (found.confirmations, found.fee_multiplier) == (3, 1.25)


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("required_confirmations: many", "required_confirmations", "many"),
        ("required_confirmations: -1", "required_confirmations", -1),
        ("required_confirmations: true", "required_confirmations", True),
        ("base_fee_multiplier: 0.5", "base_fee_multiplier", 0.5),
        ("base_fee_multiplier: .nan", "base_fee_multiplier", None),
    ],
)
def test_a_setting_that_is_none_is_refused(folder: Path, line: str, name: str, value: Any) -> None:
    configured(folder, f"polygon: {{amoy: {{{line}}}}}\n")
    data = {"name": name} | ({} if value is None else {"value": value})
    with refuses("network.bad-setting", **data), connected("polygon:amoy"):
        pass


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: 1\nuri: https://node.example/SECRET]: [", "(line 2)"),
        (b"uri: \xff", "utf-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_not_quoted(
    folder: Path, text: str | bytes, reason: str
) -> None:
    content = text if isinstance(text, bytes) else text.encode()
    (folder / "ape-config.yaml").write_bytes(content)
    with pytest.raises(BadInputError) as caught, connected():
        pass
    told(caught.value, "network.bad-config")
    assert str(caught.value.data["path"]).endswith("ape-config.yaml")
    assert reason in str(caught.value.data["reason"])
    assert "SECRET" not in str(caught.value)


def test_settings_for_all_folders_lie_under_those_of_the_folder(folder: Path) -> None:
    (folder / "ape").mkdir()
    (folder / "ape" / "ape-config.yaml").write_text(
        "node: {ethereum: {mainnet: {uri: https://all.example}, hoodi: {uri: https://hoodi.example}}}\n"
        "ethereum: {mainnet: {required_confirmations: 5}}\n"
    )
    with connected("ethereum:mainnet") as rpc:
        assert rpc.url == "https://mainnet.example/key"
        assert rpc.settings.confirmations == 5
    with connected("ethereum:hoodi:node") as rpc:
        assert rpc.url == "https://hoodi.example"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ape-config.yml", "node: {ethereum: {hoodi: {uri: https://hoodi.example}}}"),
        ("ape-config.json", '{"node": {"ethereum": {"hoodi": {"uri": "https://hoodi.example"}}}}'),
        ("pyproject.toml", '[tool.ape.node.ethereum.hoodi]\nuri = "https://hoodi.example"'),
    ],
)
def test_settings_stand_in_any_file_that_ape_reads(folder: Path, name: str, text: str) -> None:
    (folder / "ape-config.yaml").unlink()
    (folder / name).write_text(text)
    with connected("ethereum:hoodi") as rpc:
        assert rpc.url == "https://hoodi.example"


def test_without_an_ape_config_the_local_chain_is_where_anvil_listens(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "ape-config.yaml").unlink()
    monkeypatch.setenv("SEPOLIA_RPC_URL", "http://127.0.0.1:1/key")
    for choice in (None, "ethereum:local"):
        with connected(choice) as rpc:
            assert rpc.url == "http://127.0.0.1:8545"
    with connected("ethereum:sepolia") as rpc:
        assert rpc.url == "http://127.0.0.1:1/key"
    with refuses("network.unknown", choice="ethereum:holesky"), connected("ethereum:holesky"):
        pass


# Nodes without an http:// URL


def test_a_node_is_reached_by_its_socket_and_its_ws_url(folder: Path) -> None:
    path = folder / "node.ipc"
    configured(folder, f"    socket: {{ipc_path: {path}}}\n")
    with Node(NodeOptions(args=("--ipc", str(path)))) as node:
        for choice in ("polygon:socket", f"ws://127.0.0.1:{node.port}"):
            with connected(choice) as rpc:
                reverting = {"data": "0x63deadbeef6000526004601cfd"}
                calls = [("eth_call", (reverting, "latest")), ("eth_accounts", ())]
                failing, good = rpc.batch(calls)
                assert isinstance(failing, RpcError)
                assert failing.data == bytes.fromhex("deadbeef")
                assert good == node.accounts
                assert rpc.send(None, b"", sender=node.accounts[0])["status"] == "0x1"


@pytest.mark.usefixtures("folder")
def test_a_socket_that_nobody_listens_at_is_told() -> None:
    silent = refuses("node.unreachable", host="ws://127.0.0.1:9", reason="Connection refused")
    with silent, connected("ws://u:p@127.0.0.1:9/key") as rpc:
        rpc.chain_id()


def test_host_of_leaves_out_what_may_be_a_key() -> None:
    assert (
        host_of("https://user:pass@node.example:8545/v2/key?key=1") == "https://node.example:8545"
    )
    assert host_of("http://127.0.0.1") == "http://127.0.0.1"


def test_other_schemes_are_refused() -> None:
    with refuses("network.bad-url", url="ws://127.0.0.1:8545"):
        Rpc("ws://127.0.0.1:8545")


@pytest.mark.parametrize("choice", ["wss://dao:hunter2/x@host", "ethereum:local:ws://host:abc"])
def test_address_of_another_scheme_that_cannot_be_used_is_refused_too(choice: str) -> None:
    with refuses("network.bad-url"), connected(choice):
        pass
