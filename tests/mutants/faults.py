"""Every fault that the operators can make in the contracts, and a sample of them."""

from __future__ import annotations

import difflib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.mutants.operators import OPERATORS, REMOVED, constants
from tests.mutants.syntax import Node, below, declarations, span, syntax_trees, users, walk

_SAY_MORE = ("BinaryOperation", "Assignment", "FunctionCall", "YulFunctionCall", "IndexAccess")
"""What is told whole if a number in it is another: the number alone names no place."""

_AROUND = 40
"""Characters that are told on both sides of what differs."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`old`, which is in `source` from byte `start` on, replaced by `new`.

    `where` is the contract and its function or constant, `contracts` are those whose code may
    change.
    """

    source: str
    where: str
    operator: str
    start: int
    old: str
    new: str
    contracts: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it as long as these words stand in this function."""
        return self.where, *_told(self.old, self.new)

    def __str__(self) -> str:
        where, old, new = self.key
        return f"`{where}`: `{old}` → `{new}`"

    def applied_to(self, sources: Mapping[str, str]) -> str:
        """The text of `source` with the fault in it."""
        text = sources[self.source].encode()
        end = self.start + len(self.old.encode())
        return (text[: self.start] + self.new.encode() + text[end:]).decode()

    def diff(self, sources: Mapping[str, str]) -> str:
        """What the fault changes, as `diff -u` shows it."""
        before, after = sources[self.source], self.applied_to(sources)
        lines = difflib.unified_diff(
            before.splitlines(), after.splitlines(), self.source, self.source, n=1, lineterm=""
        )
        return "\n".join(lines)


def all_faults(sources: Mapping[str, str]) -> list[Fault]:
    """Every fault, in the order of the sources. Raises CompileError and ToolMissingError."""
    trees = syntax_trees(sources)
    using = users(trees)
    faults: dict[tuple[str, int, str, str], Fault] = {}
    for path, tree in trees.items():
        for contract, declaration in declarations(tree):
            contracts = tuple(sorted(using.get(declaration["id"], ())))
            where = _name(contract, declaration)
            if contracts:
                for fault in _faults(path, sources[path].encode(), where, declaration, contracts):
                    faults.setdefault((path, fault.start, fault.old, fault.new), fault)
    return list(faults.values())


def sampled(faults: Sequence[Fault], seed: int) -> list[Fault]:
    """All of them in the order of chance: whoever gives the same seed gets the same."""
    return random.Random(seed).sample(faults, len(faults))


def _name(contract: Node | None, declaration: Node) -> str:
    name = declaration.get("name") or declaration.get("kind", "")
    return f"{contract['name']}.{name}" if contract else name


def _faults(
    path: str, source: bytes, where: str, declaration: Node, contracts: tuple[str, ...]
) -> Iterator[Fault]:
    def text(node: Node) -> str:
        start, end = span(node)
        return source[start:end].decode()

    loops = [each["loopExpression"] for each in walk(declaration) if each.get("loopExpression")]
    steps = {each["id"] for loop in loops for each in walk(loop)}
    for parent, node in below(declaration):
        if node.get("id") in steps:
            continue  # a loop without its step ends with the gas
        for operator in OPERATORS:
            for new in operator(node, text):
                old, changed, start = text(node), new, span(node)[0]
                if new == REMOVED:
                    rest = source[span(node)[1] :].decode()
                    old += rest[: rest.index(";") + 1] if rest.lstrip().startswith(";") else ""
                elif operator is constants and parent["nodeType"] in _SAY_MORE:
                    whole, at = text(parent), start - span(parent)[0]
                    before, after = whole.encode()[:at], whole.encode()[at + len(old.encode()) :]
                    old, changed = whole, (before + new.encode() + after).decode()
                    start = span(parent)[0]
                yield Fault(path, where, operator.__name__, start, old, changed, contracts)


def _told(old: str, new: str) -> tuple[str, str]:
    """Both on one line, without what they share beyond a few words around the difference."""
    old, new = (" ".join(each.split()) for each in (old, new))
    if new == REMOVED:
        return old, new
    start = max(0, _shared(old, new) - _AROUND)
    end = max(0, _shared(old[start:][::-1], new[start:][::-1]) - _AROUND)
    cut = [each[start : len(each) - end] for each in (old, new)]
    first, last = "…" if start else "", "…" if end else ""
    return f"{first}{cut[0]}{last}", f"{first}{cut[1]}{last}"


def _shared(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
