"""What this computer serves to itself is for Mikoshi alone: no page in a browser, no other user."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from mikoshi.chain.node import DevRpc
from mikoshi.simulate.upstream import upstream
from mikoshi.text.json import Json


def ask(url: str, method: str = "POST", body: bytes = b"", **headers: str) -> tuple[int, Json]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, parts.path or "/", body, named)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, json.loads(content) if content[:1] in b"[{" and content else None


def question(method: str) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": []}).encode()


def test_no_page_of_a_browser_may_ask_a_node(rpc: DevRpc) -> None:
    asked: dict[str, Any] = {
        "Origin": "https://evil.example",
        "Access_Control_Request_Method": "POST",
        "Access_Control_Request_Headers": "content-type",
    }
    assert ask(rpc.url, "OPTIONS", **asked) == (405, None)


def test_a_copy_reads_and_does_nothing_else(rpc: DevRpc) -> None:
    with upstream(rpc) as url:
        assert ask(url, body=question("eth_chainId"))[1]["result"] == "0x7a69"
        for method in ("eth_sendTransaction", "eth_accounts", "eth_sign", "anvil_setBalance"):
            assert ask(url, body=question(method))[1]["error"]["code"] == -32601


@pytest.mark.parametrize("length", ["99999999999", "1048577", "-1", "x"])
def test_a_copy_reads_no_endless_question(rpc: DevRpc, length: str) -> None:
    with upstream(rpc) as url:
        assert ask(url, Content_Length=length)[0] == 404


def test_a_copy_answers_nobody_else(rpc: DevRpc) -> None:
    with upstream(rpc) as url:
        elsewhere = url.rpartition("/")[0] + "/"
        assert ask(elsewhere, body=question("eth_chainId"))[0] == 404
        assert ask(url, body=question("eth_chainId"), Host="evil.example")[0] == 404
