"""The ways in which the sampler breaks a piece of code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from tests.mutants.syntax import Node, span

Text = Callable[[Node], str]
"""The text of a node."""


def _either_way(*pairs: str) -> dict[str, str]:
    both = [pair.split() for pair in pairs]
    return {one: other for pair in both for one, other in (pair, reversed(pair))}


_COMPARISONS = {
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
    "&&": ("||",),
    "||": ("&&",),
}
_ARITHMETIC = _either_way(
    "+ -", "* /", "<< >>", "& |", "++ --", "+= -=", "*= /=", "|= &=", "<<= >>="
)
_ARITHMETIC |= {"%": "/", "**": "*", "^": "|", "!": "", "~": ""}
_YUL = _either_way("add sub", "mul div", "lt gt", "and or", "shl shr")
_YUL |= {"mod": "div", "eq": "sub", "iszero": ""}
_COMMUTATIVE = ("add", "mul", "and", "or", "xor", "eq", "min", "max")
_LETTER = re.compile(r"(?<!\\)[A-Za-z0-9]")
REMOVED = "{}"


def comparisons(node: Node, text: Text) -> Iterator[str]:
    """`<` for `<=`, `||` for `&&` …"""
    if node["nodeType"] == "BinaryOperation":
        for other in _COMPARISONS.get(node["operator"], ()):
            yield _between(node, "leftExpression", "rightExpression", other, text)


def arithmetic(node: Node, text: Text) -> Iterator[str]:
    """`-` for `+`, `--` for `++`, `|` for `&` …, a negation left out, in assembly too."""
    kind, other = node["nodeType"], _ARITHMETIC.get(node.get("operator", ""))
    if kind == "YulFunctionCall":
        name = node["functionName"]["name"]
        if name in _YUL:
            yield _YUL[name] + text(node).removeprefix(name)
    elif other is None:
        return
    elif kind == "BinaryOperation":
        yield _between(node, "leftExpression", "rightExpression", other, text)
    elif kind == "Assignment":
        yield _between(node, "leftHandSide", "rightHandSide", other, text)
    elif kind == "UnaryOperation":
        inner = text(node["subExpression"])
        yield f"{other}{inner}" if node["prefix"] else f"{inner}{other}"


def guards(node: Node, text: Text) -> Iterator[str]:
    """A refusal left out, or its condition turned round; a modifier left out."""
    if _is_guard(node):
        yield REMOVED
        yield _negated(node, text)
    elif node["nodeType"] == "ModifierInvocation" and node.get("kind") == "modifierInvocation":
        yield ""


def branches(node: Node, text: Text) -> Iterator[str]:
    """The condition of an `if` turned round; what stands before and after `:` exchanged."""
    if node["nodeType"] in ("IfStatement", "YulIf") and not _is_guard(node):
        yield _negated(node, text)
    elif node["nodeType"] == "Conditional":
        yield _exchanged(node, node["trueExpression"], node["falseExpression"], text)


def deletions(node: Node, text: Text) -> Iterator[str]:  # noqa: ARG001 (as the others)
    """A statement left out: an assignment, a call, an event."""
    if node["nodeType"] in (
        *("ExpressionStatement", "EmitStatement"),
        *("YulExpressionStatement", "YulAssignment"),
    ):
        yield REMOVED


def constants(node: Node, text: Text) -> Iterator[str]:
    """A number one more or one less, `true` for `false`, another character of a text."""
    kind = node.get("kind")
    if node["nodeType"] == "YulLiteral" and kind == "number":
        number = int(node["value"], 0)
        yield hex(number + 1)
        if number:
            yield hex(number - 1)
    elif node["nodeType"] != "Literal":
        return
    elif kind == "number":
        yield f"({text(node)} + 1)"
        if not re.fullmatch("0(x0+)?", node["value"]):
            yield f"({text(node)} - 1)"
    elif kind == "bool":
        yield "false" if node["value"] == "true" else "true"
    elif kind in ("string", "unicodeString"):
        yield from _misspelt(text(node))


def arguments(node: Node, text: Text) -> Iterator[str]:
    """Two neighbouring arguments of one type exchanged, of an event or an error too."""
    if node["nodeType"] == "FunctionCall" and node["kind"] != "typeConversion":
        if node["expression"].get("memberName") in _COMMUTATIVE:
            return
        for one, other in pairwise(node["arguments"]):
            kinds = {each["typeDescriptions"]["typeIdentifier"] for each in (one, other)}
            if len(kinds) == 1 and text(one) != text(other) and not node["names"]:
                yield _exchanged(node, one, other, text)
    elif node["nodeType"] == "YulFunctionCall" and node["functionName"]["name"] not in _COMMUTATIVE:
        for one, other in pairwise(node["arguments"]):
            if text(one) != text(other):
                yield _exchanged(node, one, other, text)


OPERATORS: tuple[Callable[[Node, Text], Iterator[str]], ...] = (
    comparisons,
    arithmetic,
    guards,
    branches,
    deletions,
    constants,
    arguments,
)


def _is_guard(node: Node) -> bool:
    if node["nodeType"] != "IfStatement" or node.get("falseBody"):
        return False
    body = node["trueBody"]
    inside = body["statements"] if body["nodeType"] == "Block" else [body]
    return bool(inside) and inside[-1]["nodeType"] == "RevertStatement"


def _negated(node: Node, text: Text) -> str:
    condition = node["condition"]
    name = "iszero" if node["nodeType"] == "YulIf" else "!"
    return _replaced(node, span(condition), f"{name}({text(condition)})", text)


def _between(node: Node, left: str, right: str, operator: str, text: Text) -> str:
    gap = span(node[left])[1], span(node[right])[0]
    start = span(node)[0]
    between = text(node).encode()[gap[0] - start : gap[1] - start].decode()
    return _replaced(node, gap, between.replace(node["operator"], operator, 1), text)


def _exchanged(node: Node, one: Node, other: Node, text: Text) -> str:
    changed = _replaced(node, span(other), text(one), text)
    start, end = (each - span(node)[0] for each in span(one))
    whole = changed.encode()
    return (whole[:start] + text(other).encode() + whole[end:]).decode()


def _replaced(node: Node, at: tuple[int, int], new: str, text: Text) -> str:
    start, whole = span(node)[0], text(node).encode()
    return (whole[: at[0] - start] + new.encode() + whole[at[1] - start :]).decode()


def _misspelt(literal: str) -> Iterator[str]:
    """The letter or digit in the middle made another one."""
    begins = min(at for at in map(literal.find, "\"'") if at >= 0)
    places = [found.start() for found in _LETTER.finditer(literal, begins)]
    if places:
        at = places[len(places) // 2]
        other = "1" if literal[at] == "0" else "0" if literal[at].isdigit() else "x"
        other = "y" if literal[at] == other else other
        yield literal[:at] + other + literal[at + 1 :]
