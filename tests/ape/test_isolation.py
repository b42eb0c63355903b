"""What a test does is undone, and what fails inside fails; `chain.isolate` of Ape swallows it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from ape.api import TestAccountAPI
from ape.managers.chain import ChainManager

from mikoshi.testing.ape_fixtures import undone
from mikoshi.text.paths import ROOT


class FailedError(Exception):
    """What a test inside would raise."""


def swallowing(source: str) -> list[int]:
    """The lines in which `isolate` of Ape's chain is used: `chain.isolate()`, `ape.chain…`."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and node.attr == "isolate"
        and ast.unparse(node.value).rpartition(".")[2] in ("chain", "chain_manager")
    ]


@pytest.mark.parametrize("error", [AssertionError, FailedError, KeyboardInterrupt])
def test_what_fails_inside_fails_and_is_undone(
    chain: ChainManager, accounts: list[TestAccountAPI], error: type[BaseException]
) -> None:
    before, height = accounts[1].balance, chain.blocks.height
    with pytest.raises(error), undone(chain):  # noqa: PT012 (the subject)
        accounts[0].transfer(accounts[1], "1 ether")
        assert accounts[1].balance == before + 10**18
        raise error
    assert (accounts[1].balance, chain.blocks.height) == (before, height)


def test_apes_own_swallows_what_fails_inside(chain: ChainManager) -> None:
    with chain.isolate():
        raise AssertionError


def test_the_search_finds_it() -> None:
    assert swallowing("with chain.isolate():\n    assert x\nwith ape.chain.isolate(): pass") == [
        1,
        3,
    ]
    assert swallowing("with rpc.isolate(): pass\nundone(chain)") == []


def test_nobody_else_uses_it() -> None:
    folders = [ROOT / name for name in ("tests", "mikoshi", "scripts")]
    texts = {path: path.read_text("utf-8") for each in folders for path in each.rglob("*.py")}
    assert len(texts) > 400
    used = [path for path, text in texts.items() if "isolate" in text and swallowing(text)]
    assert used == [Path(__file__)]
