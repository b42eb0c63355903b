"""Nodes that answer anything but what was asked: told in short, and nothing is sent wrongly.

As many of each command as FUZZ says, 100 otherwise, the same ones each time.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import Result
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes

from mikoshi.testing.community import person
from mikoshi.text.json import parsed
from tests.tooling.governed import Governed
from tests.tooling.live import SEPOLIA
from tests.tooling.mutations import FUZZ, LONGEST
from tests.tooling.pauses import leaping
from tests.tooling.wrong_node import PLAIN, WrongNode

READING = ("status 1", "power 1", "members list", "index", "report", "check")
RAW = "eth_sendRawTransaction"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("mikoshi.replay.logs._PAUSE", 0)
    with leaping():
        yield


def run(governed: Governed, node: WrongNode, command: str, **options: Any) -> Result:
    """A command through the node, with what it says to programs."""
    return governed.run(command, url=node.url, json=True, **options)


def healthy(governed: Governed, command: str, **options: Any) -> tuple[Any, int]:
    """What the command says through a node that answers well, and how often that is asked."""
    with WrongNode(governed.rpc.url, random.Random(0), 1) as node:
        node.left = 0
        result = run(governed, node, command, **options)
        assert result.exit_code == 0, result.stderr
        return said(result, node), len(node.headers)


def said(result: Result, node: WrongNode) -> Any:
    """What a command said to programs, wherever the node is."""
    return json.loads(result.stdout.replace(node.url, "NODE"))


def told(result: Result, node: WrongNode, command: str, number: int) -> None:
    """Assert how it ends, and that three lines in short are said where it does not succeed."""
    words = result.stderr[result.stderr.rfind("✗") :]
    where = (command, number, node.fault.__name__, node.wrong[:1], words)
    differs = command == "check" and result.exit_code == 1
    refused = result.exit_code == 4 and any(b"reverted" in each for each in node.wrong)
    assert result.exit_code in (0, 2, 3) or differs or refused, where
    assert len(words) < LONGEST, where


def a_third_is_json(wrong: list[bytes]) -> None:
    """Assert that of the wrong answers a third and more are at least JSON."""
    assert sum(map(is_json, wrong)) >= FUZZ // 3


def is_json(answer: bytes) -> bool:
    try:
        parsed(answer)
    except ValueError:
        return False
    return True


def test_reading(governed: Governed) -> None:
    governed.propose("Bread")
    usual = {command: healthy(governed, command) for command in READING}
    wrong = []
    for number in range(FUZZ):
        command, (right, requests) = [*usual.items()][number % len(usual)]
        if number % 2:  # otherwise there is one, of a chain that has nothing new
            shutil.rmtree(governed.place.folder / "index", ignore_errors=True)
        with WrongNode(governed.rpc.url, random.Random(number), requests) as node:
            result = run(governed, node, command)
        wrong += node.wrong[:1]
        told(result, node, command, number)
        if node.fault in PLAIN and result.exit_code == 0 and command != "index":
            assert said(result, node) == right, (number, node.fault.__name__, node.wrong[:1])
    a_third_is_json(wrong)


def test_sending(governed: Governed) -> None:
    sender, membership = person(1), governed.dao.membership
    act = membership.data("delegate", person(2).address)
    command, options = f"delegate {person(2).address}", {"account": "p1", "yes": True}
    with governed.rpc.isolate():
        __, requests = healthy(governed, command, **options)
    before, wrong = governed.nonce(sender), []
    for number in range(FUZZ):
        chance = random.Random(number)
        with governed.rpc.isolate():
            with WrongNode(governed.rpc.url, chance, requests) as node:
                result = run(governed, node, command, **options)
            wrong += node.wrong[:1]
            told(result, node, command, number)
            sent = {params[0] for params in node.asked(RAW)}
            for each in sent:
                fields = TypedTransaction.from_bytes(HexBytes(each)).as_dict()
                assert (fields["chainId"], fields["value"]) == (SEPOLIA, 0), number
                assert fields["to"] == HexBytes(membership.address), number
                assert fields["data"] == act, number
            assert len(sent) <= 1, number
            mined = governed.nonce(sender) - before
            assert mined <= len(sent), number  # one with a number to come waits, and is told
            assert mined == 1 or result.exit_code, number
    a_third_is_json(wrong)
