"""The contracts' syntax trees, as the compiler gives them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from mikoshi.core.artifacts import SETTINGS, ask_compiler
from mikoshi.text.paths import ROOT

Node = dict[str, Any]

_TYPES = ("typeName", "typeDescriptions", "baseContracts", "modifierName", "overrides")
"""Children that say of which type something is: not what it does."""

DECLARATIONS = ("FunctionDefinition", "ModifierDefinition", "VariableDeclaration")


def syntax_trees(sources: Mapping[str, str]) -> dict[str, Node]:
    """The tree of each source, by its path. Raises CompileError and ToolMissingError."""
    question = {
        "language": "Solidity",
        "sources": {path: {"content": text} for path, text in sorted(sources.items())},
        "settings": {**SETTINGS, "outputSelection": {path: {"": ["ast"]} for path in sources}},
    }
    answer = ask_compiler(question, ROOT)
    return {path: answer["sources"][path]["ast"] for path in sorted(sources)}


def children(node: Node) -> Iterator[Node]:
    """The nodes right below a node, those of types left out."""
    for name, value in node.items():
        if name in _TYPES:
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and "nodeType" in each:
                yield each


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for _, child in below(node):
        yield child


def below(node: Node) -> Iterator[tuple[Node, Node]]:
    """All below a node, each with the one that it is a part of."""
    for child in children(node):
        yield node, child
        yield from below(child)


def span(node: Node) -> tuple[int, int]:
    """Where a node begins and ends in its source, in bytes."""
    start, length, _ = node["src"].split(":")
    return int(start), int(start) + int(length)


def declarations(tree: Node) -> Iterator[tuple[Node | None, Node]]:
    """Each function, modifier and variable of a source that has code, with its contract."""
    for node in tree["nodes"]:
        contract = node if node["nodeType"] == "ContractDefinition" else None
        for each in contract["nodes"] if contract else [node]:
            if each["nodeType"] in DECLARATIONS:
                yield contract, each


def users(trees: Mapping[str, Node]) -> dict[int, set[str]]:
    """By the id of each declaration the contracts whose code may have something of it."""
    mentions: dict[int, set[int]] = {}
    own: dict[int, set[int]] = defaultdict(set)
    contracts: dict[str, list[int]] = {}
    for tree in trees.values():
        for contract, declaration in declarations(tree):
            mentions[declaration["id"]] = set(_mentioned(declaration))
            if contract is not None:
                own[contract["id"]].add(declaration["id"])
        for node in tree["nodes"]:
            if node.get("contractKind") == "contract" and not node["abstract"]:
                contracts[node["name"]] = node["linearizedBaseContracts"]
    using: dict[int, set[str]] = defaultdict(set)
    for name, bases in contracts.items():
        reached: set[int] = set()
        ahead = [each for base in bases for each in own[base]]
        while ahead:
            each = ahead.pop()
            if each not in reached:
                reached.add(each)
                ahead += mentions.get(each, ())
        for each in reached:
            using[each].add(name)
    return using


def _mentioned(declaration: Node) -> Iterator[int]:
    for node in walk(declaration):
        for name in ("referencedDeclaration", "function"):  # the latter of operators on own types
            if isinstance(node.get(name), int):
                yield node[name]
        for outside in node.get("externalReferences", ()):  # of assembly
            yield outside["declaration"]
        if node["nodeType"] == "ModifierInvocation":
            yield node["modifierName"]["referencedDeclaration"]
